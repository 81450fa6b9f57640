import type { SyncError } from '../../model/errors';
import type { CoupledDocument } from '../../model/document';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { WriteOperation, WriteOutcome } from '../../ports/write';
import { COMPANY_COLUMN } from '../../model/companyColumn';
import { editLocked } from '../kernel/changeSet';
import { contentOf } from '../kernel/fingerprint';
import { STATUS } from '../kernel/orderStatus';
import { toDocument } from '../kernel/salesDocument';
import { keptChanging } from '../orderImport/orderErrors';
import type { OrderOutcome } from '../orderImport/orderWork';
import { ACTIVE_PENDING, INVOICED, ORDER_STATES, SUBMITTED } from '../orderImport/states';
import { CRM_LINES, CRM_ORDERS, HAND_OVER } from '../orderImport/tables';
import type { LifeContext, LifeWork } from './lifeContext';

type Values = Record<FieldName, FieldValue>;

/** What CRM is to be told of an order. */
export interface News {
	work: LifeWork;
	/** Columns of the order; those that say so already are left out. */
	header: Values;
	lines: ReadonlyArray<{ id: string; values: Values }>;
	/** It becomes Invoiced. */
	closes: boolean;
}

/** What of the order's progress CRM does not say yet. Pure. */
export function newsOf(work: LifeWork, header: Values, closes: boolean): News {
	const { row, progress } = work;
	const told: Values = { submitstatus: progress.status, submitstatusdescription: progress.text };
	const differing = Object.entries(told).filter(([column, value]) => (row.values[column] ?? null) !== value);
	return { work, header: { ...header, ...Object.fromEntries(differing) }, lines: lineNews(work), closes };
}

/** What was delivered of each line, and what is still to be. Of an order that is gone nothing more is known than was told before. */
function lineNews({ bc, bcLines, document, lines }: LifeWork): News['lines'] {
	if (bc === null) return [];
	const there = new Map(bcLines.map((line) => [line.id, line]));
	const bySequence = new Map(bcLines.map((line) => [Number(line.values['sequence'] ?? 0), line]));
	return document.lines.flatMap(({ kind, crmId, bcId, sequence }) => {
		const line = kind === 'line' ? (bcId === null ? bySequence.get(sequence) : there.get(bcId)) : undefined;
		const own = lines.find(({ id }) => id === crmId);
		if (!line || !own) return [];
		const shipped = Number(line.values['shippedQuantity'] ?? 0);
		const open = Number(line.values['quantity'] ?? 0) - shipped;
		const values: Values = {
			...((own.shipped ?? 0) === shipped ? {} : { quantityshipped: shipped }),
			// What nobody has begun to deliver is not behind.
			...(shipped === 0 || (own.backordered ?? 0) === open ? {} : { quantitybackordered: open }),
		};
		return Object.keys(values).length === 0 ? [] : [{ id: own.id, values }];
	});
}

const isFulfilled = ({ order }: LifeWork): boolean => order.state === ORDER_STATES.fulfilled;

const isNothing = ({ header, lines, closes }: News): boolean => Object.keys(header).length === 0 && lines.length === 0 && !closes;

/**
 * Tells CRM: each order in one change set, only if nobody has written it since it was read. An order about which there is nothing to tell costs nothing. What
 * was seen of both sides is kept, so that the order is looked at again only when something happens to it.
 */
export async function tell(context: LifeContext, news: readonly News[]): Promise<void> {
	const { session, job, report, preview } = context;
	const quiet = news.filter(isNothing);
	const loud = news.filter((each) => !isNothing(each));
	for (const { work } of quiet) {
		job.recorder.count('unchanged');
		if (context.chosen) report.done(work, 'known', undefined, work.document.amounts, { progress: shown(work) });
		else report.passOver(work);
	}
	if (preview) {
		for (const each of loud) wouldTell(context, each);
		return;
	}
	const documents: CoupledDocument[] = quiet.map(({ work }) => seen(work, work.row.version));
	await announce(context, loud);
	const outcomes = loud.length === 0 ? [] : await session.crm.write(CRM_ORDERS, loud.map(operationOf)); // prettier-ignore
	for (const [index, outcome] of outcomes.entries()) {
		const each = loud[index]!;
		if (outcome.status === 'written') {
			job.recorder.count('modified');
			const after = { ...seen(each.work, versionAfter(outcome)), content: contentAfter(each.work, each.header) };
			// Of one that was Fulfilled only the state went on: the next run tells the rest.
			const document: CoupledDocument = isFulfilled(each.work) ? { ...after, stage: 'handedOver', life: null } : after;
			documents.push(document);
			report.done({ ...each.work, document }, each.closes ? 'closed' : 'updated', undefined, document.amounts, { progress: shown(each.work) }); // prettier-ignore
		} else if (outcome.status === 'failed' && isFulfilled(each.work) && outcome.error.errorClass === 'data') {
			// Whether the service lets it go from there to Invoiced is its own affair: one that it does not let stays what it is.
			job.recorder.count('unchanged');
			documents.push(seen(each.work, each.work.row.version));
			report.warn(each.work, `it is Fulfilled in CRM, and cannot become Invoiced there (${outcome.error.message}).`, {
				code: 'CRM_ORDER_FULFILLED',
				hint: 'Nothing to do; set it to Invoiced in CRM by hand if that matters.',
			});
			report.done(each.work, 'known', undefined, each.work.document.amounts, { progress: shown(each.work) });
		} else report.fail(each.work, named(each.work, 'error' in outcome ? outcome.error : undefined));
	}
	await job.commit({ documents, ...report.take() });
}

/** Before it is sent: what orders will hold, so that a run after a lost answer does not take it for an edit. */
async function announce({ job }: LifeContext, news: readonly News[]): Promise<void> {
	const documents = news.flatMap(({ work, header }): CoupledDocument[] => {
		const { document } = work;
		const telling = contentAfter(work, header);
		if (telling === document.content) return [];
		const { status = STATUS.imported, remaining = 0 } = document.life ?? {};
		return [{ ...document, life: { businessCentral: null, crm: '', status, remaining, telling } }];
	});
	if (documents.length > 0) await job.commit({ documents });
}

const shown = ({ progress: { status, text } }: LifeWork): NonNullable<OrderOutcome['progress']> => ({ status, text });

function wouldTell({ job, report }: LifeContext, { work, header, lines, closes }: News): void {
	job.recorder.count('modified');
	report.done(work, closes ? 'wouldClose' : 'wouldUpdate', undefined, work.document.amounts, {
		progress: shown(work),
		tells: { header: { ...header, ...(closes ? { statecode: INVOICED[0], statuscode: INVOICED[1] } : {}) }, lines },
	});
}

/**
 * A submitted order is taken back to Active and on again; one that is Invoiced stays that. One that is Fulfilled cannot be edited and is not reopened for a text:
 * only its state moves on.
 */
function operationOf({ work, header, lines, closes }: News): WriteOperation {
	const { row, order } = work;
	if (isFulfilled(work)) {
		const [statecode, statuscode] = INVOICED;
		return { kind: 'update', id: row.id, version: row.version, number: '', values: { statecode, statuscode } };
	}
	return editLocked({
		table: CRM_ORDERS,
		id: row.id,
		version: row.version,
		editable: ACTIVE_PENDING,
		ends: closes || order.state === ORDER_STATES.invoiced ? INVOICED : SUBMITTED,
		values: header,
		below: lines.map(({ id, values }) => ({ table: CRM_LINES, id, values })),
	});
}

/** The version after the last part of a change set, or after a single update. */
function versionAfter(outcome: Extract<WriteOutcome, { status: 'written' }>): string {
	const last = outcome.parts?.at(-1);
	return last?.status === 'written' ? last.record.version : outcome.record.version;
}

/** What was written by us is no edit of anybody. */
function contentAfter(work: LifeWork, header: Values): string {
	const { row, order, lines, document } = work;
	// Of one that is Fulfilled no header is written.
	if (isFulfilled(work) || document.content !== contentOf(order, lines)) return document.content;
	const values: SystemRecord['values'] = { ...row.values, ...header };
	const after = toDocument({ ...row, values }, { company: COMPANY_COLUMN, handOver: HAND_OVER });
	return contentOf(after, lines);
}

/** The order as it was seen now. One of which nothing more can become is not looked at any more. */
export function seen({ document, bc, progress, order }: LifeWork, crmVersion: string): CoupledDocument {
	const { status, remaining, isOver } = progress;
	const isClosed = isOver && order.state !== ORDER_STATES.active && order.state !== ORDER_STATES.canceled;
	return {
		...document,
		bcNumber: bc?.number ?? document.bcNumber,
		stage: isClosed ? 'closed' : 'handedOver',
		goneSince: null,
		life: { businessCentral: bc?.version ?? null, crm: crmVersion, status, remaining },
	};
}

function named({ order }: LifeWork, error: SyncError | undefined): SyncError {
	if (!error) return keptChanging(order);
	return error.with({ message: `Order ${order.number}: ${error.message}`, recordId: order.id });
}
