import { SyncError } from '../../model/errors';
import type { OrderName } from '../orderImport/orderErrors';

const says = ({ id, number }: OrderName, code: string, message: string, hint: string): SyncError =>
	new SyncError({ code, errorClass: 'data', system: 'crm', table: 'salesorder', recordId: id, message: `Order ${number}: ${message}`, hint }); // prettier-ignore

/** Changed and submitted again, after it was handed over, and nobody has said that such changes are carried over, or they cannot be. */
export const resubmitted = (order: OrderName, bcNumber: string, why: string): SyncError =>
	says(
		order,
		'CRM_ORDER_CHANGED',
		`it was changed and submitted again in CRM after order ${bcNumber} of Business Central had been made from it; ${why}.`,
		`Enter the changes in order ${bcNumber} by hand, then say so in Sales Documents → Accept Amounts. The company setting "Apply Orders Submitted Again" carries changes over while the order is a draft of which nothing was shipped.`,
	);
