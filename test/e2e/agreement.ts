import type { Person, Row } from './person';

/** A customer and its account. */
export interface Pair {
	customer: string;
	account: string;
}

/** Fields people see in both systems; written down here so that the product's own mapping is not what judges it. */
const fields: ReadonlyArray<[businessCentral: string, crm: string]> = [
	['displayName', 'name'],
	['phoneNumber', 'telephone1'],
	['email', 'emailaddress1'],
	['addressLine1', 'address1_line1'],
	['postalCode', 'address1_postalcode'],
	['city', 'address1_city'],
];

const textOf = (row: Row, field: string): string => (typeof row[field] === 'string' ? row[field] : '');

/** Where customers and their accounts differ, in words; empty when both systems agree. */
export async function disagreements(person: Person, pairs: readonly Pair[]): Promise<string[]> {
	const customers = new Map((await person.businessCentral('customers')).map((row) => [textOf(row, 'id'), row]));
	const accounts = new Map((await person.crm('accounts')).map((row) => [textOf(row, 'accountid'), row]));
	return pairs.flatMap((pair) => {
		const customer = customers.get(pair.customer);
		const account = accounts.get(pair.account);
		if (customer === undefined || account === undefined) return [`${pair.customer} – ${pair.account}: one of them is gone`];
		return differingFields(customer, account);
	});
}

/** Where a customer and its account differ, in words. */
export const differingFields = (customer: Row, account: Row): string[] =>
	fields
		.filter(([businessCentral, crm]) => textOf(customer, businessCentral) !== textOf(account, crm))
		.map(
			([businessCentral, crm]) =>
				`${textOf(customer, 'number')}: "${textOf(customer, businessCentral)}" – "${textOf(account, crm)}" (${crm})`,
		);

/** @throws with the differences */
export async function mustAgree(person: Person, pairs: readonly Pair[]): Promise<void> {
	const found = await disagreements(person, pairs);
	if (found.length > 0) throw new Error(found.slice(0, 10).join('\n'));
}
