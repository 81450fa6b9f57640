import { migrations } from '../migrations';
import type { Scope } from '../scope';
import { readRows } from './rows';
import { Staging, workThere } from './staging';
import { STATE_TABLES } from './stateTables';
import type { StateTransfer } from '../../ports/stateTransfer';

export { isLog, STATE_TABLES } from './stateTables';

/** The name of the newest change of the store's shape. */
export const storeShape = (): string => Object.keys(migrations('sqlite')).sort().at(-1)!;

/** @param moved told the key of the state that took the place of the old one */
export function stateTransfer(scope: Scope, moved: (connectionKey: number) => void): StateTransfer {
	const { db, dialect, connectionKey } = scope;
	return {
		read: (table, after, limit) => readRows(scope, table, after, limit),
		work: () => workThere(scope),
		mappings: async () => {
			const names = new Set<string>();
			for (const table of STATE_TABLES.filter(({ name }) => name === 'mapping_setting' || name === 'full_sync')) {
				for (const row of (await readRows(scope, table, null, 10_000)).rows) names.add(String(row['mapping']));
			}
			return [...names];
		},
		stage: async () => {
			const staging = await Staging.open({ db: db as Parameters<typeof Staging.open>[0]['db'], dialect, connectionKey });
			return {
				put: (table, rows) => staging.put(table, rows),
				read: (table, after, limit) => staging.read(table, after, limit),
				takeOver: async () => moved(await staging.takeOver()),
				abandon: () => staging.abandon(),
			};
		},
	};
}
