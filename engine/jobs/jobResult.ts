import type { LogField, LogRecordRef } from '../model/logEntry';
import type { FieldName, FieldValue } from '../model/record';
import type { PassDirection } from '../model/direction';
import type { ErrorClass, SyncError } from '../model/errors';
import type { Job } from '../model/job';

export interface RecordChange {
	action: 'insert' | 'modify' | 'couple' | 'restore' | 'uncouple' | 'delete';
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	/** Which side is (or would be) written. */
	written: 'businessCentral' | 'crm';
	fields: ReadonlyArray<{ field: FieldName; caption: string; before: FieldValue | undefined; after: FieldValue }>;
}

/** A record that could not be delivered, as the output *Failed* shows it. */
export interface FailedRecord {
	jobId: string;
	mapping: string;
	/** Null for what ended a job that has none (coupling, uncoupling). */
	direction: PassDirection | null;
	errorClass: ErrorClass;
	errorCode: string;
	message: string;
	hint: string;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	fields?: readonly LogField[];
	attempts: number;
	skipped: boolean;
}

export interface JobResult {
	job: Job;
	failed: FailedRecord[];
	/** Failed records beyond the limit. */
	moreFailed: number;
	changes: RecordChange[];
	/** Changes beyond those asked for; 0 where none were asked for. */
	moreChanges: number;
	warnings: string[];
	/** Records that were read and left alone, because they are not coupled and the mapping synchronizes only coupled records. */
	notCoupled: number;
	/** There may be more of them: of some that changed, nobody looked whether the filter selects them. */
	notCoupledAtLeast: boolean;
	/** Records of the mapping that fail or are skipped, whichever run met them; null where nobody looked. */
	leftOpen: number | null;
	/** Why the job did not begin, where another run has its mapping (status `alreadyRunning`). */
	busy?: SyncError;
	/** Nothing was looked at, because the mapping does not run in the direction asked for; the job says so. */
	notServed?: boolean;
	/** ISO stamp up to which the source side is dealt with; null when nothing was read yet. */
	watermark: string | null;
}
