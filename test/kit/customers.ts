import type { World } from './world';

/** Customers that differ from each other in every field that travels. */
export function seedCustomers(world: World, count: number): void {
	const rows = Array.from({ length: count }, (_, index) => ({
		number: `C${String(index + 1).padStart(6, '0')}`,
		displayName: `Customer ${index + 1} & Söhne`,
		type: 'Company',
		addressLine1: `Main Street ${index + 1}`,
		addressLine2: index % 3 === 0 ? 'Back yard' : '',
		city: ['London', 'Zürich', 'Kraków'][index % 3],
		state: '',
		country: 'GB',
		postalCode: `N${index % 90} 1AA`,
		phoneNumber: `+44 20 ${index + 1}`,
		email: `office${index + 1}@example.com`,
		website: '',
		creditLimit: (index % 7) * 1000,
		currencyCode: '',
		blocked: '_x0020_',
	}));
	world.sandbox.businessCentral.company(world.base.companyName).seed('customers', rows);
}

type Row = Record<string, unknown>;

/** Fields that must be equal, written down by hand and compared without the engine's own code. */
const PAIRS: ReadonlyArray<[bc: string, crm: string]> = [
	['displayName', 'name'],
	['addressLine1', 'address1_line1'],
	['addressLine2', 'address1_line2'],
	['postalCode', 'address1_postalcode'],
	['city', 'address1_city'],
	['country', 'address1_country'],
	['state', 'address1_stateorprovince'],
	['email', 'emailaddress1'],
	['website', 'websiteurl'],
	['phoneNumber', 'telephone1'],
	['creditLimit', 'creditlimit'],
];
const PAGE_PAIRS: ReadonlyArray<[bc: string, crm: string]> = [
	['contact', 'address1_primarycontactname'],
	['faxNumber', 'fax'],
];

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** Differences between coupled customers and accounts, in words; empty when both sides agree. */
export async function disagreements(world: World): Promise<string[]> {
	const session = await world.open();
	try {
		const found: string[] = [];
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		const customers = new Map(company.rows('customers').map((row: Row) => [text(row['id']).toLowerCase(), row]));
		const pages = new Map(company.rows('workflowCustomers').map((row: Row) => [text(row['number']), row]));
		const accounts = new Map(world.sandbox.crm.rows('account').map((row: Row) => [text(row['accountid']).toLowerCase(), row]));
		let next: string | undefined;
		do {
			const page = await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 5000, ...(next ? { next } : {}) });
			next = page.next;
			for (const coupling of page.rows) {
				const customer = customers.get(coupling.bcId);
				const account = accounts.get(coupling.crmId);
				if (!customer || !account) {
					found.push(`${coupling.bcNumber}: ${customer ? 'account' : 'customer'} is missing`);
					continue;
				}
				const compare = (row: Row | undefined, pairs: typeof PAIRS): void => {
					for (const [bc, crm] of pairs) {
						const [left, right] = [text(row?.[bc]), text(account[crm])];
						if (left !== right && Number(left) !== Number(right)) found.push(`${coupling.bcNumber}: ${bc} "${left}" ≠ ${crm} "${right}"`);
						else if (left !== right && Number.isNaN(Number(left))) found.push(`${coupling.bcNumber}: ${bc} "${left}" ≠ ${crm} "${right}"`);
					}
				};
				compare(customer, PAIRS);
				compare(pages.get(text(customer['number'])), PAGE_PAIRS);
			}
		} while (next);
		return found;
	} finally {
		await session.store.close();
	}
}

export async function countCouplings(world: World, mapping = 'CUSTOMER'): Promise<number> {
	const session = await world.open();
	try {
		return await session.store.countCouplings(mapping);
	} finally {
		await session.store.close();
	}
}
