import { noonOf, secondOf } from '../mapping/days';
import { givesFor } from '../mapping/transformations/gives';
import type { TableMapping } from '../model/tableMapping';
import { meet } from '../mapping/validation/columnTypes';
import { type Shapes, waysOf } from '../mapping/validation/metadataProblems';
import type { ConflictStrategy } from '../model/conflictStrategy';
import type { FieldName, FieldValue } from '../model/record';
import type { ColumnShape } from '../model/shape';
import type { Direction } from '../model/direction';
import type { FieldKind, FieldMapping } from '../model/fieldMapping';

/** A field mapping as somebody enters it; kind, lengths and table follow from the columns. */
export interface FieldInput {
	/** Of a field mapping that is there, in place of its columns. */
	key?: string;
	/** Null or empty for a constant written to CRM. */
	bcField: FieldName | null;
	/** Null or empty for a constant written to Business Central. */
	crmField: FieldName | null;
	/** Default: both ways for a new field; of one that is there, as it is. */
	direction?: Direction;
	caption?: string;
	/** Null or empty: none. */
	constant?: FieldValue;
	enabled?: boolean;
	clearOnFailure?: boolean;
	notNull?: boolean;
	insertOnly?: boolean;
	/** Who wins a conflict of the field; null: as the mapping says. */
	conflict?: ConflictStrategy | null;
	match?: { caseSensitive: boolean; priority: number } | null;
	transform?: FieldMapping['transform'];
	/** Table mapping of the records a lookup refers to; default: the one whose CRM table the column points at. */
	refersTo?: string;
	options?: FieldMapping['options'];
}

/** The field mapping that the input means, with what the columns say. What does not fit is found by the validation. */
export function fieldFrom(input: FieldInput, shapes: Shapes, mappings: readonly TableMapping[], taken: ReadonlySet<string>): FieldMapping {
	const bcField = input.bcField || null;
	const crmField = input.crmField || null;
	const bc = bcField === null ? undefined : shapes.businessCentral.columns.get(bcField);
	const crm = crmField === null ? undefined : shapes.crm.columns.get(crmField);
	const direction = input.direction ?? 'bidirectional';
	const blankConstant = input.constant === undefined || input.constant === null || input.constant === '';
	const field: FieldMapping = {
		key: keyOf(bcField, crmField, taken),
		caption: input.caption?.trim() || bc?.label || crm?.label || bcField || crmField || 'field',
		bcField,
		crmField,
		direction,
		...crossing({ ...input, direction }, bc, crm),
		enabled: input.enabled ?? true,
		own: true,
		...(bc?.maxLength ? { bcLength: bc.maxLength } : {}),
		...(crm?.maxLength ? { crmLength: crm.maxLength } : {}),
		...(input.clearOnFailure ? { clearOnFailure: true } : {}),
		...(input.notNull ? { notNull: true } : {}),
		...(input.insertOnly ? { insertOnly: true } : {}),
		...(input.conflict ? { conflict: input.conflict } : {}),
		...(input.match ? { match: input.match } : {}),
		...(input.transform && Object.keys(input.transform).length > 0 ? { transform: input.transform } : {}),
		...(input.options && input.options.length > 0 ? { options: input.options } : {}),
		...(blankConstant ? {} : { constant: constantFor(input.constant!, bcField === null ? crm : bc) }),
	};
	if (crm?.type === 'choice' && bcField === null) field.decimals = 0;
	return crm?.type === 'lookup' && bcField !== null ? { ...field, ...reference(input, crm, mappings) } : field;
}

/** The column of CRM, as default mappings name theirs; where two fields share it, both columns. */
function keyOf(bcField: FieldName | null, crmField: FieldName | null, taken: ReadonlySet<string>): string {
	const short = crmField ?? bcField ?? '';
	if (!taken.has(short)) return short;
	const long = `${bcField ?? 'constant'} ${crmField ?? 'constant'}`;
	for (let number = 1; ; number++) {
		const key = number === 1 ? long : `${long} ${number}`;
		if (!taken.has(key)) return key;
	}
}

/** The kind of value, and what the columns say besides: digits that are kept, how days are read, what a blank does. */
function crossing(
	input: FieldInput & { direction: Direction },
	bc: ColumnShape | undefined,
	crm: ColumnShape | undefined,
): Pick<FieldMapping, 'kind' | 'dayOf' | 'country' | 'decimals' | 'blankLeaves'> {
	const digits = Math.min(...[bc, crm].map((column) => (column?.type === 'integer' ? 0 : (column?.decimals ?? Infinity))));
	const kept = Number.isFinite(digits) ? { decimals: Math.min(digits, MOST_DECIMALS) } : {};
	if (!bc || !crm) return { kind: kindOfConstant(bc ?? crm), ...kept };
	const meeting = meet(bc, crm, waysOf(input), givesFor(input));
	if (!('kind' in meeting)) return { kind: 'text' };
	return {
		kind: meeting.kind,
		...(meeting.kind === 'number' || meeting.kind === 'money' ? kept : {}),
		...(meeting.dayOf ? { dayOf: meeting.dayOf } : {}),
		...(meeting.country ? { country: true as const } : {}),
		// Business Central has no blank duration, so it cannot be given one.
		...(bc.type === 'duration' && input.direction !== 'toCrm' ? { blankLeaves: 'fromCrm' as const } : {}),
	};
}

const MOST_DECIMALS = 10;

function kindOfConstant(column: ColumnShape | undefined): FieldKind {
	switch (column?.type) {
		case 'integer':
		case 'decimal':
		case 'choice':
			return 'number';
		case 'money':
		case 'boolean':
		case 'date':
		case 'dateTime':
			return column.type;
		default:
			return 'text';
	}
}

/** A choice is named by its label, else by its value. */
function constantFor(constant: FieldValue, column: ColumnShape | undefined): FieldValue {
	const text = String(constant).trim();
	switch (column?.type) {
		case 'integer':
		case 'decimal':
		case 'money':
			return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
		case 'date':
			return text.slice(0, 10);
		// A day is written as days are.
		case 'dateTime':
			return /^\d{4}-\d{2}-\d{2}$/.test(text) ? noonOf(text) : secondOf(text) || text;
		case 'boolean':
			return /^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : text;
		case 'choice': {
			const option = column.options?.find(({ label }) => label.toLowerCase() === text.toLowerCase());
			return option ? Number(option.value) : Number.isFinite(Number(text)) ? Number(text) : text;
		}
		case 'enum': {
			const option = column.options?.find(({ value, label }) =>
				[String(value), label].some((each) => each.toLowerCase() === text.toLowerCase()),
			);
			return option ? option.value : text;
		}
		default:
			return typeof constant === 'string' ? text : constant;
	}
}

/** What a lookup refers to: the table mapping named, else the only one whose CRM table the column points at. */
function reference(input: FieldInput, crm: ColumnShape, mappings: readonly TableMapping[]): Partial<FieldMapping> {
	const targets = crm.targets ?? [];
	const named = mappings.find(({ name }) => name === input.refersTo);
	const fitting = mappings.filter((mapping) => targets.includes(mapping.crm.name));
	const found = named ?? (fitting.length === 1 ? fitting[0] : undefined);
	const table = found?.crm.name ?? (targets.length === 1 ? targets[0] : undefined);
	const kind: FieldKind = table === 'transactioncurrency' ? 'currency' : crm.name === 'ownerid' ? 'owner' : 'lookup';
	const mapping = input.refersTo || found?.name;
	return { kind, ...(mapping ? { mapping } : {}), ...(table ? { crmTable: table } : {}) };
}

/** A field mapping of the user's own as it could have been entered. */
export const inputOf = (field: FieldMapping): FieldInput => ({
	bcField: field.bcField,
	crmField: field.crmField,
	direction: field.direction,
	caption: field.caption,
	enabled: field.enabled,
	conflict: field.conflict ?? null,
	match: field.match ?? null,
	...(field.constant === undefined ? {} : { constant: field.constant }),
	...(field.clearOnFailure === undefined ? {} : { clearOnFailure: field.clearOnFailure }),
	...(field.notNull === undefined ? {} : { notNull: field.notNull }),
	...(field.insertOnly === undefined ? {} : { insertOnly: field.insertOnly }),
	...(field.transform === undefined ? {} : { transform: field.transform }),
	...(field.mapping === undefined ? {} : { refersTo: field.mapping }),
	...(field.options === undefined ? {} : { options: field.options }),
});
