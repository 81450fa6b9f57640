import type { Coupling } from '../../model/coupling';
import type { Tombstone } from '../../model/tombstone';
import type { PassContext } from '../contract/passContext';
import type { RequeuedRecord } from '../../model/requeued';
import { requeue } from './requeue';

/** What is remembered of a couple one of whose records is gone. `version`: of the other one. `now`: ISO, UTC. */
export const tombstoneOf = ({ mapping, bcId, crmId }: Coupling, version: string | null, now: string): Tombstone => ({
	...{ mapping, kind: 'deleted', bcId, crmId, version, endedAt: now },
});

/** What is remembered of couples that people end; `gone`: ids of CRM rows that turned out to be deleted. */
export const partedByHand = (couplings: readonly Coupling[], gone: readonly string[], now: string): Tombstone[] =>
	couplings.map((coupling) => ({ ...tombstoneOf(coupling, null, now), kind: gone.includes(coupling.crmId) ? 'deleted' : 'parted' }));

/** Sends the record of Business Central to its row, in the next pass that goes there. */
export const partnerBack = (context: PassContext, bcId: string): RequeuedRecord => requeue(context, 'toCrm', bcId, 'partnerBack');
