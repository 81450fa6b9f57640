import type { Operation } from '../../shared/operation';
import { acceptAmounts } from './acceptAmounts';
import { createOrders } from './createOrders';
import { getMany } from './getMany';
import { releaseClaim } from './releaseClaim';
import { synchronizeInvoices } from './synchronizeInvoices';
import { updatePaymentStatus } from './updatePaymentStatus';

/** A new operation is one file and one line here, in the order of use; the first is the default. */
export const operations: readonly Operation[] = [
	createOrders,
	getMany,
	acceptAmounts,
	synchronizeInvoices,
	updatePaymentStatus,
	releaseClaim,
];
