import { SyncError } from '../model/errors';
import { canonical, fit } from './normalize';
import { notCoupled } from './notCoupled';
import { implausible } from './plausible';
import { transformed } from './transformations/apply';
import { choiceWithoutCode, codeWithoutChoice } from './choiceMissing';
import type { Countries, ReferenceLookup } from './referenceLookup';
import type { FieldValue, LookupValue, SystemRecord } from '../model/record';
import type { PassDirection } from '../model/direction';
import type { FieldMapping } from '../model/fieldMapping';
import type { Side } from '../model/side';
import type { Desired } from './desired';

const LEAVE: Desired = { kind: 'leave' };

/**
 * The value a field of the source record becomes on the target side. Pure once `References.prepare` has run for the record. `creating`: for a record that
 * is about to be created, whatever the source was coupled with.
 */
export function translate(
	references: ReferenceLookup,
	direction: PassDirection,
	field: FieldMapping,
	source: SystemRecord,
	creating = false,
): Desired {
	const toCrm = direction === 'toCrm';
	const sourceName = toCrm ? field.bcField : field.crmField;
	if (sourceName === null) return { kind: 'value', value: field.constant ?? null };
	const read = source.values[sourceName];
	// A companion page that is not published leaves its fields unread: they are neither compared nor written.
	if (read === undefined) return LEAVE;
	const own = references.translations.get(field.key);
	if (own) return own(source, creating);
	let value: FieldValue;
	try {
		value = transformed(field, direction, read);
	} catch (error) {
		if (error instanceof SyncError) return { kind: 'error', error };
		throw error;
	}
	const blank = canonical(field, toCrm ? 'businessCentral' : 'crm', value) === '';
	if (blank && field.blankLeaves === direction) return LEAVE;
	if (field.country && !blank && references.countries) return country(references.countries, direction, field, value);
	switch (field.kind) {
		case 'lookup':
		case 'owner':
		case 'currency':
			return toCrm ? lookupToCrm(references, field, value) : lookupToBc(references, field, value);
		case 'choice':
			return toCrm ? choiceToCrm(references, field, value) : choiceToBc(references, field, value);
		default: {
			const error = implausible(field, toCrm ? 'businessCentral' : 'crm', value);
			return error ? { kind: 'error', error } : { kind: 'value', value: fit(field, toCrm ? 'crm' : 'businessCentral', value) };
		}
	}
}

/** CRM holds what people write: a code, or the name of the country. Business Central's code comes of it; the other way the name there means the code. */
function country(countries: Countries, direction: PassDirection, field: FieldMapping, value: FieldValue): Desired {
	const text = String(value).trim();
	if (direction === 'fromCrm') {
		const code = countries.codeOf(text);
		return code === null ? { kind: 'error', error: countryUnknown(field, text) } : { kind: 'value', value: code };
	}
	const name = countries.nameOf(text);
	return { kind: 'value', value: fit(field, 'crm', value), ...(name === undefined ? {} : { alike: [name] }) };
}

const countryUnknown = ({ caption }: FieldMapping, text: string): SyncError =>
	new SyncError({
		code: 'COUNTRY_UNKNOWN',
		errorClass: 'data',
		system: 'crm',
		field: caption,
		message: `${caption} "${text.slice(0, 80)}" is neither the code nor the name of one country in Business Central.`,
		hint: `Enter the code in CRM, or add the country (or this name for it) on the page Countries/Regions in Business Central, or pair them by the transformation rule "Lookup Table"; the record is tried again then.`,
	});

/** The value as CRM wants it written: lookups name their table. */
export function writable(direction: PassDirection, field: FieldMapping, value: FieldValue): FieldValue | LookupValue {
	const isLookup = field.kind === 'lookup' || field.kind === 'owner' || field.kind === 'currency';
	return direction === 'toCrm' && isLookup && typeof value === 'string' && value !== '' ? { table: field.crmTable!, id: value } : value;
}

function lookupToCrm(references: ReferenceLookup, field: FieldMapping, code: FieldValue): Desired {
	const answer = references.crmId(field, code);
	if (answer.found !== null) return { kind: 'value', value: answer.found };
	if (answer.reason === 'blank') return field.notNull ? LEAVE : { kind: 'value', value: null };
	// An unknown salesperson code leaves the owner alone, an uncoupled one is an error
	if (answer.reason === 'unknown' && field.notNull) return LEAVE;
	if (field.clearOnFailure) return { kind: 'value', value: null };
	return uncoupled(field, String(code ?? ''), answer, 'businessCentral');
}

function lookupToBc(references: ReferenceLookup, field: FieldMapping, id: FieldValue): Desired {
	const answer = references.bcCode(field, id);
	if (answer.found !== null) return { kind: 'value', value: answer.found };
	if (answer.reason === 'blank') return field.notNull ? LEAVE : { kind: 'value', value: '' };
	if (field.clearOnFailure) return { kind: 'value', value: '' };
	return uncoupled(field, String(id), answer, 'crm');
}

function uncoupled(
	{ caption, mapping }: FieldMapping,
	value: string,
	{ name, off }: { name?: string; off?: boolean },
	side: Side,
): Desired {
	return {
		kind: 'error',
		error: notCoupled({ caption, mapping, value: name ?? value, off }, side),
		...(name === undefined ? {} : { named: name }),
	};
}

function choiceToCrm(references: ReferenceLookup, field: FieldMapping, code: FieldValue): Desired {
	const key = canonical(field, 'businessCentral', code);
	if (key === '') return { kind: 'value', value: null };
	const value = references.choices.valueOf(field, key);
	return value === undefined ? { kind: 'error', error: codeWithoutChoice(field, key, references.choices) } : { kind: 'value', value };
}

function choiceToBc(references: ReferenceLookup, field: FieldMapping, value: FieldValue): Desired {
	if (value === null || value === '') return { kind: 'value', value: '' };
	const number = Number(value);
	const choice = Number.isNaN(number) ? String(value) : number;
	const code = references.choices.codeOf(field, choice);
	if (code !== undefined) return { kind: 'value', value: code };
	const named = references.choices.labelOf(field, choice);
	return { kind: 'error', error: choiceWithoutCode(field, choice, references.choices), ...(named === undefined ? {} : { named }) };
}
