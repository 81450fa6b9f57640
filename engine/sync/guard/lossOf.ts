import type { Coupling } from '../../model/coupling';
import type { Loss, MassChange } from '../../model/massChange';

/** What becomes of a couple, as the guard counts it. */
export const lossOf = (coupling: Coupling, action: Loss): MassChange => ({
	mapping: coupling.mapping,
	recordId: coupling.bcId,
	action,
	title: [coupling.bcNumber, coupling.bcName || coupling.crmName].filter(Boolean).join(' ') || coupling.bcId,
});
