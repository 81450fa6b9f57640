import { migrations } from '../migrations';
import type { Scope } from '../scope';
import { readRows, type Position } from './rows';
import { Staging, workThere } from './staging';
import { STATE_TABLES, type StateRow, type StateTable } from './stateTables';

export { isLog, STATE_TABLES, type StateRow, type StateTable } from './stateTables';
export type { Position } from './rows';

/** The name of the newest change of the store's shape. */
export const storeShape = (): string => Object.keys(migrations('sqlite')).sort().at(-1)!;

/** State on its way into a store; in the way of nobody until `takeOver`. */
export interface StagedState {
	put(table: StateTable, rows: readonly StateRow[]): Promise<void>;
	read(table: StateTable, after: Position, limit: number): Promise<{ rows: StateRow[]; next: Position }>;
	/** All or nothing. */
	takeOver(): Promise<void>;
	abandon(): Promise<void>;
}

/** The state of a connection as rows, for moving it from one store to another. */
export interface StateTransfer {
	/** In the order of the table's key; null: no more rows. */
	read(table: StateTable, after: Position, limit: number): Promise<{ rows: StateRow[]; next: Position }>;
	/** Rows that are somebody's work, by table. */
	work(): Promise<Map<string, number>>;
	/** Mappings that have couplings or settings. */
	mappings(): Promise<string[]>;
	/** All leases of the connection must be held. */
	stage(): Promise<StagedState>;
}

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
