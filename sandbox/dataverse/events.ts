import type { Session } from './environment';
import type { Table } from './model';
import type { Changes, Row } from './values';

export type EventName = 'Create' | 'Update' | 'Delete' | 'Merge';

/** One write that went through, told once its transaction is committed. */
export interface WriteEvent {
	message: EventName;
	table: Table;
	id: string;
	before: Row | null;
	/** Null after a deletion. */
	after: Row | null;
	/** Columns the write named; all of a new row. */
	changes: Changes;
	session: Session;
	/** Time of the service, epoch milliseconds. */
	at: number;
}
