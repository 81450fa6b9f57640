import { PROGRESS_FIELDS, RELEASED_FIELDS } from '../../../engine/documents/orderLife/fields';
import { LIFE_TRANSITIONS, type CrmOrderState, type LifeAction } from '../../../engine/documents/orderLife/states';
import { table } from './markdown';
import { fields } from './orderImport';
import type { Sections } from './sections';

const ACTIONS: Readonly<Record<LifeAction, string>> = {
	tell: 'told how far it has come',
	tellHeader: 'told how far it has come, and what the header says',
	close: '**Invoiced**',
	pay: 'told how far it is paid',
	detach: 'uncoupled, after a second look',
	userHasIt: 'nothing is written; `CRM_ORDER_REOPENED`, `CRM_ORDER_CANCELED`',
	end: 'uncoupled; told once',
	leave: '–',
};
const IN_CRM: Readonly<Record<CrmOrderState, string>> = {
	eligible: 'Submitted, hand-over date empty',
	submitted: 'Submitted',
	active: 'Active',
	canceled: 'Canceled',
	fulfilled: 'Fulfilled',
	invoiced: 'Invoiced',
	deleted: 'deleted',
};
const HEADS = { draft: 'draft, in review', released: 'released', invoiced: 'all invoiced', posted: 'gone, posted', gone: 'gone' };

/** What becomes of imported orders, by the states of both sides, and what CRM is told. */
export const orderLifeSections = (): Sections => ({
	'order-life-progress': fields(PROGRESS_FIELDS),
	'order-life-released': fields(RELEASED_FIELDS),
	'order-life-states': table(
		['CRM \\ Business Central', ...Object.values(HEADS)],
		Object.entries(LIFE_TRANSITIONS).map(([crm, row]) => [
			IN_CRM[crm as CrmOrderState],
			...Object.keys(HEADS).map((state) => ACTIONS[row[state as keyof typeof row]]),
		]),
	),
});
