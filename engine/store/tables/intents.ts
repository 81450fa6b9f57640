import { chunksOf, groupBy, lastByKey } from '../../model/chunks';
import { compiledOnce } from '../compiledOnce';
import { rowLimit } from '../paging';
import type { Scope } from '../scope';
import type { PassDirection } from '../../model/direction';
import type { Intent } from '../../model/intent';

export interface SourceKey {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
}

export const sourceKeyOf = (key: SourceKey): string => `${key.mapping}\n${key.direction}\n${key.sourceId}`;

interface Wanted {
	connectionKey: number;
	mapping: string;
	direction: PassDirection;
	limit: number;
}

const intentsOf = compiledOnce(({ db }, { connectionKey, mapping, direction, limit }: Wanted) =>
	db
		.selectFrom('intent')
		.selectAll()
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('direction', '=', direction)
		.orderBy('source_id')
		.limit(limit),
);

/** Oldest source id first. */
export async function readIntents(scope: Scope, mapping: string, direction: PassDirection, limit: number): Promise<Intent[]> {
	const rows = await intentsOf(scope, { connectionKey: scope.connectionKey, mapping, direction, limit: rowLimit(limit) });
	return rows.map((row) => ({
		mapping: row.mapping,
		direction: row.direction as PassDirection,
		sourceId: row.source_id,
		targetId: row.target_id,
		...readValues(row.values_json),
		createdAt: row.created_at,
		...(row.announced_at === null ? {} : { announcedAt: row.announced_at }),
	}));
}

/** Keys in the JSON of the values under which more is kept; no field has them for a name. */
const SENT_BEFORE = '@sentBefore';
const RESTORES = '@restores';
const BY_HAND = '@byHand';

function readValues(json: string): Pick<Intent, 'values' | 'sentBefore' | 'restores' | 'byHand'> {
	const { [SENT_BEFORE]: sentBefore, [RESTORES]: restores, [BY_HAND]: byHand, ...values } = JSON.parse(json) as Record<string, unknown>;
	return {
		values: values as Intent['values'],
		...(sentBefore === undefined ? {} : { sentBefore: sentBefore as NonNullable<Intent['sentBefore']> }),
		...(typeof restores === 'string' ? { restores } : {}),
		...(byHand === true ? { byHand } : {}),
	};
}

const valuesJson = ({ values, sentBefore = [], restores, byHand }: Intent): string =>
	JSON.stringify({
		...values,
		...(sentBefore.length > 0 ? { [SENT_BEFORE]: sentBefore } : {}),
		...(restores ? { [RESTORES]: restores } : {}),
		...(byHand ? { [BY_HAND]: byHand } : {}),
	});

export async function putIntents({ db, connectionKey }: Scope, intents: readonly Intent[]): Promise<void> {
	for (const chunk of chunksOf(lastByKey(intents, sourceKeyOf))) {
		await db
			.insertInto('intent')
			.values(
				chunk.map((intent) => ({
					connection_key: connectionKey,
					mapping: intent.mapping,
					direction: intent.direction,
					source_id: intent.sourceId,
					target_id: intent.targetId,
					values_json: valuesJson(intent),
					created_at: intent.createdAt,
					announced_at: intent.announcedAt ?? null,
				})),
			)
			.onConflict((oc) =>
				oc.columns(['connection_key', 'mapping', 'direction', 'source_id']).doUpdateSet((eb) => ({
					target_id: eb.ref('excluded.target_id'),
					values_json: eb.ref('excluded.values_json'),
					created_at: eb.ref('excluded.created_at'),
					announced_at: eb.ref('excluded.announced_at'),
				})),
			)
			.execute();
	}
}

/** Takes rows out of tables whose key is a source record. */
export async function removeBySource(
	{ db, connectionKey }: Scope,
	table: 'intent' | 'failure' | 'requeued_record',
	keys: readonly SourceKey[],
): Promise<void> {
	for (const group of groupBy(keys, (key) => `${key.mapping}\n${key.direction}`).values()) {
		for (const chunk of chunksOf(group)) {
			const { mapping, direction } = chunk[0] as SourceKey;
			await db
				.deleteFrom(table)
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.where('direction', '=', direction)
				.where(
					'source_id',
					'in',
					chunk.map((key) => key.sourceId),
				)
				.execute();
		}
	}
}
