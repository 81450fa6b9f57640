import { type Kysely, sql, type Transaction } from 'kysely';
import type { RequeueReason } from '../../model/requeued';
import type { DialectName } from '../backend';
import type { StoreTables } from '../schema';

/** Codes under which requeued records stood among the failures until `0009_requeued_records`. */
const REASONS: Readonly<Record<string, RequeueReason>> = {
	REFERENCE_AWAITED: 'referenceDeferred',
	FOLLOW_UP_DUE: 'followUpDue',
	PARTNER_BACK: 'partnerBack',
	PARTNER_MET: 'partnerMet',
	INSERT_RECOVERED: 'insertRecovered',
	RUN_ENDING: 'runEnded',
};

/**
 * Moves what earlier versions kept among the failures to its own table: in a store that is brought up to date, and in a state that was exported
 * by an earlier version. What was moved before is not there any more, so that nothing happens.
 * @param connectionKey default: all connections
 */
export async function separateRequeued(
	any: Kysely<unknown> | Transaction<StoreTables>,
	dialect: DialectName,
	connectionKey?: number,
): Promise<void> {
	const db = any as Transaction<StoreTables>;
	const codes = Object.keys(REASONS);
	const cases = sql.join(
		codes.map((code) => sql`when ${sql.lit(code)} then ${sql.lit(REASONS[code])}`),
		sql` `,
	);
	const fields =
		dialect === 'postgres'
			? sql<string>`(select json_agg(each ->> 'field')::text from json_array_elements(missing::json) as each)`
			: sql<string>`(select json_group_array(json_extract(value, '$.field')) from json_each(missing))`;
	await db
		.insertInto('requeued_record')
		.columns([
			...(['connection_key', 'mapping', 'direction', 'source_id', 'reason', 'fields'] as const),
			...(['missing', 'source_version', 'attempts', 'since'] as const),
		])
		.expression((eb) =>
			eb
				.selectFrom('failure')
				.select([
					...(['connection_key', 'mapping', 'direction', 'source_id'] as const),
					sql<string>`case error_code ${cases} end`.as('reason'),
					sql<string | null>`case when missing is null then null else ${fields} end`.as('fields'),
					...(['missing', 'source_version', 'attempts'] as const),
					sql<string>`coalesce(first_failed_at, failed_at)`.as('since'),
				])
				.where('error_code', 'in', codes)
				.$if(connectionKey !== undefined, (qb) => qb.where('connection_key', '=', connectionKey as number)),
		)
		.onConflict((oc) => oc.doNothing())
		.execute();
	await db
		.deleteFrom('failure')
		.where('error_code', 'in', codes)
		.$if(connectionKey !== undefined, (qb) => qb.where('connection_key', '=', connectionKey as number))
		.execute();
}
