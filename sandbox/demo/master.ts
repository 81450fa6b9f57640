import type { BusinessCentralCompany } from '../businessCentral';
import { businessOf, personOf, phoneOf, placeOf, plain, streetOf } from './names';
import type { Random } from '../core/random';

const terms = ['NET 30', 'NET 30', 'NET 45', 'NET 60'];
const agents = ['DHL', 'FEDEX', 'UPS', 'AIRBORNE', ''];
const methods = ['FOB', 'NO CHARGE', ''];

interface Party {
	values: Record<string, unknown>;
	name: string;
	contact: string;
}

function party(random: Random, taken: Set<string>, currencies: readonly string[]): Party {
	const name = businessOf(random, taken);
	const place = placeOf(random);
	const contact = personOf(random);
	const values = {
		displayName: name,
		addressLine1: streetOf(random),
		addressLine2: random.chance(0.25) ? `Unit ${1 + random.whole(20)}` : '',
		city: place.city,
		state: place.county,
		country: place.country,
		postalCode: place.postCode,
		phoneNumber: phoneOf(random),
		email: `office@${plain(name)}.example`,
		website: random.chance(0.7) ? `https://www.${plain(name)}.example` : '',
		currencyCode: random.chance(0.3) ? random.pick(currencies) : '',
		'Payment Terms Code': random.pick(terms),
		'Shipment Method Code': random.pick(methods),
		'Shipping Agent Code': random.pick(agents),
		Contact: contact,
		'Fax No.': random.chance(0.2) ? phoneOf(random) : '',
	};
	return { values, name, contact };
}

/** A company contact, its business relation and one person, as insert of a customer or vendor would make them. */
function contactsOf(
	company: BusinessCentralCompany,
	random: Random,
	kind: 'Customer' | 'Vendor',
	number: string,
	{ values, name, contact }: Party,
	next: () => string,
): void {
	const { displayName, addressLine1, addressLine2, city, state, country, postalCode, phoneNumber, email, website } = values;
	const shared = { addressLine1, addressLine2, city, state, country, postalCode, phoneNumber, website };
	const main = next();
	const person = next();
	company.seed('contacts', [
		{
			id: random.guid(),
			number: main,
			type: 'Company',
			displayName,
			companyNumber: main,
			companyName: name,
			contactBusinessRelation: kind,
			email,
			...shared,
		},
		{
			id: random.guid(),
			number: person,
			type: 'Person',
			displayName: contact,
			companyNumber: main,
			companyName: name,
			contactBusinessRelation: kind,
			email: `${plain(contact).replace('-', '.')}@${plain(name)}.example`,
			jobTitle: random.pick(['Purchasing Manager', 'Owner', 'CFO', 'Assistant']),
			'First Name': contact.split(' ')[0],
			Surname: contact.split(' ').slice(1).join(' '),
			...shared,
		},
	]);
	const code = kind === 'Customer' ? 'CUST' : 'VEND';
	company.link({ 'Contact No.': main, 'Business Relation Code': code, 'Link to Table': kind, 'No.': number });
}

export interface MasterCounts {
	customers: number;
	vendors: number;
	items: number;
}

/** Salespeople, customers, vendors, contacts, items and resources of one company. */
export function seedMaster(company: BusinessCentralCompany, random: Random, counts: MasterCounts, taken: Set<string>): void {
	const currencies = company.rows('currencies').map(({ code }) => String(code));
	let contacts = 0;
	const nextContact = () => `CT${String(++contacts).padStart(6, '0')}`;
	for (let index = 0; index < counts.customers; index++) {
		const number = String(10000 + index * 10);
		const one = party(random, taken, currencies);
		const person = `CT${String(contacts + 2).padStart(6, '0')}`;
		company.seed('customers', [
			{
				id: random.guid(),
				number,
				type: 'Company',
				creditLimit: random.chance(0.6) ? 500 * random.whole(60) : 0,
				blocked: index % 20 === 19 ? 'All' : '_x0020_',
				'Primary Contact No.': person,
				...one.values,
			},
		]);
		contactsOf(company, random, 'Customer', number, one, nextContact);
	}
	for (let index = 0; index < counts.vendors; index++) {
		const number = String(50000 + index * 10);
		const one = party(random, taken, currencies);
		company.seed('vendors', [{ id: random.guid(), number, blocked: '_x0020_', ...one.values }]);
		contactsOf(company, random, 'Vendor', number, one, nextContact);
	}
	company.settings.series['Contact']!.next = contacts + 1;
	seedItems(company, random, counts.items);
}

const towns = ['ATHENS', 'PARIS', 'LONDON', 'MUNICH', 'OSLO', 'VIENNA', 'TOKYO', 'LIMA', 'ROME', 'DUBLIN'];
const goods = [
	{ name: 'Desk', category: 'DESK', price: 649 },
	{ name: 'Guest Chair', category: 'CHAIR', price: 193 },
	{ name: 'Swivel Chair, "Comfort"', category: 'CHAIR', price: 290 },
	{ name: 'Conference Bundle', category: 'MISC', price: 1099 },
];

function seedItems(company: BusinessCentralCompany, random: Random, count: number): void {
	const vendors = company.rows('vendors').map(({ number }) => String(number));
	for (let index = 0; index < count; index++) {
		const { name, category, price } = goods[index % goods.length]!;
		const item = company.insert('items', {
			number: `${1896 + index}-S`,
			displayName: `${towns[index % towns.length]} ${name}`,
			type: 'Inventory',
			itemCategoryCode: category,
			baseUnitOfMeasureCode: 'PCS',
			unitPrice: price + random.whole(50),
			unitCost: Math.round(price * 60) / 100,
			blocked: index % 15 === 14,
		});
		const extra = {
			vendorNumber: vendors[index % vendors.length] ?? '',
			vendorItemNumber: `V-${index}`,
			grossWeight: 1 + random.whole(30),
			unitVolume: 0.25,
		};
		company.update('workflowItems', String(item['id']), extra);
		company.setCalculated('items', String(item['id']), { inventory: random.whole(200) });
	}
	for (const [number, name] of [
		['KATHERINE', 'Katherine Hull'],
		['LINA', 'Lina Townsend'],
	] as const) {
		company.insert('ResourceCard', {
			No: number,
			Name: name,
			Type: 'Person',
			Base_Unit_of_Measure: 'HOUR',
			Unit_Cost: 60,
			Unit_Price: 101,
		});
	}
}
