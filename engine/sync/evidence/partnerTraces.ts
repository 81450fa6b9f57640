import { rulesOf } from '../../defaults/catalog';
import { canonical, fit } from '../../mapping/normalize';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import { numberIsKey } from '../../model/recordIdentity';
import { otherSide, type Side } from '../../model/side';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';

/** Two fields that tell which record of one side belongs to which of the other. */
export interface Trace {
	bcField: FieldName;
	crmField: FieldName;
	field: FieldMapping;
}

/** A trace that only one record of each side can have: its number, or what the mapping's rules declare. */
export interface KeyTrace extends Trace {
	/** Runs write it to the other system, so that also a row which carries no company has it from its partner. */
	travels: boolean;
	/** Its value is looked for whether or not the row carries our company. */
	always: boolean;
}

/**
 * The number of the record, where both tables have one, a field mapping says how it is spelled, and no two records share it: a mapping of a user's own
 * says so by flagging the field for matching. And the keys that the mapping's rules declare.
 */
export function keyTraces(mapping: TableMapping): KeyTrace[] {
	const { bc, crm } = mapping;
	const isKey = numberIsKey(bc);
	const number = mapping.fields.find(
		({ bcField, crmField, kind, match }) =>
			isKey &&
			(!mapping.own || match !== undefined) &&
			bcField !== null &&
			bcField === bc.numberField &&
			crmField === crm.numberField &&
			(kind === 'code' || kind === 'text'),
	);
	const own = rulesOf(mapping.name).recognizedBy ?? [];
	return [
		...(number ? [{ ...traceOf(mapping, number.bcField!, number.crmField!), travels: number.enabled, always: false }] : []),
		...own.map(({ bcField, crmField }) => ({ ...traceOf(mapping, bcField, crmField), travels: false, always: true })),
	];
}

/**
 * Pairs of fields by which a row that carries our company, and thus had a partner once, is known: those for matching, else the mapping's rule for
 * first matches, else the names. Only what the tables themselves hold as text.
 */
export function valueTraces(mapping: TableMapping): Trace[] {
	const flagged = mapping.fields.filter((field) => field.enabled && field.match).map(({ bcField, crmField }) => ({ bcField, crmField }));
	const first = rulesOf(mapping.name).firstMatch ?? [{ bcField: mapping.bc.nameField, crmField: mapping.crm.nameField }];
	const seen = new Set<string>();
	return (flagged.length > 0 ? flagged : first).flatMap(({ bcField, crmField }) => {
		if (bcField === null || crmField === null || /[@/]/.test(bcField) || seen.has(`${bcField} ${crmField}`)) return [];
		seen.add(`${bcField} ${crmField}`);
		const trace = traceOf(mapping, bcField, crmField);
		return trace.field.kind === 'text' || trace.field.kind === 'code' ? [trace] : [];
	});
}

const traceOf = (mapping: TableMapping, bcField: FieldName, crmField: FieldName): Trace => ({
	bcField,
	crmField,
	field: mapping.fields.find((field) => field.bcField === bcField && field.crmField === crmField) ?? {
		...{ key: crmField, caption: crmField, bcField, crmField, direction: 'bidirectional', kind: 'text', enabled: true },
	},
});

export const nameOn = ({ bcField, crmField }: Trace, side: Side): FieldName => (side === 'crm' ? crmField : bcField);

/** The value of a record as the other side would hold it; blank when there is none, or none that fits there. */
export function valueToAsk(mapping: TableMapping, trace: Trace, side: Side, record: SystemRecord): string {
	const value = valueOf(mapping, trace, side, record);
	return String(fit(trace.field, otherSide(side), canonical(trace.field, side, value)) ?? '');
}

/**
 * The value as both sides can hold it, to compare records by: the shorter side cuts what is longer. Letter case does not count; the services do not
 * mind it either. Blank when there is none.
 */
export function comparable(mapping: TableMapping, trace: Trace, side: Side, record: SystemRecord): string {
	const text = canonical(trace.field, side, valueOf(mapping, trace, side, record));
	const fitted = (['businessCentral', 'crm'] as const).reduce((cut, each) => String(fit(trace.field, each, cut) ?? ''), text);
	return fitted.normalize('NFC').toLowerCase();
}

function valueOf(mapping: TableMapping, trace: Trace, side: Side, record: SystemRecord): FieldValue | undefined {
	const table = tableOn(mapping, side);
	const name = nameOn(trace, side);
	return name === table.numberField ? record.number : (record.values[name] ?? (name === table.nameField ? record.name : undefined));
}
