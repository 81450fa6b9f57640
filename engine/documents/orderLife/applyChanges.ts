import type { CoupledDocument } from '../../model/document';
import type { FieldName, FieldValue } from '../../model/record';
import { contentOf } from '../kernel/fingerprint';
import type { PlannedDocument } from '../kernel/plannedDocument';
import { compareAmounts } from '../orderImport/compareAmounts';
import { completeOrders } from '../orderImport/completeOrders';
import { detailsOf } from '../orderImport/details';
import { handOver } from '../orderImport/handOver';
import type { ImportContext } from '../orderImport/importContext';
import { loadLookups } from '../orderImport/loadLookups';
import { keptChanging } from '../orderImport/orderErrors';
import type { OrderWork } from '../orderImport/orderWork';
import { planOrder } from '../orderImport/plan';
import { BC_ORDER_FIELDS, BC_ORDERS } from '../orderImport/tables';
import type { LifeContext, LifeWork } from './lifeContext';
import { resubmitted } from './lifeErrors';
import { type LineMerge, mergeLines } from './mergeLines';
import { isUntouchedDraft } from './takenBack';

/** Operations of Business Central that are carried out together. */
const MOST = 100;
/** Header properties that a draft takes a changed value of. */
const HEADER: readonly FieldName[] = ['paymentTermsId', 'shipmentMethodId', 'requestedDeliveryDate'];

interface Change {
	work: LifeWork;
	plan: PlannedDocument;
	merge: LineMerge;
	header: Record<FieldName, FieldValue>;
}

/**
 * Orders that were changed and submitted again in CRM after they had been imported. With *Apply Orders Submitted Again* a draft of which nothing was shipped
 * is brought to what they say now: header and lines in one transaction of Business Central, then discount, comparison of amounts and hand-over as in an
 * import. There is never a second order. All others are told.
 */
export async function applyChanges(context: LifeContext, works: readonly LifeWork[]): Promise<void> {
	const { report, settings } = context;
	const able = works.filter((work) => settings.applyResubmitted && isUntouchedDraft(work));
	for (const work of works) {
		const why = !settings.applyResubmitted
			? 'such changes are not carried over'
			: 'that is no draft any more, or something of it was shipped';
		if (!able.includes(work)) report.fail(work, resubmitted(work.order, work.document.bcNumber, why));
	}
	if (able.length === 0) return;
	const run = await context.lookups();
	const lookups = await loadLookups(
		context.session,
		run,
		able.map(({ order }) => order),
		able.flatMap(({ lines }) => lines),
	);
	const changes = able.flatMap((work): Change[] => {
		const planned = planOrder(work.order, work.lines, lookups);
		if ('error' in planned) {
			report.fail(work, planned.error);
			return [];
		}
		const { plan } = planned;
		const merge = mergeLines(work.bc!.id, plan, work.document.lines, work.bcLines);
		const change = { work: { ...work, details: detailsOf(work.order, lookups) }, plan, merge, header: headerChanges(work, plan) };
		const why = cannotBe(change);
		if (why === null) return [change];
		report.fail(work, resubmitted(work.order, work.document.bcNumber, why));
		return [];
	});
	if (context.preview) {
		for (const change of changes) wouldApply(context, change);
		return;
	}
	const applied = await write(context, changes);
	const imports: ImportContext = { ...context, run, intents: new Map(), accepts: false, importStamped: false };
	const complete = await completeOrders(imports, applied);
	await handOver(imports, await compareAmounts(imports, complete));
}

/** Null where it can be carried over. */
function cannotBe({ work, plan, merge, header }: Change): string | null {
	const { values } = work.bc!;
	if (String(values['customerId'] ?? '').toLowerCase() !== String(plan.header['customerId'] ?? '').toLowerCase()) return 'it has another customer'; // prettier-ignore
	const currency = String(plan.header['currencyCode'] ?? '');
	if ('currencyCode' in values && String(values['currencyCode'] ?? '').toUpperCase() !== currency.toUpperCase()) return 'it has another currency'; // prettier-ignore
	if (merge.unpriced) return 'a line was added whose price includes VAT';
	const size = merge.operations.length + (Object.keys(header).length > 0 ? 1 : 0);
	return size > MOST ? `more than ${MOST} lines of it differ` : null;
}

const headerChanges = ({ bc }: LifeWork, { header }: PlannedDocument): Change['header'] =>
	Object.fromEntries(
		HEADER.flatMap((name) => {
			const value = header[name];
			return value === undefined || String(value).toLowerCase() === String(bc!.values[name] ?? '').toLowerCase() ? [] : [[name, value]];
		}),
	);

/**
 * All of an order's changes are carried out, or none. The numbers that new lines are to have are made durable before, with the lines that are to go: after a lost
 * answer the same numbers are found, or sent again.
 */
async function write(context: LifeContext, changes: readonly Change[]): Promise<OrderWork[]> {
	const { session, job, report } = context;
	const open = changes.filter(({ merge, header }) => merge.operations.length > 0 || Object.keys(header).length > 0);
	const intended = open.map(({ work: { document }, merge }): CoupledDocument => ({
		...document,
		lines: [...merge.lines, ...merge.leaving],
	}));
	if (intended.length > 0) await job.commit({ documents: intended, ...report.take() });
	const outcomes =
		open.length === 0
			? []
			: await session.businessCentral.write(
					BC_ORDERS,
					open.map(({ work, merge, header }) => ({
						kind: 'group' as const,
						operations: [...headerOperation(work, header), ...merge.operations],
					})),
					BC_ORDER_FIELDS,
				);
	const refused = new Set<Change>();
	for (const [index, outcome] of outcomes.entries()) {
		const change = open[index]!;
		if (outcome.status === 'written') continue;
		refused.add(change);
		const { order } = change.work;
		const error = 'error' in outcome ? outcome.error : undefined;
		report.fail(change.work, error ? error.with({ message: `Order ${order.number}: ${error.message}`, recordId: order.id }) : keptChanging(order)); // prettier-ignore
	}
	return changes.flatMap((change) => {
		const { work, merge } = change;
		if (refused.has(change)) return [];
		// The lines are Business Central's from now on, under the numbers they have there; the discount follows.
		const document: CoupledDocument = { ...work.document, lines: merge.lines, content: contentOf(work.order, work.lines), accepted: null };
		return [{ ...work, document, plan: merge.plan, made: undefined } as OrderWork];
	});
}

function headerOperation({ bc }: LifeWork, values: Change['header']) {
	if (Object.keys(values).length === 0) return [];
	return [{ table: BC_ORDERS, operation: { kind: 'update' as const, id: bc!.id, version: bc!.version, number: '', values } }];
}

function wouldApply({ job, report }: LifeContext, { work, plan, merge, header }: Change): void {
	job.recorder.count('modified');
	report.done(
		work,
		'wouldApply',
		{
			header: { ...plan.header, ...header },
			lines: merge.plan.lines.map(({ properties }) => properties),
			discountAmount: plan.discount,
			externalDocumentNumber: plan.externalNumber,
		},
		work.document.amounts,
	);
}
