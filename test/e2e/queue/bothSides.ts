import { differingFields } from '../agreement';
import type { Row } from '../person';
import { customersOf, type Edit, type Edits, type Office } from './edits';

/** Everything people see of one company in both systems. */
interface Seen {
	office: Office;
	customers: Row[];
	accounts: Row[];
	salespeople: Row[];
	users: Row[];
	currencies: Row[];
	crmCurrencies: Row[];
}

async function look(office: Office): Promise<Seen> {
	const { anna, ben, companyRow } = office;
	return {
		office,
		customers: await anna.businessCentral('customers'),
		accounts: await ben.crm('accounts', customersOf(companyRow)),
		salespeople: await anna.businessCentral('salespeoplePurchasers'),
		users: await ben.crm('systemusers'),
		currencies: await anna.businessCentral('currencies'),
		crmCurrencies: await ben.crm('transactioncurrencies'),
	};
}

export interface Comparison {
	/** Edits that have not arrived, new records that are missing, fields that differ; in words. */
	differences: string[];
	/** Records that are there more often than once; in words. */
	duplicates: string[];
}

const blocked = (customer: Row): boolean => customer['blocked'] === 'All';
const text = (row: Row | undefined, field: string): string => (typeof row?.[field] === 'string' ? row[field] : '');

/** Both systems of all companies side by side, past the product. */
export async function compare(offices: readonly Office[], edits: Edits): Promise<Comparison> {
	const result: Comparison = { differences: [], duplicates: [] };
	for (const office of offices) {
		const seen = await look(office);
		comparePairs(seen, result);
		for (const edit of edits.last.values()) if (edit.company === office.company) compareEdit(seen, edit, result);
		for (const { company, name } of edits.created) {
			if (company !== office.company) continue;
			if (!seen.customers.some((row) => row['displayName'] === name)) result.differences.push(`${company}: no customer "${name}"`);
			if (!seen.accounts.some((row) => row['name'] === name)) result.differences.push(`${company}: no account "${name}"`);
		}
		result.duplicates.push(
			...repeated(seen.customers, 'displayName').map((name) => `${office.company}: several customers "${name}"`),
			...repeated(seen.accounts, 'name').map((name) => `${office.company}: several accounts "${name}"`),
			...repeated(seen.salespeople, 'email').map((email) => `${office.company}: several salespeople "${email}"`),
			...repeated(seen.crmCurrencies, 'isocurrencycode').map((code) => `several currencies "${code}" in CRM`),
		);
	}
	return result;
}

/** Each customer that is not blocked has an account with equal fields, and the other way round. */
function comparePairs({ office: { company }, customers, accounts }: Seen, { differences }: Comparison): void {
	const byName = new Map(accounts.map((row) => [text(row, 'name'), row]));
	for (const customer of customers) {
		const account = byName.get(text(customer, 'displayName'));
		if (account !== undefined) {
			differences.push(...differingFields(customer, account).map((difference) => `${company}: ${difference}`));
			byName.delete(text(customer, 'displayName'));
		} else if (!blocked(customer)) differences.push(`${company}: customer "${text(customer, 'displayName')}" has no account`);
	}
	for (const name of byName.keys()) differences.push(`${company}: account "${name}" has no customer`);
}

function compareEdit(seen: Seen, { company, kind, record, fields: [field, crmField], value }: Edit, { differences }: Comparison): void {
	const [row, crmRow] = {
		customer: () => [seen.customers.find((one) => one['displayName'] === record), seen.accounts.find((one) => one['name'] === record)],
		salesperson: () => [
			seen.salespeople.find((one) => one['email'] === record),
			seen.users.find((one) => one['internalemailaddress'] === record),
		],
		currency: () => [
			seen.currencies.find((one) => one['code'] === record),
			seen.crmCurrencies.find((one) => one['isocurrencycode'] === record),
		],
	}[kind]();
	const found = [text(row, field), text(crmRow, crmField)];
	if (found.some((one) => one !== value)) {
		differences.push(`${company}: ${kind} ${record}, ${field}: entered "${value}", found "${found[0]}" and "${found[1]}" in CRM`);
	}
}

function repeated(rows: readonly Row[], field: string): string[] {
	const counts = new Map<string, number>();
	for (const row of rows) counts.set(text(row, field), (counts.get(text(row, field)) ?? 0) + 1);
	return [...counts].filter(([value, count]) => value !== '' && count > 1).map(([value]) => value);
}
