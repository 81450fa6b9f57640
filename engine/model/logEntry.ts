import type { FieldValue } from './record';
import type { PassDirection } from './direction';
import type { ErrorClass } from './errors';

export interface LogRecordRef {
	id: string;
	number: string;
	name: string;
	url: string | null;
}

export interface LogField {
	name: string;
	businessCentral: FieldValue;
	crm: FieldValue;
}

/** One line of the error log. `overwritten` tells of a value that lost a conflict under a strategy: nothing is lost silently. */
export interface LogEntry {
	jobId: string;
	mapping: string;
	direction: PassDirection | null;
	kind: 'error' | 'overwritten' | 'warning';
	errorClass: ErrorClass | null;
	code: string;
	message: string;
	hint: string;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	fields: readonly LogField[];
	attempts: number;
	skipped: boolean;
	/** ISO, UTC. */
	at: string;
}
