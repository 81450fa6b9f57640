import type { World } from '../../../kit/world';
import type { Row } from '../../fields';
import { termsOf } from './codes';
import { type Column, companyOf, type Kind, type KindField, markIn, markOfRow, plain, text, withMark } from './kind';

const PAGES = { customer: 'workflowCustomers', vendor: 'workflowVendors' } as const;
const TYPES = { customer: 3, vendor: 11 } as const;
type Party = keyof typeof PAGES;

function party(name: Party): Kind {
	const set = `${name}s`;
	const column = (caption: string, bc: string, crm: string, more: Partial<Column> = {}): KindField =>
		plain('account', 'accountid', { caption, set, bc, crm, ...more });
	return {
		name,
		mapping: name.toUpperCase(),
		way: 'bidirectional',
		follows: ['CONTACT'],
		stamped: true,
		fields: [
			column('Name', 'displayName', 'name'),
			column('Address', 'addressLine1', 'address1_line1'),
			column('Phone No.', 'phoneNumber', 'telephone1'),
			column('E-Mail', 'email', 'emailaddress1'),
			column('Fax No.', 'faxNumber', 'fax', { set: PAGES[name], key: 'number' }),
			...(name === 'customer'
				? [column('Credit Limit (LCY)', 'creditLimit', 'creditlimit', { way: 'toCrm', values: 'amount' }), owner()]
				: []),
			currencyOf(set),
			termsOfParty(PAGES[name]),
			primaryContact(PAGES[name]),
		],
		rows: (world, side) =>
			side === 'crm'
				? world.sandbox.crm.rows('account').filter((row) => row['customertypecode'] === TYPES[name])
				: companyOf(world).rows(set),
		mark: (_world, side, row) => markIn(row[side === 'crm' ? 'name' : 'displayName']),
		id: (side, row) => text(row[side === 'crm' ? 'accountid' : 'id']),
		remove: (world, side, row) =>
			side === 'crm' ? world.sandbox.crm.remove('account', text(row['accountid'])) : companyOf(world).remove(set, text(row['id'])),
	};
}

/** The salesperson of a customer owns its account. */
const owner = (): KindField => ({
	...{ caption: 'Salesperson Code', way: 'toCrm', values: 'reference', to: 'salesperson', onlyEntered: true },
	bc: (world, row) => {
		const all = companyOf(world).rows('salespeoplePurchasers');
		return markIn(all.find(({ code }) => code === row['salespersonCode'])?.['displayName']);
	},
	crm: (world, row) => markOfRow(world, 'systemuser', row['ownerid'], 'fullname'),
	enterBc: (world, row, value) => {
		const { code } = withMark(companyOf(world).rows('salespeoplePurchasers'), 'displayName', value);
		companyOf(world).update('customers', text(row['id']), { salespersonCode: text(code) });
	},
});

/** What is blank in Business Central is the local currency. */
const currencyOf = (set: string): KindField => ({
	...{ caption: 'Currency Code', way: 'bidirectional', values: 'reference', to: 'currency' },
	bc: (world, row) => markIn(companyOf(world).find('currencies', ({ code }) => code === row['currencyCode'])?.['displayName']),
	crm: (world, row) => markOfRow(world, 'transactioncurrency', row['transactioncurrencyid'], 'currencyname'),
	enterBc: (world, row, value) => {
		const { code } = withMark(companyOf(world).rows('currencies'), 'displayName', value);
		companyOf(world).update(set, text(row['id']), { currencyCode: text(code) });
	},
	enterCrm: (world, row, value) => {
		const { transactioncurrencyid } = withMark(world.sandbox.crm.rows('transactioncurrency'), 'currencyname', value);
		const id = { table: 'transactioncurrency', id: text(transactioncurrencyid) };
		world.sandbox.crm.update('account', text(row['accountid']), { transactioncurrencyid: id });
	},
});

const termsOfParty = (page: string): KindField => ({
	...{ caption: 'Payment Terms Code', way: 'bidirectional', values: 'reference', to: 'terms' },
	bc: (world, row) => markIn(companyOf(world).get(page, text(row['number']))?.['paymentTermsCode']),
	crm: (world, row) => markIn(termsOf(world).find(({ value }) => value === text(row['paymenttermscode']))?.label),
	enterBc: (world, row, value) => {
		const { code } = withMark(companyOf(world).rows('paymentTerms'), 'code', value);
		companyOf(world).update(page, text(row['number']), { paymentTermsCode: text(code) });
	},
	enterCrm: (world, row, value) => {
		const option = withMark(termsOf(world) as unknown as Row[], 'label', value);
		world.sandbox.crm.update('account', text(row['accountid']), { paymenttermscode: Number(option['value']) });
	},
});

/** The first person of a customer becomes it by itself; nobody edits it here. */
const primaryContact = (page: string): KindField => ({
	...{ caption: 'Primary Contact No.', way: 'bidirectional', to: 'person' },
	bc: (world, row) => {
		const number = companyOf(world).get(page, text(row['number']))?.['primaryContactNumber'];
		return markIn(companyOf(world).find('contacts', (contact) => contact['number'] === number)?.['displayName']);
	},
	crm: (world, row) => markOfRow(world, 'contact', row['primarycontactid'], 'fullname'),
});

const contact = (caption: string, bc: string, crm: string): KindField =>
	plain('contact', 'contactid', { caption, set: 'contacts', bc, crm });

export const customer = party('customer');
export const vendor = party('vendor');

export const person: Kind = {
	name: 'person',
	mapping: 'CONTACT',
	way: 'bidirectional',
	follows: ['CUSTOMER', 'VENDOR'],
	stamped: true,
	fields: [
		{
			caption: 'Name',
			way: 'bidirectional',
			bc: (_world, row) => text(row['displayName']),
			crm: (_world, row) => text(row['fullname']),
			enterBc: (world, row, value) => void companyOf(world).update('contacts', text(row['id']), { displayName: value }),
			enterCrm: (world, row, value) => {
				const [firstname, lastname] = value.split(' ') as [string, string];
				world.sandbox.crm.update('contact', text(row['contactid']), { firstname, lastname });
			},
		},
		contact('E-Mail', 'email', 'emailaddress1'),
		contact('Mobile Phone No.', 'mobilePhoneNumber', 'mobilephone'),
		contact('Phone No.', 'phoneNumber', 'telephone1'),
		contact('Address', 'addressLine1', 'address1_line1'),
	],
	rows: (world, side) =>
		side === 'crm'
			? world.sandbox.crm.rows('contact')
			: companyOf(world)
					.rows('contacts')
					.filter(({ type }) => type === 'Person'),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'fullname' : 'displayName']),
	id: (side, row) => text(row[side === 'crm' ? 'contactid' : 'id']),
	remove: (world, side, row) =>
		side === 'crm' ? world.sandbox.crm.remove('contact', text(row['contactid'])) : companyOf(world).remove('contacts', text(row['id'])),
};

/** Number of the company contact behind a customer or vendor. */
export function contactOf(world: World, kind: Kind, number: unknown): string {
	const relations = companyOf(world).data.table('Contact Business Relation').withField('No.', text(number));
	const link = kind.name === 'customer' ? 'Customer' : 'Vendor';
	return text(relations.find(({ fields }) => fields['Link to Table'] === link)?.fields['Contact No.']);
}
