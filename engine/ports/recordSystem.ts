import type { CrmRight, HeldPrivilege, SignedIn } from '../model/access';
import type { SyncError } from '../model/errors';
import type { Side } from '../model/side';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../model/record';
import type { KnownKey } from '../model/recordIdentity';
import type { AbsentColumn, Surface, TableListing, TableShape } from '../model/shape';
import type { NewestAnswer, NewestQuestion } from './newest';
import type { ServiceEndpoints, Subscriptions } from './webhooks';
import type { WriteOperation, WriteOutcome } from './write';

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

export interface VersionQuery {
	table: TableSource;
	/** Fields that are wanted besides, none of a companion's; each makes the page larger. */
	fields: readonly FieldName[];
	/** OData text in the service's own dialect; null for all. */
	filter: string | null;
	/** A page's `next`; null for the first page. */
	from: string | null;
}

export interface VersionPage {
	/** `number` and `name` are empty. */
	records: SystemRecord[];
	/** Where the next page is: the service's own link, which stays good for hours and days. Null on the last page. */
	next: string | null;
}

export interface TrackedQuery {
	table: TableSource;
	/** Fields that are wanted besides, none of a companion's. No filter is possible. */
	fields: readonly FieldName[];
	/** A page's `link`; null begins: the whole table comes first. */
	from: string | null;
	/** Rows that are wanted as they are now as well, by id; without a request of their own. At most 100, and only with a link. */
	shown?: readonly string[];
}

export interface TrackedPage {
	/** Rows of the whole table that were created or changed, in the order in which they were written; `number` and `name` are empty. */
	records: SystemRecord[];
	/** Those of `shown` that a query shows. */
	shown: SystemRecord[];
	/** Ids the service tells as deleted, in no order. */
	deleted: string[];
	/** The service's own link to go on with: to the next page, or to what changes from now on. Good for some days. */
	link: string;
	/** There is a further page already. */
	more: boolean;
}

export interface SearchPage {
	records: SystemRecord[];
	/** Opaque; pass it back to get the following page. Undefined on the last. */
	next?: string;
}

/** Rows that a service deletes by itself with a record of another table. */
export interface DeletedAlong {
	/** Table, as mappings name it. */
	table: string;
	/** Its field that says to whom a row belongs: an id, or the number of the record. */
	field: FieldName;
	by: 'id' | 'number';
	/** OData text in the service's own dialect: the rows it concerns; null for all. */
	filter: string | null;
}

/** Privileges of the user, for tables by right, and those that belong to no table by name. */
export interface TablePrivileges {
	tables: ReadonlyMap<string, ReadonlyMap<CrmRight, HeldPrivilege>>;
	named: ReadonlyMap<string, HeldPrivilege>;
}

/** Requests sent since the session was opened. A batch counts as one request; `writes` counts the single changes inside. */
export interface RequestCounts {
	requests: number;
	writes: number;
}

/** From when what is said of a system's metadata is: of the last day, as this process remembers it; of this session; or of this moment. */
export type AsOf = 'day' | 'session' | 'now';

/**
 * One of the two systems, as the engine uses it. Implementations page, batch, throttle and retry; the engine never sees HTTP.
 * Every method throws SyncError (`setup` when nothing can work, `transient` when retries are used up) and RunStopped on abort.
 */
export interface RecordSystem {
	readonly side: Side;
	readonly counts: Readonly<RequestCounts>;
	/**
	 * In a preview: the system as the service has it, without what the preview would have changed. For what other records of the service still say, which
	 * the service itself would change along, such as the name of the company in its contact. Absent otherwise.
	 */
	readonly unchanged?: Pick<RecordSystem, 'readByValues'>;
	/**
	 * What time it is by the service's own clock (milliseconds since the epoch), as its last answer told: rather too early than too late. Null while no
	 * answer of this session told it. Stamps of its records are compared with nothing else.
	 */
	serviceNow(): number | null;
	/** All tables there are: entity sets of API v2.0 and published pages (BC), or tables (CRM), from the service's own metadata. */
	tables(): Promise<TableListing[]>;
	/** Columns and types from the service's own metadata, read once per session. */
	describe(table: TableSource): Promise<TableShape>;
	/**
	 * Those of the fields that the service's own metadata does not know. What was found is remembered for a day in this process, so that a run
	 * asks for metadata only now and then; what is missing is looked up again each time. `afresh`: nothing remembered counts.
	 * @throws SyncError (setup) when the table is missing, naming the page to publish or the solution to install
	 */
	absentColumns(table: TableSource, fields: readonly FieldName[], afresh?: boolean): Promise<AbsentColumn[]>;
	/**
	 * CRM: those of the columns whose values column security may keep from the user: they are secured, and not one value is shown. A hidden value reads
	 * as blank.
	 */
	hiddenColumns?(table: TableSource, columns: readonly FieldName[], asOf?: AsOf): Promise<FieldName[]>;
	/**
	 * Business Central: the places that the fields are read from as the environment is, in order of preference. To be asked after `absentColumns`, which looks
	 * what there is; costs no request.
	 */
	surfaces?(table: TableSource, fields: readonly FieldName[]): Surface[];
	/** Business Central: additional pages that turned out not to be there since the session began, by service name; their fields are absent from records. */
	readonly absentPages?: ReadonlySet<string>;
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
	 * is a SyncError of class `setup`, never a deletion. With a filter: those of them that it selects, as far as a query shows them; nothing but the id is
	 * read.
	 */
	existing(table: TableSource, ids: readonly string[], filter?: string | null): Promise<Set<string>>;
	/**
	 * Ids, versions and stamps of the rows a filter selects, a page of the service's largest size at a time, in an order of the service's own in which
	 * a row that is changed stays where it is. Not for pages and choices.
	 * @throws SyncError (setup) `…_FOREIGN_NEXT_LINK` where `from` is no link of this service and table
	 */
	readVersions(query: VersionQuery): Promise<VersionPage>;
	/** Whether rows of the table carry a stamp that `readNewest` can ask for, as the environment is. Costs no request, or one a day. */
	hasNewest(table: TableSource): Promise<boolean>;
	/**
	 * The newest rows of many tables at once, by position: one `$batch`, or one for each API of Business Central that shows some of the tables. What is wrong
	 * with one table is its answer and keeps nobody else from theirs.
	 * @throws SyncError where the system as a whole cannot be asked
	 */
	readNewest(questions: readonly NewestQuestion[]): Promise<NewestAnswer[]>;
	/**
	 * CRM: whether the service itself notes the changes of the table and tells them to the user. Remembered for a day in this process, and `readTracked` that
	 * is refused from its beginning counts as a no.
	 */
	tracksChanges?(table: TableSource): Promise<boolean>;
	/**
	 * CRM: what the service noted since a link was given, whatever stamps it bears; only where `tracksChanges`. Own writes are among it. Rows the user may
	 * not read are not.
	 * @throws SyncError with the status of the answer where the link is too old (Dataverse keeps changes for 7 days unless set otherwise), belongs to
	 * another service, or changes are no longer noted
	 */
	readTracked?(query: TrackedQuery): Promise<TrackedPage>;
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
	/**
	 * One outcome per operation, in order. One call may not hold two operations on the same record.
	 * `returning`: fields whose values after the write are wanted back (as far as one request can tell them), because the service may change
	 * more than it was sent; default: the fields written.
	 */
	write(table: TableSource, operations: readonly WriteOperation[], returning?: readonly FieldName[]): Promise<WriteOutcome[]>;
	/**
	 * What the service deletes by itself with records of the table, as its metadata or its documentation say; levels below that one are asked for in
	 * their turn. Absent: nothing is known.
	 */
	deletedAlong?(table: TableSource): Promise<readonly DeletedAlong[]>;
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
	/**
	 * Business Central: what a stream property holds that is reached from a record (`pdfDocument/pdfDocumentContent`), in base64; empty where there is
	 * none. It is held in memory as a whole.
	 */
	readContent?(table: TableSource, id: string, path: string): Promise<string>;
	/**
	 * Business Central, tables of pages that the extension shows: SystemIds of the rows that have the keys (`compositeId`), by key. One that is not in the
	 * answer does not exist. In batches.
	 */
	idsOfKeys?(table: TableSource, keys: readonly string[]): Promise<Map<string, string>>;
	/**
	 * Business Central: keys of records that are known by their SystemIds, as they were read and written since this was asked last, by what they are noted
	 * under (`keyTableOf`).
	 */
	takeKeys?(): Map<string, KnownKey[]>;
	/** Number of rows the filter selects. Capped by the service at some size (Dataverse 5,000): then `atLeast` is true. */
	count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }>;
	/** Records whose number or name contains the text, for pickers. */
	search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage>;
	/** Address that opens the record in the system's own client (BC web client, model-driven app); null when it cannot be built. BC's client finds a record by its `number`, or by number and `name` where these are its key. */
	link(table: TableSource, id: string, number?: string, name?: string): string | null;
	/** Forgets what is remembered of metadata and of what the service offers: somebody wants to know how it is now. */
	lookAfresh?(): void;
	/** CRM: values of the choice columns of a table, by column; without the rest of what `describe` reads. */
	choicesOf?(table: TableSource): Promise<ReadonlyMap<FieldName, readonly number[]>>;
	/** Business Central: that a page is not published, and what it takes to publish it, with its object id; by its service name. */
	howToPublish?(service: string): SyncError;
	/** Who the service takes the credential for. Costs a request or two. */
	signedIn?(): Promise<SignedIn>;
	/**
	 * Whether the user may read, tried with one row of each table, all in as few requests as possible: what was refused, by name as given. Names as in `readAll`.
	 */
	refusedReads?(names: readonly string[]): Promise<Map<string, SyncError>>;
	/**
	 * CRM: how far the user holds the privileges to tables, and privileges that belong to no table; names as metadata has them. A table that does not exist
	 * is in no entry.
	 * @throws SyncError where the service does not tell the user's privileges
	 */
	privileges?(tables: ReadonlyMap<string, readonly CrmRight[]>, named: readonly string[]): Promise<TablePrivileges>;
	/** Business Central: what watches its tables and calls an address when rows change. */
	readonly subscriptions?: Subscriptions;
	/** CRM: what calls an address when rows of its tables change. */
	readonly serviceEndpoints?: ServiceEndpoints;
	/** Warnings gathered since the session began, for instance a companion page that is not published. */
	readonly warnings: readonly string[];
}
