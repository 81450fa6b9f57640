import type { BusinessCentralCompany } from '../businessCentral';
import type { Sandbox } from '../index';
import { seedCodes, seedCurrencies } from './codes';
import { seedAccounts, seedCrmBase } from './crm';
import { seedCrmDocuments } from './crmDocuments';
import { seedDocuments } from './documents';
import { seedLedger } from './ledger';
import { seedMaster } from './master';
import { Random } from '../core/random';

export interface DemoOptions {
	/** In the first company; the second gets a fifth of it. Default 40. */
	customers?: number;
	vendors?: number;
	items?: number;
	/** Accounts without a customer. Default 6. */
	accounts?: number;
	/** Sales documents in all states, with what they need. Default false. */
	documents?: boolean;
	/** Another number gives other names. */
	seed?: number;
}

/** Published by the demonstration's administrator: what the default mappings read beside API v2.0. */
const PAGES = [
	'ShippingAgents',
	'NameDetails',
	'ContactCard',
	'ItemUnitGroups',
	'ResourceUnitGroups',
	'ItemUnitsOfMeasure',
	'ResourceUnitsOfMeasure',
	'ResourceCard',
	'CustomerPriceGroups',
	'SalesPrices',
	'SalesPriceList',
	'PriceListLineReview',
];

export const secondCompany = 'CRONUS Deutschland GmbH';

/**
 * Demonstration data in both systems: two companies with code tables, currencies and rates, customers, vendors, contacts, items and resources; in the
 * CRM its users, the base currency, a default team, a company row for each company and accounts that have no customer yet. Always the same for the
 * same options.
 */
export function seedDemo(sandbox: Sandbox, options: DemoOptions = {}): void {
	const { customers = 40, vendors = 10, items = 20, accounts = 6, documents = false, seed = 20260101 } = options;
	const random = new Random(seed);
	const { businessCentral } = sandbox;
	if (!businessCentral.companyList().some(({ name }) => name === secondCompany)) {
		businessCentral.addCompany(secondCompany, { id: random.guid(), lcyCode: 'EUR' });
	}
	const year = new Date(sandbox.clock.now()).getUTCFullYear();
	const taken = new Set<string>();
	const base = seedCrmBase(sandbox, random);
	businessCentral.companyList().forEach((company, index) => {
		describe(company);
		seedCodes(company);
		seedCurrencies(company, year);
		const share = (count: number) => (index === 0 ? count : Math.ceil(count / 5));
		if (index > 0) seedSalespeople(company);
		seedMaster(company, random, { customers: share(customers), vendors: share(vendors), items: share(items) }, taken);
		if (documents) {
			seedLedger(company, year);
			seedDocuments(company, random);
		}
	});
	for (const page of PAGES) businessCentral.publish(page);
	seedAccounts(sandbox, base, random, accounts, taken);
	if (documents) seedCrmDocuments(sandbox.crm, random);
}

/** Only where nothing is synchronised yet: in the first company salespeople come from the CRM's users. */
function seedSalespeople(company: BusinessCentralCompany): void {
	company.seed('salespeoplePurchasers', [
		{ code: 'LM', displayName: 'Linda Meier', email: 'linda@cronus-de.example', phoneNo: '+49 40 1234 111', jobTitle: 'Sales Manager' },
		{ code: 'JO', displayName: 'Jörg Öhlmann', email: 'joerg@cronus-de.example', phoneNo: '+49 40 1234 112', commisionPercent: 5 },
	]);
}

function describe(company: BusinessCentralCompany): void {
	const german = company.settings.lcyCode === 'EUR';
	const information = company.rows('companyInformation')[0]!;
	company.update('companyInformation', String(information['id']), {
		addressLine1: german ? 'Berliner Straße 7' : '5 The Ring',
		city: german ? 'Hamburg' : 'London',
		postalCode: german ? '20095' : 'W2 8HG',
		phoneNumber: german ? '+49 40 6666 6666' : '+44 20 6666 6666',
		email: german ? 'info@cronus-de.example' : 'info@cronus.example',
	});
}
