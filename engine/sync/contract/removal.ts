import type { WorkItem } from './workItem';
import type { FieldConflict } from '../../model/fieldConflict';

/** A record that is to lose its coupling, or to be deleted with its partner. */
export interface Removal {
	item: WorkItem;
	/** Deleted: what was edited in it since the last synchronization. Null: only uncoupled. */
	edited: readonly FieldConflict[] | null;
}
