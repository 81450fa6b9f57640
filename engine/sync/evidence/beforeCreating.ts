import type { SyncError } from '../../model/errors';
import { requireNoTraces, type Trace } from '../../environments/traces';
import { initialByStrategy } from '../decide/initialSide';
import type { PageRecord } from '../record/pageRecord';
import { partnerClaimed } from './partnerErrors';
import { newRows } from './newRows';
import { evidenceInBusinessCentral } from './evidenceInBusinessCentral';
import { evidenceInCrm } from './evidenceInCrm';
import type { Finding } from './evidence';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import type { Coupling } from '../../model/coupling';
import type { WorkItem } from '../contract/workItem';
import type { PendingWrite } from '../contract/plannedWrite';
import { newCoupling, unsettled } from '../recover/couplingFromIntent';
import { isWaiting } from '../recover/inDoubt';

/**
 * What comes before creations: the target is asked for partners that are there already, in one batch for the page. What a page decides then is
 * whether the store or the systems are right: a store that is new, or was lost or set back, does not know of records which the systems tell of.
 * Answers what is still to be created, and the records that have a partner now and are to be decided again; those of which nobody can tell fail.
 */
export async function askBeforeCreating(
	context: PassContext,
	pending: readonly PendingWrite[],
	page: PageRecord,
): Promise<{ open: PendingWrite[]; found: WorkItem[] }> {
	const { mapping, target } = context;
	const asked = pending.filter(({ item, decision }) => decision.action === 'insert' && maybeThere(context, item)).map(({ item }) => item);
	if (asked.length === 0 || mapping.crm.choice) return { open: [...pending], found: [] };
	if (target.side === 'crm') await newRows(context, asked);
	const findings = await (target.side === 'crm' ? evidenceInCrm(context, asked) : evidenceInBusinessCentral(context, asked));
	if (!context.takesOver) await requireNoTraces(context.session, mapping, tracesIn(context, findings));
	const settled = withoutRivals(context, findings);
	const partners = [...settled.values()].flatMap((finding) => ('partner' in finding ? [finding.partner.id] : []));
	const held = await context.session.store.couplingsOf(mapping.name, target.side, partners);
	const found: WorkItem[] = [];
	const gone = new Set<WorkItem>();
	for (const [item, finding] of settled) {
		gone.add(item);
		if ('error' in finding) page.fail(item, finding.error, []);
		else if (isUnsettled(context, finding.partner.id)) page.fail(item, unsettled(context), []);
		else {
			coupleAsFirst(context, item, finding.partner, held.get(finding.partner.id));
			found.push(item);
		}
	}
	return { open: pending.filter(({ item }) => !gone.has(item)), found };
}

/** Partners beyond doubt: by their id, or by company and number. */
const tracesIn = ({ target }: PassContext, findings: ReadonlyMap<WorkItem, Finding>): Trace[] =>
	[...findings].flatMap(([{ source }, finding]) => {
		if (!('partner' in finding) || !finding.certain) return [];
		const { modifiedAt } = target.side === 'crm' ? finding.partner : source;
		return [{ record: [source.number || finding.partner.number, source.name].filter(Boolean).join(' '), modifiedAt }];
	});

/** An insert that went unanswered is settled in its own way: into CRM by its id, and into Business Central before anything else is asked. */
const maybeThere = (context: PassContext, item: WorkItem): boolean =>
	!isWaiting(context, item.source) && (context.target.side === 'businessCentral' || !context.inDoubt.has(item.source.id));

/** A lost insert of the other direction may be bringing about the candidate's partner. */
const isUnsettled = ({ opposite }: PassContext, id: string): boolean => opposite.some(({ sourceId }) => sourceId === id);

/** As in a first synchronization: the fields are compared, and the mapping's strategy says whose values count where they differ. */
function coupleAsFirst(context: PassContext, item: WorkItem, partner: SystemRecord, held: Coupling | undefined): void {
	const [bcId, crmId] = context.direction === 'toCrm' ? [item.source.id, partner.id] : [partner.id, item.source.id];
	if (item.coupling) item.replaces = item.coupling;
	// The record that the partner was coupled with is gone.
	if (held) item.frees = held;
	item.coupling = newCoupling(context, bcId, crmId, initialByStrategy(context.mapping));
	item.partner = partner;
	item.matched = true;
	item.met = true;
}

/** A record that several others lay claim to is nobody's; what is known by its id or number goes before what only looks alike. */
function withoutRivals(context: PassContext, findings: ReadonlyMap<WorkItem, Finding>): Map<WorkItem, Finding | { error: SyncError }> {
	const claims = new Map<string, WorkItem[]>();
	const certain = new Set<string>();
	for (const [item, finding] of findings) {
		if (!('partner' in finding)) continue;
		const { id } = finding.partner;
		claims.set(id, [...(claims.get(id) ?? []), item]);
		if (finding.certain) certain.add(id);
	}
	const settled = new Map<WorkItem, Finding | { error: SyncError }>();
	for (const [item, finding] of findings) {
		if (!('partner' in finding)) {
			settled.set(item, finding);
			continue;
		}
		const { partner } = finding;
		// Somebody else's beyond doubt: this one has none.
		if (certain.has(partner.id) && !finding.certain) continue;
		const rivals = claims.get(partner.id)!.filter((each) => {
			const other = findings.get(each)!;
			return 'partner' in other && other.certain === finding.certain;
		});
		const sources = rivals.map(({ source }) => source);
		settled.set(item, rivals.length === 1 ? finding : { error: partnerClaimed(context.target.side, partner, sources) });
	}
	return settled;
}
