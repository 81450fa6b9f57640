import type { CoupledDocument, PaymentState } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import type { RecordOperation, WriteOperation } from '../../ports/write';
import { deletedInCrm, keptChanging, refused } from './invoiceErrors';
import type { PaymentContext } from './invoiceContext';
import { crmPaymentOf, paymentAction, PAYMENT_STATES } from './states';
import { CRM_INVOICES, CRM_STATE } from './tables';

/** An invoice whose row in CRM is to say how far it is paid. */
export interface PaymentChange {
	/** Of Business Central. */
	row: SystemRecord;
	document: CoupledDocument;
	target: PaymentState;
}

/** How often a row that somebody else is writing is read and written again. */
const TRIES = 3;

/**
 * Writes how far invoices are paid, from whatever state their rows are in, through Active / Billed where that is needed: both in one change set. A row
 * that says so already is not written. Answers those that say so now.
 */
export async function tellPayments(context: PaymentContext, changes: readonly PaymentChange[]): Promise<PaymentChange[]> {
	const { session, report } = context;
	const told: PaymentChange[] = [];
	let open = changes;
	for (let attempt = 1; open.length > 0 && attempt <= TRIES; attempt++) {
		const rows = await session.crm.readByIds(
			CRM_INVOICES,
			open.map(({ document }) => document.crmId),
			CRM_STATE,
		);
		const writes: Array<{ change: PaymentChange; operation: WriteOperation }> = [];
		for (const change of open) {
			const row = rows.get(change.document.crmId);
			if (!row) continue;
			const operation = paymentOperation(row, change.target);
			if (operation === null) told.push(change);
			else writes.push({ change, operation });
		}
		await gone(context, open, rows);
		if (context.preview) return [...told, ...writes.map(({ change }) => change)];
		open = await write(context, writes, told);
	}
	for (const change of open) report.fail(subject(change), keptChanging(change.row));
	return told;
}

const subject = ({ row, document }: PaymentChange) => ({ row, document, crmId: document.crmId, crm: null });

async function write(
	{ session, report, job }: PaymentContext,
	writes: ReadonlyArray<{ change: PaymentChange; operation: WriteOperation }>,
	told: PaymentChange[],
): Promise<PaymentChange[]> {
	if (writes.length === 0) return [];
	const outcomes = await session.crm.write(
		CRM_INVOICES,
		writes.map(({ operation }) => operation),
		CRM_STATE,
	);
	const again: PaymentChange[] = [];
	for (const [index, outcome] of outcomes.entries()) {
		const { change } = writes[index]!;
		if (outcome.status === 'written') {
			told.push(change);
			job.recorder.count('modified');
		} else if (outcome.status === 'failed') report.fail(subject(change), refused(change.row, outcome.error));
		// Written by somebody else meanwhile, gone, or the answer was lost: what the row says now decides.
		else again.push(change);
	}
	return again;
}

/** A row that was deleted in CRM is left alone from now on; that is told once. */
async function gone(
	{ job, preview, report }: PaymentContext,
	changes: readonly PaymentChange[],
	rows: ReadonlyMap<string, SystemRecord>,
): Promise<void> {
	const lost = changes.filter(({ document }) => !rows.has(document.crmId));
	if (lost.length === 0) return;
	const now = job.recorder.now();
	for (const change of lost) report.warn(subject(change), deletedInCrm(change.row));
	if (!preview) await job.commit({ documents: lost.map(({ document }) => ({ ...document, goneSince: now })) });
}

/** Null where the row says so already. */
export function paymentOperation(row: SystemRecord, target: PaymentState): WriteOperation | null {
	const action = paymentAction(crmPaymentOf(row.values), target);
	if (action === 'nothing') return null;
	if (action === 'set') return stateOf(row.id, row.version, target);
	return through(row, target);
}

/** Of a row that was completed just now: Active / Billed, and on to what is paid of it. */
export const through = (row: SystemRecord, target: PaymentState): WriteOperation =>
	target === 'billed'
		? stateOf(row.id, row.version, target)
		: {
				kind: 'group',
				operations: [
					{ table: CRM_INVOICES, operation: stateOf(row.id, row.version, 'billed') },
					// Whatever version it has by now: the first of the two has just been written.
					{ table: CRM_INVOICES, operation: stateOf(row.id, '*', target) },
				],
			};

function stateOf(id: string, version: string, target: PaymentState): RecordOperation {
	const [statecode, statuscode] = PAYMENT_STATES[target];
	return { kind: 'update', id, version, number: '', values: { statecode, statuscode } };
}
