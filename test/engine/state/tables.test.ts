import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import { STATE_TABLES } from '../../../engine/store/transfer/stateTransfer';
import { CONNECTION } from '../store/samples';

/** Rights of processes, the list of connections, the store's own name, links of a service that only the state they came with may follow, and what the triggers of one n8n know. */
// prettier-ignore
const NOT_STATE = ['change_token', 'connection', 'connection_address', 'lease', 'migration', 'migration_lock', 'store_identity', 'surface_offer', 'trigger_mapping', 'trigger_signal', 'trigger_state', 'trigger_subscription'];

test('every table of a connection travels with every column it has', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'd365-tables-'));
	const file = join(folder, 'state.sqlite');
	const store = await openSqliteStore({ file, connection: CONNECTION, clock: { now: () => Date.now(), sleep: () => Promise.resolve() } });
	await store.close();
	const database = new DatabaseSync(file);
	try {
		const rows = (text: string): Array<Record<string, unknown>> => database.prepare(text).all() as Array<Record<string, unknown>>;
		const tables = rows("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").map(({ name }) => String(name));
		const columns = (table: string): string[] =>
			rows(`select name from pragma_table_info('${table}')`)
				.map(({ name }) => String(name))
				.filter((name) => name !== 'connection_key' && name !== 'seq')
				.sort();
		expect(Object.fromEntries(STATE_TABLES.map(({ name, columns: own }) => [name, [...own].sort()]))).toEqual(
			Object.fromEntries(tables.filter((table) => !NOT_STATE.includes(table)).map((table) => [table, columns(table)])),
		);
	} finally {
		database.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
