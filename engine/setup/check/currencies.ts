import type { Finding } from '../../model/finding';
import { spelledCode } from '../../model/upperCase';
import { type Checked, orNull } from './checked';

const COMMON = { area: 'currency', page: 'default-mappings.md#currency' } as const;

/** Currencies that amounts and records refer to: those CRM lacks and nobody makes, and those without an exchange rate. */
export async function checkCurrencies({ session, mappings, all, reachable }: Checked): Promise<Finding[]> {
	const users = mappings.filter(({ fields }) => fields.some(({ enabled, kind }) => enabled && kind === 'currency')).map(({ name }) => name);
	const made = mappings.some(({ name }) => name === 'CURRENCY');
	if ((users.length === 0 && !made) || reachable.size < 2) return [];
	const { businessCentral, crm } = session;
	const [information] = (await orNull(businessCentral.readAll('companyInformation', ['currencyCode']))) ?? [];
	const currencies = await orNull(businessCentral.readAll('currencies', ['code']));
	const known = await orNull(crm.readAll('transactioncurrency', ['isocurrencycode']));
	if (!information || !currencies || !known) return [];
	const local = spelledCode(information['currencyCode'] as string);
	const inCrm = new Set(known.map((row) => spelledCode(row['isocurrencycode'] as string)));
	const codes = currencies.map((row) => spelledCode(row['code'] as string)).filter((code) => code !== '');
	if (made) {
		const rates = await orNull(businessCentral.readAll('currencyExchangeRates', ['currencyCode', 'exchangeRateAmount', 'relationalExchangeRateAmount'])); // prettier-ignore
		if (!rates) return [];
		const rated = new Set(rates.filter((row) => Number(row['exchangeRateAmount']) > 0 && Number(row['relationalExchangeRateAmount']) > 0).map((row) => spelledCode(row['currencyCode'] as string))); // prettier-ignore
		return codes.filter((code) => code !== local && !rated.has(code)).map(withoutRate);
	}
	const disabled = all.some(({ name }) => name === 'CURRENCY') ? 'Enable the mapping CURRENCY, or' : 'Let a mapping of currencies run, or';
	return [
		...(inCrm.has(local) || local === '' ? [] : [missing(local, users, disabled, true)]),
		...codes.filter((code) => code !== local && !inCrm.has(code)).map((code) => missing(code, users, disabled, false)),
	];
}

const withoutRate = (code: string): Finding => ({
	...COMMON,
	severity: 'warning',
	system: 'businessCentral',
	subject: code,
	neededBy: ['CURRENCY'],
	message: `Business Central has no usable exchange rate for the currency ${code}, so CRM does not get it, and records in that currency fail.`,
	remedy: `Enter an exchange rate for ${code} on the page Currency Exchange Rates in Business Central.`,
});

const missing = (code: string, neededBy: string[], enable: string, local: boolean): Finding => ({
	...COMMON,
	severity: local ? 'error' : 'warning',
	system: 'crm',
	subject: code,
	neededBy,
	message: `CRM has no currency ${code}${local ? ', the local currency of the company, which records without a currency refer to' : ', and records in that currency fail'}; no enabled mapping makes it.`,
	remedy: `${enable} enter the currency in CRM (Settings → Business Management → Currencies).`,
});
