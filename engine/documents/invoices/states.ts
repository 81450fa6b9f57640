import type { PaymentState } from '../../model/document';
import { actionFor, type Transitions } from '../kernel/transitions';

/** State codes of invoice (table reference of Dataverse, `statecode` and `statuscode`). */
export const STATES = { active: 0, paid: 2, canceled: 3 } as const;
export const NEW = 1;
export const BILLED = 4;

/** State and status that say how far an invoice is paid. */
export const PAYMENT_STATES: Readonly<Record<PaymentState, readonly [state: number, status: number]>> = {
	billed: [STATES.active, BILLED],
	partial: [STATES.paid, 100002],
	paid: [STATES.paid, 100001],
	canceled: [STATES.canceled, 100003],
};

export interface CrmStates {
	statecode?: unknown;
	statuscode?: unknown;
}

/**
 * What CRM has of an invoice: nothing; a row of ours whose creation has not come to its end (Active / New); one that can be edited; one that cannot.
 */
export type CrmContent = 'none' | 'unfinished' | 'active' | 'closed';
export type BcContent = 'unposted' | 'posted';
/**
 * - `refuse`: only posted invoices leave Business Central
 * - `create`, `complete`: bring it to what was posted
 * - `update`: write what was changed in Business Central since
 * - `keep`: its content stays; only its payment is told
 */
export type ContentAction = 'refuse' | 'create' | 'complete' | 'update' | 'keep';

/** Every pair of states. */
export const CONTENT_TRANSITIONS: Transitions<CrmContent, BcContent, ContentAction> = {
	none: { unposted: 'refuse', posted: 'create' },
	unfinished: { unposted: 'refuse', posted: 'complete' },
	active: { unposted: 'refuse', posted: 'update' },
	closed: { unposted: 'refuse', posted: 'keep' },
};

export const contentAction = (crm: CrmContent, businessCentral: BcContent): ContentAction =>
	actionFor(CONTENT_TRANSITIONS, crm, businessCentral);

/** Null: there is no row. */
export function crmContentOf(row: CrmStates | null): CrmContent {
	if (row === null) return 'none';
	if (row.statecode !== STATES.active) return 'closed';
	return row.statuscode === NEW ? 'unfinished' : 'active';
}

/** `other`: Active with a status of a person's own. */
export type CrmPayment = PaymentState | 'other' | 'closed';
/** `set`: one update; `throughActive`: back to Active / Billed and on, in one change set. */
export type PaymentAction = 'nothing' | 'set' | 'throughActive';

/** Every pair of states: from a state that is not Active the way leads through Active / Billed. */
export const PAYMENT_TRANSITIONS: Transitions<CrmPayment, PaymentState, PaymentAction> = {
	billed: { billed: 'nothing', partial: 'set', paid: 'set', canceled: 'set' },
	other: { billed: 'set', partial: 'set', paid: 'set', canceled: 'set' },
	partial: { billed: 'set', partial: 'nothing', paid: 'throughActive', canceled: 'throughActive' },
	paid: { billed: 'set', partial: 'throughActive', paid: 'nothing', canceled: 'throughActive' },
	canceled: { billed: 'set', partial: 'throughActive', paid: 'throughActive', canceled: 'nothing' },
	closed: { billed: 'set', partial: 'throughActive', paid: 'throughActive', canceled: 'throughActive' },
};

export const paymentAction = (crm: CrmPayment, target: PaymentState): PaymentAction => actionFor(PAYMENT_TRANSITIONS, crm, target);

/** `closed`: a state that is none of these, for instance one of an earlier version of the service. */
export function crmPaymentOf({ statecode, statuscode }: CrmStates): CrmPayment {
	for (const [payment, [state, status]] of Object.entries(PAYMENT_STATES) as Array<[PaymentState, readonly [number, number]]>)
		if (statecode === state && statuscode === status) return payment;
	return statecode === STATES.active ? 'other' : 'closed';
}

/** As a message calls them. */
export const PAYMENT_NAMES: Readonly<Record<PaymentState, string>> = {
	billed: 'Active / Billed',
	partial: 'Paid / Partial',
	paid: 'Paid / Complete',
	canceled: 'Canceled',
};
