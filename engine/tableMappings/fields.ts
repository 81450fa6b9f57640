import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { MappingProblem } from '../mapping/validation';
import { fieldFrom, inputOf, type FieldInput } from './fieldInput';
import { defaultOf, saveMapping } from './persist';
import type { FieldMapping } from '../model/fieldMapping';

/** `add`: further fields; `change`: fields with the same columns; `remove`; `replace`: these are all the fields there are to be. */
export type FieldManner = 'add' | 'change' | 'remove' | 'replace';

/**
 * Sets the field mappings of a mapping. A field is known by its two columns, or by its key; what is not said of one that is there stays as it is. Fields of a default mapping are disabled instead of removed, so that
 * a reset brings them back. Answers the warnings.
 * @throws SyncError (setup) `MAPPING_UNKNOWN`, `FIELD_UNKNOWN`, `MAPPING_INVALID`; nothing is changed then
 */
export async function setFieldMappings(
	session: SyncSession,
	name: string,
	manner: FieldManner,
	inputs: readonly FieldInput[],
): Promise<MappingProblem[]> {
	const mappings = await loadMappings(session);
	const mapping = findMapping(mappings, name);
	const base = await defaultOf(session, name);
	const shapes = { businessCentral: await session.businessCentral.describe(mapping.bc), crm: await session.crm.describe(mapping.crm) };
	const isDefault = (field: FieldMapping): boolean => base?.fields.some(({ key }) => key === field.key) ?? false;
	let fields = [...mapping.fields];
	const touched = new Set<string>();
	for (const input of inputs) {
		const known = fields.find((field) => !touched.has(field.key) && sameColumns(field, input));
		if (manner === 'remove') {
			if (!known) throw unknownField(mapping, input);
			fields = without(fields, known, isDefault(known));
			continue;
		}
		if (manner === 'change' && !known) throw unknownField(mapping, input);
		// What is added beside a field with the same columns is another field mapping; the validation says whether both can be.
		if (known && manner !== 'add') {
			// Of all the fields there are to be, each takes part unless it says otherwise.
			const wanted = manner === 'replace' ? { ...input, enabled: input.enabled ?? true } : input;
			const changed = isDefault(known) ? changedDefault(known, wanted) : changedOwn(known, wanted, { shapes, mappings });
			fields = fields.map((field) => (field.key === known.key ? changed : field));
			touched.add(known.key);
			continue;
		}
		const added = fieldFrom(input, shapes, mappings, new Set(fields.map(({ key }) => key)));
		fields.push(added);
		touched.add(added.key);
	}
	if (manner === 'replace') {
		for (const field of fields.filter(({ key }) => !touched.has(key))) fields = without(fields, field, isDefault(field));
		// Mapping order is the order of writing.
		const order = [...touched];
		fields.sort((a, b) => (order.indexOf(a.key) + 1 || Infinity) - (order.indexOf(b.key) + 1 || Infinity) || 0);
	}
	return await saveMapping(session, { ...mapping, fields });
}

const sameColumns = (field: FieldMapping, input: FieldInput): boolean =>
	input.key === undefined
		? (field.bcField ?? '') === (input.bcField || '') && (field.crmField ?? '') === (input.crmField || '')
		: field.key === input.key;

function without(fields: readonly FieldMapping[], field: FieldMapping, keep: boolean): FieldMapping[] {
	return keep
		? fields.map((each) => (each.key === field.key ? { ...each, enabled: false } : each))
		: fields.filter(({ key }) => key !== field.key);
}

/** Kind, lengths and what a lookup refers to are the default's; what is not entered stays. */
function changedDefault(field: FieldMapping, input: FieldInput): FieldMapping {
	const { clearOnFailure, notNull, insertOnly, conflict, match, transform, constant, options, ...kept } = field;
	const entered = {
		clearOnFailure: (input.clearOnFailure ?? clearOnFailure) || undefined,
		notNull: (input.notNull ?? notNull) || undefined,
		insertOnly: (input.insertOnly ?? insertOnly) || undefined,
		conflict: (input.conflict === undefined ? conflict : input.conflict) ?? undefined,
		match: (input.match === undefined ? match : input.match) ?? undefined,
		transform: input.transform === undefined ? transform : isEmpty(input.transform) ? undefined : input.transform,
		constant: input.constant === undefined ? constant : input.constant === null || input.constant === '' ? undefined : input.constant,
		options: input.options === undefined ? options : input.options.length === 0 ? undefined : input.options,
	};
	return {
		...kept,
		direction: input.direction ?? kept.direction,
		enabled: input.enabled ?? kept.enabled,
		...(input.caption ? { caption: input.caption } : {}),
		...(Object.fromEntries(Object.entries(entered).filter(([, value]) => value !== undefined)) as Partial<FieldMapping>),
	};
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** A field of the user's own, where what is not entered stays. */
function changedOwn(field: FieldMapping, input: FieldInput, { shapes, mappings }: Known): FieldMapping {
	const { key, bcField, crmField, ...rest } = input;
	const said = key === undefined ? { ...rest, bcField, crmField } : rest;
	const entered = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<FieldInput>;
	return { ...fieldFrom({ ...inputOf(field), ...entered }, shapes, mappings, new Set()), key: field.key };
}

interface Known {
	shapes: Parameters<typeof fieldFrom>[1];
	mappings: readonly TableMapping[];
}

function unknownField(mapping: TableMapping, { key, bcField, crmField }: FieldInput): SyncError {
	const named = key ?? [bcField, crmField].filter(Boolean).join(' – ');
	return new SyncError({
		code: 'FIELD_UNKNOWN',
		errorClass: 'setup',
		system: 'engine',
		message: named
			? `The table mapping ${mapping.name} has no field mapping "${named}".`
			: `A row says which field mapping of ${mapping.name} it is about neither by the list nor by columns.`,
		hint: `Choose one of those there are: ${mapping.fields.map((field) => `${field.bcField ?? 'constant'} – ${field.crmField ?? 'constant'}`).join(', ')}.`,
	});
}
