import type { Operation } from '../../shared/operation';
import { backUpState } from './backUpState';
import { deleteOldEntries } from './deleteOldEntries';
import { exportState } from './exportState';
import { getErrors } from './getErrors';
import { getHistory } from './getHistory';
import { getJobs } from './getJobs';
import { getTriggerState } from './getTriggerState';
import { getWebhookRegistration } from './getWebhookRegistration';
import { importState } from './importState';
import { renderReport } from './renderReport';
import { settleDoubledState } from './settleDoubledState';

/** A new operation is one file and one line here, in the order of use; the first is the default. */
export const operations: readonly Operation[] = [
	getJobs,
	getErrors,
	getHistory,
	renderReport,
	getTriggerState,
	getWebhookRegistration,
	deleteOldEntries,
	backUpState,
	exportState,
	importState,
	settleDoubledState,
];
