import type { World } from '../../../kit/world';
import { companyOf, type Kind, markIn, plain, text } from './kind';

const users = (world: World) => world.sandbox.crm.rows('systemuser');

/** Users become salespeople. Nobody deletes a user. */
export const salesperson: Kind = {
	name: 'salesperson',
	mapping: 'SALESPEOPLE',
	way: 'fromCrm',
	follows: [],
	stamped: false,
	fields: [
		{
			caption: 'Name',
			way: 'fromCrm',
			bc: (_world, row) => text(row['displayName']),
			crm: (_world, row) => text(row['fullname']),
			enterCrm: (world, row, value) => {
				const [firstname, lastname] = value.split(' ') as [string, string];
				world.sandbox.crm.update('systemuser', text(row['systemuserid']), { firstname, lastname });
			},
		},
		plain('systemuser', 'systemuserid', {
			...{ caption: 'Phone No.', set: 'salespeoplePurchasers', bc: 'phoneNo', crm: 'mobilephone', way: 'fromCrm' as const },
		}),
	],
	rows: (world, side) => (side === 'crm' ? users(world) : companyOf(world).rows('salespeoplePurchasers')),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'fullname' : 'displayName']),
	id: (side, row) => text(row[side === 'crm' ? 'systemuserid' : 'id']),
	remove: (world, side, row) => {
		if (side === 'crm') throw new Error('Users are not deleted, they are disabled.');
		companyOf(world).remove('salespeoplePurchasers', text(row['id']));
	},
};

const currencyField = (caption: string, bc: string, crm: string) =>
	plain('transactioncurrency', 'transactioncurrencyid', { caption, set: 'currencies', bc, crm, way: 'toCrm' });

export const currency: Kind = {
	name: 'currency',
	mapping: 'CURRENCY',
	way: 'toCrm',
	follows: [],
	stamped: false,
	fields: [currencyField('Description', 'displayName', 'currencyname'), currencyField('Symbol', 'symbol', 'currencysymbol')],
	rows: (world, side) => (side === 'crm' ? world.sandbox.crm.rows('transactioncurrency') : companyOf(world).rows('currencies')),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'currencyname' : 'displayName']),
	id: (side, row) => text(row[side === 'crm' ? 'transactioncurrencyid' : 'id']),
	remove: (world, side, row) =>
		side === 'crm'
			? world.sandbox.crm.remove('transactioncurrency', text(row['transactioncurrencyid']))
			: companyOf(world).remove('currencies', text(row['id'])),
};

/** The choice of payment terms is the same in four tables. */
const TABLES = ['account', 'salesorder', 'quote', 'invoice'];
export const termsOf = (world: World): Array<{ value: string; label: string }> =>
	world.sandbox.crm.optionsOf('account', 'paymenttermscode').map(([value, label]) => ({ value: String(value), label: String(label) }));

/** Payment terms become values of a choice; a new code is a new label. */
export const terms: Kind = {
	name: 'terms',
	mapping: 'PAYMENT TERMS',
	way: 'toCrm',
	follows: ['CUSTOMER', 'VENDOR'],
	stamped: false,
	fields: [
		{
			caption: 'Code',
			way: 'toCrm',
			bc: (_world, row) => text(row['code']),
			crm: (_world, row) => text(row['label']).toUpperCase(),
			enterBc: (world, row, value) => void companyOf(world).update('paymentTerms', text(row['id']), { code: value.toUpperCase() }),
		},
	],
	rows: (world, side) => (side === 'crm' ? termsOf(world) : companyOf(world).rows('paymentTerms')),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'label' : 'code']),
	id: (side, row) => text(row[side === 'crm' ? 'value' : 'id']),
	remove: (world, side, row) => {
		if (side === 'businessCentral') return companyOf(world).remove('paymentTerms', text(row['id']));
		const left = termsOf(world).filter(({ value }) => value !== row['value']);
		for (const table of TABLES)
			world.sandbox.crm.defineOptions(table, 'paymenttermscode', Object.fromEntries(left.map(({ value, label }) => [value, label])));
	},
};
