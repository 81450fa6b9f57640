import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import { editLocked } from '../kernel/changeSet';
import { keptChanging } from '../orderImport/orderErrors';
import { ACTIVE_PENDING, ORDER_STATES } from '../orderImport/states';
import { BC_ORDERS, CRM_ORDERS, HAND_OVER, ORDER_MAPPING } from '../orderImport/tables';
import type { WriteOperation } from '../../ports/write';
import type { LifeContext, LifeWork } from './lifeContext';

/** Between the first look at an order that is gone and the second: a posting that is under way has then ended. */
const SECOND_LOOK_MS = 60_000;

/**
 * Orders that were deleted in Business Central, and nothing of them was posted. Gone is only what is gone at a second look; then the couple ends, and the CRM
 * order is Active / Pending without a date, so that it can be submitted again and is imported anew.
 */
export async function detach(context: LifeContext, works: readonly LifeWork[]): Promise<void> {
	const { session, job, report, preview } = context;
	const now = session.clock.now();
	const sure = works.filter(({ document: { goneSince } }) => goneSince !== null && now - Date.parse(goneSince) >= SECOND_LOOK_MS);
	const first = works.filter((work) => !sure.includes(work));
	if (preview) {
		for (const work of works) report.done(work, 'wouldUncouple');
		return;
	}
	const documents = first.map(({ document }) => ({ ...document, goneSince: document.goneSince ?? new Date(now).toISOString() }));
	const writes = sure.flatMap((work) => {
		const operation = freed(work);
		return operation === null ? [] : [{ work, operation }];
	});
	const outcomes = writes.length === 0 ? [] : await session.crm.write(CRM_ORDERS, writes.map(({ operation }) => operation)); // prettier-ignore
	const failed = new Set(writes.flatMap(({ work }, index) => (outcomes[index]!.status === 'written' ? [] : [work])));
	for (const [index, { work }] of writes.entries()) {
		const outcome = outcomes[index]!;
		if (failed.has(work)) report.fail(work, 'error' in outcome && outcome.error ? outcome.error : keptChanging(work.order));
	}
	const over = sure.filter((work) => !failed.has(work));
	for (const work of over) {
		const { bcNumber } = work.document;
		job.recorder.count('uncoupled');
		const hint =
			work.order.state === ORDER_STATES.submitted || work.order.state === ORDER_STATES.active
				? 'Submit it again in CRM if it is to be delivered; it is imported anew then. Cancel it in CRM otherwise.'
				: 'Nothing to do.';
		report.warn(work, `order ${bcNumber} of Business Central was deleted, and nothing of it was posted.`, { code: 'ORDER_DELETED', hint });
		report.done(work, 'uncoupled');
	}
	await job.commit({ documents, documentsDone: over.map(({ document }) => keyOf(document)), ...report.take() });
}

/** Null where CRM says nothing of a hand-over, or the order is none that anybody can go on with. */
function freed({ row, order }: LifeWork): WriteOperation | null {
	const values = { [HAND_OVER]: null, submitstatus: null, submitstatusdescription: null };
	if (order.state === ORDER_STATES.submitted)
		return editLocked({ table: CRM_ORDERS, id: row.id, version: row.version, editable: ACTIVE_PENDING, ends: ACTIVE_PENDING, values });
	if (order.state !== ORDER_STATES.active || order.handedOver === null) return null;
	return { kind: 'update', id: row.id, version: row.version, number: '', values };
}

const keyOf = ({ mapping, crmId }: CoupledDocument): { mapping: string; crmId: string } => ({ mapping, crmId });

/** CRM orders that were deleted: the couple ends, and Business Central is neither hindered nor changed. Told once. */
export async function end(
	{ session, job, report, preview }: LifeContext,
	deleted: ReadonlyArray<{ document: CoupledDocument; bc: SystemRecord | null }>,
): Promise<void> {
	if (deleted.length === 0) return;
	for (const { document, bc } of deleted) {
		const { crmNumber, bcNumber, bcId, name, crmId } = document;
		const number = bc?.number ?? bcNumber;
		const row: SystemRecord = { id: crmId, modifiedAt: '', version: '', number: crmNumber, name, values: {} };
		const warnings: string[] = [];
		const what = bc === null ? '' : ` Order ${number} of Business Central stays as it is, and has no partner any more.`;
		const message = `Order ${crmNumber} was deleted in CRM.${what}`;
		warnings.push(message);
		job.recorder.count('uncoupled');
		job.recorder.note(message, {
			code: 'CRM_ORDER_DELETED',
			hint: bc === null ? 'Nothing to do.' : `Delete order ${number} in Business Central if it is not to be delivered.`,
			crm: { id: crmId, number: crmNumber, name, url: null },
			businessCentral: bcId && bc ? { id: bcId, number, name: bc.name, url: session.businessCentral.link(BC_ORDERS, bcId, number) } : null,
		});
		report.done({ row, document, bc, invoices: [], warnings }, preview ? 'wouldUncouple' : 'uncoupled');
	}
	if (preview) return;
	const { failures, failuresDone } = report.take();
	const imports = deleted.map(({ document: { crmId } }) => ({ mapping: ORDER_MAPPING, direction: 'fromCrm' as const, sourceId: crmId }));
	await job.commit({
		documentsDone: deleted.map(({ document }) => keyOf(document)),
		failures,
		failuresDone: [...failuresDone, ...imports],
	});
}
