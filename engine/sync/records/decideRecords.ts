import { breather } from '../../ports/breath';
import { lookAtOwed } from './owedNow';
import { isNobodys } from '../../mapping/companyOfRow';
import { fieldsDue } from '../references/deferredReferences';
import { comparedAgain } from '../decide/comparedAgain';
import { decide } from '../decide/decide';
import { fieldSetSeen } from '../record/fieldSetSeen';
import { requeue } from '../record/requeue';
import { advanceBaseline } from '../record/advanceBaseline';
import type { Completed } from '../record/completed';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import { withoutClosed } from '../closed/closedRows';
import { withoutHiddenValues } from '../pair/hiddenValues';
import { startOverIfRecreated } from '../pair/recreatedRow';
import { tagsRows } from '../record/tagCompany';
import { translate } from '../../mapping/translate';
import { filledBy } from '../write/sentAlong';
import { arrived } from '../record/inFlight';
import { type Coupling, idOn, versionOn } from '../../model/coupling';
import type { Decision } from '../decide/decision';
import type { SystemRecord } from '../../model/record';
import type { WorkItem } from '../contract/workItem';
import type { PendingWrite } from '../contract/plannedWrite';
import type { Decided } from '../unit/syncUnit';
import { partnerBack } from '../record/tombstones';
import { opposite, sourceSide } from '../../model/direction';

/** Decides all records, reading partners in one batch where the baseline alone does not tell; what needs no write is settled at once. */
export async function decideRecords(context: PassContext, items: readonly WorkItem[], page: PageRecord): Promise<Decided<PendingWrite>> {
	const pending: PendingWrite[] = [];
	const later: string[] = [];
	const unclear: WorkItem[] = [];
	const breathe = breather();
	await lookAtOwed(context, items);
	for (const item of await withoutClosed(context, items, page)) {
		await breathe();
		const decision = look(context, item);
		if (decision.action === 'needPartner') unclear.push(item);
		else route(context, item, decision, page, pending);
	}
	if (unclear.length > 0) {
		await readPartners(context, unclear);
		for (const item of await withoutClosed(context, unclear, page)) {
			if (item.suspect && typeof item.partner !== 'string') later.push(item.source.id);
			else route(context, item, look(context, item), page, pending);
			await breathe();
		}
	}
	return { pending, later };
}

/** Reads the partners of coupled records; one that is gone is marked as missing. */
export async function readPartners(context: PassContext, items: readonly WorkItem[]): Promise<void> {
	const { target } = context;
	const idOf = (item: WorkItem): string => idOn(item.coupling!, target.side);
	const records = await target.system.readByIds(target.table, items.map(idOf), target.fields);
	const unread = items.map(idOf).filter((id) => !records.has(id));
	// What a query does not show need not be gone: a deletion is only believed when the service says so.
	const hidden = unread.length > 0 ? await target.system.existing(target.table, unread) : new Set<string>();
	await hideValues(context, items, records);
	for (const item of items) item.partner = records.get(idOf(item)) ?? (hidden.has(idOf(item)) ? 'hidden' : 'missing');
}

/** Rows of CRM are taken without what the user may not see of them. */
async function hideValues(context: PassContext, items: readonly WorkItem[], records: Map<string, SystemRecord>): Promise<void> {
	if (context.target.side !== 'crm' || records.size === 0) return;
	const rows = items.flatMap(({ coupling }) => {
		const row = records.get(coupling!.crmId);
		return row ? [{ row, coupling }] : [];
	});
	for (const row of await withoutHiddenValues(context, rows)) records.set(row.id, row);
}

function look(context: PassContext, item: WorkItem): Decision {
	startOverIfRecreated(context, item);
	compareAgain(context, item);
	if (item.coupling?.inFlight) {
		if (item.partner === 'unread') return { action: 'needPartner' };
		item.coupling = arrived(context, item.coupling, item.source, typeof item.partner === 'string' ? null : item.partner);
	}
	const decision = decide({
		source: item.source,
		partner: item.partner,
		coupling: item.coupling,
		fields: context.fields,
		translate: (field) => translate(context.references, context.direction, field, item.source),
		options: context.options,
		due: dueNow(item),
		reopened: item.again?.concerned,
	});
	if (item.partner !== 'unread' || !item.coupling) return decision;
	// What failed before, or was requeued, may have been so because of the partner; and a deletion is looked at once more before it is acted on.
	if (item.suspect || item.failure || item.requeued || item.again) return { action: 'needPartner' };
	// Companions are found by the partner's number, and some rules look at its state: both want it read.
	const touchesCompanion =
		decision.action === 'modify' &&
		context.target.side === 'businessCentral' &&
		decision.writes.some(({ field }) => field.bcField!.includes('/'));
	// An insert that was settled after a crash has not been through `afterWrite` yet: nobody has seen its partner.
	const known = versionOn(item.coupling, context.target.side);
	const unseen = (context.rules.afterWrite !== undefined || tagsRows(context)) && known === null;
	// What stands in the fields that the service would fill has to be sent along.
	const fills = decision.action === 'modify' && filledBy(context, decision.writes).length > 0;
	return touchesCompanion || fills || unseen || context.rules.needsPartner?.(context.direction, item.source)
		? { action: 'needPartner' }
		: decision;
}

/** The fields of the mapping are not those the couple was compared with. */
function compareAgain({ fieldSets, direction }: PassContext, item: WorkItem): void {
	const again = item.coupling && comparedAgain(fieldSets, item.coupling, direction);
	if (!again) return;
	// Until the couple is dealt with, the store keeps it as it was.
	if (again.needed) item.again = { ...again, stored: item.coupling!, concerned: new Set(again.concerned) };
	item.coupling = again.coupling;
}

const dueNow = ({ requeued, again }: WorkItem): ReadonlySet<string> => new Set([...(fieldsDue(requeued) ?? []), ...(again?.due ?? [])]);

function route(context: PassContext, item: WorkItem, decision: Decision, page: PageRecord, pending: PendingWrite[]): void {
	const { recorder, rules, direction } = context;
	switch (decision.action) {
		case 'insert':
		case 'modify':
			pending.push({ item, decision });
			return;
		case 'unchanged': {
			const extra = typeof item.partner === 'string' ? null : rules.stateChange?.(direction, item.source, item.partner);
			if ((extra || lacksCompany(context, item) || mayGetOwed(item)) && typeof item.partner !== 'string') {
				const { agreed, untouched } = decision;
				pending.push({
					item,
					decision: { action: 'modify', version: item.partner.version, writes: [], agreed, untouched, overwritten: [] },
				});
				return;
			}
			// A record seen again only because its table is looked at in every run is no event.
			// One counter per record: a match without a difference counts as coupled, one that is written as changed.
			const counted = item.matched ? 'coupled' : isEcho(context, item) ? null : 'unchanged';
			if (counted) recorder.count(counted);
			const next = settled(context, item, { ...decision, compared: typeof item.partner !== 'string' });
			page.completePair(item, next);
			if (item.met) met(context, item, next, page);
			if (item.recreated && context.source.side === 'crm' && next.initial === 'send') page.requeue(partnerBack(context, next.bcId));
			if (typeof item.partner !== 'string') page.wrote(item, item.partner, false, counted);
			return;
		}
		case 'skip':
			recorder.count('skipped');
			page.completePair(item, settled(context, item, { agreed: decision.agreed, untouched: [] }));
			page.belongs(item);
			return;
		case 'uncouple':
			page.remove({ item, edited: null });
			return;
		case 'delete':
			page.remove({ item, edited: decision.edited });
			return;
		case 'fail':
			if (decision.settled) page.keep(item, settled(context, item, decision.settled));
			page.fail(item, decision.error, decision.conflicts);
			page.belongs(item);
			return;
		case 'ignore':
			recorder.notCoupled.add(item.source.id);
			return;
		case 'needPartner':
			return;
	}
}

/** Values of its template are due, and nobody has touched the record since their places were looked at. They go alone: their refusal holds nothing back. */
const mayGetOwed = ({ owed, partner }: WorkItem): boolean =>
	owed !== undefined && Object.keys(owed.send).length > 0 && typeof partner !== 'string' && owed.version === partner.version;

/** A partner that was met: what the other side's values are to settle is left to its own direction. */
function met(context: PassContext, item: WorkItem, next: Coupling, page: PageRecord): void {
	const { recorder, mapping, target } = context;
	recorder.change({ action: 'couple', written: target.side, fields: [] }, page.pair(item));
	const other = opposite(context.direction);
	if (next.initial !== null && mapping.direction === 'bidirectional') {
		page.requeue(requeue(context, other, idOn(next, sourceSide(other)), 'partnerMet'));
	}
}

/** An insert from CRM that a crash interrupted, and that is seen from Business Central first: its row was to get the identity of the company. */
const lacksCompany = ({ direction, mapping, companyRowId }: PassContext, { coupling, partner }: WorkItem): boolean =>
	direction === 'toCrm' &&
	mapping.companyStamp &&
	companyRowId !== null &&
	coupling!.lastSyncedAt === null &&
	coupling!.baseline !== null &&
	typeof partner !== 'string' &&
	isNobodys(partner);

function isEcho(context: PassContext, item: WorkItem): boolean {
	const version = versionOn(item.coupling!, context.source.side);
	return version === item.source.version && !context.countUnchanged && !context.selected;
}

export function settled(
	context: PassContext,
	item: WorkItem,
	decision: Pick<Completed, 'agreed' | 'untouched' | 'forgotten' | 'compared'>,
): Coupling {
	return advanceBaseline(item.coupling!, {
		direction: context.direction,
		fields: context.fields,
		source: item.source,
		partner: typeof item.partner === 'string' ? null : item.partner,
		writes: [],
		agreed: decision.agreed,
		untouched: decision.untouched,
		forgotten: decision.forgotten ?? [],
		compared: decision.compared ?? false,
		fieldSet: fieldSetSeen(context),
		now: context.recorder.now(),
	});
}
