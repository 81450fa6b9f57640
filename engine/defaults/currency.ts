import { spelledCode } from '../model/upperCase';
import { createHash } from 'node:crypto';
import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import type { RuleContext } from '../mapping/rules';
import { common, type DefaultMapping, field } from './defaultMapping';
import type { FieldName, FieldValue } from '../model/record';

/** Digits of an exchange rate; Dataverse keeps up to 12. */
const RATE_DECIMALS = 10;

/** Currencies of Business Central become transaction currencies of Dataverse, with their rates. */
export const currency: DefaultMapping = {
	mapping: {
		...common,
		name: 'CURRENCY',
		caption: 'Currencies – transaction currencies',
		bc: { name: 'currencies', numberField: 'code', nameField: 'displayName' },
		crm: { name: 'transactioncurrency', numberField: 'isocurrencycode', nameField: 'currencyname' },
		direction: 'toCrm',
		fields: [
			field('Code', 'code', 'isocurrencycode', 'code', 'toCrm', {
				insertOnly: true,
				bcLength: 10,
				crmLength: 5,
				match: { caseSensitive: false, priority: 0 },
			}),
			field('Symbol', '@symbol', 'currencysymbol', 'text', 'toCrm', { crmLength: 10 }),
			field('Description', '@name', 'currencyname', 'text', 'toCrm', { crmLength: 100 }),
			field('Exchange Rate', '@rate', 'exchangerate', 'number', 'toCrm', { decimals: RATE_DECIMALS }),
		],
	},
	rules: {
		// Rates live in a table of their own: a new rate does not move the stamp of its currency.
		everyRun: true,
		matchBeforeCreate: { bcField: 'code', crmField: 'isocurrencycode' },
		extraFields: { bc: ['symbol', 'displayName'] },
		beforePass: createLocalCurrency,
		async derive(context, records) {
			const rates = await exchangeRates(context);
			return new Map(
				records.map((record) => {
					const code = spelledCode(record.number);
					const derived: Record<FieldName, FieldValue> = {
						// Dataverse requires both: the code stands in for a missing symbol or name.
						'@symbol': String(record.values['symbol'] ?? '').trim() || code,
						'@name': record.name.trim() || code,
					};
					const rate = rates(code);
					if (rate !== null) derived['@rate'] = rate;
					return [record.id, derived];
				}),
			);
		},
		async beforeInsert({ session }, inserts) {
			const { precision } = await baseCurrency(session);
			for (const insert of inserts) {
				if (precision !== null) insert.values['currencyprecision'] = precision;
				if (insert.values['exchangerate'] === undefined) insert.refusal = rateMissing(insert.source.number);
			}
		},
	},
};

interface BaseCurrency {
	id: string;
	code: string;
	precision: number | null;
}

async function baseCurrency(session: SyncSession): Promise<BaseCurrency> {
	const [row] = await session.crm.readAll('organization', ['basecurrencyid', 'currencydecimalprecision']);
	const id = String(row?.['basecurrencyid'] ?? '');
	const precision = row?.['currencydecimalprecision'];
	const table = currency.mapping.crm;
	const found = (await session.crm.readByIds(table, [id], ['isocurrencycode'])).get(id);
	return { id, code: spelledCode(found?.number), precision: typeof precision === 'number' ? precision : null };
}

/**
 * Units of a currency for one unit of the CRM base currency, which is what Dataverse expects: the last rate of each currency, carried over
 * Business Central's local currency where that is not the base.
 * Answers null where Business Central has no rate.
 */
async function exchangeRates({ session, references }: RuleContext): Promise<(code: string) => number | null> {
	const local = await references.localCurrencyCode();
	const base = await baseCurrency(session);
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
	const perLocal = (code: string, path: readonly string[] = []): number | null => {
		if (code === local || code === '') return 1;
		const row = last.get(code);
		const amount = Number(row?.['exchangeRateAmount']);
		const relational = Number(row?.['relationalExchangeRateAmount']);
		if (!row || path.includes(code) || !(amount > 0) || !(relational > 0)) return null;
		const via = perLocal(spelledCode(row['relationalCurrencyCode']), [...path, code]);
		return via === null ? null : (amount / relational) * via;
	};
	return (code) => {
		if (code === base.code) return 1;
		const rate = perLocal(code);
		const ofBase = perLocal(base.code);
		return rate === null || ofBase === null ? null : Number((rate / ofBase).toFixed(RATE_DECIMALS)) || null;
	};
}

/** The local currency has no row in Business Central's currency table, yet customers without a currency refer to it: CRM needs it. */
async function createLocalCurrency(context: RuleContext): Promise<void> {
	const { session, references } = context;
	const table = currency.mapping.crm;
	const code = await references.localCurrencyCode();
	const existing = await session.crm.readByValues(table, 'isocurrencycode', [code], []);
	if (code === '' || existing.length > 0) return;
	const rate = (await exchangeRates(context))(code);
	if (rate === null) throw rateMissing((await baseCurrency(session)).code);
	const values = { isocurrencycode: code, currencyname: code, currencysymbol: code, exchangerate: rate };
	const { precision } = await baseCurrency(session);
	const operation = {
		kind: 'insert' as const,
		id: idFor(session, code),
		values: precision === null ? values : { ...values, currencyprecision: precision },
	};
	const [outcome] = await session.crm.write(table, [operation]);
	if (outcome?.status === 'failed') throw outcome.error;
	references.forgetLocalCurrency();
}

/** The same id for the same company and currency, so that repeating a lost insert is harmless. */
function idFor(session: SyncSession, code: string): string {
	const hex = createHash('sha256').update(`${session.companyId} ${code}`).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function rateMissing(code: string): SyncError {
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
