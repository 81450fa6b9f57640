import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { MappingProblem } from '../mapping/validation';
import { fieldFrom, type FieldInput } from './fieldInput';
import { defaultOf, saveMapping } from './persist';
import type { FieldMapping } from '../model/fieldMapping';

/** `add`: further fields; `change`: fields with the same columns; `remove`; `replace`: these are all the fields there are to be. */
export type FieldManner = 'add' | 'change' | 'remove' | 'replace';

/**
 * Sets the field mappings of a mapping. A field is known by its two columns. Fields of a default mapping are disabled instead of removed, so that
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
			const changed = isDefault(known)
				? changedDefault(known, input)
				: { ...fieldFrom(input, shapes, mappings, new Set()), key: known.key };
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
	(field.bcField ?? '') === (input.bcField || '') && (field.crmField ?? '') === (input.crmField || '');

function without(fields: readonly FieldMapping[], field: FieldMapping, keep: boolean): FieldMapping[] {
	return keep
		? fields.map((each) => (each.key === field.key ? { ...each, enabled: false } : each))
		: fields.filter(({ key }) => key !== field.key);
}

/** Kind, lengths and what a lookup refers to are the default's. */
function changedDefault(field: FieldMapping, input: FieldInput): FieldMapping {
	const { clearOnFailure, notNull, insertOnly, conflict, match, transform, constant, options, ...kept } = field;
	return {
		...kept,
		direction: input.direction,
		enabled: input.enabled ?? true,
		...(input.caption ? { caption: input.caption } : {}),
		...flag('clearOnFailure', input.clearOnFailure ?? clearOnFailure),
		...flag('notNull', input.notNull ?? notNull),
		...flag('insertOnly', input.insertOnly || insertOnly),
		...((input.conflict === undefined ? conflict : input.conflict) ? { conflict: (input.conflict ?? conflict)! } : {}),
		...(input.match === undefined ? (match ? { match } : {}) : input.match === null ? {} : { match: input.match }),
		...(input.transform === undefined
			? transform
				? { transform }
				: {}
			: Object.keys(input.transform).length === 0
				? {}
				: { transform: input.transform }),
		...((input.constant ?? constant) === undefined || input.constant === ''
			? constant === undefined
				? {}
				: { constant }
			: { constant: input.constant ?? constant }),
		...(input.options && input.options.length > 0 ? { options: input.options } : options ? { options } : {}),
	};
}

const flag = (name: 'clearOnFailure' | 'notNull' | 'insertOnly', on: boolean | undefined): Partial<FieldMapping> =>
	on ? { [name]: true } : {};

const unknownField = (mapping: TableMapping, { bcField, crmField }: FieldInput): SyncError =>
	new SyncError({
		code: 'FIELD_UNKNOWN',
		errorClass: 'setup',
		system: 'engine',
		message: `The table mapping ${mapping.name} has no field mapping of ${bcField || 'a constant'} and ${crmField || 'a constant'}.`,
		hint: `It has: ${mapping.fields.map((field) => `${field.bcField ?? 'constant'} – ${field.crmField ?? 'constant'}`).join(', ')}.`,
	});
