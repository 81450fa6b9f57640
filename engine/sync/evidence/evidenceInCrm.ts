import { COMPANY_COLUMN } from '../../model/companyColumn';
import { companyOf, isForeign } from '../../mapping/companyOfRow';
import { isMerged } from '../../mapping/mergedRows';
import { sideFilter } from '../../mapping/filter';
import { closedRows } from '../closed/closedRows';
import { idsInside, withFilterFields } from '../../mapping/filters/reading';
import type { RecordQuestion } from '../../ports/recordSystem';
import { byKey, byText, type Finding, firstOf, knownOf, LookAlikes, unique, wereParted } from './evidence';
import { rowsOf, rowsOfEach, rowsOfKey } from './originScan';
import { partnerOfOtherCompany, partnerOutside, partnerTaken } from './partnerErrors';
import { type KeyTrace, keyTraces, nameOn, type Trace, valueToAsk, valueTraces } from './partnerTraces';
import { numberIsKey } from '../../model/recordIdentity';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import type { WorkItem } from '../contract/workItem';

/**
 * Rows of CRM that the page's records may belong to: by the id a run gives them, by our company and the number, by our company and what else tells
 * them. One batch.
 */
export async function evidenceInCrm(context: PassContext, items: readonly WorkItem[]): Promise<Map<WorkItem, Finding>> {
	const { mapping, target, companyRowId, session } = context;
	const company = companyOf(context);
	const inside = sideFilter(mapping.crmFilter, 'crm', companyRowId, target.table);
	const ours = { field: COMPANY_COLUMN, operator: 'eq', value: company, type: 'lookup' } as const;
	const stamped =
		company === null ? inside : sideFilter({ conditions: [ours], groups: [mapping.crmFilter] }, 'crm', companyRowId, target.table);
	const keys = keyTraces(mapping).filter(({ travels, always }) => company !== null || travels || always);
	const values = company === null ? [] : valueTraces(mapping);
	const ids = await rowsOfEach(items, (item) => rowsOf(session, mapping, item.source.id, item.generation ?? 0));
	const ofKeys = new Map(items.map((item) => [item, rowsOfKey(session, mapping, item.source)]));
	const former = await formerRows(context, items);
	const all = [...ids.values(), ...ofKeys.values(), [...former.values()]].flat();

	const ask = (trace: Trace, of = items, { odata } = stamped): RecordQuestion => ({
		field: nameOn(trace, 'crm'),
		values: [...new Set(of.map(({ source }) => valueToAsk(mapping, trace, 'businessCentral', source)))].filter((text) => text !== ''),
		filter: odata,
	});
	// The row of a couple is gone: one that was entered again under its number need not carry our company yet.
	const parted = items.filter(({ coupling }) => coupling !== null);
	const askAnew = (trace: KeyTrace): RecordQuestion => ask(trace, trace.travels && company !== null ? parted : [], inside);
	const questions = [
		{ field: null, values: all, filter: null },
		...keys.map((trace) => ask(trace)),
		...keys.map(askAnew),
		...values.map((trace) => ask(trace)),
	];
	const fields = [...withFilterFields(target.fields, stamped), ...(company === null ? [] : [COMPANY_COLUMN])];
	const answers = await target.system.readByQuestions(target.table, questions, [...new Set(fields)]);
	const accepts = inside.accepts ?? (() => true);
	const [there, ...rest] = answers.map((records, index) =>
		index === 0 ? records : records.filter((row) => accepts(row) && !isMerged(row)),
	);
	const byKeys = rest.slice(0, keys.length);
	const rows = new Map(there!.map((record) => [record.id, record]));
	const within = rows.size > 0 ? await idsInside(target.system, target.table, [...rows.keys()], [], inside) : rows;
	const known = await knownOf(context, [...rows.values(), ...rest.flat()], items);
	const closed = await closedRows(context, [...rows.values()]);
	const alike = new LookAlikes(context, known, values, unique(rest.slice(2 * keys.length).flat()));
	const holders = keys.map((trace, index) => byText(mapping, trace, 'crm', byKeys[index]!));
	const anew = keys.map((trace, index) => byText(mapping, trace, 'crm', rest[keys.length + index]!));

	const findings = new Map<WorkItem, Finding>();
	for (const item of items) {
		const finding =
			byOrigin(ids.get(item)!, item) ??
			byOrigin(ofKeys.get(item)!, item, false) ??
			byOrigin(former.has(item) ? [former.get(item)!] : [], item, false) ??
			firstOf(keys, (trace, index) =>
				byKey(context, known, item, {
					hits: unique([...holding(trace, item, holders[index]!), ...(item.coupling ? holding(trace, item, anew[index]!) : [])]),
					strict: trace.travels,
				}),
			) ??
			alike.of(item);
		if (finding) findings.set(item, finding);
	}
	return findings;

	/** The newest generation that is there: people parted the record from those before it. */
	function byOrigin(made: readonly string[], item: WorkItem, strict = true): Finding | null {
		const row = made.flatMap((id) => rows.get(id) ?? []).findLast((each) => !wereParted(context, known, item, each));
		if (!row) return null;
		const taken = known.couplings.get(row.id);
		if (taken) return strict ? { error: partnerTaken('crm', row, taken) } : null;
		if (isForeign(context, row)) return { error: partnerOfOtherCompany(row) };
		const closing = closed.get(row.id);
		if (closing) return { error: closing };
		return within.has(row.id) ? { partner: row, certain: true } : { error: partnerOutside('crm', mapping.name, row) };
	}

	function holding(trace: Trace, item: WorkItem, found: ReadonlyMap<string, readonly SystemRecord[]>): readonly SystemRecord[] {
		const wanted = valueToAsk(mapping, trace, 'businessCentral', item.source).toLowerCase();
		return wanted === '' ? [] : (found.get(wanted) ?? []);
	}
}

/** Rows whose record of Business Central had the number before; they are free where that record is gone. */
async function formerRows({ session, mapping }: PassContext, items: readonly WorkItem[]): Promise<Map<WorkItem, string>> {
	const numbers = numberIsKey(mapping.bc) ? items.map(({ source }) => source.number).filter((number) => number !== '') : [];
	if (numbers.length === 0) return new Map();
	const couplings = await session.store.couplingsWithNumbers(mapping.name, numbers);
	return new Map(
		items.flatMap((item) => {
			const coupling = couplings.get(item.source.number);
			return coupling && coupling.bcId !== item.source.id ? [[item, coupling.crmId] as const] : [];
		}),
	);
}
