import type { FieldName, FieldValue } from './record';

export type ConditionOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'contains' | 'startswith' | 'endswith' | 'in';

export interface Condition {
	field: FieldName;
	operator: ConditionOperator;
	/** For `in`: any of. Null = blank. `@company` = the CRM row of the current BC company. */
	value: FieldValue | readonly FieldValue[];
	/**
	 * How the literal is written: BC enums, codes and text are quoted, GUIDs bare. Text is compared ignoring case on both sides; `code` is for BC's
	 * upper-case fields (numbers, codes), which the service can search for any part of.
	 */
	type: 'text' | 'code' | 'number' | 'boolean' | 'guid' | 'lookup' | 'enum' | 'date';
}

/**
 * All conditions and groups hold or, with `match: 'any'`, at least one of them. `raw` is OData text of an expert that must hold in addition.
 * Without any of them, every record is selected.
 */
export interface Filter {
	match?: 'all' | 'any';
	conditions: readonly Condition[];
	groups?: readonly Filter[];
	raw?: string;
}
