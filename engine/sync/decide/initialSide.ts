import type { TableMapping } from '../../model/tableMapping';
import type { Coupling } from '../../model/coupling';

/** What a new coupling does first unless told otherwise: send, or get where the mapping only brings data from CRM. */
export const defaultInitial = (mapping: Pick<TableMapping, 'direction'>): 'send' | 'get' =>
	mapping.direction === 'fromCrm' ? 'get' : 'send';

/**
 * The strategy of the mapping names the side that wins; without one Business Central does, because the way to CRM
 * runs first. `newest` is decided field by field when the records are compared.
 */
export function initialByStrategy(mapping: Pick<TableMapping, 'direction' | 'conflict'>): NonNullable<Coupling['initial']> {
	if (mapping.direction !== 'bidirectional') return defaultInitial(mapping);
	return mapping.conflict === 'get' ? 'get' : mapping.conflict === 'newest' ? 'none' : 'send';
}
