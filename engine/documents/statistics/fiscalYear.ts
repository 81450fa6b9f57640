import { chunksOf } from '../../model/chunks';
import type { SyncSession } from '../../ports/session';

/** A fiscal year: its first and its last day, `2026-01-01`. */
export interface FiscalYear {
	from: string;
	to: string;
}

const DAY_MS = 86_400_000;
const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
/** Years that end nowhere are taken for twelve months. */
const yearLater = (day: string): string => `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;

/** The fiscal year that a day lies in, by the accounting periods of the company; null where none begins before it. */
export async function fiscalYearOf({ businessCentral }: SyncSession, today: string): Promise<FiscalYear | null> {
	const periods = await businessCentral.readAll('accountingPeriods', ['startingDate', 'newFiscalYear'], 'newFiscalYear eq true');
	const starts = periods.map((period) => String(period['startingDate'])).sort();
	const from = starts.filter((start) => start <= today).at(-1);
	if (from === undefined) return null;
	return { from, to: dayBefore(starts.find((start) => start > today) ?? yearLater(from)) };
}

/** Customers that a question names: its address stays short. */
const NAMED = 40;

/**
 * What customers bought in the year, by their numbers, without VAT: invoices less credit memos (API query customerSales; a customer without any is in no
 * answer). `totalSalesExcludingTax` of their financial details would be the sales of all years.
 */
export async function salesOf(
	{ businessCentral }: SyncSession,
	year: FiscalYear,
	numbers: readonly string[],
): Promise<Map<string, number>> {
	const filters = [...chunksOf(numbers, NAMED)].map((chunk) => {
		const named = chunk.map((number) => `customerNumber eq '${number.replaceAll("'", "''")}'`).join(' or ');
		return `(${named}) and dateFilter_FilterOnly ge ${year.from} and dateFilter_FilterOnly le ${year.to}`;
	});
	const answers = await businessCentral.readEach!('customerSales', ['customerNumber', 'totalSalesAmount'], filters);
	return new Map(answers.flat().map((row) => [String(row['customerNumber']), Number(row['totalSalesAmount'] ?? 0)]));
}
