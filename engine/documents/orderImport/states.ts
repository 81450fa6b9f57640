import { actionFor, type Transitions } from '../kernel/transitions';
import type { CoupledDocument } from '../../model/document';
import type { SalesDocument } from '../kernel/salesDocument';

/** State codes of salesorder (table reference of Dataverse, `statecode` and `statuscode`). */
export const ORDER_STATES = { active: 0, submitted: 1, canceled: 2, fulfilled: 3, invoiced: 4 } as const;
export const ACTIVE_PENDING = [0, 2] as const;
export const SUBMITTED = [1, 3] as const;
export const INVOICED = [4, 100003] as const;

/** As CRM calls them. */
export const STATE_NAMES: Readonly<Record<number, string>> = { 0: 'Active', 1: 'Submitted', 2: 'Canceled', 3: 'Fulfilled', 4: 'Invoiced' };

/** `eligible`: submitted, and not handed over. */
export type CrmState = 'eligible' | 'stamped' | 'active' | 'canceled' | 'fulfilled' | 'invoiced';
/**
 * What Business Central has of the order: nothing; an order whose import has not come to its end; one that is handed over; its posted invoices; nothing
 * any more, neither order nor invoice.
 */
export type BcState = 'none' | 'unfinished' | 'imported' | 'posted' | 'gone';

/**
 * - `import`: create the order
 * - `complete`: go on where an import stopped, and hand the order over
 * - `finish`: it was handed over, only this was not recorded
 * - `close`: it was posted before it could be handed over
 * - `again`: what was imported was deleted: after a second look it is imported anew
 * - `known`: nothing to do; the order or invoice is named
 * - `confirm`: handed over by somebody else: imported only if a person says so
 * - `refuse`: not submitted
 * - `userHasIt`: a person took it back in CRM, while Business Central has an order
 */
export type OrderAction = 'import' | 'complete' | 'finish' | 'close' | 'again' | 'known' | 'confirm' | 'refuse' | 'userHasIt';

/** Every pair of states. */
export const ORDER_TRANSITIONS: Transitions<CrmState, BcState, OrderAction> = {
	eligible: { none: 'import', unfinished: 'complete', imported: 'complete', posted: 'close', gone: 'again' },
	stamped: { none: 'confirm', unfinished: 'finish', imported: 'known', posted: 'known', gone: 'known' },
	active: { none: 'refuse', unfinished: 'userHasIt', imported: 'userHasIt', posted: 'known', gone: 'refuse' },
	canceled: { none: 'refuse', unfinished: 'userHasIt', imported: 'userHasIt', posted: 'known', gone: 'refuse' },
	fulfilled: { none: 'refuse', unfinished: 'known', imported: 'known', posted: 'known', gone: 'refuse' },
	invoiced: { none: 'refuse', unfinished: 'known', imported: 'known', posted: 'known', gone: 'refuse' },
};

export function crmStateOf({ state, handedOver }: Pick<SalesDocument, 'state' | 'handedOver'>): CrmState {
	if (state === ORDER_STATES.submitted) return handedOver === null ? 'eligible' : 'stamped';
	if (state === ORDER_STATES.active) return 'active';
	if (state === ORDER_STATES.canceled) return 'canceled';
	return state === ORDER_STATES.fulfilled ? 'fulfilled' : 'invoiced';
}

/** `exists`: Business Central shows the order; `invoices`: it shows posted invoices of it. */
export function bcStateOf(document: CoupledDocument | null, found: { exists: boolean; invoices: boolean }): BcState {
	if (document === null) return 'none';
	if (document.bcId === null) return 'posted';
	if (found.exists) return document.stage === 'handedOver' || document.stage === 'closed' ? 'imported' : 'unfinished';
	return found.invoices ? 'posted' : 'gone';
}

export const orderAction = (crm: CrmState, businessCentral: BcState): OrderAction => actionFor(ORDER_TRANSITIONS, crm, businessCentral);
