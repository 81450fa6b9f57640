import type { FieldName } from './record';

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
export interface AbsentColumn {
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
