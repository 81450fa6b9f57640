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
	/** The name the page has when nobody chooses another (`workflowCustomers`), where an administrator did choose another. */
	standardName?: string;
}

/**
 * A Business Central table that only a page published under OData V4 shows. Such a page has no id and no
 * stamp: a record's id is made of its key values (`compositeId`), so a renamed record is a new one, and every run reads the whole page; what is
 * unchanged is known by its etag.
 */
export interface PageSource {
	/**
	 * Key properties in the order of the key. A part of the key is enough where it is unique over all pages of the table, but then the
	 * table cannot be written: rows are addressed by the whole key.
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
	/** Choice columns of other tables that get every new or changed value, too. */
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
	/**
	 * In place of `page` where the mapping knows its records by their SystemIds (decision 16): an API page of our extension shows them in place of the
	 * published one, with ids and stamps like those of an entity set. Properties have the names of the published page.
	 */
	extension?: PageSource;
	choice?: ChoiceSource;
	/**
	 * BC: fields that runs of the mapping may write, empty for a mapping that only reads; what nobody writes can be read from places where nobody can. Absent:
	 * not known, so any.
	 */
	written?: readonly FieldName[];
	/** CRM: writes are refused where a duplicate detection rule finds a similar row. Set for runs, from the setting of the mapping. */
	askDuplicateRules?: boolean;
}

export interface SystemRecord {
	/** GUID, lower case; for pages and choices see `PageSource` and `ChoiceSource`. */
	id: string;
	/** When it was last changed by the system's own clock: ISO 8601, UTC. BC: milliseconds, CRM: whole seconds. Empty where the table has no stamp. */
	modifiedAt: string;
	/** CRM: when the row was created. One that was deleted and created anew under its id has another one. */
	createdAt?: string;
	/** BC, tables with `extension`: the id that the record has where it is known by its key (`compositeId`). */
	key?: string;
	/** The etag, verbatim. Equal versions mean equal rows; there is no order. */
	version: string;
	/** Number or code; empty where the table has none. */
	number: string;
	name: string;
	/** Values of the fields that were asked for. A field that is absent was not read. */
	values: Readonly<Record<FieldName, FieldValue>>;
}
