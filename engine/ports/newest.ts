import type { SyncError } from '../model/errors';
import type { FieldName, SystemRecord, TableSource } from '../model/record';

/** Asks for the newest rows of a table: who they are, in which version, and when they were changed. */
export interface NewestQuestion {
	table: TableSource;
	/** Fields that are wanted besides, none of a companion's. */
	fields: readonly FieldName[];
	/** OData text in the service's own dialect; null for all. */
	filter: string | null;
	/** Only rows whose stamp is at or after this (ISO, UTC). */
	since: string;
	/** Only rows whose stamp is at or before this (ISO, UTC); null for all. */
	until: string | null;
	/** Rows at most. */
	limit: number;
}

/** Rows, newest first, `number` and `name` empty; or what is wrong with this table alone. */
export type NewestAnswer = { records: SystemRecord[] } | { failed: SyncError };
