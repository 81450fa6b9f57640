import { ORDER_STATES } from '../orderImport/states';
import type { SalesDocument } from '../kernel/salesDocument';
import { actionFor, type Transitions } from '../kernel/transitions';

/** `eligible`: submitted, and the hand-over date is empty: order import takes it up. `deleted`: there is no row any more. */
export type CrmOrderState = 'eligible' | 'submitted' | 'active' | 'canceled' | 'fulfilled' | 'invoiced' | 'deleted';
/**
 * `draft`: open, or waiting for approval; `released`; `invoiced`: it is there still, and all of it is invoiced; `posted`: it is gone, and what was posted of
 * it is there; `gone`: neither is there.
 */
export type BcOrderState = 'draft' | 'released' | 'invoiced' | 'posted' | 'gone';

/**
 * - `tell`: CRM is told how far the order has come
 * - `tellHeader`: and what its header says in Business Central
 * - `close`: it becomes Invoiced in CRM
 * - `pay`: it is Invoiced, and CRM is told how far it is paid
 * - `detach`: it was deleted in Business Central: after a second look the couple ends, and CRM can submit it again
 * - `userHasIt`: a person took it back in CRM; Business Central stays as it is
 * - `end`: the couple ends; nobody is written to
 * - `leave`: nothing
 */
export type LifeAction = 'tell' | 'tellHeader' | 'close' | 'pay' | 'detach' | 'userHasIt' | 'end' | 'leave';

/** Every pair of states. */
export const LIFE_TRANSITIONS: Transitions<CrmOrderState, BcOrderState, LifeAction> = {
	eligible: { draft: 'leave', released: 'leave', invoiced: 'leave', posted: 'leave', gone: 'leave' },
	submitted: { draft: 'tell', released: 'tellHeader', invoiced: 'close', posted: 'close', gone: 'detach' },
	active: { draft: 'userHasIt', released: 'userHasIt', invoiced: 'userHasIt', posted: 'userHasIt', gone: 'detach' },
	canceled: { draft: 'userHasIt', released: 'userHasIt', invoiced: 'userHasIt', posted: 'userHasIt', gone: 'detach' },
	fulfilled: { draft: 'leave', released: 'leave', invoiced: 'close', posted: 'close', gone: 'detach' },
	invoiced: { draft: 'leave', released: 'leave', invoiced: 'pay', posted: 'pay', gone: 'detach' },
	deleted: { draft: 'end', released: 'end', invoiced: 'end', posted: 'end', gone: 'end' },
};

export const lifeAction = (crm: CrmOrderState, businessCentral: BcOrderState): LifeAction =>
	actionFor(LIFE_TRANSITIONS, crm, businessCentral);

export function crmOrderStateOf({ state, handedOver }: Pick<SalesDocument, 'state' | 'handedOver'>): CrmOrderState {
	switch (state) {
		case ORDER_STATES.submitted:
			return handedOver === null ? 'eligible' : 'submitted';
		case ORDER_STATES.active:
			return 'active';
		case ORDER_STATES.canceled:
			return 'canceled';
		case ORDER_STATES.fulfilled:
			return 'fulfilled';
		default:
			return 'invoiced';
	}
}
