import type { CoupledLine } from '../../model/document';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { RecordOperation } from '../../ports/write';
import { withoutVat } from '../kernel/money/withoutVat';
import type { PlannedDocument, PlannedLine } from '../kernel/plannedDocument';
import { BC_LINES } from '../orderImport/tables';

const STEP = 10_000;

/** What brings the lines of an order of Business Central to what a changed CRM order says. */
export interface LineMerge {
	operations: Array<{ table: TableSource; operation: RecordOperation }>;
	/** The lines as they are planned afterwards; what is new has no id yet. */
	lines: CoupledLine[];
	/** Those that go, which are kept until they are gone. */
	leaving: CoupledLine[];
	/** A new line has a price that includes VAT, which only a line that is there tells. */
	unpriced: boolean;
	/** The plan under the numbers that the lines have in Business Central. */
	plan: PlannedDocument;
}

/**
 * Merges by identity: a line of Business Central is the one that was made from the same line of CRM. What differs is updated, what is new gets a number of its
 * own, what is gone goes last, and no line is renumbered. Lines that people have added in Business Central stay. Pure; the same input gives the same numbers,
 * so that what was sent twice is refused the second time.
 */
export function mergeLines(
	orderId: string,
	plan: PlannedDocument,
	coupled: readonly CoupledLine[],
	there: readonly SystemRecord[],
): LineMerge {
	const bySequence = new Map(there.map((line) => [Number(line.values['sequence'] ?? 0), line]));
	const byId = new Map(there.map((line) => [line.id, line]));
	const recordOf = (line: CoupledLine): SystemRecord | undefined => (line.bcId === null ? bySequence.get(line.sequence) : byId.get(line.bcId)); // prettier-ignore
	const taken = new Set([...bySequence.keys(), ...coupled.map(({ sequence }) => sequence)]);
	let last = Math.max(0, ...taken);
	const merge: LineMerge = { operations: [], lines: [], leaving: [], unpriced: false, plan: { ...plan, lines: [] } };
	const planned: PlannedLine[] = [];
	const kept = new Set<CoupledLine>();
	let owner = 0;
	for (const line of plan.lines) {
		const known = coupled.find((each) => !kept.has(each) && isSame(each, line) && fits(line, recordOf(each)));
		if (known) kept.add(known);
		const record = known && recordOf(known);
		// A text stands directly below its line, as long as there is a number left.
		const below = line.kind === 'text' ? nextBelow(owner, taken) : null;
		const sequence = known?.sequence ?? below ?? (last += STEP);
		taken.add(sequence);
		last = Math.max(last, sequence);
		owner = sequence;
		const properties = { ...line.properties, sequence };
		planned.push({ ...line, sequence, properties });
		merge.lines.push({ sequence, kind: line.kind, crmId: line.crmId, bcId: record?.id ?? known?.bcId ?? null });
		if (!record) {
			if (line.grossPrice !== undefined) merge.unpriced = true;
			merge.operations.push({ table: BC_LINES, operation: { kind: 'insert', values: { documentId: orderId, ...properties } } });
		} else {
			const values = differing(line, record);
			if (Object.keys(values).length > 0)
				merge.operations.push({ table: BC_LINES, operation: { kind: 'update', id: record.id, version: '*', number: '', values } });
		}
	}
	for (const line of coupled.filter((each) => !kept.has(each))) {
		merge.leaving.push(line);
		const record = recordOf(line);
		if (record) merge.operations.push({ table: BC_LINES, operation: { kind: 'delete', id: record.id, version: '*' } });
	}
	return { ...merge, plan: { ...plan, lines: planned } };
}

const isSame = (known: CoupledLine, line: PlannedLine): boolean => known.kind === line.kind && known.crmId === line.crmId;

/** What a line sells cannot be exchanged; a text can be anything. One that is not there yet fits under the number it was given. */
function fits({ kind, properties }: PlannedLine, record: SystemRecord | undefined): boolean {
	if (!record || kind === 'text') return true;
	const { lineType, lineObjectNumber } = record.values;
	return spelled(lineType) === spelled(properties['lineType']) && spelled(lineObjectNumber) === spelled(properties['lineObjectNumber']);
}

const spelled = (value: FieldValue | undefined): string =>
	String(value ?? '')
		.trim()
		.toUpperCase();

/** A free number between a line and the next, or null. */
function nextBelow(owner: number, taken: ReadonlySet<number>): number | null {
	const next = Math.min(...[...taken].filter((sequence) => sequence > owner), owner + STEP);
	return next - owner > 1 ? owner + Math.max(1, Math.floor((next - owner) / 2)) : null;
}

/** In the order in which Business Central validates them: a quantity brings price and discount, so these follow it whenever it is sent. */
function differing({ properties, grossPrice }: PlannedLine, { values }: SystemRecord): Record<FieldName, FieldValue> {
	const wanted: Record<FieldName, FieldValue> = {
		...properties,
		...(grossPrice === undefined ? {} : { unitPrice: withoutVat(grossPrice, Number(values['taxPercent'] ?? 0)) }),
	};
	const differs = (name: string): boolean => {
		const value = wanted[name];
		if (value === undefined) return false;
		return typeof value === 'number' ? values[name] !== value : spelled(values[name]) !== spelled(value);
	};
	const first = ['description', 'unitOfMeasureCode', 'quantity'].filter(differs);
	const money = ['unitPrice', 'discountAmount'].some((name) => differs(name) || (first.length > 0 && name in wanted));
	const names = [...first, ...(money ? ['unitPrice', 'discountAmount'] : [])];
	return Object.fromEntries(names.map((name) => [name, wanted[name]!]));
}
