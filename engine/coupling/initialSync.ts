import type { TableMapping } from '../model/tableMapping';
import { defaultInitial } from '../sync/decide/initialSide';
import type { PassDirection } from '../model/direction';
import type { Coupling } from '../model/coupling';
import type { StoreChanges } from '../ports/storeChanges';

export { defaultInitial, initialByStrategy } from '../sync/decide/initialSide';

/** What happens with the data of freshly coupled records: Business Central's goes to CRM, CRM's comes to Business Central, or nothing yet. */
export type InitialSync = 'send' | 'get' | 'none';

export const directionOf = (initial: 'send' | 'get'): PassDirection => (initial === 'send' ? 'toCrm' : 'fromCrm');

/**
 * Who wins a field that differs in the first run after a coupling made without synchronizing. A mapping of one direction leaves no choice;
 * for the others the conflict strategy of the run decides, so that nobody's data is overwritten unasked.
 */
export const pendingInitial = (mapping: TableMapping): InitialSync =>
	mapping.direction === 'bidirectional' ? 'none' : defaultInitial(mapping);

/** Directions to run after coupling "by strategy", first to last. */
export function directionsByStrategy(mapping: TableMapping): PassDirection[] {
	if (mapping.direction !== 'bidirectional') return [mapping.direction];
	if (mapping.conflict === 'send') return ['toCrm'];
	return mapping.conflict === 'get' ? ['fromCrm'] : ['toCrm', 'fromCrm'];
}

/** Two records that are to be a couple, with what lists and logs show of them. */
export const namedPair = (bc: { id: string; number: string; name: string }, crm: { id: string; name: string }) => ({
	...{ bcId: bc.id, crmId: crm.id, bcNumber: bc.number, bcName: bc.name, crmName: crm.name },
});

/** What is known of the records of couples that change is forgotten: their failures, and that they are to be looked at again. */
export function recordsForgotten(couples: ReadonlyArray<Pick<Coupling, 'mapping' | 'bcId' | 'crmId'>>): {
	failuresDone: NonNullable<StoreChanges['failuresDone']>;
	requeuedDone: NonNullable<StoreChanges['requeuedDone']>;
} {
	const keys = couples.flatMap(({ mapping, bcId, crmId }) => [
		{ mapping, direction: 'toCrm' as const, sourceId: bcId },
		{ mapping, direction: 'fromCrm' as const, sourceId: crmId },
	]);
	return { failuresDone: keys, requeuedDone: keys };
}
