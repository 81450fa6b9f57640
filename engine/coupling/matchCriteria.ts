import { SyncError } from '../model/errors';
import { rulesOf } from '../defaults/catalog';
import { identifies, identifyingFields } from '../mapping/identifyingFields';
import { checkSetup } from '../setup/checkSetup';
import { cutText } from '../model/cutText';
import { canonical } from '../mapping/normalize';
import type { CompanyMapping } from '../model/mappingStages';
import { type TableMapping, tableOn } from '../model/tableMapping';
import { rulesFor, transformed } from '../mapping/transformations/apply';
import type { SyncSession } from '../ports/session';
import { References } from '../sync/references/references';
import type { Side } from '../model/side';
import type { FieldName, FieldValue, SystemRecord } from '../model/record';
import type { ColumnShape } from '../model/shape';
import { sourceSide } from '../model/direction';
import type { FieldKind, FieldMapping } from '../model/fieldMapping';

/** One condition of matching: both fields hold the same value. Conditions of one priority belong together; lower priorities are tried first. */
export interface MatchCriterion {
	bcField: FieldName;
	crmField: FieldName;
	/** Default no. */
	caseSensitive?: boolean;
	/** From 0, which is the default. */
	priority?: number;
}

/** A criterion ready for comparing. */
export interface Comparison {
	caption: string;
	field: FieldMapping & { bcField: FieldName; crmField: FieldName };
	/** One spelling on both sides; empty = blank, null = a value that can equal no other (a code nobody coupled). */
	keyOf(side: Side, record: SystemRecord): string | null;
}

/** Comparisons of all criteria, each once, and the groups by priority as positions in that list. */
export interface MatchCriteria {
	comparisons: Comparison[];
	groups: number[][];
	/** Positions of comparisons whose fields tell namesakes apart: those of no group are only looked at for that. */
	identifying: number[];
	/** Loads what lookups refer to; to be called with each page before its keys are asked for. */
	prepare(side: Side, records: readonly SystemRecord[]): Promise<void>;
}

/** Field mappings flagged for matching. */
export const flaggedCriteria = (mapping: TableMapping): MatchCriterion[] =>
	mapping.fields.flatMap(({ bcField, crmField, match, enabled }) =>
		match && enabled && bcField !== null && crmField !== null ? [{ bcField, crmField, ...match }] : [],
	);

/**
 * How records find each other before a first synchronization creates what is missing: the flagged fields, else the rule of the mapping,
 * else the name.
 */
export function firstSyncCriteria(mapping: TableMapping): MatchCriterion[] {
	const flagged = flaggedCriteria(mapping);
	if (flagged.length > 0) return flagged;
	return [...(rulesOf(mapping.name).firstMatch ?? [{ bcField: mapping.bc.nameField, crmField: mapping.crm.nameField }])];
}

/**
 * Checks the criteria and makes them comparable.
 * @throws SyncError (setup) `NO_CRITERIA`, `CRITERION_UNKNOWN` (no such column), `CRITERION_NOT_COMPARABLE`
 */
export async function prepareCriteria(
	session: SyncSession,
	mapping: CompanyMapping,
	mappings: readonly TableMapping[],
	criteria: readonly MatchCriterion[],
): Promise<MatchCriteria> {
	if (criteria.length === 0) throw noCriteria(mapping);
	const references = new References(session, new Map(mappings.map((each) => [each.name, each])));
	const comparisons: Comparison[] = [];
	const known = new Map<string, number>();
	const groups = new Map<number, Set<number>>();
	for (const criterion of criteria) {
		const key = `${criterion.bcField}|${criterion.crmField}|${criterion.caseSensitive ?? false}`;
		if (!known.has(key)) {
			known.set(key, comparisons.length);
			comparisons.push(comparison(mapping, await fieldOf(session, mapping, criterion), criterion.caseSensitive ?? false, references));
		}
		const priority = criterion.priority ?? 0;
		groups.set(priority, (groups.get(priority) ?? new Set()).add(known.get(key)!));
	}
	const inGroups = comparisons.length;
	const fit = (await checkSetup(session, mapping)).mapping;
	for (const field of identifyingFields(fit)) {
		const known = comparisons
			.slice(0, inGroups)
			.some((each) => each.field.bcField === field.bcField && each.field.crmField === field.crmField);
		if (!known) comparisons.push(comparison(mapping, field, false, references));
	}
	const lookups = comparisons.map(({ field }) => field).filter(({ kind }) => isReference(kind));
	return {
		comparisons,
		groups: [...groups].sort(([a], [b]) => a - b).map(([, members]) => [...members]),
		identifying: comparisons.flatMap(({ field }, index) => (index >= inGroups || identifies(mapping, field) ? [index] : [])),
		// Codes of Business Central become ids or choice values of CRM; the CRM side is compared as it is.
		prepare: async (side, records) => {
			if (side === 'businessCentral' && lookups.length > 0) await references.prepare('toCrm', mapping, lookups, records);
		},
	};
}

/** Fields to read on a side. */
export const criteriaFields = (criteria: MatchCriteria, side: Side): FieldName[] => [
	...new Set(criteria.comparisons.map(({ field }) => (side === 'crm' ? field.crmField : field.bcField))),
];

const isReference = (kind: FieldKind): boolean => ['lookup', 'currency', 'owner', 'choice'].includes(kind);

function comparison(mapping: TableMapping, field: Comparison['field'], caseSensitive: boolean, references: References): Comparison {
	// Text that one side had to cut is compared as far as it goes on both.
	const length = Math.min(field.bcLength ?? Infinity, field.crmLength ?? Infinity);
	const asText: FieldMapping = field.kind === 'code' ? { ...field, kind: 'text' } : field;
	const plainKey = (side: Side, value: FieldValue | undefined): string => {
		const text = canonical(asText, side, value);
		if (asText.kind === 'number' || asText.kind === 'money') return text === '0' ? '' : text;
		if (asText.kind !== 'text') return text;
		const cut = cutText(text, length).normalize('NFC');
		return caseSensitive ? cut : cut.toLowerCase();
	};
	const referenceKey = (side: Side, value: FieldValue | undefined): string | null => {
		if (side === 'crm')
			return field.kind === 'choice' && value !== null && value !== undefined ? String(value) : canonical(field, side, value);
		if (field.kind === 'choice') {
			const code = canonical(field, side, value);
			const choice = code === '' ? undefined : references.choices.valueOf(field, code);
			return code === '' ? '' : choice === undefined ? null : String(choice);
		}
		const resolved = references.crmId(field, value);
		return resolved.found ?? (resolved.reason === 'blank' ? '' : null);
	};
	return {
		caption: field.caption,
		field,
		keyOf: (side, record) => {
			const value = valueOf(mapping, field, side, record);
			if (isReference(field.kind)) return referenceKey(side, value);
			const arrived = asItArrives(field, side, value);
			return arrived === null ? null : plainKey(side, arrived.value);
		},
	};
}

/**
 * The value as the field's transformation rules make it on its way to the other side; rules towards CRM count, else those towards Business Central.
 * Null when they cannot be applied: such a value equals no other.
 */
function asItArrives(field: FieldMapping, side: Side, value: FieldValue | undefined): { value: FieldValue | undefined } | null {
	const way = rulesFor(field, 'toCrm').length > 0 ? 'toCrm' : 'fromCrm';
	if (value === undefined || sourceSide(way) !== side || rulesFor(field, way).length === 0) return { value };
	try {
		return { value: transformed(field, way, value) };
	} catch (error) {
		if (error instanceof SyncError) return null;
		throw error;
	}
}

/** Number and name are known of every record, also where they were not asked for as fields. */
function valueOf(mapping: TableMapping, field: Comparison['field'], side: Side, record: SystemRecord): FieldValue | undefined {
	const [name, table] = side === 'crm' ? [field.crmField, mapping.crm] : [field.bcField, mapping.bc];
	const value = record.values[name];
	if (value !== undefined) return value;
	return name === table.numberField ? record.number : name === table.nameField ? record.name : undefined;
}

/** The field mapping of the pair, or one made from the columns' types. */
async function fieldOf(session: SyncSession, mapping: TableMapping, criterion: MatchCriterion): Promise<Comparison['field']> {
	const { bcField, crmField } = criterion;
	if (bcField.startsWith('@')) {
		throw notComparable(mapping, criterion, `${bcField} is worked out while synchronizing and is no column of Business Central`);
	}
	const mapped = mapping.fields.find((field) => field.bcField === bcField && field.crmField === crmField);
	if (mapped) return { ...mapped, bcField, crmField };
	const bc = (await session.businessCentral.describe(mapping.bc)).columns.get(bcField);
	const crm = (await session.crm.describe(mapping.crm)).columns.get(crmField);
	if (!bc) throw unknownColumn(mapping, 'businessCentral', bcField);
	if (!crm) throw unknownColumn(mapping, 'crm', crmField);
	const kind = commonKind(bc, crm);
	if (!kind) {
		throw notComparable(
			mapping,
			criterion,
			`the one holds ${inWords(bc)}, the other ${inWords(crm)}, and no field mapping says how they cross`,
		);
	}
	return {
		key: crmField,
		caption: bc.label === crm.label ? bc.label : `${bc.label} / ${crm.label}`,
		bcField,
		crmField,
		direction: 'bidirectional',
		kind,
		enabled: true,
		...(bc.maxLength === null ? {} : { bcLength: bc.maxLength }),
		...(crm.maxLength === null ? {} : { crmLength: crm.maxLength }),
	};
}

const PLAIN: Partial<Record<ColumnShape['type'], FieldKind>> = {
	text: 'text',
	guid: 'text',
	multiChoice: 'text',
	duration: 'text',
	integer: 'number',
	decimal: 'number',
	money: 'number',
	boolean: 'boolean',
	date: 'date',
	dateTime: 'date',
};

function commonKind(bc: ColumnShape, crm: ColumnShape): FieldKind | null {
	const [one, other] = [PLAIN[bc.type], PLAIN[crm.type]];
	return one && one === other ? one : null;
}

const WORDS: Partial<Record<ColumnShape['type'], string>> = { enum: 'an option', choice: 'a choice', lookup: 'a lookup' };
const inWords = ({ type }: ColumnShape): string => WORDS[type] ?? type;

const noCriteria = (mapping: TableMapping): SyncError =>
	new SyncError({
		code: 'NO_CRITERIA',
		errorClass: 'setup',
		system: 'engine',
		message: `The table mapping ${mapping.name} has no field that is used for match-based coupling.`,
		hint: 'Set criteria for this run (pairs of a Business Central field and a CRM column), or flag fields of the table mapping for matching.',
	});

const unknownColumn = (mapping: TableMapping, side: Side, name: string): SyncError =>
	new SyncError({
		code: 'CRITERION_UNKNOWN',
		errorClass: 'setup',
		system: side,
		table: tableOn(mapping, side).name,
		field: name,
		message: `${side === 'crm' ? `The CRM table ${mapping.crm.name}` : `The Business Central table ${mapping.bc.name}`} has no column "${name}", which the criteria for matching name.`,
		hint: 'Choose the column from the list, or correct its name; a field of an additional page is named page/field.',
	});

const notComparable = (mapping: TableMapping, { bcField, crmField }: MatchCriterion, why: string): SyncError =>
	new SyncError({
		code: 'CRITERION_NOT_COMPARABLE',
		errorClass: 'setup',
		system: 'engine',
		field: bcField,
		message: `${bcField} of Business Central and ${crmField} of CRM cannot be compared for ${mapping.name}: ${why}.`,
		hint: 'Choose two columns of the same kind, or a pair that the field mappings of the table mapping connect.',
	});
