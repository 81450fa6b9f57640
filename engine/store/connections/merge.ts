import { sql, type SqlBool } from 'kysely';
import type { SyncError } from '../../model/errors';
import { TRIGGER_LEASE } from '../../model/trigger';
import type { StateTableName } from '../../ports/stateTransfer';
import { STATE_TABLES } from '../transfer/stateTables';
import { moveIdentity } from '../moveIdentity';
import { connectionBusy } from './connectionErrors';
import { contradictions } from './contradictions';
import type { Database, Registered } from './sameConnection';

/** Of two connections that turned out to be one. */
interface Pair {
	stays: number;
	goes: number;
}

/** What a merge needs to know besides the two. */
export interface MergeTerms {
	/** Epoch milliseconds. */
	now: number;
	/** Which of the two is right where they contradict each other; undefined where nobody said so. */
	counts: Registered | undefined;
	/** The error for contradictions that nobody has settled. */
	refuse: (found: readonly string[]) => SyncError;
}

/**
 * Puts the state of one connection to that of another: what both know is kept once, as the one that knows it better has it. To be called in a
 * transaction. Answers what the two contradicted each other in, in words.
 * @throws SyncError that of `refuse` where the two contradict each other and nobody said which one counts; `CONNECTION_BUSY` (transient) while a run
 * works on one of them
 */
export async function mergeInto(
	db: Database,
	first: Registered,
	other: Registered,
	{ now, counts, refuse }: MergeTerms,
): Promise<string[]> {
	const pair = { stays: first.key, goes: other.key };
	for (const each of [first, other]) {
		const running = await db
			.selectFrom('lease')
			.select('mapping')
			.where('connection_key', '=', each.key)
			.where('owner', 'is not', null)
			.where('expires_ms', '>', now)
			// A trigger only looks; it begins anew with the connection that is left.
			.where('mapping', 'not like', `${TRIGGER_LEASE}%`)
			.executeTakeFirst();
		if (running) throw connectionBusy(each, running.mapping);
	}
	await knownAlike(db, pair);
	const found = await contradictions(db, pair);
	if (found.length > 0) {
		if (!counts) throw refuse(found);
		await withdraw(db, pair, counts.key === first.key ? other.key : first.key);
	}
	// The same couple in both: the one that was synchronized later knows what the two sides agree on.
	await dropOf(
		db,
		pair.stays,
		{ name: 'coupling', key: ['mapping', 'bc_id', 'crm_id'] },
		pair.goes,
		sql`coalesce(twin.last_synced_at, '') > coalesce(coupling.last_synced_at, '')`,
	);
	// What one of the two has not dealt with yet is read once more.
	await dropOf(db, pair.stays, { name: 'watermark', key: ['mapping', 'side'] }, pair.goes, sql`twin.sort_key < watermark.sort_key`);
	// What a search has covered in one says nothing of the other's couplings: it begins again.
	for (const key of [pair.stays, pair.goes]) {
		await db.deleteFrom('deletion_search').where('connection_key', '=', key).execute();
		// Nor does what a service has told along one's token: changes are read by their stamps first.
		await db.deleteFrom('change_token').where('connection_key', '=', key).execute();
		await db.deleteFrom('surface_offer').where('connection_key', '=', key).execute();
	}
	// One order of Business Central has one partner, whichever of the two says so.
	await dropOf(db, pair.goes, { name: 'document', key: ['mapping', 'bc_id'] }, pair.stays);
	for (const { name, key, counter } of STATE_TABLES) {
		if (!counter) await dropOf(db, pair.goes, { name, key }, pair.stays);
		await db
			.updateTable(name as 'coupling')
			.set({ connection_key: pair.stays })
			.where('connection_key', '=', pair.goes)
			.execute();
	}
	await db.updateTable('connection_address').set({ connection_key: pair.stays }).where('connection_key', '=', pair.goes).execute();
	await db.deleteFrom('connection').where('connection_key', '=', pair.goes).execute();
	return found;
}

/**
 * Where one of the two knows the records of a mapping by their keys and the other by their SystemIds, both know them by their keys from now on: the next
 * run moves them as any others.
 */
async function knownAlike(db: Database, pair: Pair): Promise<void> {
	const rows = await db.selectFrom('record_identity').selectAll().where('connection_key', 'in', [pair.stays, pair.goes]).execute();
	const moved = rows.filter(({ identity }) => identity === 'systemId');
	for (const { connection_key: connectionKey, mapping } of moved) {
		if (moved.filter((row) => row.mapping === mapping).length === 2) continue;
		await moveIdentity({ db, connectionKey }, { mapping, table: null, to: 'key' });
	}
	await db.deleteFrom('record_identity').where('connection_key', 'in', [pair.stays, pair.goes]).where('identity', '=', 'key').execute();
	await dropOf(db, pair.goes, { name: 'record_key', key: ['table_name', 'key_id'] }, pair.stays);
}

/** Where the two contradict each other, what one of them says goes. */
async function withdraw(db: Database, { stays, goes }: Pair, wrong: number): Promise<void> {
	const right = wrong === stays ? goes : stays;
	await dropOf(db, wrong, { name: 'coupling', key: ['mapping', 'bc_id'] }, right, sql`twin.crm_id <> coupling.crm_id`);
	await dropOf(db, wrong, { name: 'coupling', key: ['mapping', 'crm_id'] }, right, sql`twin.bc_id <> coupling.bc_id`);
	await dropOf(db, wrong, { name: 'mapping_setting', key: ['mapping'] }, right);
	await dropOf(db, wrong, { name: 'intent', key: ['mapping', 'direction', 'source_id'] }, right);
}

/** Rows of one connection go that have one with the same key in another, of which more may be asked. */
async function dropOf(
	db: Database,
	connection: number,
	{ name, key }: { name: StateTableName; key: readonly string[] },
	other: number,
	more = sql<SqlBool>`1 = 1`,
): Promise<void> {
	// The table's name is one of several: its type stands for all of them. Named by an alias of its own, whatever schema it is in.
	await db
		.deleteFrom(`${name} as ${name}` as 'coupling')
		.where('connection_key', '=', connection)
		.where(({ exists, selectFrom }) =>
			exists(
				key
					.reduce(
						(query, column) => query.where(sql<SqlBool>`twin.${sql.ref(column)} = ${sql.raw(name)}.${sql.ref(column)}`),
						selectFrom(`${name} as twin` as 'coupling as twin').where('twin.connection_key', '=', other),
					)
					.where(more)
					.select(sql`1`.as('one')),
			),
		)
		.execute();
}
