import type { WorkEnd } from '../../jobs/jobPlan';
import { chunksOf } from '../../model/chunks';
import type { SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import { flowJob, type FlowRequest, type FlowResult, outOfTime } from '../kernel/flowJob';
import { ReadingMark } from '../kernel/readingMark';
import { notCoupled } from './availabilityErrors';
import { coupledItems, deliver, type AvailabilityContext, type AvailabilityOutcome } from './deliver';
import { AVAILABILITY, AVAILABILITY_FLOW, BC_ITEMS, BC_LEDGER, ITEM_MAPPING } from './tables';

/** Items that are read and written at a time. */
const AT_ONCE = 200;
/** The largest page of the service. */
const ENTRIES = 20_000;
const ITEM_FIELDS = ['inventory', 'type'];

/**
 * What is on hand of items crosses to their products. Nothing moves the stamp of an item when its inventory changes: so the items are found by their ledger
 * entries, and of their products only the quantity is written, and only where it differs.
 * @throws SyncError (setup) where nothing can be written at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export const updateAvailability = (session: SyncSession, request: FlowRequest = {}): Promise<FlowResult<AvailabilityOutcome>> =>
	flowJob<AvailabilityOutcome>(session, request, {
		flow: AVAILABILITY_FLOW,
		direction: 'toCrm',
		work: (context) => (request.ids ? chosen(context, request.ids) : all(context)),
	});

async function all(context: AvailabilityContext): Promise<WorkEnd | undefined> {
	const { session, job, report, preview } = context;
	const { businessCentral } = session;
	const mark = await ReadingMark.open(session, AVAILABILITY);
	// The first time: what the mapping of items has not brought yet.
	const since = mark.isKnown ? mark.since : (await ReadingMark.open(session, ITEM_MAPPING)).since;
	const numbers = new Set<string>();
	for await (const entries of businessCentral.readChanges({
		table: BC_LEDGER,
		fields: ['itemNumber'],
		filter: null,
		since,
		pageSize: ENTRIES,
	})) {
		mark.begin();
		await job.checkpoint();
		for (const { values } of entries) numbers.add(String(values['itemNumber'] ?? ''));
	}
	mark.begin();
	numbers.delete('');
	const done = new Set<string>();
	const bring = async (items: readonly SystemRecord[]): Promise<void> => {
		await job.checkpoint();
		for (const { id } of items) done.add(id);
		await deliver(context, await coupledItems(context, items, 'notSkipped'));
	};
	for (const chunk of chunksOf([...numbers], AT_ONCE)) {
		await bring(await businessCentral.readByValues(BC_ITEMS, 'number', chunk, ITEM_FIELDS));
		if (context.isSpent()) return outOfTime(context);
	}
	for (const chunk of chunksOf(
		report.failing().filter((id) => !done.has(id)),
		AT_ONCE,
	)) {
		const items = await businessCentral.readByIds(BC_ITEMS, chunk, ITEM_FIELDS);
		for (const id of chunk) if (!items.has(id)) report.settle(id);
		await bring([...items.values()]);
	}
	const watermark = report.unexpected || preview ? undefined : mark.end();
	if (watermark) await job.commit({ ...report.take(), watermark });
	return undefined;
}

/** Chosen items move no watermark. */
async function chosen(context: AvailabilityContext, asked: readonly string[]): Promise<WorkEnd | undefined> {
	const { session, job, report, notFound } = context;
	for (const ids of chunksOf([...new Set(asked.map((id) => id.toLowerCase()))], AT_ONCE)) {
		await job.checkpoint();
		const items = await session.businessCentral.readByIds(BC_ITEMS, ids, ITEM_FIELDS);
		notFound.push(...ids.filter((id) => !items.has(id)));
		const works = await coupledItems(context, [...items.values()], 'skippedToo');
		const coupled = new Set(works.map(({ item }) => item.id));
		for (const item of items.values())
			if (!coupled.has(item.id))
				report.fail({ sourceId: item.id, version: null, businessCentral: item, crm: null }, notCoupled(item), { kept: false });
		await deliver(context, works);
		if (context.isSpent()) return outOfTime(context);
	}
	return undefined;
}
