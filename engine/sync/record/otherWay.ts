import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';
import { type Coupling, idOn } from '../../model/coupling';
import { opposite, sourceSide } from '../../model/direction';
import type { RequeuedRecord } from '../../model/requeued';
import { requeue } from './requeue';

/**
 * A couple whose first synchronization is not complete after one direction: fields in which the partner wins, or that only travel the other way, are
 * still to come. Its records need not have changed for a long time, so the other direction would never read them; it is told to look. What it leaves
 * open in its turn does not come back here: two runs with opposite strategies must not hand a record to each other for ever.
 */
export function otherWayDue(context: PassContext, { requeued }: WorkItem, coupling: Coupling): RequeuedRecord | null {
	const { mapping, direction } = context;
	if (coupling.initial === null || mapping.direction !== 'bidirectional' || requeued?.reason === 'otherWayDue') return null;
	const other = opposite(direction);
	return requeue(context, other, idOn(coupling, sourceSide(other)), 'otherWayDue');
}

/** A side that no run has read yet is read from its beginning, by its direction's first one. */
export const isReadFromStart = async ({ session, mapping, target }: PassContext): Promise<boolean> =>
	(await session.store.watermark(mapping.name, target.side)) === null;
