import type { Operation } from '../../shared/operation';
import { acceptAmounts } from './acceptAmounts';
import { createOrders } from './createOrders';
import { getItemAvailability } from './getItemAvailability';
import { getMany } from './getMany';
import { releaseClaim } from './releaseClaim';
import { synchronizeInvoices } from './synchronizeInvoices';
import { updateAccountStatistics } from './updateAccountStatistics';
import { updateItemAvailability } from './updateItemAvailability';
import { updateOrders } from './updateOrders';
import { updatePaymentStatus } from './updatePaymentStatus';

/** A new operation is one file and one line here, in the order of use; the first is the default. */
export const operations: readonly Operation[] = [
	createOrders,
	updateOrders,
	getMany,
	acceptAmounts,
	synchronizeInvoices,
	updatePaymentStatus,
	updateAccountStatistics,
	updateItemAvailability,
	getItemAvailability,
	releaseClaim,
];
