import { SyncError } from '../../model/errors';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import type { InDoubt } from '../contract/insertsInDoubt';
import type { SystemRecord } from '../../model/record';
import { bcTitle, type Coupling, idOn } from '../../model/coupling';
import type { Tombstone } from '../../model/tombstone';
import type { WorkItem } from '../contract/workItem';
import { partnerBack } from '../record/tombstones';
import { heldElsewhere } from '../closed/heldElsewhere';

/**
 * Deals with uncoupled records of the page whose partner was deleted once, and answers the records that go on. One that did not change since is
 * left alone. And a CRM row that was deleted can be there again: Dataverse carries out, minutes later, an insert whose answer
 * was lost and which was repeated since; or somebody restores the row. It is no new record then, but coupled with its partner again; `couple` does
 * that.
 */
export async function takeUpReturnedRows(
	context: PassContext,
	inDoubt: InDoubt,
	items: readonly WorkItem[],
	page: PageRecord,
	couple: (item: WorkItem, partner: SystemRecord) => void,
): Promise<WorkItem[]> {
	const { session, mapping, source, target } = context;
	const open = items.filter(({ coupling, source: { id } }) => !coupling && !inDoubt.of(id));
	if (open.length === 0 || mapping.crm.choice) return [...items];
	const ids = open.map((item) => item.source.id);
	const former = await session.store.tombstones(mapping.name, source.side, ids, 'deleted');
	for (const [id, last] of await session.store.tombstones(mapping.name, source.side, ids))
		if (last.kind === 'partnerless') former.set(id, last);
	const parted = context.byHand ? new Map<string, Tombstone>() : await session.store.tombstones(mapping.name, source.side, ids, 'parted');
	const left = await leftByPartner(context, parted);
	if (former.size === 0) return items.filter((item) => !leaveParted(context, item, left, page));
	const partnerId = (each: Tombstone): string => idOn(each, target.side);
	const partnerIds = [...former.values()].map(partnerId);
	const partners = await target.system.readByIds(target.table, partnerIds, target.fields);
	const couplings = await session.store.couplingsOf(mapping.name, target.side, partnerIds);
	// What other mappings write to a row they share is no sign that it is to have its deleted partner again.
	const shared = context.selected
		? new Map<string, Coupling>()
		: await heldElsewhere(session, context.mappings.values(), mapping, source.side, [...former.keys()]);
	return items.filter((item) => {
		if (leaveParted(context, item, left, page)) return false;
		const known = item.coupling ? undefined : former.get(item.source.id);
		if (!known || inDoubt.of(item.source.id)) return true;
		const partner = partners.get(partnerId(known));
		const taken = couplings.get(partnerId(known));
		if ((!partner || taken) && (shared.has(item.source.id) || isLeftAlone(context, item, known))) {
			page.forget(item);
			return false;
		}
		if (target.side === 'crm') {
			if (taken && known.kind === 'partnerless') {
				page.fail(item, partnerless(item.source, taken), []);
				return false;
			}
			// Created under its old id, the row cannot be created a second time, whatever request is still under way.
			if (!partner && !taken) item.formerId = known.crmId;
			if (partner && !taken) couple(item, partner);
			return true;
		}
		if (!partner) return true;
		if (taken) page.fail(item, rowCameBack(item.source, taken), []);
		else if (mapping.direction === 'fromCrm') couple(item, partner);
		else waitForPartner(context, item, partner, page);
		return !taken && mapping.direction === 'fromCrm';
	});
}

/** Of the couples that people parted, those whose other record has another partner now, by id of the record that is left. */
async function leftByPartner(
	{ session, mapping, target }: PassContext,
	parted: ReadonlyMap<string, Tombstone>,
): Promise<Map<string, Coupling>> {
	if (parted.size === 0) return new Map();
	const partners = [...parted].map(([id, tombstone]) => [id, idOn(tombstone, target.side)] as const);
	const couplings = await session.store.couplingsOf(
		mapping.name,
		target.side,
		partners.map(([, partner]) => partner),
	);
	return new Map(partners.flatMap(([id, partner]) => (couplings.has(partner) ? [[id, couplings.get(partner)!] as const] : [])));
}

/** A record that people parted from a partner which has another one now was the wrong one: nothing is made of it unless somebody says so. */
function leaveParted(
	{ recorder, countUnchanged, selected, target }: PassContext,
	item: WorkItem,
	left: ReadonlyMap<string, Coupling>,
	page: PageRecord,
): boolean {
	const taken = item.coupling ? undefined : left.get(item.source.id);
	if (!taken) return false;
	page.forget(item);
	if (!countUnchanged && !selected) return true;
	const { number, name, id } = item.source;
	const former = target.side === 'crm' ? taken.crmName || taken.crmId : bcTitle(taken);
	recorder.count('skipped');
	recorder.warn(
		`${[number, name].filter(Boolean).join(' ') || id} was parted from ${former} by hand, which has another partner now: no record is created for it. If it needs one: Create and Couple.`,
	);
	return true;
}

const isLeftAlone = ({ selected, countUnchanged }: PassContext, { source }: WorkItem, { version }: Tombstone): boolean =>
	version === source.version && !selected && !countUnchanged;

/** What the record became in Business Central while its row was gone counts, so that side's pass is to see it first. */
function waitForPartner(context: PassContext, { source }: WorkItem, partner: SystemRecord, page: PageRecord): void {
	const { recorder } = context;
	recorder.count('skipped');
	recorder.warn(`${source.name || source.id} was deleted in CRM and is there again; the next run couples it with its former partner.`);
	page.requeue(partnerBack(context, partner.id));
}

/** Edited or not, it is the copy of a row that has its partner. */
const partnerless = (record: SystemRecord, taken: Coupling): SyncError =>
	new SyncError({
		code: 'INSERT_PARTNERLESS',
		errorClass: 'data',
		system: 'businessCentral',
		recordId: record.id,
		message: `This record is not a new one: an interrupted run created it for ${taken.crmName || taken.crmId}, which was coupled with ${bcTitle(taken)} by hand. Another CRM record is not created for it.`,
		hint: 'Delete the one of the two records of Business Central that is not needed, or couple this one in Couple Records.',
	});

const rowCameBack = (row: SystemRecord, taken: Coupling): SyncError =>
	new SyncError({
		code: 'ROW_CAME_BACK',
		errorClass: 'data',
		system: 'crm',
		recordId: row.id,
		message: `This record is not a new one: it was deleted in CRM and is there again, or an interrupted run created it. Its partner ${`${taken.bcNumber} ${taken.bcName}`.trim()} has another CRM record now.`,
		hint: 'Delete the one of the two CRM records that is not needed, or couple this one with another record in Couple Records.',
	});
