/** A table of a connection's state: its columns besides the connection, and those of them that name a row. */
export interface StateTable {
	name: StateTableName;
	columns: readonly string[];
	key: readonly string[];
	/** Given by the database anew; orders the rows, and does not travel. */
	counter?: string;
}

/** The tables that hold a connection's state. Leases are rights of processes, and a store's own identity stays where it is. */
export type StateTableName =
	| 'mapping_setting'
	| 'coupling'
	| 'intent'
	| 'failure'
	| 'requeued_record'
	| 'watermark'
	| 'deletion_search'
	| 'compared_record'
	| 'missing_partner'
	| 'former_partner'
	| 'job'
	| 'log_entry'
	| 'full_sync'
	| 'origin'
	| 'field_set'
	| 'field_list'
	| 'mass_change'
	| 'document'
	| 'document_line'
	| 'derived_row'
	| 'record_identity'
	| 'record_key';

/** A row as it travels. */
export type StateRow = Record<string, string | number | null>;

/** Values of the key columns of a row; null before the first. */
export type Position = ReadonlyArray<string | number> | null;

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
