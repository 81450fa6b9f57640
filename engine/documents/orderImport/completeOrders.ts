import type { SyncError } from '../../model/errors';
import type { CoupledLine } from '../../model/document';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { RecordOperation, WriteOutcome } from '../../ports/write';
import { isSameNumber } from '../kernel/marker';
import { withoutVat } from '../kernel/money/withoutVat';
import type { PlannedLine } from '../kernel/plannedDocument';
import { assemble, toAssemble } from './assemble';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { keptChanging, orderGone, orderReleased } from './orderErrors';
import { type Refused, withdraw } from './withdraw';
import { BC_LINE_FIELDS, BC_LINES, BC_ORDER_FIELDS, BC_ORDERS } from './tables';

/** How often what differs is written and looked at again. */
const ROUNDS = 6;

/**
 * Brings orders of Business Central to what is planned, and writes only what differs: lines that are missing, prices that lose their VAT, the address, and
 * last the invoice discount, which every change of a line spreads anew, with the external document number. The same for orders that were just created
 * and for those an interrupted run left. Answers those that are as planned.
 */
export async function completeOrders(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const complete: OrderWork[] = [];
	let open = works;
	// Each round writes at least one of the prices that lose their VAT, even if every write of a line moves the others.
	const prices = Math.max(0, ...works.map(({ plan }) => plan!.lines.filter(({ grossPrice }) => grossPrice !== undefined).length));
	for (let round = 1; open.length > 0 && round <= ROUNDS + prices; round++) {
		const seen = await look(context, open);
		const written = seen.map((work) => ({ work, operations: lineOperations(context, work) }));
		const due = written.filter((each) => isToBeAssembled(context, each)).map(({ work }) => work);
		const lines = written.filter(({ work }) => !due.includes(work));
		const headers = lines.flatMap(({ work, operations }) =>
			operations.length === 0 ? [{ work, values: headerValues(context, work) }] : [],
		);
		const locked = (work: OrderWork): boolean => work.bc!.values['status'] === 'Open';
		const next: OrderWork[] = await assemble(context, due);
		for (const { work, values } of headers) {
			if (Object.keys(values).length === 0) complete.push(work);
			else if (locked(work) && 'discountAmount' in values) context.report.fail(work, orderReleased(work.order, work.bc!.number));
		}
		for (const { work, operations } of lines)
			if (operations.length > 0 && locked(work)) context.report.fail(work, orderReleased(work.order, work.bc!.number));
		const free = lines.filter(({ work, operations }) => operations.length > 0 && !locked(work));
		next.push(...(await writeLines(context, free)));
		const changed = headers.filter(({ work, values }) => Object.keys(values).length > 0 && !(locked(work) && 'discountAmount' in values));
		next.push(...(await writeHeaders(context, changed)));
		open = next;
	}
	for (const work of open) context.report.fail(work, keptChanging(work.order));
	return complete;
}

/** Headers and lines as they are now. Two batches for a page of orders. */
async function look({ session: { businessCentral }, report }: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const ids = works.map(({ document }) => document!.bcId!);
	const headers = await businessCentral.readByIds(BC_ORDERS, ids, BC_ORDER_FIELDS);
	const asked = works.filter((_, index) => headers.has(ids[index]!));
	for (const [index, work] of works.entries())
		if (!headers.has(ids[index]!)) report.fail(work, orderGone(work.order, work.document!.bcNumber));
	const questions = asked.map(({ document }) => ({ field: 'documentId', values: [document!.bcId!], filter: null }));
	const lines = questions.length > 0 ? await businessCentral.readByQuestions(BC_LINES, questions, BC_LINE_FIELDS) : [];
	return asked.map((work, index) => ({ ...work, bc: headers.get(work.document!.bcId!)!, bcLines: lines[index]! }));
}

const sequenceOf = ({ values }: SystemRecord): number => Number(values['sequence'] ?? 0);

/** Once lines are recorded, or a person has accepted the order, its lines and its money are what Business Central says. */
const isSettled = ({ accepts }: ImportContext, { document }: OrderWork): boolean => accepts || document!.accepted !== null;

function lineOperations(context: ImportContext, work: OrderWork): RecordOperation[] {
	const { document, plan, bcLines = [] } = work;
	if (isSettled(context, work) || document!.lines.length > 0) return [];
	const there = new Map(bcLines.map((line) => [sequenceOf(line), line]));
	return plan!.lines.flatMap((line): RecordOperation[] => {
		const found = there.get(line.sequence);
		if (!found) return [{ kind: 'insert', values: { documentId: document!.bcId!, ...line.properties } }];
		const price = netPrice(line, found);
		const values = { unitPrice: price ?? line.properties['unitPrice'] ?? 0, discountAmount: line.properties['discountAmount'] ?? 0 };
		const asSent = found.values['unitPrice'] === values.unitPrice && found.values['discountAmount'] === values.discountAmount;
		// A validated shipment date may have brought back the item's own price.
		if (price === null ? !line.assembles || asSent : found.values['unitPrice'] === price) return [];
		return [{ kind: 'update', id: found.id, version: found.version, number: '', values }];
	});
}

/** Lines stand as planned, nobody has recorded them yet, and some are assembled to order. */
const isToBeAssembled = (
	context: ImportContext,
	{ work, operations }: { work: OrderWork; operations: readonly RecordOperation[] },
): boolean =>
	operations.length === 0 &&
	!isSettled(context, work) &&
	work.document!.lines.length === 0 &&
	work.bc!.values['status'] !== 'Open' &&
	toAssemble(work).length > 0;

/** What a price that includes VAT comes to without the VAT of the line. */
const netPrice = ({ grossPrice }: PlannedLine, { values }: SystemRecord): number | null =>
	grossPrice === undefined ? null : withoutVat(grossPrice, Number(values['taxPercent'] ?? 0));

/** What of the header differs, in the order in which it is sent; the discount last of what concerns money. */
function headerValues(context: ImportContext, work: OrderWork): Record<FieldName, FieldValue> {
	const { plan, bc } = work;
	if (work.headerSent) return {};
	const { values } = bc!;
	const address = Object.entries(plan!.header).filter(
		([name, value]) => name.startsWith('shipTo') && spelled(values[name]) !== spelled(value),
	);
	return {
		...Object.fromEntries(address),
		...(values['discountAmount'] === plan!.discount || isSettled(context, work) ? {} : { discountAmount: plan!.discount }),
		...(isSameNumber(String(values['externalDocumentNumber'] ?? ''), plan!.externalNumber)
			? {}
			: { externalDocumentNumber: plan!.externalNumber }),
	};
}

/** Codes are kept in capitals. */
const spelled = (value: FieldValue | undefined): string =>
	String(value ?? '')
		.trim()
		.toUpperCase();

async function writeLines(
	context: ImportContext,
	works: ReadonlyArray<{ work: OrderWork; operations: readonly RecordOperation[] }>,
): Promise<OrderWork[]> {
	if (works.length === 0) return [];
	const all = works.flatMap(({ operations }) => operations);
	const outcomes = await context.session.businessCentral.write(BC_LINES, all, BC_LINE_FIELDS);
	const refused: Refused[] = [];
	let start = 0;
	const left = works.flatMap(({ work, operations }) => {
		const own = outcomes.slice(start, (start += operations.length));
		const error = own.flatMap(errorOf)[0];
		if (error) refused.push({ work, error: named(work, error) });
		return error ? [] : [work];
	});
	await withdraw(context, refused);
	return left;
}

async function writeHeaders(
	context: ImportContext,
	works: ReadonlyArray<{ work: OrderWork; values: Record<FieldName, FieldValue> }>,
): Promise<OrderWork[]> {
	if (works.length === 0) return [];
	const outcomes = await context.session.businessCentral.write(
		BC_ORDERS,
		works.map(({ work, values }) => ({ kind: 'update' as const, id: work.bc!.id, version: work.bc!.version, number: '', values })),
		BC_ORDER_FIELDS,
	);
	const refused: Refused[] = [];
	const left = works.flatMap(({ work }, index) => {
		const outcome = outcomes[index]!;
		const [error] = errorOf(outcome);
		if (error) refused.push({ work, error: named(work, error) });
		return error ? [] : [{ ...work, headerSent: outcome.status === 'written' }];
	});
	await withdraw(context, refused);
	return left;
}

/** What was written, is there already, or was written by somebody else meanwhile is looked at again. */
const errorOf = (outcome: WriteOutcome): SyncError[] =>
	outcome.status === 'failed' ? [outcome.error] : outcome.status === 'missing' && outcome.error ? [outcome.error] : [];

const named = ({ order }: OrderWork, error: SyncError): SyncError =>
	error.with({ message: `Order ${order.number}: ${error.message}`, recordId: order.id });

/** Which line of Business Central stands for which of CRM. */
export const coupledLines = ({ document, plan, bcLines = [] }: OrderWork): readonly CoupledLine[] => {
	if (document!.lines.length > 0) return document!.lines;
	const ids = new Map(bcLines.map((line) => [sequenceOf(line), line.id]));
	return plan!.lines.map(({ sequence, kind, crmId }) => ({ sequence, kind, crmId, bcId: ids.get(sequence) ?? null }));
};

/** VAT that prices lost on their way, in document currency: it is no difference. */
export function vatRemoved({ plan, bcLines = [] }: OrderWork): ReadonlyArray<{ quantity: number; gross: number; net: number }> {
	const there = new Map(bcLines.map((line) => [sequenceOf(line), line]));
	return plan!.lines.flatMap((line) => {
		const found = there.get(line.sequence);
		if (line.grossPrice === undefined || !found) return [];
		return [{ quantity: Number(line.properties['quantity'] ?? 0), gross: line.grossPrice, net: Number(found.values['unitPrice'] ?? 0) }];
	});
}
