import type { SyncError } from '../errors';

/** Which of the two systems. `crm` is Dynamics 365 Sales / Dataverse. */
export type Side = 'businessCentral' | 'crm';

export const otherSide = (side: Side): Side => (side === 'businessCentral' ? 'crm' : 'businessCentral');

/** A value off the wire: text, number, yes/no, or nothing. GUIDs lower case; dates and times as ISO text. */
export type FieldValue = string | number | boolean | null;

/** A lookup to be written: the row `id` of Dataverse table `table` (logical name, e.g. `systemuser`). Business Central ignores `table`. */
export interface LookupValue {
	table: string;
	id: string;
}

/**
 * A field is named by its property (BC) or logical column name (CRM, also for lookups: `transactioncurrencyid`).
 * A field of a companion is named `companion/property`, e.g. `workflowCustomers/faxNumber`.
 */
export type FieldName = string;

/** An additional Business Central page that shows more fields of the same table; joined by number. Read and written through ODataV4. */
export interface CompanionSource {
	/** Service name under which the page is published, e.g. `workflowCustomers`; also the prefix of its field names. */
	service: string;
	/** Property of the primary entity set that holds the joining value, e.g. `number`. */
	primaryKey: string;
	/** Key property of the companion that holds the same value. */
	companionKey: string;
}

/**
 * A Business Central table that only a page published under OData V4 shows (Business Central OData facts §1, §9). Such a page has no id and no
 * stamp: a record's id is made of its key values (`compositeId`), so a renamed record is a new one, and every run reads the whole page; what is
 * unchanged is known by its etag.
 */
export interface PageSource {
	/**
	 * Key properties in the order of the key. A part of the key will do where it is unique over all pages of the table, but then the table cannot
	 * be written: rows are addressed by the whole key.
	 */
	keys: readonly FieldName[];
	/**
	 * Further pages that show other rows of the same table; `properties` gives their names for properties that are called otherwise there. Such a
	 * table is read-only.
	 */
	also?: ReadonlyArray<{ service: string; properties: Readonly<Record<FieldName, FieldName>> }>;
	/** The name the page has when nobody chooses another (`ResourceCard`), where an administrator did choose another. */
	standardName?: string;
}

/**
 * The values of a CRM choice column, taken as a table: a record's id and number are the value as text and its label, fields `value` and `label`.
 * Values are kept by Dataverse's metadata, which has no stamp: every run reads them all.
 */
export interface ChoiceSource {
	/** Logical name of the table. */
	table: string;
	column: FieldName;
	/** Choice columns of other tables that get every new or changed value, too (default mappings §7). */
	mirrors: ReadonlyArray<{ table: string; column: FieldName }>;
}

/** One side of a table mapping, as the systems need to know it. */
export interface TableSource {
	/**
	 * BC: entity set of API v2.0 (`customers`), own API page (`publisher/group/version/entitySet`), or the service name of a page (then `page` is
	 * given). CRM: logical table name (`account`), or `table.column` of a choice (then `choice` is given).
	 */
	name: string;
	/** Field people know the record by (`number`, `code`); null where the table has none. */
	numberField: string | null;
	nameField: string;
	companions?: readonly CompanionSource[];
	page?: PageSource;
	choice?: ChoiceSource;
}

export interface SystemRecord {
	/** GUID, lower case; for pages and choices see `PageSource` and `ChoiceSource`. */
	id: string;
	/** When it was last changed by the system's own clock: ISO 8601, UTC. BC: milliseconds, CRM: whole seconds. Empty where the table has no stamp. */
	stamp: string;
	/** CRM: when the row came into being. One that was deleted and created anew under its id has another one. */
	createdAt?: string;
	/** The etag, verbatim. Equal versions mean equal rows; there is no order. */
	version: string;
	/** Number or code; empty where the table has none. */
	number: string;
	name: string;
	/** Values of the fields that were asked for. A field that is absent was not read. */
	values: Readonly<Record<FieldName, FieldValue>>;
}

/**
 * Inserts into Business Central leave at the latest so long after `write` was called. Those whose answer is lost are carried out within ten minutes of
 * their leaving, or never (Business Central OData facts §11); so it is known when nothing can come of a call any more.
 */
export const INSERTS_SENT_WITHIN_MS = 4 * 60_000;

export interface ChangeQuery {
	table: TableSource;
	fields: readonly FieldName[];
	/** OData text in the service's own dialect, already escaped; null for all. */
	filter: string | null;
	/** Only records whose stamp is at or after this (ISO, UTC); null for all. */
	since: string | null;
	/** Upper limit of records per page. */
	pageSize: number;
}

/** Which records are asked for: those whose id, or whose `field`, is one of `values` (text compared ignoring case), inside a filter. */
export interface RecordQuestion {
	/** A field of the table itself, no companion's; null: the id. */
	field: FieldName | null;
	values: readonly string[];
	/** OData text in the service's own dialect; null for all. */
	filter: string | null;
}

export type WriteOperation =
	/** `id` only for CRM, where the row's id is ours to choose and makes the insert repeatable. */
	| { kind: 'insert'; id?: string; values: Readonly<Record<FieldName, FieldValue | LookupValue>> }
	/** `version`: the etag the change was decided on. `number`: value of the companions' join field, needed when a companion field is written. */
	| { kind: 'update'; id: string; version: string; number: string; values: Readonly<Record<FieldName, FieldValue | LookupValue>> }
	| { kind: 'delete'; id: string; version: string };

export type WriteOutcome =
	/** `record` is the row after the write: id, stamp and version always, values as far as the service returned them. For a delete the row as it was known. */
	| {
			status: 'written';
			record: SystemRecord;
			/** The record was created, but fields that live on a companion page could not be written: couple it, and report this error. */
			incomplete?: SyncError;
	  }
	/** The row's version is no longer the one given: read again, decide again. */
	| { status: 'stale' }
	/** The row is gone. */
	| { status: 'missing' }
	/** Insert with a chosen id (CRM) or a fixed key (BC code): such a row is already there. */
	| { status: 'exists' }
	| { status: 'failed'; error: SyncError }
	/** The answer was lost: it may or may not have been written. */
	| { status: 'unknown'; error: SyncError };

export interface ColumnShape {
	name: FieldName;
	label: string;
	type: 'text' | 'integer' | 'decimal' | 'money' | 'boolean' | 'date' | 'dateTime' | 'guid' | 'enum' | 'choice' | 'lookup';
	/** Characters; null when not known or not text. */
	maxLength: number | null;
	writable: boolean;
	creatable: boolean;
	/** Choice values (CRM) or enum members (BC wire names), with labels. */
	options?: ReadonlyArray<{ value: string | number; label: string }>;
	/** Logical names of the tables a lookup may point at. */
	targets?: readonly string[];
}

export interface TableShape {
	name: string;
	label: string;
	columns: ReadonlyMap<FieldName, ColumnShape>;
}

/** A field that the service's metadata does not know. */
export interface MissingField {
	field: FieldName;
	/** The page that shows it is not published; null: table and page are there, without the field. */
	page: string | null;
}

/** A table of a system, as a list offers it. */
export interface TableListing {
	/** As `TableSource.name`. */
	name: string;
	label: string;
	/** Key properties, in order, of a published page of Business Central; absent for entity sets and for CRM tables. */
	keys?: readonly FieldName[];
}

export interface SearchPage {
	records: SystemRecord[];
	/** Opaque; pass it back to get the following page. Undefined on the last. */
	next?: string;
}

/** Requests sent since the session was opened. A batch counts as one request; `writes` counts the single changes inside. */
export interface RequestCounts {
	requests: number;
	writes: number;
}

/**
 * One of the two systems, as the engine uses it. Implementations page, batch, throttle and retry; the engine never sees HTTP.
 * Every method throws SyncError (`setup` when nothing can work, `transient` when retries are used up) and RunStopped on abort.
 */
export interface RecordSystem {
	readonly side: Side;
	readonly counts: Readonly<RequestCounts>;
	/** All tables there are: entity sets of API v2.0 and published pages (BC), or tables (CRM), from the service's own metadata. */
	tables(): Promise<TableListing[]>;
	/** Columns and types from the service's own metadata, read once per session. */
	describe(table: TableSource): Promise<TableShape>;
	/**
	 * Those of the fields that the service's own metadata does not know. What was found is remembered for a day in this process, so that a run
	 * asks for metadata only now and then; what is missing is looked up again each time. `afresh`: nothing remembered counts.
	 * @throws SyncError (setup) when the table is missing, naming the page to publish or the solution to install
	 */
	missingFields(table: TableSource, fields: readonly FieldName[], afresh?: boolean): Promise<MissingField[]>;
	/** Pages in ascending order of stamp. Companion fields are not read here, see `complete`. */
	readChanges(query: ChangeQuery): AsyncIterable<SystemRecord[]>;
	/** Adds the companion fields to records read by `readChanges`. A companion that is not published leaves its fields absent and is named in `warnings`. */
	complete(table: TableSource, records: readonly SystemRecord[], fields: readonly FieldName[]): Promise<SystemRecord[]>;
	/** Companion fields included. An id that is not in the answer does not exist, or is outside the filter where one is given. */
	readByIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter?: string | null,
	): Promise<Map<string, SystemRecord>>;
	/**
	 * Those of the ids that exist, also rows the service admits to without showing them. An id that is not in the answer was deleted — or is
	 * hidden by a rule the service does not speak of (Business Central's security filters). A table that cannot be read, or that does not exist,
	 * is a SyncError of class `setup`, never a deletion.
	 */
	existing(table: TableSource, ids: readonly string[]): Promise<Set<string>>;
	/**
	 * Where the service keeps a list of deletions: a token from which on `deletedSince` tells them; null when the table has no such list, the
	 * user may not read it, or it cannot be had within `mostPages` requests. Deletions up to this moment are not covered: compare ids after it.
	 */
	trackDeletions?(table: TableSource, mostPages: number): Promise<string | null>;
	/**
	 * Ids deleted since the token was given, in parts; also of rows nobody here ever saw. The generator's result is the token to go on from;
	 * null when the token is no longer good (too old, tracking taken away): then compare ids and start again.
	 */
	deletedSince?(table: TableSource, token: string): AsyncGenerator<string[], string | null>;
	/** Records whose `field` equals one of `values` (text compared as the service does: ignoring case); in batches. */
	readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter?: string | null,
	): Promise<SystemRecord[]>;
	/**
	 * Records that each of several questions selects, by position; all of them go together in as few requests as possible (mostly one batch).
	 * Companion fields included. Not for choices.
	 */
	readByQuestions(table: TableSource, questions: readonly RecordQuestion[], fields: readonly FieldName[]): Promise<SystemRecord[][]>;
	/**
	 * CRM: ids for rows about to be inserted, none of them in use or in `taken`: random GUIDs, and for choices free numbers. Business Central gives
	 * its ids itself.
	 */
	newIds?(table: TableSource, count: number, taken: readonly string[]): Promise<string[]>;
	/** One outcome per operation, in order. Operations on one record must not be in one call twice. */
	/**
	 * `returning`: fields whose values after the write are wanted back (as far as one request can tell them), because the service may change
	 * more than it was sent; default: the fields written.
	 */
	write(table: TableSource, operations: readonly WriteOperation[], returning?: readonly FieldName[]): Promise<WriteOutcome[]>;
	/**
	 * All rows of a small table (exchange rates, companies), or those the filter selects, by BC entity set or logical CRM table; CRM lookups by
	 * their logical name. A page published under OData V4 is named `ODataV4/PriceListLineReview`.
	 */
	readAll(name: string, fields: readonly FieldName[], filter?: string | null): Promise<Array<Record<FieldName, FieldValue>>>;
	/**
	 * Business Central: rows that each of several filters selects, by position; for pages that answer for one record at a time. All of them go in
	 * batches.
	 */
	readEach?(name: string, fields: readonly FieldName[], filters: readonly string[]): Promise<Array<Array<Record<FieldName, FieldValue>>>>;
	/** Number of rows the filter selects. Capped by the service at some size (Dataverse 5,000): then `atLeast` is true. */
	count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }>;
	/** Records whose number or name contains the text, for pickers. */
	search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage>;
	/** Address that opens the record in the system's own client (BC web client, model-driven app); null when it cannot be built. BC's client finds a record by its `number`. */
	link(table: TableSource, id: string, number?: string): string | null;
	/** Warnings gathered since the session began, for instance a companion page that is not published. */
	readonly warnings: readonly string[];
}
