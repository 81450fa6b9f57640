import { sql, type SqlBool } from 'kysely';
import { chunksOf } from '../model/chunks';
import type { IdentityMove, RecordIdentity } from '../model/recordIdentity';
import { breather } from '../ports/breath';
import type { Scope } from './scope';

type Within = Pick<Scope, 'db' | 'connectionKey'>;

/** A column that names records of Business Central. `unique`: with what else it is unique within the mapping. */
interface Place {
	table: 'coupling' | 'failure' | 'requeued_record' | 'intent' | 'former_partner' | 'missing_partner' | 'mass_change' | 'log_entry';
	column: 'bc_id' | 'source_id' | 'record_id';
	unique: readonly string[] | null;
	/** Only rows of the direction whose sources are Business Central's. */
	toCrm?: true;
}

const PLACES: readonly Place[] = [
	{ table: 'coupling', column: 'bc_id', unique: [] },
	{ table: 'failure', column: 'source_id', unique: ['direction'], toCrm: true },
	{ table: 'requeued_record', column: 'source_id', unique: ['direction'], toCrm: true },
	{ table: 'intent', column: 'source_id', unique: ['direction'], toCrm: true },
	{ table: 'former_partner', column: 'bc_id', unique: null },
	{ table: 'missing_partner', column: 'bc_id', unique: ['side', 'crm_id'] },
	{ table: 'mass_change', column: 'record_id', unique: ['action'] },
	{ table: 'log_entry', column: 'bc_id', unique: null },
];

const COLUMNS: Readonly<Record<RecordIdentity, 'key_id' | 'system_id'>> = { key: 'key_id', systemId: 'system_id' };

/**
 * Gives all records of a mapping their other ids, by the keys that are noted; `scope.db` is the transaction. A record of which no other id is noted is
 * not there any more, and keeps the one it has. What was read of Business Central is read once more: versions and stamps of one surface say nothing of
 * those of another.
 */
export async function moveIdentity(scope: Within, { mapping, table, to }: IdentityMove): Promise<void> {
	const { db, connectionKey } = scope;
	const [old, now] = [COLUMNS[to === 'key' ? 'systemId' : 'key'], COLUMNS[to]];
	const breathe = breather();
	for (let after = ''; ;) {
		const known = await db
			.selectFrom('record_key')
			.select(['system_id', 'key_id'])
			.where('connection_key', '=', connectionKey)
			.$if(table !== null, (query) => query.where('table_name', '=', table))
			.where(old, '>', after)
			.orderBy(old)
			.limit(PAGE)
			.execute();
		const ids = known.filter((each) => each[old] !== each[now]).map((each) => each[old]);
		for (const chunk of chunksOf(ids)) {
			for (const place of PLACES) {
				await rename(scope, mapping, { place, table, old, now, ids: chunk });
				await breathe();
			}
			await renameRestored(scope, mapping, new Map(known.map((each) => [each[old], each[now]])));
		}
		if (known.length < PAGE) break;
		after = known.at(-1)![old];
	}
	await startAgain(scope, mapping, breathe);
	await db.deleteFrom('record_identity').where('connection_key', '=', connectionKey).where('mapping', '=', mapping).execute();
	await db.insertInto('record_identity').values({ connection_key: connectionKey, mapping, identity: to }).execute();
}

/** Keys that are looked through at a time. */
const PAGE = 200;

interface Renaming {
	place: Place;
	table: string | null;
	old: 'key_id' | 'system_id';
	now: 'key_id' | 'system_id';
	ids: readonly string[];
}

/** The type of one table stands for that of all: each has the column named. */
async function rename({ db, connectionKey }: Within, mapping: string, { place, table, old, now, ids }: Renaming): Promise<void> {
	const column = `held.${place.column}` as 'held.bc_id';
	const other = db
		.selectFrom('record_key as known')
		.select(`known.${now}`)
		.where('known.connection_key', '=', connectionKey)
		.$if(table !== null, (query) => query.where('known.table_name', '=', table))
		.whereRef(`known.${old}`, '=', column as never)
		.limit(1);
	const update = db
		.updateTable(`${place.table} as held` as 'coupling as held')
		.set({ [place.column]: other, ...(place.table === 'coupling' ? { bc_version: null, bc_stamp: null } : {}) } as never)
		.where('held.connection_key', '=', connectionKey)
		.where('held.mapping', '=', mapping)
		.where(column, 'in', ids)
		.$if(place.toCrm === true, (query) => query.where('held.direction' as never, '=', 'toCrm' as never));
	if (place.unique === null) return void (await update.execute());
	const same = place.unique.map((name) => sql<SqlBool>`${sql.ref(`twin.${name}`)} = ${sql.ref(`held.${name}`)}`);
	await update
		.where(({ exists, not, selectFrom }) =>
			not(
				exists(
					same
						.reduce(
							(query, condition) => query.where(condition),
							selectFrom(`${place.table} as twin` as 'coupling as twin')
								.where('twin.connection_key', '=', connectionKey)
								.where('twin.mapping', '=', mapping)
								.where(`twin.${place.column}` as 'twin.bc_id', '=', other as never),
						)
						.select(sql`1`.as('one')),
				),
			),
		)
		.execute();
}

/** A creation in Business Central that restores a record names it among its values. */
async function renameRestored({ db, connectionKey }: Within, mapping: string, ids: ReadonlyMap<string, string>): Promise<void> {
	const rows = await db
		.selectFrom('intent')
		.select(['source_id', 'values_json'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('direction', '=', 'fromCrm')
		.where('values_json', 'like', '%"@restores"%')
		.execute();
	for (const { source_id, values_json } of rows) {
		const values = JSON.parse(values_json) as Record<string, unknown>;
		const now = ids.get(String(values['@restores']));
		if (now === undefined) continue;
		await db
			.updateTable('intent')
			.set({ values_json: JSON.stringify({ ...values, '@restores': now }) })
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('direction', '=', 'fromCrm')
			.where('source_id', '=', source_id)
			.execute();
	}
}

/** What is under way in the order of the ids, or was read of the other surface, begins again. When records were last compared stays. */
async function startAgain({ db, connectionKey }: Within, mapping: string, breathe: () => Promise<void>): Promise<void> {
	await db
		.updateTable('field_set')
		.set({ position: '' })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('position', 'is not', null)
		.execute();
	await db
		.updateTable('deletion_search')
		.set({ phase: null, began_at: null, position: null })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.execute();
	await db
		.updateTable('deletion_search')
		.set({ knows_uncoupled: 0 })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', 'businessCentral')
		.execute();
	await db
		.deleteFrom('watermark')
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', 'businessCentral')
		.execute();
	for (;;) {
		const some = await db
			.selectFrom('compared_record')
			.select('record_id')
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('side', '=', 'businessCentral')
			.limit(PAGE)
			.execute();
		if (some.length === 0) return;
		await db
			.deleteFrom('compared_record')
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('side', '=', 'businessCentral')
			.where(
				'record_id',
				'in',
				some.map(({ record_id }) => record_id),
			) // prettier-ignore
			.execute();
		await breathe();
	}
}
