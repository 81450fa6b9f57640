import type { FailedRecord } from '../../../engine/jobs/jobResult';

/** A failure in a line. */
export const describeError = ({ errorCode, message, businessCentral, crm }: FailedRecord): string =>
	`${errorCode} ${businessCentral?.name || crm?.name || ''}: ${message}`;
