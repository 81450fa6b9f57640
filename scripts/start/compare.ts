import type { Sandbox } from '../../sandbox';

/** Fields of a customer and its account that must be equal, written down by hand: the engine's own mapping is what is being checked. */
const PAIRS: ReadonlyArray<[customer: string, account: string]> = [
	['displayName', 'name'],
	['addressLine1', 'address1_line1'],
	['addressLine2', 'address1_line2'],
	['postalCode', 'address1_postalcode'],
	['city', 'address1_city'],
	['country', 'address1_country'],
	['email', 'emailaddress1'],
	['phoneNumber', 'telephone1'],
	['website', 'websiteurl'],
];

type Row = Record<string, unknown>;
const text = (value: unknown): string => String(value ?? '').trim();

/**
 * Looks at both systems without the engine: each unblocked customer must have exactly one active account of the same name with equal fields, and
 * the other way round.
 */
export function compareSides(sandbox: Sandbox, companyName: string): string[] {
	const customers = (sandbox.businessCentral.company(companyName).rows('customers') as Row[]).filter((row) => row['blocked'] === '_x0020_');
	const accounts = (sandbox.crm.rows('account') as Row[]).filter((row) => row['statecode'] === 0 && row['customertypecode'] === 3);
	const byName = new Map<string, Row[]>();
	for (const account of accounts) byName.set(text(account['name']), [...(byName.get(text(account['name'])) ?? []), account]);
	const found: string[] = [];
	for (const customer of customers) {
		const name = text(customer['displayName']);
		const partners = byName.get(name) ?? [];
		byName.delete(name);
		if (partners.length !== 1) found.push(`${text(customer['number'])} ${name}: ${partners.length} accounts of that name instead of one`);
		else for (const [bc, crm] of PAIRS) differ(found, name, [bc, customer[bc]], [crm, partners[0]![crm]]);
	}
	for (const name of byName.keys()) found.push(`account ${name}: no customer of that name`);
	return found;
}

function differ(found: string[], name: string, bc: [string, unknown], crm: [string, unknown]): void {
	if (text(bc[1]) !== text(crm[1]))
		found.push(`${name}: ${bc[0]} "${text(bc[1])}" in Business Central, ${crm[0]} "${text(crm[1])}" in CRM`);
}
