import { companyOf, isStamped } from '../../mapping/companyOfRow';
import { sideFilter, type SideFilter } from '../../mapping/filter';
import { idsInside, withFilterFields } from '../../mapping/filters/reading';
import type { RecordQuestion } from '../../ports/recordSystem';
import { hasDerivedForm } from '../../model/derivedId';
import { byKey, byText, type Finding, firstOf, type Known, knownOf, LookAlikes, unique, wereParted } from './evidence';
import { recordsOfRows, rowsOf, rowsOfKey } from './originScan';
import { partnerOutside, partnerTaken } from './partnerErrors';
import { type KeyTrace, keyTraces, nameOn, type Trace, valueToAsk, valueTraces } from './partnerTraces';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import type { WorkItem } from '../contract/workItem';

/** Records of Business Central inside and outside the filter of the mapping. */
interface Candidates {
	inside: readonly SystemRecord[];
	outside: readonly SystemRecord[];
}

/** The same by the value of a key, or by the ids of the rows that would be made of them. */
interface Indexed {
	inside: ReadonlyMap<string, readonly SystemRecord[]>;
	outside: ReadonlyMap<string, readonly SystemRecord[]>;
}

/**
 * Records of Business Central that the page's CRM rows may belong to: by the number a row carries, by what else tells it where it carries our
 * company, and by the row's id where a run made the row. A row that carries nothing of ours is new, and costs no request. `byKey`: only by numbers and
 * ids of records that these tell.
 */
export async function evidenceInBusinessCentral(
	context: PassContext,
	items: readonly WorkItem[],
	how: 'byAll' | 'byKey' = 'byAll',
): Promise<Map<WorkItem, Finding>> {
	const { mapping, target, companyRowId } = context;
	const filter = sideFilter(mapping.bcFilter, 'businessCentral', companyRowId, target.table);
	const keys = keyTraces(mapping);
	const values = how === 'byKey' ? [] : valueTraces(mapping);
	// Where rows carry no company and the mapping has keys of its own, a record that agrees in all that is known is the one.
	const plain = companyOf(context) === null && keys.some(({ always }) => always);
	const told = items.filter((item) => plain || isStamped(context, item.source) || isMadeByRun(context, item));
	const questions = [
		...keys.flatMap((trace) => {
			const asked = [...new Set(items.flatMap((item) => keysToAsk(context, trace, item)))];
			const field = nameOn(trace, 'businessCentral');
			return [null, filter.odata].map((odata): RecordQuestion => ({ field, values: asked, filter: odata }));
		}),
		...values.map((trace): RecordQuestion => {
			const asked = new Set(told.map(({ source }) => valueToAsk(mapping, trace, 'crm', source)));
			return {
				field: nameOn(trace, 'businessCentral'),
				values: [...asked].filter((text) => fitsFilter(trace, text)),
				filter: filter.odata,
			};
		}),
	];
	const answers = questions.some((question) => question.values.length > 0)
		? await target.system.readByQuestions(target.table, questions, withFilterFields(target.fields, filter))
		: questions.map((): SystemRecord[] => []);
	const accepts = filter.accepts ?? (() => true);
	const byKeys = keys.map((_, index) => split(answers[2 * index]!, answers[2 * index + 1]!.filter(accepts)));
	const holders = byKeys.map((each, index) => indexed(each, (records) => byText(mapping, keys[index]!, 'businessCentral', records)));
	const alike = unique(answers.slice(2 * keys.length).flat()).filter(accepts);
	const all = split(answers.flat(), unique([...byKeys.flatMap(({ inside }) => inside), ...alike]));
	const known = await knownOf(context, answers.flat(), items);

	const made = items.filter((item) => isMadeByRun(context, item));
	const origins = indexed(made.length > 0 ? all : NOBODY, (records) => byRows(context, records));
	const findings = new Map<WorkItem, Finding>();
	const settle = (item: WorkItem, finding: Finding | null): void => void (finding && findings.set(item, finding));
	for (const item of items) {
		settle(
			item,
			byOrigin(context, known, item, origins) ??
				firstOf(keys, (trace, index) => byNumber(context, known, item, { trace, candidates: holders[index]! })),
		);
	}
	// Rows made by a run whose record neither number nor name tells.
	const lost = how === 'byKey' ? [] : made.filter((item) => !findings.has(item));
	for (const [item, finding] of await byScan(context, lost, filter)) settle(item, finding);
	const lookAlikes = new LookAlikes(context, known, values, alike);
	for (const item of items) {
		if (findings.has(item) || !(plain || isStamped(context, item.source))) continue;
		const finding = lookAlikes.of(item);
		if (!plain || (finding && 'partner' in finding)) settle(item, finding);
	}
	return findings;
}

/** The row has an id that a run gives; where rows carry a company, it carries ours, or people parted it from its record. */
const isMadeByRun = (context: PassContext, { source }: WorkItem): boolean =>
	hasDerivedForm(source.id) && (companyOf(context) === null || isStamped(context, source));

/** The row had a partner once: it carries our company, or its partner is to be restored. */
const hadPartner = (context: PassContext, { source, coupling }: WorkItem): boolean => coupling !== null || isStamped(context, source);

/** Business Central refuses a filter with a value longer than the field. Where nobody says how long it is, longer than most codes and names is too long. */
const fitsFilter = ({ field }: Trace, text: string): boolean => text !== '' && text.length <= (field.bcLength ?? 50);

/** What the row tells of its partner's key. A record that is to be restored may have been entered again under its number. */
function keysToAsk(context: PassContext, trace: KeyTrace, item: WorkItem): string[] {
	const { mapping } = context;
	if (!trace.always && !trace.travels && !hadPartner(context, item)) return [];
	const old = nameOn(trace, 'businessCentral') === mapping.bc.numberField ? (item.coupling?.bcNumber ?? '') : '';
	return [valueToAsk(mapping, trace, 'crm', item.source), old].filter((text) => fitsFilter(trace, text));
}

function byNumber(
	context: PassContext,
	known: Known,
	item: WorkItem,
	{ trace, candidates }: { trace: KeyTrace; candidates: Indexed },
): Finding | null {
	const wanted = keysToAsk(context, trace, item).map((text) => text.toLowerCase());
	const holding = (found: Indexed['inside']): SystemRecord[] => unique(wanted.flatMap((text) => found.get(text) ?? []));
	const sure = hadPartner(context, item);
	const finding = byKey(context, known, item, {
		hits: holding(candidates.inside),
		strict: sure && (trace.travels || item.coupling !== null),
	});
	if (finding || !sure || trace.always) return finding;
	const left = holding(candidates.outside).find((record) => !known.couplings.has(record.id) && !wereParted(context, known, item, record));
	return left ? { error: partnerOutside('businessCentral', context.mapping.name, left) } : null;
}

/** The record whose row this is, by the id of the row. */
function byOrigin(context: PassContext, known: Known, item: WorkItem, { inside, outside }: Indexed): Finding | null {
	const { mapping } = context;
	if (!isMadeByRun(context, item)) return null;
	const within = inside.get(item.source.id)?.[0];
	const origin = within ?? outside.get(item.source.id)?.[0];
	if (!origin || wereParted(context, known, item, origin)) return null;
	const taken = known.couplings.get(origin.id);
	if (taken) return { error: partnerTaken('businessCentral', origin, taken) };
	return within ? { partner: within, certain: true } : { error: partnerOutside('businessCentral', mapping.name, origin) };
}

/** Records by the ids that rows made of them have. */
function byRows({ session, mapping }: PassContext, records: readonly SystemRecord[]): Map<string, SystemRecord[]> {
	const ids = (record: SystemRecord): string[] => [...rowsOfKey(session, mapping, record), ...rowsOf(session, mapping, record.id)];
	return new Map(records.flatMap((record) => ids(record).map((id): [string, SystemRecord[]] => [id, [record]])));
}

const NOBODY: Candidates = { inside: [], outside: [] };

const indexed = ({ inside, outside }: Candidates, index: (records: readonly SystemRecord[]) => Map<string, SystemRecord[]>): Indexed => ({
	inside: index(inside),
	outside: index(outside),
});

async function byScan(context: PassContext, items: readonly WorkItem[], filter: SideFilter): Promise<Map<WorkItem, Finding | null>> {
	const { session, mapping, target, stillHeld } = context;
	const rows = items.map(({ source }) => source.id);
	const ids = [...(await recordsOfRows(session, mapping, rows, stillHeld)).values()];
	if (ids.length === 0) return new Map();
	const inside = await idsInside(target.system, target.table, ids, target.fields, filter);
	const left = ids.filter((id) => !inside.has(id));
	const outside = left.length > 0 ? await target.system.readByIds(target.table, left, target.fields) : new Map<string, SystemRecord>();
	const candidates = { inside: [...inside.values()], outside: [...outside.values()] };
	const known = await knownOf(context, [...candidates.inside, ...candidates.outside], items);
	const origins = indexed(candidates, (records) => byRows(context, records));
	return new Map(items.map((item) => [item, byOrigin(context, known, item, origins)]));
}

function split(all: readonly SystemRecord[], inside: readonly SystemRecord[]): Candidates {
	const ids = new Set(inside.map(({ id }) => id));
	return { inside, outside: unique(all.filter(({ id }) => !ids.has(id))) };
}
