import type { Operation } from '../../shared/operation';
import { deleteOldEntries } from './deleteOldEntries';
import { getErrors } from './getErrors';
import { getJobs } from './getJobs';

/** A new operation is one file and one line here; the first is the default. */
export const operations: readonly Operation[] = [getJobs, getErrors, deleteOldEntries];
