import { HAND_OVER_FIELDS, HEADER_FIELDS, LINE_FIELDS, PAGE_FIELDS, type OrderField } from '../../../engine/documents/orderImport/fields';
import { ORDER_TRANSITIONS, type OrderAction } from '../../../engine/documents/orderImport/states';
import { code, table } from './markdown';
import type { Sections } from './sections';

const ACTIONS: Readonly<Record<OrderAction, string>> = {
	import: '**imported**',
	complete: 'completed and handed over',
	finish: 'noted as handed over',
	close: 'Invoiced in CRM',
	again: 'imported anew, after a second look',
	known: 'nothing; named',
	confirm: 'imported only if a person says so',
	refuse: 'refused (`ORDER_NOT_SUBMITTED`)',
	userHasIt: 'told (`CRM_ORDER_REOPENED`, `CRM_ORDER_CANCELED`)',
};
const IN_CRM: Readonly<Record<keyof typeof ORDER_TRANSITIONS, string>> = {
	eligible: 'Submitted, not handed over',
	stamped: 'Submitted, handed over',
	active: 'Active',
	canceled: 'Canceled',
	fulfilled: 'Fulfilled',
	invoiced: 'Invoiced',
};
const HEADS = { none: 'no order', unfinished: 'unfinished', imported: 'handed over', posted: 'posted', gone: 'gone' };

/** What crosses with an order, and what becomes of it by the states of both sides. */
export const orderImportSections = (): Sections => ({
	'order-header': fields(HEADER_FIELDS),
	'order-lines': fields(LINE_FIELDS),
	'order-page': fields(PAGE_FIELDS),
	'order-hand-over': fields(HAND_OVER_FIELDS),
	'order-states': table(
		['CRM \\ Business Central', ...Object.values(HEADS)],
		Object.entries(ORDER_TRANSITIONS).map(([crm, row]) => [
			IN_CRM[crm as keyof typeof IN_CRM],
			...Object.keys(HEADS).map((state) => ACTIONS[row[state as keyof typeof row]]),
		]),
	),
});

/** A table of what crosses. */
export const fields = (rows: readonly OrderField[]): string =>
	table(
		['Business Central', 'CRM', 'Rule'],
		rows.map(({ businessCentral, crm, rule }) => [named(businessCentral), named(crm), rule]),
	);

/** Names of properties and columns are set as such; words are not. */
const named = (text: string): string => text.replace(/\b[a-z]+(?:_[a-z0-9]+|[A-Z]\w*)\b|\b(?:customerid|ordernumber|quantity|productid|uomid|priceperunit|description|productdescription|name|sequence|sequencenumber|statecode|statuscode|producttypecode|paymenttermscode|freighttermscode|requestdeliveryby|transactioncurrencyid|totallineitemamount|totalamountlessfreight|volumediscountamount|manualdiscountamount|lastbackofficesubmit|submitstatusdescription)\b/g, (word) => code(word)); // prettier-ignore
