import { DataverseError, keyExists } from '../errors';
import { rounded } from '../values';
import { next, numberOf, type Rules, type Write } from './rule';

const withoutDefault = new Set(['systemuser', 'team', 'businessunit', 'transactioncurrency', 'organization']);
/** Money columns whose precision is the organization's pricing precision instead of the currency's. */
const prices = new Set(['priceperunit', 'amount', 'price', 'currentcost', 'standardcost', 'volumediscountamount']);

/** Currency of a row, its exchange rate and the amounts in base currency (schema conventions, transactioncurrencyid); and currencies themselves. */
export const currency: Rules = {
	tables: 'all',
	check(write) {
		if (write.table.logicalName === 'transactioncurrency') checkCurrency(write);
	},
	fill(write) {
		const { table, before, changes, crm } = write;
		if (withoutDefault.has(table.logicalName) || !table.columns.has('transactioncurrencyid')) return;
		if (before === null && (changes.transactioncurrencyid ?? null) === null) {
			changes.transactioncurrencyid = crm.db.row('systemuser', write.session.user)?.transactioncurrencyid ?? crm.environment.baseCurrencyId;
		}
		const changed = before === null || 'transactioncurrencyid' in changes;
		const money = table.money.filter(({ logicalName }) => !logicalName.endsWith('_base') && (changed ? next(write, logicalName) !== null : logicalName in changes)); // prettier-ignore
		if (!changed && money.length === 0) return;
		const row = crm.db.row('transactioncurrency', String(next(write, 'transactioncurrencyid')));
		const rate = numberOf(row?.exchangerate) || 1;
		if (table.columns.has('exchangerate')) changes.exchangerate = rate;
		for (const { logicalName } of money) {
			const value = next(write, logicalName);
			const amount = value === null ? null : rounded(numberOf(value), precision(write, logicalName, row?.currencyprecision));
			changes[logicalName] = amount;
			if (table.columns.has(`${logicalName}_base`)) changes[`${logicalName}_base`] = amount === null ? null : rounded(amount / rate, 4);
		}
	},
	beforeDelete({ table, id, crm }) {
		if (table.logicalName === 'transactioncurrency' && id === crm.environment.baseCurrencyId) {
			throw new DataverseError(400, '0x80048cff', 'The base currency of the organization cannot be deleted.');
		}
	},
};

function precision({ crm }: Write, column: string, ofCurrency: unknown): number {
	if (!prices.has(column)) return typeof ofCurrency === 'number' ? ofCurrency : 2;
	const organization = crm.db.row('organization', crm.environment.organizationId);
	return typeof organization?.pricingdecimalprecision === 'number' ? organization.pricingdecimalprecision : 2;
}

function checkCurrency(write: Write): void {
	const { crm, id } = write;
	for (const column of ['isocurrencycode', 'currencyname', 'currencysymbol', 'exchangerate']) {
		if (next(write, column) === null)
			throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity 'transactioncurrency'.`);
	}
	if (numberOf(next(write, 'exchangerate')) <= 0)
		throw new DataverseError(400, '0x80048d09', 'The exchange rate of a currency must be positive.');
	const code = next(write, 'isocurrencycode');
	for (const other of crm.db.store('transactioncurrency').having('isocurrencycode', code)) {
		if (other !== id) throw keyExists(`A currency with the code '${String(code)}' already exists. Cannot insert duplicate key.`);
	}
}
