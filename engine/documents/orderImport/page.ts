import type { CoupledDocument } from '../../model/document';
import type { SyncError } from '../../model/errors';
import { contentOf, isUnchanged } from '../kernel/fingerprint';
import { claim, giveBack, notForUs } from './claim';
import { compareAmounts } from './compareAmounts';
import { completeOrders } from './completeOrders';
import { createOrders, keyOf } from './createOrders';
import { detailsOf } from './details';
import { handedOver, handOver } from './handOver';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { loadLookups } from './loadLookups';
import { alreadyStamped, notSubmitted, nothingToAccept, orderChanged, orderGone, userHasIt } from './orderErrors';
import type { OrderLookups } from './orderLookups';
import { partnersOf } from './partners';
import { planOrder } from './plan';
import { previewed } from './previewed';
import { readOrders } from './readOrders';
import { settleDoubts } from './settleDoubts';
import { bcStateOf, crmStateOf, type OrderAction, orderAction, STATE_NAMES } from './states';
import { ORDER_MAPPING } from './tables';
import { writeDetails } from './writeDetails';

/** Between the first look at an order that is gone and the second: a posting that is under way has then ended. */
const SECOND_LOOK_MS = 60_000;

/**
 * A page of orders from beginning to end: read, met again, judged by the states of both sides, planned, created, completed, compared, handed over. An order
 * that fails at a step leaves the page there, and touches no other.
 */
export async function importPage(context: ImportContext, ids: readonly string[]): Promise<void> {
	const read = await readOrders(context.session, ids, context.columns);
	const works = await partnersOf(context, [...read.values()]);
	const lookups = await loadLookups(
		context.session,
		context.run,
		works.map(({ order }) => order),
		works.flatMap(({ lines }) => lines),
	);
	const known = await coupled(context, await settleDoubts(context, works, lookups));
	const byAction = new Map<OrderAction, OrderWork[]>();
	for (const work of known) {
		const action = actionOf(context, work);
		byAction.set(action, [...(byAction.get(action) ?? []), work]);
	}
	const those = (...actions: OrderAction[]): OrderWork[] => actions.flatMap((action) => byAction.get(action) ?? []);
	await refuse(context, those('refuse'));
	for (const work of those('userHasIt')) context.report.fail(work, userHasIt(work.order, bcNumberOf(work), stateOf(work) === 'Canceled'));
	for (const work of those('known')) {
		context.job.recorder.count('unchanged');
		context.report.done(work, 'known');
	}
	const fresh = [...those('import'), ...(await secondLook(context, those('again'))), ...confirmed(context, those('confirm'))];
	for (const work of context.accepts ? fresh : []) context.report.fail(work, nothingToAccept(work.order));
	const planned = judged(context, lookups, [...(context.accepts ? [] : fresh), ...those('complete')]);
	if (context.preview) {
		previewed(context, planned);
		return;
	}
	await finish(context, those('finish'));
	const created = await create(
		context,
		planned.filter(({ document }) => document === null),
	);
	const complete = await completeOrders(context, [...created, ...planned.filter(({ document }) => document !== null)]);
	const agreed = await compareAmounts(context, complete);
	await writeDetails(context, agreed);
	await handOver(context, [...agreed, ...those('close')]);
}

const stateOf = ({ order }: OrderWork): string => STATE_NAMES[order.state] ?? String(order.state);
const bcNumberOf = ({ bc, document }: OrderWork): string => bc?.number ?? document?.bcNumber ?? '';

/** A person who accepts an order that was handed over and changed since has entered the changes by hand: it is handed over anew. */
function actionOf({ accepts }: ImportContext, { order, lines, document, bc, invoices }: OrderWork): OrderAction {
	const action = orderAction(crmStateOf(order), bcStateOf(document, { exists: bc !== null, invoices: invoices.length > 0 }));
	const isChanged = crmStateOf(order) === 'stamped' && bc !== null && document !== null && !isUnchanged(document, contentOf(order, lines));
	return accepts && action === 'known' && isChanged ? 'complete' : action;
}

/** What the orders are to be. One that cannot be that fails, as does one that is no longer what was imported. */
function judged(context: ImportContext, lookups: OrderLookups, works: readonly OrderWork[]): OrderWork[] {
	return works.flatMap((work) => {
		const foreign = notForUs(work.order, lookups);
		const error = foreign ?? (context.accepts ? null : changedSince(work));
		const planned = error ? { error } : planOrder(work.order, work.lines, lookups);
		if ('error' in planned) {
			// Nobody asked for the orders of other companies.
			if (foreign?.code === 'OTHER_COMPANY' && !context.chosen) context.report.passOver(work);
			else context.report.fail(work, planned.error);
			return [];
		}
		const warnings = [...work.warnings, ...planned.plan.warnings];
		return [{ ...work, plan: planned.plan, details: detailsOf(work.order, lookups), warnings }];
	});
}

const changedSince = ({ document, order, lines, bc }: OrderWork): SyncError | null =>
	document !== null && !isUnchanged(document, contentOf(order, lines)) ? orderChanged(order, bc?.number ?? document.bcNumber) : null;

/** What was met is made durable before anything is written to it: it is found by its marker, which goes then. */
async function coupled(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const documents = works.flatMap(({ made, document }) => (made === 'met' && document?.bcId ? [document] : []));
	const intentsDone = documents.map(({ crmId }) => keyOf(crmId));
	if (documents.length > 0 && !context.preview) await context.job.commit({ documents, intentsDone, ...context.report.take() });
	return [...works];
}

/**
 * Not submitted. What is looked at only because an earlier run has left it, and turns out to have nothing in Business Central, is nobody's wish any more: it
 * is forgotten, after a second look where there was something.
 */
async function refuse(context: ImportContext, works: readonly OrderWork[]): Promise<void> {
	const left = context.chosen ? [] : works;
	for (const work of works) if (!left.includes(work)) context.report.fail(work, notSubmitted(work.order, stateOf(work)));
	if (left.length === 0 || context.preview) return;
	const now = context.session.clock.now();
	const documents = left.flatMap(({ document }) => document ?? []);
	const isOver = ({ goneSince }: CoupledDocument): boolean => goneSince !== null && now - Date.parse(goneSince) >= SECOND_LOOK_MS;
	await context.job.commit({
		intentsDone: left.map(({ row }) => keyOf(row.id)),
		failuresDone: left.map(({ row }) => keyOf(row.id)),
		documents: documents
			.filter((document) => !isOver(document))
			.map((document) => ({ ...document, goneSince: document.goneSince ?? new Date(now).toISOString() })),
		documentsDone: documents.filter(isOver).map(({ mapping, crmId }) => ({ mapping, crmId })),
	});
}

/** A person says that orders which were handed over before are to be imported nevertheless. */
function confirmed({ importStamped, report, chosen }: ImportContext, works: readonly OrderWork[]): OrderWork[] {
	if (importStamped) return [...works];
	for (const work of works) {
		if (chosen) report.fail(work, alreadyStamped(work.order, work.order.handedOver ?? ''));
		else report.passOver(work);
	}
	return [];
}

/** Gone is only what is gone at a second look. Then the couple ends, and the order is imported anew. */
async function secondLook({ session, job, report, preview }: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const now = session.clock.now();
	const first: CoupledDocument[] = [];
	const again: OrderWork[] = [];
	for (const work of works) {
		const { goneSince } = work.document!;
		if (goneSince !== null && now - Date.parse(goneSince) >= SECOND_LOOK_MS) {
			again.push({ ...work, document: null });
			continue;
		}
		first.push({ ...work.document!, goneSince: goneSince ?? new Date(now).toISOString() });
		report.fail(work, orderGone(work.order, work.document!.bcNumber));
	}
	const documentsDone = again.map(({ row }) => ({ mapping: ORDER_MAPPING, crmId: row.id }));
	if (!preview && works.length > 0) await job.commit({ documents: first, documentsDone, ...report.take() });
	return again;
}

/** Orders that CRM says are handed over, which was not recorded. */
async function finish(context: ImportContext, works: readonly OrderWork[]): Promise<void> {
	await handedOver(context, works);
}

/** Those that could not be created are given back, where this run has claimed them. */
async function create(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const claimed = await claim(context, works);
	const created = await createOrders(context, claimed);
	const there = new Set(created.map(({ row }) => row.id));
	const unsettled = new Set(await openIntents(context));
	await giveBack(
		context,
		claimed.filter(({ claimed: own, row }) => own && !there.has(row.id) && !unsettled.has(row.id)),
	);
	return created;
}

async function openIntents({ session, run }: ImportContext): Promise<string[]> {
	if (!run.severalCompanies) return [];
	return (await session.store.intents(ORDER_MAPPING, 'fromCrm', Number.MAX_SAFE_INTEGER)).map(({ sourceId }) => sourceId);
}
