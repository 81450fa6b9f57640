import { Decimal } from '../model/decimal';
import { SyncError } from '../model/errors';
import { spelledCode } from '../model/upperCase';
import type { RuleContext } from '../mapping/rules';
import type { SyncSession } from '../ports/session';
import type { TableSource } from '../model/record';

/** Digits of an exchange rate; Dataverse keeps up to 12. */
export const RATE_DECIMALS = 10;
/** Digits that are kept on the way from rate to rate. */
const EXACT = 24;
const ONE = Decimal.of(1)!;

export interface BaseCurrency {
	id: string;
	code: string;
	precision: number | null;
}

/** The base currency of the CRM organization, and how many digits its amounts have. `table`: transaction currencies. */
export async function baseCurrency(session: SyncSession, table: TableSource): Promise<BaseCurrency> {
	const [row] = await session.crm.readAll('organization', ['basecurrencyid', 'currencydecimalprecision']);
	const id = String(row?.['basecurrencyid'] ?? '');
	const precision = row?.['currencydecimalprecision'];
	const found = (await session.crm.readByIds(table, [id], ['isocurrencycode'])).get(id);
	return { id, code: spelledCode(found?.number), precision: typeof precision === 'number' ? precision : null };
}

/**
 * Units of a currency for one unit of Business Central's local currency, by code: the last rate of each currency. Null where there is none. One request
 * for all rates, and one for the local currency.
 */
export async function ratesPerLocal({ session, references }: Pick<RuleContext, 'session' | 'references'>) {
	const local = await references.localCurrencyCode();
	const rows = await session.businessCentral.readAll('currencyExchangeRates', [
		'currencyCode',
		'startingDate',
		'exchangeRateAmount',
		'relationalCurrencyCode',
		'relationalExchangeRateAmount',
	]);
	const last = new Map<string, (typeof rows)[number]>();
	for (const row of rows) {
		const code = spelledCode(row['currencyCode']);
		const known = last.get(code);
		if (!known || String(row['startingDate']) >= String(known['startingDate'])) last.set(code, row);
	}
	const perLocal = (code: string, path: readonly string[] = []): Decimal | null => {
		if (code === local || code === '') return ONE;
		const row = last.get(code);
		const amount = Decimal.of(Number(row?.['exchangeRateAmount']));
		const relational = Decimal.of(Number(row?.['relationalExchangeRateAmount']));
		if (!row || path.includes(code) || !(amount && amount.sign > 0) || !(relational && relational.sign > 0)) return null;
		const via = perLocal(spelledCode(row['relationalCurrencyCode']), [...path, code]);
		return via === null ? null : amount.times(via).dividedBy(relational, EXACT);
	};
	return (code: string): Decimal | null => perLocal(spelledCode(code));
}

/**
 * Units of a currency for one unit of the CRM base currency, which is what Dataverse expects, carried over Business Central's local currency where that
 * is not the base. Answers null where Business Central has no rate.
 */
export async function ratesPerBase(context: RuleContext, table: TableSource): Promise<(code: string) => number | null> {
	const rates = await ratesPerLocal(context);
	const base = await baseCurrency(context.session, table);
	return (code) => {
		if (code === base.code) return 1;
		const [rate, ofBase] = [rates(code), rates(base.code)];
		return rate && ofBase ? rate.dividedBy(ofBase, RATE_DECIMALS)?.toNumber() || null : null;
	};
}

export function rateMissing(code: string): SyncError {
	return new SyncError({
		code: 'EXCHANGE_RATE_MISSING',
		errorClass: 'data',
		system: 'businessCentral',
		table: 'currencyExchangeRates',
		field: 'Exchange Rate',
		message: `Business Central has no usable exchange rate for the currency ${code}.`,
		hint: `Enter an exchange rate for ${code} on the page Currency Exchange Rates in Business Central.`,
	});
}
