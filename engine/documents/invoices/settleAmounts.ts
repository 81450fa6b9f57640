import { amountsKey } from '../../model/documentAmounts';
import type { CoupledDocument } from '../../model/document';
import { Decimal } from '../../model/decimal';
import type { GroupOperation, RecordOperation } from '../../ports/write';
import { compared, inWords, isCalculated, roundingOf, type Rounding } from './amounts';
import { roundingId } from './ids';
import { amountsDiffer, refused } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { CRM_INVOICES, CRM_LINES, INVOICE_OF_LINE } from './tables';
import { lookAt } from './writeLines';

/** A number that stands behind every line of Business Central. */
const LAST_LINE = 1_000_000_000;

/**
 * Brings the totals of both sides together once all lines are there: totals that CRM does not calculate are written, what rounding leaves over goes into
 * one line, and then both are compared. Answers the invoices that may be finished; one whose amounts differ is told, or held until a person decides.
 */
export async function settleAmounts(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const { session, run } = context;
	const seen = await written(
		context,
		works.map((work) => ({ work, operations: isCalculated(work) ? [] : totalsOf(work) })),
	);
	const rounded = await written(
		context,
		seen.map((work) => ({
			work,
			operations: roundingLine(session.companyId, work, roundingOf(session.companyId, work, run.settings.amountTolerance)),
		})),
	);
	return await judged(context, rounded);
}

/** Writes in one change set an invoice, and answers what CRM has now; what needs nothing costs nothing. */
async function written(
	context: InvoiceContext,
	works: ReadonlyArray<{ work: InvoiceWork; operations: GroupOperation['operations'] }>,
): Promise<InvoiceWork[]> {
	const open = works.filter(({ operations }) => operations.length > 0);
	if (open.length === 0) return works.map(({ work }) => work);
	const outcomes = await context.session.crm.write(
		CRM_INVOICES,
		open.map(({ operations }) => ({ kind: 'group' as const, operations })),
	);
	const failed = new Set<InvoiceWork>();
	outcomes.forEach((outcome, index) => {
		const { work } = open[index]!;
		if (outcome.status !== 'failed') return;
		failed.add(work);
		context.report.fail(work, refused(work.invoice, outcome.error));
	});
	const changed = open.flatMap(({ work }) => (failed.has(work) ? [] : [work]));
	const now = new Map((await lookAt(context, changed)).map((work) => [work.crmId, work]));
	return works.flatMap(({ work, operations }) => {
		if (operations.length === 0) return [work];
		const found = failed.has(work) ? undefined : now.get(work.crmId);
		return found ? [found] : [];
	});
}

const update = (id: string, values: Record<string, number>): RecordOperation => ({ kind: 'update', id, version: '*', number: '', values });

/** Amounts of lines and header as Business Central says, for an organization that calculates none. */
function totalsOf({ crmId, crmLines = [], plan }: InvoiceWork): GroupOperation['operations'] {
	let discounts = Decimal.ZERO;
	const lines = crmLines.map(({ id, values }) => {
		const base = Decimal.orZero(values['priceperunit']).times(Decimal.orZero(values['quantity'])).rounded(plan!.currency.places);
		const discount = Decimal.orZero(values['manualdiscountamount']);
		discounts = discounts.plus(discount);
		const extended = base.minus(discount).plus(Decimal.orZero(values['tax']));
		return { table: CRM_LINES, operation: update(id, { baseamount: base.toNumber(), extendedamount: extended.toNumber() }) };
	});
	const { discount, net, tax, total } = plan!.amounts;
	const header = {
		totallineitemamount: Decimal.orZero(net).plus(Decimal.orZero(discount)).toNumber(),
		totallineitemdiscountamount: discounts.toNumber(),
		totaldiscountamount: discount,
		totalamountlessfreight: net,
		totaltax: tax,
		totalamount: total,
	};
	return [...lines, { table: CRM_INVOICES, operation: update(crmId, header) }];
}

/** One line that takes what is left over: created, changed, or removed where nothing is. */
function roundingLine(
	companyId: string,
	{ row, crmId, crmLines = [] }: InvoiceWork,
	rounding: Rounding | null,
): GroupOperation['operations'] {
	if (rounding === null) return [];
	const id = roundingId(companyId, row.id);
	const there = crmLines.find((line) => line.id === id);
	const [price, tax] = [rounding.price.toNumber(), rounding.tax.toNumber()];
	const one = (operation: RecordOperation): GroupOperation['operations'] => [{ table: CRM_LINES, operation }];
	if (price === 0 && tax === 0) return there ? one({ kind: 'delete', id, version: there.version }) : [];
	if (there) {
		if (there.values['priceperunit'] === price && (there.values['tax'] ?? 0) === tax) return [];
		return one(update(id, { priceperunit: price, tax }));
	}
	const values = {
		isproductoverridden: true,
		productdescription: 'Rounding',
		ispriceoverridden: true,
		quantity: 1,
		priceperunit: price,
		tax,
		lineitemnumber: LAST_LINE,
		[INVOICE_OF_LINE]: { table: 'invoice', id: crmId },
	};
	return one({ kind: 'insert', id, values });
}

async function judged(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const { run, report, job, accepts } = context;
	const documents: CoupledDocument[] = [];
	const ready: InvoiceWork[] = [];
	for (const work of works) {
		const amounts = compared(work, run.settings.amountTolerance);
		const isAccepted = accepts || work.document!.accepted === amountsKey(amounts);
		const isHeld = amounts.status === 'differ' && run.settings.amountPolicy === 'hold' && !isAccepted;
		const document: CoupledDocument = {
			...work.document!,
			stage: isHeld ? 'held' : 'open',
			amounts,
			...(accepts ? { accepted: amountsKey(amounts) } : {}),
			crmNumber: work.crm!.number,
			name: work.crm!.name,
		};
		documents.push(document);
		const next = { ...work, document, amounts };
		const error = amounts.status === 'differ' && !isAccepted ? amountsDiffer(work.invoice, inWords(amounts), amounts.causes) : null;
		if (isHeld) report.fail(next, error!);
		else {
			if (error) report.warn(next, error);
			ready.push(next);
		}
	}
	if (documents.length > 0) await job.commit({ documents, ...report.take() });
	return ready;
}
