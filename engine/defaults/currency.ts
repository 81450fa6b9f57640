import { spelledCode } from '../model/upperCase';
import { createHash } from 'node:crypto';
import { baseCurrency, RATE_DECIMALS, rateMissing, ratesPerBase } from './exchangeRates';
import type { SyncSession } from '../ports/session';
import type { RuleContext } from '../mapping/rules';
import { common, type DefaultMapping, field } from './defaultMapping';
import type { FieldName, FieldValue } from '../model/record';

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
		access: () => ({
			businessCentral: { currencyExchangeRates: ['Read'], companyInformation: ['Read'] },
			crm: { organization: ['Read'] },
		}),
		// Rates live in a table of their own: a new rate does not move the stamp of its currency.
		everyRun: true,
		matchBeforeCreate: { bcField: 'code', crmField: 'isocurrencycode' },
		extraFields: { bc: ['symbol', 'displayName'] },
		beforePass: createLocalCurrency,
		async derive(context, records) {
			const rates = await ratesPerBase(context, currency.mapping.crm);
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
			const { precision } = await baseCurrency(session, currency.mapping.crm);
			for (const insert of inserts) {
				if (precision !== null) insert.values['currencyprecision'] = precision;
				if (insert.values['exchangerate'] === undefined) insert.refusal = rateMissing(insert.source.number);
			}
		},
	},
};

/** The local currency has no row in Business Central's currency table, yet customers without a currency refer to it: CRM needs it. */
async function createLocalCurrency(context: RuleContext): Promise<void> {
	const { session, references } = context;
	const table = currency.mapping.crm;
	const code = await references.localCurrencyCode();
	const existing = await session.crm.readByValues(table, 'isocurrencycode', [code], []);
	if (code === '' || existing.length > 0) return;
	const rate = (await ratesPerBase(context, currency.mapping.crm))(code);
	if (rate === null) throw rateMissing((await baseCurrency(session, currency.mapping.crm)).code);
	const values = { isocurrencycode: code, currencyname: code, currencysymbol: code, exchangerate: rate };
	const { precision } = await baseCurrency(session, currency.mapping.crm);
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
