import { chunksOf } from '../../model/chunks';
import type { DerivedRow } from '../../model/derivedRow';
import { type Figures, readContent, seen } from './figures';
import type { ReadingMark } from '../kernel/readingMark';
import { skippedCouples } from '../kernel/skippedCouples';
import type { StatisticsContext, StatisticsWork } from './statisticsWork';
import { BC_CREDIT_MEMOS, BC_CUSTOMERS, BC_INVOICES, CUSTOMER_MAPPING, STATISTICS } from './tables';

/** Customers whose couples and rows are looked up at a time. */
const LOOKED_UP = 1_000;
/** Drafts stand in the same entity sets. */
const POSTED = "(status eq 'Open' or status eq 'Paid' or status eq 'Canceled' or status eq 'Corrective')";

/**
 * Those customers of a page whose figures may have changed: never delivered, seen with other figures, with something posted since, with a balance or
 * something overdue and not looked at today, or failed before. All others are not read any further.
 */
export async function* candidates(
	context: StatisticsContext,
	page: readonly Figures[],
	active: ReadonlySet<string>,
): AsyncGenerator<StatisticsWork[]> {
	for (const chunk of chunksOf(page, LOOKED_UP)) {
		const works = await coupledOf(context, chunk);
		yield works.filter((work) => isDue(context, work, active));
	}
}

/** Coupled customers, with what CRM got last of each; without those that runs of their mapping leave alone, unless somebody has named them. */
export async function coupledOf(
	{ session, job }: StatisticsContext,
	page: readonly Figures[],
	which: 'notSkipped' | 'skippedToo' = 'notSkipped',
): Promise<StatisticsWork[]> {
	const { store } = session;
	const ids = page.map(({ id }) => id);
	const couplings = await store.couplingsOf(CUSTOMER_MAPPING, 'businessCentral', ids);
	const skipped = which === 'skippedToo' ? new Set<string>() : await skippedCouples(session, CUSTOMER_MAPPING, [...couplings.values()]);
	const rows = new Map((await store.derivedRowsOf(STATISTICS, 'source', ids)).map((row) => [row.sourceId, row]));
	return page.flatMap((figures): StatisticsWork[] => {
		const coupling = couplings.get(figures.id);
		if (!coupling) job.recorder.notCoupled.add(figures.id);
		return coupling && !skipped.has(figures.id) ? [{ figures, coupling, delivered: rows.get(figures.id) ?? null }] : [];
	});
}

function isDue({ report, today, year }: StatisticsContext, work: StatisticsWork, active: ReadonlySet<string>): boolean {
	const { figures, coupling, delivered } = work;
	const failure = report.failureOf(figures.id);
	// Its partner was missing: another one is another case.
	if (failure?.skipped) return failure.sourceVersion !== coupling.crmId;
	if (failure || delivered === null || delivered.ownerId !== coupling.crmId || active.has(figures.id)) return true;
	const { fingerprint, overdue } = readContent(delivered.content);
	return fingerprint !== seen(figures, year?.from ?? null) || (isOld(delivered, today) && (figures.balance !== 0 || overdue !== 0));
}

const isOld = ({ at }: DerivedRow, today: string): boolean => at.slice(0, 10) < today;

/**
 * Ids of the customers that something was posted for since the mark, which pay it: an invoice that was paid at once leaves the balance where it was. And,
 * where no page shows name and credit limit, those whose card was changed. Two or three requests.
 */
export async function activeCustomers({ session, source, job }: StatisticsContext, mark: ReadingMark): Promise<Set<string>> {
	const found = new Set<string>();
	if (!mark.isKnown) return found;
	const documents = { fields: ['status', 'billToCustomerId'], filter: POSTED, since: mark.since, pageSize: 5_000 };
	for (const table of [BC_INVOICES, BC_CREDIT_MEMOS])
		for await (const rows of session.businessCentral.readChanges({ table, ...documents })) {
			await job.checkpoint();
			for (const { values } of rows) found.add(String(values['billToCustomerId'] ?? '').toLowerCase());
		}
	const cards = { table: BC_CUSTOMERS, fields: ['creditLimit'], filter: null, since: mark.since, pageSize: 5_000 };
	if (!source.page) for await (const rows of session.businessCentral.readChanges(cards)) for (const { id } of rows) found.add(id);
	return found;
}
