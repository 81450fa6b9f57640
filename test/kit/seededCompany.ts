import type { World } from './world';

type Row = Record<string, unknown>;

export interface Sizes {
	salespeople: number;
	currencies: number;
	customers: number;
	vendors: number;
	contacts: number;
	items: number;
	resources: number;
	priceLists: number;
	linesPerList: number;
}

export const SEEDED: Sizes = {
	salespeople: 50,
	currencies: 20,
	customers: 500,
	vendors: 200,
	contacts: 1500,
	items: 300,
	resources: 50,
	priceLists: 4,
	linesPerList: 300,
};

/** The seeded company in the size of so many customers; 500 is `SEEDED` itself. At least two of everything. */
export const seededFor = (customers: number): Sizes => {
	const part = (count: number): number => Math.max(2, Math.round((count * customers) / SEEDED.customers));
	return { ...mapped(SEEDED, part), currencies: Math.max(3, part(SEEDED.currencies)), customers };
};

const mapped = (sizes: Sizes, part: (count: number) => number): Sizes =>
	Object.fromEntries(Object.entries(sizes).map(([name, count]) => [name, part(count as number)])) as unknown as Sizes;

const digits = (index: number, length = 5): string => String(index + 1).padStart(length, '0');
const CITIES = ['London', 'Zürich', 'Kraków', 'Ålesund'];
const guid = (block: number, index: number): string =>
	`${String(block).padStart(8, '0')}-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
const isoCode = (index: number): string => `X${String.fromCharCode(65 + Math.floor(index / 26))}${String.fromCharCode(65 + (index % 26))}`;

/** Users who become salespeople; codes are given by the synchronization. */
export function seedUsers(world: World, { salespeople }: Sizes): void {
	const known = world.base.users.length;
	world.sandbox.crm.seed(
		'systemuser',
		Array.from({ length: Math.max(0, salespeople - known) }, (_, index) => ({
			systemuserid: guid(41, index),
			fullname: `Seller ${index + 1}`,
			internalemailaddress: `seller${index + 1}@cronus.example`,
			isdisabled: false,
			islicensed: true,
			isintegrationuser: false,
		})),
	);
}

/** Code tables of Business Central, with what CRM's choices are called. */
function seedCodes(world: World, { currencies }: Sizes): void {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	company.seed(
		'currencies',
		Array.from({ length: Math.max(0, currencies - 2) }, (_, index) => ({ code: isoCode(index), displayName: `Currency ${index + 1}` })),
	);
	company.seed(
		'currencyExchangeRates',
		Array.from({ length: Math.max(0, currencies - 2) }, (_, index) => ({
			currencyCode: isoCode(index),
			startingDate: '2026-01-01',
			exchangeRateAmount: 100,
			relationalExchangeRateAmount: 50 + index,
		})),
	);
	for (const [code, displayName] of [
		['PCS', 'Piece'],
		['BOX', 'Box'],
		['HOUR', 'Hour'],
		['DAY', 'Day'],
	])
		company.insert('unitsOfMeasure', { code, displayName });
}

const currencyOf = (index: number, sizes: Sizes): string =>
	index % 3 === 0 ? '' : index % 3 === 1 ? 'EUR' : isoCode(index % (sizes.currencies - 2));

/** Everything of one company in Business Central. Salespeople are left to the users. */
export function seedBusinessCentral(world: World, sizes: Sizes = SEEDED): void {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	seedUsers(world, sizes);
	seedCodes(world, sizes);
	const party = (index: number, kind: string): Row => ({
		displayName: `${kind} ${index + 1} & Söhne`,
		addressLine1: `Main Street ${index + 1}`,
		city: CITIES[index % CITIES.length],
		postalCode: `N${index % 90} 1AA`,
		country: 'GB',
		phoneNumber: `+44 20 ${index + 1}`,
		email: `office@${kind.toLowerCase()}${index + 1}.example`,
		currencyCode: currencyOf(index, sizes),
		'Payment Terms Code': index % 2 === 0 ? 'NET 30' : '',
		blocked: '_x0020_',
	});
	company.seed('customers', Array.from({ length: sizes.customers }, (_, index) => ({ ...party(index, 'Customer'), number: `C${digits(index)}`, type: 'Company', creditLimit: (index % 7) * 1000 }))); // prettier-ignore
	company.seed(
		'vendors',
		Array.from({ length: sizes.vendors }, (_, index) => ({ ...party(index, 'Vendor'), number: `V${digits(index)}` })),
	);
	seedContacts(world, sizes);
	for (let index = 0; index < sizes.items; index++) {
		const { id } = company.insert('items', {
			number: `I${digits(index)}`,
			displayName: `Item ${index + 1} ½`,
			type: 'Inventory',
			baseUnitOfMeasureCode: 'PCS',
			unitPrice: 10 + index / 4,
			unitCost: 5 + index / 4,
		});
		company.update('workflowItems', String(id), {
			vendorNumber: `V${digits(index % sizes.vendors)}`,
			grossWeight: index % 5,
			unitVolume: 0.25,
		});
		if (index % 2 === 0) company.insert('ItemUnitsOfMeasure', { Item_No: `I${digits(index)}`, Code: 'BOX', Qty_per_Unit_of_Measure: 12 });
	}
	for (let index = 0; index < sizes.resources; index++) {
		company.insert('ResourceCard', {
			No: `R${digits(index)}`,
			Name: `Resource ${index + 1}`,
			Type: 'Person',
			Base_Unit_of_Measure: 'HOUR',
			Unit_Price: 40 + index,
			Unit_Cost: 20 + index,
		});
	}
	seedPriceLists(world, sizes);
}

/** Companies behind customers and vendors, and the persons in them. */
function seedContacts(world: World, { customers, vendors, contacts }: Sizes): void {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const owners = [
		...Array.from({ length: customers }, (_, index) => ({ kind: 'Customer', code: 'CUST', number: `C${digits(index)}`, name: `Customer ${index + 1} & Söhne` })),
		...Array.from({ length: vendors }, (_, index) => ({ kind: 'Vendor', code: 'VEND', number: `V${digits(index)}`, name: `Vendor ${index + 1} & Söhne` })),
	]; // prettier-ignore
	const main = (index: number): string => `CT${digits(index)}`;
	company.seed(
		'contacts',
		owners.map(({ kind, name }, index) => ({
			number: main(index),
			type: 'Company',
			displayName: name,
			companyNumber: main(index),
			companyName: name,
			contactBusinessRelation: kind,
		})),
	);
	owners.forEach(({ kind, code, number }, index) =>
		company.link({ 'Contact No.': main(index), 'Business Relation Code': code, 'Link to Table': kind, 'No.': number }),
	);
	company.seed(
		'contacts',
		Array.from({ length: contacts }, (_, index) => {
			const owner = index % owners.length;
			return {
				number: `P${digits(index)}`,
				type: 'Person',
				displayName: `First${index + 1} Last${index + 1}`,
				'First Name': `First${index + 1}`,
				Surname: `Last${index + 1}`,
				companyNumber: main(owner),
				companyName: owners[owner]!.name,
				contactBusinessRelation: owners[owner]!.kind,
				email: `person${index + 1}@example.com`,
				jobTitle: 'Buyer',
			};
		}),
	);
}

function seedPriceLists(world: World, { items, resources, priceLists, linesPerList }: Sizes): void {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	for (let list = 0; list < priceLists; list++) {
		const Price_List_Code = `S${digits(list)}`;
		const Currency_Code = list === 0 ? '' : 'EUR';
		company.insert('SalesPriceList', {
			Code: Price_List_Code,
			Description: `Prices ${list + 1}`,
			Status: 'Active',
			AmountType: 'Price',
			CurrencyCode: Currency_Code,
			StartingDate: '2026-01-01',
		});
		company.seed(
			'PriceListLineReview',
			Array.from({ length: linesPerList }, (_, index) => {
				const isResource = index < resources;
				return {
					Price_List_Code,
					Line_No: (index + 1) * 10000,
					Asset_Type: isResource ? 'Resource' : 'Item',
					Asset_No: isResource ? `R${digits(index)}` : `I${digits(index % items)}`,
					Amount_Type: 'Price',
					Status: 'Active',
					Currency_Code,
					Unit_Price: 9 + index / 8,
				};
			}),
		);
	}
}

/** The same company as CRM people would have entered it, for the mappings that go both ways; code tables are in Business Central. */
export function seedCrm(world: World, sizes: Sizes = SEEDED): void {
	const { crm } = world.sandbox;
	seedUsers(world, sizes);
	seedCodes(world, sizes);
	const accounts = (kind: string, customertypecode: number, block: number, count: number): Row[] =>
		Array.from({ length: count }, (_, index) => ({
			accountid: guid(block, index),
			name: `${kind} ${index + 1} & Söhne`,
			customertypecode,
			statecode: 0,
			statuscode: 1,
			address1_line1: `Main Street ${index + 1}`,
			address1_city: CITIES[index % CITIES.length],
			address1_postalcode: `N${index % 90} 1AA`,
			address1_country: 'GB',
			telephone1: `+44 20 ${index + 1}`,
			emailaddress1: `office@${kind.toLowerCase()}${index + 1}.example`,
			transactioncurrencyid: world.base.baseCurrencyId,
		}));
	crm.seed('account', accounts('Customer', 3, 42, sizes.customers) as never);
	crm.seed('account', accounts('Vendor', 11, 43, sizes.vendors) as never);
	crm.seed(
		'contact',
		Array.from({ length: sizes.contacts }, (_, index) => ({
			contactid: guid(44, index),
			firstname: `First${index + 1}`,
			lastname: `Last${index + 1}`,
			fullname: `First${index + 1} Last${index + 1}`,
			emailaddress1: `person${index + 1}@example.com`,
			jobtitle: 'Buyer',
			// Of its own: a blank address becomes the company's in Business Central, and comes back with the next run.
			address1_line1: `Side Street ${index + 1}`,
			address1_city: CITIES[index % CITIES.length],
			address1_postalcode: `S${index % 90} 2BB`,
			address1_country: 'GB',
			telephone1: `+44 30 ${index + 1}`,
			statecode: 0,
			statuscode: 1,
			parentcustomerid: { table: 'account', id: guid(index % 2 === 0 ? 42 : 43, index % Math.min(sizes.customers, sizes.vendors)) },
		})) as never,
	);
	const product = (index: number, kind: 'Item' | 'Resource', type: number, base: string): void => {
		const group = crm.insert('uomschedule', { name: `${kind} group ${index + 1}`, baseuomname: base });
		const unit = String(crm.rows('uom').at(-1)!['uomid']);
		if (index % 4 === 0) crm.insert('uom', { name: kind === 'Item' ? 'BOX' : 'DAY', quantity: 8, uomscheduleid: group, baseuom: unit });
		const id = crm.insert('product', {
			name: `${kind} ${index + 1} ½`,
			productnumber: `${kind} ${index + 1}`,
			producttypecode: type,
			defaultuomscheduleid: group,
			defaultuomid: unit,
			price: 10 + index,
		});
		crm.update('product', id, { statecode: 0 });
	};
	for (let index = 0; index < sizes.items; index++) product(index, 'Item', 1, 'PCS');
	for (let index = 0; index < sizes.resources; index++) product(index, 'Resource', 3, 'HOUR');
}
