import { isLasting } from '../../model/lastingStates';
import { closedRows } from '../closed/closedRows';
import { canonical } from '../../mapping/normalize';
import { isToBeCompared } from '../decide/comparedAgain';
import { deriveSources } from '../../mapping/transformations/derivedSources';
import { withoutHiddenValues } from './hiddenValues';
import { takeUpReturnedRows } from './returnedRows';
import type { SyncError } from '../../model/errors';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import type { InDoubt } from '../contract/insertsInDoubt';
import type { SeenBefore } from '../contract/seenBefore';
import type { SystemRecord } from '../../model/record';
import { opposite, firstWinner } from '../../model/direction';
import { type Coupling, idOn, newCoupling, versionOn, pairOf } from '../../model/coupling';
import type { Failure } from '../../model/failure';
import { type RequeuedRecord, waitsForReferences } from '../../model/requeued';
import type { PageOrigin, WorkItem } from '../contract/workItem';

/**
 * Finds what each record of a page is coupled with and drops those that need nothing: own writes read again and rows of the overlap are known
 * by their version and cost neither a counter nor a request.
 */
export async function pairPage(
	context: PassContext,
	seen: SeenBefore,
	records: readonly SystemRecord[],
	page: PageRecord,
	origin: PageOrigin,
): Promise<WorkItem[]> {
	const { session, mapping, direction, source, rules } = context;
	const ids = records.map((record) => record.id);
	const couplings = await session.store.couplingsOf(mapping.name, source.side, ids);
	const failures = await session.store.failuresOf(mapping.name, direction, ids);
	const requeued = await session.store.requeuedOf(mapping.name, direction, ids);
	const partners = await oppositeState(context, [...couplings.values()]);

	const closed = source.side === 'crm' ? await closedRows(context, records) : new Map<string, SyncError>();

	const items: WorkItem[] = [];
	for (const record of records) {
		const coupling = couplings.get(record.id) ?? null;
		const failure = failures.get(record.id);
		const again = requeued.get(record.id);
		const common = { source: record, coupling, partner: 'unread' as const, failure, requeued: again };
		const refusal = closed.get(record.id);
		if (refusal) {
			if (isNews(context, seen.retryNow, { ...common, refusal })) page.fail(common, refusal, []);
			continue;
		}
		const suspect = origin === 'deleted';
		// A strategy chosen since makes a skipped deletion worth another look; a record skipped for another reason has a new one now.
		const news = suspect && (context.options.deletion !== 'none' || failure?.errorCode !== 'PARTNER_DELETED');
		// That something of it is still to come is no reason to leave out the rest of a record, nor to look at it before that has come.
		const due = again !== undefined && !waitsForReferences(again);
		const changed = coupling !== null && isToBeCompared(context.fieldSets, coupling);
		const wanted = context.selected || seen.retryNow.has(record.id) || news || due || changed;
		if (failure?.skipped && failure.sourceVersion === record.version && !wanted) {
			if (context.countUnchanged && !suspect) context.recorder.count('skipped');
			continue;
		}
		if (!coupling && !context.options.createUncoupled) {
			context.recorder.notCoupled.add(record.id);
			leaveOut(context, record);
			continue;
		}
		if (!coupling && context.leaveOut.has(record.id)) {
			context.recorder.count('skipped');
			context.recorder.warn('Records that fit several records of the other system were not created there; the coupling job names them.');
			continue;
		}
		if (coupling && !failure && !(again && wanted) && !suspect && !changed && isKnown(context, coupling, record)) {
			if (context.countUnchanged) context.recorder.count('unchanged');
			continue;
		}
		items.push({ ...common, ...(coupling ? partners(coupling) : {}), ...(suspect ? { suspect } : {}) });
	}

	const read = await source.system.complete(
		source.table,
		items.map((item) => item.source),
		source.fields,
	);
	const ofCouples = read.map((row, index) => ({ row, coupling: items[index]!.coupling }));
	const complete = source.side === 'crm' ? await withoutHiddenValues(context, ofCouples) : read;
	const derived = await rules.derive?.(context, complete);
	const own = deriveSources(mapping, direction, complete);
	items.forEach((item, index) => {
		const record = complete[index]!;
		const more = derived || own ? { ...derived?.get(record.id), ...own?.get(record.id) } : null;
		item.source = more ? { ...record, values: { ...record.values, ...more } } : record;
	});
	const admitted = await admit(context, items, page);
	const open = await takeUpReturnedRows(context, seen.inDoubt, admitted, page, (item, match) => coupleWith(context, item, match));
	await matchUncoupled(context, seen.inDoubt, open);
	return open;
}

/** Leaves out what does not take part in this direction and fails what cannot be synchronized as it is. */
async function admit(context: PassContext, items: readonly WorkItem[], page: PageRecord): Promise<WorkItem[]> {
	const { rules, recorder, selected } = context;
	const ignored = await rules.ignore?.(context, sourcesOf(items));
	const admitted = ignored && ignored.size > 0 ? items.filter(({ source }) => !ignored.has(source.id)) : [...items];
	for (const item of ignored && ignored.size > 0 ? items.filter(({ source }) => ignored.has(source.id)) : []) {
		page.forget(item);
		const { source } = item;
		if (!selected) continue;
		recorder.count('skipped');
		recorder.warn(`${source.number || source.id} ${source.name} is not a record that ${context.mapping.name} synchronizes.`);
	}
	const refused = await rules.refuse?.(context, sourcesOf(admitted));
	if (!refused || refused.size === 0) return admitted;
	for (const item of admitted) {
		const error = refused.get(item.source.id);
		if (error) page.fail(item, error, []);
	}
	return admitted.filter(({ source }) => !refused.has(source.id));
}

const sourcesOf = (items: readonly WorkItem[]): SystemRecord[] => items.map(({ source }) => source);

/** What is known of the partners in the other direction: it may be settled by what this one does. */
async function oppositeState(
	context: PassContext,
	couplings: readonly Coupling[],
): Promise<(coupling: Coupling) => Pick<WorkItem, 'opposite' | 'oppositeRequeued'>> {
	const { session, mapping, direction, target } = context;
	const partnerId = (coupling: Coupling): string => idOn(coupling, target.side);
	const other = opposite(direction);
	const ids = couplings.map(partnerId);
	const failures: ReadonlyMap<string, Failure> = await session.store.failuresOf(mapping.name, other, ids);
	const requeued: ReadonlyMap<string, RequeuedRecord> = await session.store.requeuedOf(mapping.name, other, ids);
	return (coupling) => ({ opposite: failures.get(partnerId(coupling)), oppositeRequeued: requeued.get(partnerId(coupling)) });
}

/** The version proves that every mapped field stands at the baseline. */
export function isKnown(context: PassContext, coupling: Coupling, record: SystemRecord): boolean {
	const version = versionOn(coupling, context.source.side);
	return (
		version === record.version &&
		!context.options.force &&
		!context.rules.everyRun &&
		!context.rules.needsPartner?.(context.direction, record)
	);
}

/** Uncoupled records of an only-coupled mapping are ignored, or counted as skipped when asked for by name. */
function leaveOut(context: PassContext, record: SystemRecord): void {
	if (!context.selected) return;
	context.recorder.count('skipped');
	context.recorder.warn(
		`${record.number || record.id} ${record.name} is not coupled, and ${context.mapping.name} synchronizes only coupled records. Couple it in Couple Records, or allow creating records in this run.`,
	);
}

/** Rows that nobody here has to do with are passed over, and a state that was told is not told again. */
function isNews(
	{ selected }: PassContext,
	retryNow: ReadonlySet<string>,
	{ source: { id, version }, coupling, failure, requeued, refusal }: Omit<WorkItem, 'partner'> & { refusal: SyncError },
): boolean {
	if (selected || retryNow.has(id)) return true;
	const told = failure?.skipped === true && failure.errorCode === refusal.code && isLasting(refusal.code);
	return told ? failure.sourceVersion !== version : coupling !== null || failure !== undefined || requeued !== undefined;
}

/** An uncoupled record whose partner can be recognized is coupled instead of created. */
export async function matchUncoupled(context: PassContext, inDoubt: InDoubt, items: readonly WorkItem[]): Promise<void> {
	const rule = context.rules.matchBeforeCreate;
	const open = items.filter((item) => !item.coupling && !inDoubt.of(item.source.id));
	if (open.length === 0) return;
	if (context.rules.findPartner) await findPartners(context, open);
	if (!rule) return;
	const { mapping, source, target, session } = context;
	const toCrm = context.direction === 'toCrm';
	const [sourceField, targetField] = toCrm ? [rule.bcField, rule.crmField] : [rule.crmField, rule.bcField];
	const field = mapping.fields.find((each) => each.bcField === rule.bcField && each.crmField === rule.crmField)!;
	const key = (record: SystemRecord, name: string, table: { numberField: string | null }, side: 'businessCentral' | 'crm'): string =>
		canonical(field, side, name === table.numberField ? record.number : record.values[name]);
	const values = [...new Set(open.map((item) => key(item.source, sourceField, source.table, source.side)))].filter((value) => value !== '');
	const candidates = await target.system.readByValues(target.table, targetField, values, target.fields);
	const taken = await session.store.couplingsOf(
		mapping.name,
		target.side,
		candidates.map((record) => record.id),
	);
	const closed = target.side === 'crm' ? await closedRows(context, candidates) : new Map<string, SyncError>();
	const byKey = new Map<string, SystemRecord[]>();
	for (const record of candidates) {
		if (closed.has(record.id)) continue;
		const value = key(record, targetField, target.table, target.side);
		byKey.set(value, [...(byKey.get(value) ?? []), record]);
	}
	for (const item of open) {
		const matches = byKey.get(key(item.source, sourceField, source.table, source.side)) ?? [];
		const [match] = matches;
		if (!match || matches.length > 1 || taken.has(match.id)) continue;
		byKey.set(key(match, targetField, target.table, target.side), []);
		coupleWith(context, item, match);
	}
}

function coupleWith(context: PassContext, item: WorkItem, match: SystemRecord): void {
	const { direction, mapping, recorder } = context;
	item.coupling = newCoupling(mapping.name, pairOf(direction, item.source.id, match.id), firstWinner(direction), recorder.now());
	item.partner = match;
	item.matched = true;
}

/** By the mapping's own rule; a candidate of two records, or one that is coupled already, is no partner. */
async function findPartners(context: PassContext, open: readonly WorkItem[]): Promise<void> {
	const { mapping, target, session } = context;
	const found = await context.rules.findPartner!(context, sourcesOf(open));
	const candidates = [...found.values()].map(({ id }) => id);
	const taken = await session.store.couplingsOf(mapping.name, target.side, candidates);
	for (const item of open) {
		const match = found.get(item.source.id);
		if (!match || taken.has(match.id) || candidates.filter((id) => id === match.id).length > 1) continue;
		coupleWith(context, item, match);
	}
}
