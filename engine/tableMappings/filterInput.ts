import { SyncError } from '../model/errors';
import { COMPANY } from '../mapping/filter';
import type { RecordTemplate } from '../model/tableMapping';
import { otherSide, type Side } from '../model/side';
import type { FieldName, FieldValue } from '../model/record';
import type { ColumnShape, TableShape } from '../model/shape';
import type { Condition, ConditionOperator, Filter } from '../model/filter';

/** A condition as somebody enters it: the literal's type follows from the column. Several values: one per line, or separated by semicolons. */
export interface ConditionInput {
	field: FieldName;
	operator: ConditionOperator | 'blank' | 'notBlank';
	value?: FieldValue;
}

export interface FilterInput {
	/** What becomes of the filter that is there: `add` keeps it, and records must meet both. Default `replace`. */
	way?: 'add' | 'replace';
	match?: 'all' | 'any';
	conditions?: readonly ConditionInput[];
	groups?: readonly FilterInput[];
	/** OData text of an expert. */
	raw?: string;
}

/** A template as somebody enters it; of a lookup the value is the row's id, or `table:id`. */
export interface TemplateInput {
	side: Side;
	name: string;
	priority: number;
	filter: FilterInput;
	values: ReadonlyArray<{ field: FieldName; value: FieldValue }>;
}

/** @param numberField Business Central's number or code, which is upper case */
export function filterFrom(input: FilterInput, shape: TableShape, side: Side, numberField: string | null): Filter {
	const raw = input.raw?.trim();
	const groups = (input.groups ?? []).map((group) => filterFrom(group, shape, side, numberField));
	return {
		...(input.match === 'any' ? { match: 'any' as const } : {}),
		conditions: (input.conditions ?? []).map((condition) => conditionFrom(condition, shape, side, numberField)),
		...(groups.length > 0 ? { groups } : {}),
		...(raw ? { raw } : {}),
	};
}

function conditionFrom({ field, operator, value }: ConditionInput, shape: TableShape, side: Side, numberField: string | null): Condition {
	const column = shape.columns.get(field);
	const type = typeFor(column, side, field === numberField);
	const one = (text: FieldValue): FieldValue => valueFor(text, type, column);
	switch (operator) {
		case 'blank':
			return { field, type, operator: 'eq', value: null };
		case 'notBlank':
			return { field, type, operator: 'ne', value: null };
		case 'in':
			return { field, type, operator, value: listOf(value).map(one) };
		default:
			return { field, type, operator, value: one(value ?? null) };
	}
}

function typeFor(column: ColumnShape | undefined, side: Side, isNumber: boolean): Condition['type'] {
	switch (column?.type) {
		case 'integer':
		case 'decimal':
		case 'money':
			return 'number';
		case 'boolean':
			return 'boolean';
		case 'date':
		case 'dateTime':
			return 'date';
		case 'guid':
			return 'guid';
		case 'lookup':
			return 'lookup';
		case 'enum':
		case 'choice':
			return 'enum';
		default:
			return side === 'businessCentral' && isNumber ? 'code' : 'text';
	}
}

const listOf = (value: FieldValue | undefined): string[] =>
	String(value ?? '')
		.split(/[\n;]/)
		.map((text) => text.trim())
		.filter((text) => text !== '');

function valueFor(value: FieldValue, type: Condition['type'], column: ColumnShape | undefined): FieldValue {
	if (value === null || value === '') return null;
	const text = String(value).trim();
	if (text === COMPANY) return text;
	switch (type) {
		case 'number':
			return Number.isFinite(Number(text)) ? Number(text) : text;
		case 'boolean':
			return /^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : text;
		case 'enum': {
			const option = column?.options?.find((each) =>
				[each.label, String(each.value)].some((name) => name.toLowerCase() === text.toLowerCase()),
			);
			return option
				? column?.type === 'choice'
					? Number(option.value)
					: option.value
				: Number.isFinite(Number(text))
					? Number(text)
					: text;
		}
		default:
			return typeof value === 'string' ? value : text;
	}
}

/** Templates by side; each keeps to the types of its columns. */
export function templatesFrom(
	inputs: readonly TemplateInput[],
	shapes: Readonly<Record<Side, TableShape>>,
	numberFields: Readonly<Record<Side, string | null>>,
): { businessCentral: RecordTemplate[]; crm: RecordTemplate[] } {
	const of = (side: Side): RecordTemplate[] =>
		inputs
			.filter((input) => input.side === side)
			.map(({ name, priority, filter, values }) => {
				const source: Side = otherSide(side);
				return {
					name,
					priority,
					filter: filterFrom(filter, shapes[source], source, numberFields[source]),
					values: Object.fromEntries(values.map(({ field, value }) => [field, templateValue(field, value, shapes[side])])),
				};
			});
	return { businessCentral: of('businessCentral'), crm: of('crm') };
}

function templateValue(field: FieldName, value: FieldValue, shape: TableShape): RecordTemplate['values'][FieldName] {
	const column = shape.columns.get(field);
	if (column?.type !== 'lookup') return valueFor(value, typeFor(column, 'crm', false), column);
	const [, named, id] = /^(?:([a-z0-9_]+):)?([0-9a-f-]{36})$/i.exec(String(value ?? '').trim()) ?? [];
	const table = named ?? (column.targets?.length === 1 ? column.targets[0] : undefined);
	if (id && table) return { table, id: id.toLowerCase() };
	throw new SyncError({
		code: 'MAPPING_INVALID',
		errorClass: 'setup',
		system: 'crm',
		field,
		message: `The template value "${String(value)}" of ${field} names no row: it may point at ${column.targets?.join(', ') || 'other tables'}.`,
		hint: 'Enter the id of the row, with its table in front where the column takes several, for instance team:5d115c9c-44e3-ea11-bb43-000d3a2feca1.',
	});
}
