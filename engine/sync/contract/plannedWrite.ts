import type { WorkItem } from './workItem';
import type { Decision } from '../decide/decision';
import type { WriteOperation } from '../../ports/write';
import type { Insertion } from './insertion';

/** A record that has to be written, with the decision that says so. */
export interface PendingWrite {
	item: WorkItem;
	decision: Extract<Decision, { action: 'insert' | 'modify' }>;
}

/** A record with the operation that is to be sent for it. */
export interface PlannedWrite extends PendingWrite {
	operation: WriteOperation;
	insertion: Insertion | null;
}
