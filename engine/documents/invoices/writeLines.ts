import type { GroupOperation, RecordOperation } from '../../ports/write';
import { keptChanging, refused } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { CRM_INVOICES, CRM_LINES, CRM_STATE, CRM_TOTALS, INVOICE_OF_LINE } from './tables';

/** Lines that are created together, all or none. */
const LINES_AT_ONCE = 100;
/** How often what is missing is written and looked at again. */
const ROUNDS = 3;

/** Columns of lines that tell what became of them. */
const LINE_COLUMNS = [
	INVOICE_OF_LINE,
	'lineitemnumber',
	'priceperunit',
	'quantity',
	'tax',
	'baseamount',
	'extendedamount',
	'manualdiscountamount',
];

/** Invoices with their lines as CRM has them now. Two requests for a page. One that is gone meanwhile is left to the next run. */
export async function lookAt({ session: { crm }, report }: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	if (works.length === 0) return [];
	const ids = works.map(({ crmId }) => crmId);
	const rows = await crm.readByIds(CRM_INVOICES, ids, [...CRM_STATE, ...CRM_TOTALS]);
	const lines = await crm.readByValues(CRM_LINES, INVOICE_OF_LINE, [...rows.keys()], LINE_COLUMNS);
	return works.flatMap((work) => {
		const row = rows.get(work.crmId);
		if (!row) {
			report.fail(work, keptChanging(work.invoice));
			return [];
		}
		return [{ ...work, crm: row, crmLines: lines.filter(({ values }) => values[INVOICE_OF_LINE] === work.crmId) }];
	});
}

/**
 * Creates the lines that are missing, under the ids that are made of theirs: a line is never there twice, whatever run wrote it. Answers the invoices whose
 * lines are complete, as CRM has them.
 */
export async function writeLines(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const complete: InvoiceWork[] = [];
	let open = [...works];
	for (let round = 1; open.length > 0 && round <= ROUNDS; round++) {
		const seen = await lookAt(context, open);
		const groups = seen.map((work) => ({ work, groups: missing(work) }));
		complete.push(...groups.flatMap(({ work, groups: left }) => (left.length === 0 ? [work] : [])));
		open = await write(
			context,
			groups.filter(({ groups: left }) => left.length > 0),
		);
	}
	for (const work of open) context.report.fail(work, keptChanging(work.invoice));
	return complete;
}

function missing({ plan, crmId, crmLines = [] }: InvoiceWork): GroupOperation[] {
	const there = new Set(crmLines.map(({ id }) => id));
	const inserts = plan!.lines
		.filter(({ id }) => !there.has(id))
		.map(({ id, values }): RecordOperation => ({
			kind: 'insert',
			id,
			values: { ...values, [INVOICE_OF_LINE]: { table: 'invoice', id: crmId } },
		}));
	const groups: GroupOperation[] = [];
	for (let start = 0; start < inserts.length; start += LINES_AT_ONCE) {
		const operations = inserts.slice(start, start + LINES_AT_ONCE).map((operation) => ({ table: CRM_LINES, operation }));
		groups.push({ kind: 'group', operations });
	}
	return groups;
}

async function write(
	{ session, report }: InvoiceContext,
	works: ReadonlyArray<{ work: InvoiceWork; groups: readonly GroupOperation[] }>,
): Promise<InvoiceWork[]> {
	if (works.length === 0) return [];
	const outcomes = await session.crm.write(
		CRM_LINES,
		works.flatMap(({ groups }) => groups),
	);
	let start = 0;
	return works.flatMap(({ work, groups }) => {
		const own = outcomes.slice(start, (start += groups.length));
		const error = own.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []))[0];
		if (error) report.fail(work, refused(work.invoice, error));
		// What was written, was there already, or whose answer was lost is looked at again.
		return error ? [] : [work];
	});
}
