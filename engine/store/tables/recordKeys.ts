import { chunksOf } from '../../model/chunks';
import type { KnownKey } from '../../model/recordIdentity';
import type { Scope } from '../scope';

/** Mappings that know records of pages by their SystemIds. */
export async function readIdentities({ db, connectionKey }: Scope): Promise<Set<string>> {
	const rows = await db
		.selectFrom('record_identity')
		.select('mapping')
		.where('connection_key', '=', connectionKey)
		.where('identity', '=', 'systemId')
		.execute();
	return new Set(rows.map(({ mapping }) => mapping));
}

/**
 * A record has one key and a key one record: what is noted now ends what was noted of either before. What is known already costs no write. `gone`: keys
 * that no record has.
 */
export async function putKeys(scope: Scope, table: string, known: readonly KnownKey[], gone: readonly string[]): Promise<void> {
	for (const chunk of chunksOf(gone)) await forget(scope, table, 'key_id', chunk);
	for (const chunk of chunksOf(newest(known))) {
		const news = await unknown(scope, table, chunk);
		if (news.length === 0) continue;
		await forget(scope, table, 'key_id', news.map(({ key }) => key)); // prettier-ignore
		await forget(scope, table, 'system_id', news.map(({ id }) => id)); // prettier-ignore
		await scope.db
			.insertInto('record_key')
			.values(news.map(({ id, key }) => ({ connection_key: scope.connectionKey, table_name: table, system_id: id, key_id: key })))
			.execute();
	}
}

/** Of several records that had one key one after another, and several keys of one record, those that were met last. */
function newest(known: readonly KnownKey[]): KnownKey[] {
	const byId = new Map(known.map((each) => [each.id, each]));
	return [...new Map([...byId.values()].map((each) => [each.key, each])).values()];
}

async function unknown(scope: Scope, table: string, known: readonly KnownKey[]): Promise<KnownKey[]> {
	const noted = await keysOf(scope, table, known.map(({ id }) => id)); // prettier-ignore
	return known.filter(({ id, key }) => noted.get(id) !== key);
}

/** By SystemId. */
export async function keysOf({ db, connectionKey }: Scope, table: string, ids: readonly string[]): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await db
			.selectFrom('record_key')
			.select(['system_id', 'key_id'])
			.where('connection_key', '=', connectionKey)
			.where('table_name', '=', table)
			.where('system_id', 'in', chunk)
			.execute();
		for (const row of rows) found.set(row.system_id, row.key_id);
	}
	return found;
}

async function forget({ db, connectionKey }: Scope, table: string, column: 'key_id' | 'system_id', values: readonly string[]) {
	await db
		.deleteFrom('record_key')
		.where('connection_key', '=', connectionKey)
		.where('table_name', '=', table)
		.where(column, 'in', values)
		.execute();
}

export async function idOfKey({ db, connectionKey }: Scope, table: string, key: string): Promise<string | null> {
	const row = await db
		.selectFrom('record_key')
		.select('system_id')
		.where('connection_key', '=', connectionKey)
		.where('table_name', '=', table)
		.where('key_id', '=', key)
		.executeTakeFirst();
	return row?.system_id ?? null;
}

export async function forgetIdentity({ db, connectionKey }: Scope, mapping: string): Promise<void> {
	await db.deleteFrom('record_identity').where('connection_key', '=', connectionKey).where('mapping', '=', mapping).execute();
}
