import { randomUUID } from 'node:crypto';
import type { Changes, Row } from '../values';
import { typeKey } from '../model';
import type { Rules, Write } from './rule';

/** Column of an address row → its ending in the owner's `address1_…` columns. */
const parts = ['name', 'line1', 'line2', 'line3', 'city', 'stateorprovince', 'county', 'country', 'postalcode', 'postofficebox', 'telephone1', 'telephone2', 'telephone3', 'fax', 'upszone', 'utcoffset', 'latitude', 'longitude', 'addresstypecode', 'freighttermscode', 'shippingmethodcode', 'primarycontactname']; // prettier-ignore
const numbers: Record<string, number[]> = { account: [1, 2], contact: [1, 2, 3] };

/** Further addresses of accounts and contacts: numbered on, and they know the table of their owner. */
export const addresses: Rules = {
	tables: ['customeraddress'],
	fill({ before, changes, crm }) {
		if ('parentid' in changes) changes.objecttypecode = changes[typeKey('parentid')] ?? null;
		if (before !== null || changes.addressnumber !== undefined) return;
		const taken = [...crm.db.store('customeraddress').having('parentid', changes.parentid ?? null)];
		const highest = taken.map((id) => Number(crm.db.row('customeraddress', id)!.addressnumber ?? 0));
		changes.addressnumber = Math.max(2, ...highest) + 1;
	},
};

/**
 * Accounts and contacts keep two (contacts three) rows of `customeraddress` that say what their `address1_…` columns say.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/customeraddress
 */
export const addressOwners: Rules = {
	tables: Object.keys(numbers),
	after(write) {
		const { table, crm, before, changes } = write;
		if (!crm.model.tables.has('customeraddress')) return;
		if (before !== null && !Object.keys(changes).some((name) => name.startsWith('address'))) return;
		crm.db.beside(() => {
			for (const number of numbers[table.logicalName]!) keep(write, number);
		});
	},
};

function keep({ table, id, crm, session }: Write, number: number): void {
	const column = `address${number}_addressid`;
	const owner = crm.db.row(table.logicalName, id)!;
	const known = owner[column];
	const values = shown(owner, number, (name) => table.columns.has(name));
	if (typeof known === 'string' && crm.db.row('customeraddress', known)) {
		const row = crm.db.row('customeraddress', known)!;
		if (Object.entries(values).some(([name, value]) => (row[name] ?? null) !== value)) crm.touch('customeraddress', known, values, session);
		return;
	}
	const made = randomUUID();
	const link: Changes = { parentid: id, [typeKey('parentid')]: table.logicalName };
	crm.seed(
		'customeraddress',
		{ ...values, ...link, customeraddressid: made, addressnumber: number, objecttypecode: table.logicalName },
		session,
	);
	if (table.columns.has(column)) crm.amend(table.logicalName, id, { [column]: made });
}

function shown(owner: Row, number: number, has: (name: string) => boolean): Changes {
	const values: Changes = {};
	for (const part of parts) if (has(`address${number}_${part}`)) values[part] = owner[`address${number}_${part}`] ?? null;
	return values;
}
