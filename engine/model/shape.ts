import type { FieldName } from './record';

export interface ColumnShape {
	name: FieldName;
	label: string;
	type:
		| 'text'
		| 'integer'
		| 'decimal'
		| 'money'
		| 'boolean'
		| 'date'
		| 'dateTime'
		| 'guid'
		| 'enum'
		| 'choice'
		| 'lookup'
		/** Several values of a choice, as a text of numbers: `1,3`. */
		| 'multiChoice'
		/** A duration or time of day of Business Central, as ISO text. */
		| 'duration';
	/** Text that Business Central keeps as a code: in capitals, without blanks around it. */
	code?: true;
	/** It is the code of a country. */
	country?: true;
	/** Digits behind the decimal sign that the service keeps, where the column itself says so. */
	decimals?: number;
	/** A date and time in which people enter days: Dataverse keeps midnight in their zone. */
	daysOnly?: true;
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
	/** The column by which people know a record, where the service names one. */
	primaryName?: FieldName;
	/** What holds no value that a field could carry, and what it holds: `an image`. */
	uncarried?: ReadonlyMap<FieldName, string>;
}

/** A field that the service's metadata does not know. */
export interface AbsentColumn {
	field: FieldName;
	/** The page that shows it is not published; null: table and page are there, without the field. */
	page: string | null;
	/** The change feed shows it, and the mapping writes it, which the feed cannot do. */
	readOnly?: true;
}

/** A place of Business Central that fields of a table are read from, and written to. */
export interface Surface {
	/** API v2.0; the extension that comes with this package; an API page of another extension; the change feed of release 29; pages published as web services. */
	kind: 'apiV2' | 'extension' | 'ownApi' | 'changeFeed' | 'publishedPages';
	/** Entity sets, service names, or the service of the change feed with the number of the table. */
	names: string[];
	/** As mappings name them; those the table itself shows and those of its companions. */
	fields: FieldName[];
	/** Release of Business Central with which it ends; null for none. */
	endsWith: string | null;
}

/** A table of a system, as a list offers it. */
export interface TableListing {
	/** As `TableSource.name`. */
	name: string;
	label: string;
	/** Key properties, in order, of a published page of Business Central; absent for entity sets and for CRM tables. */
	keys?: readonly FieldName[];
}
