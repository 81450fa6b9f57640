import { DataverseError, keyExists } from '../errors';
import { next, type Rules } from './rule';

/** Price lists and their items: an item is one price list, product and unit, once. */
export const priceLists: Rules = {
	tables: ['pricelevel', 'productpricelevel'],
	check(write) {
		const { table, crm, id } = write;
		const required = table.logicalName === 'pricelevel' ? ['name'] : ['pricelevelid', 'productid', 'uomid'];
		for (const column of required) {
			if (next(write, column) === null)
				throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity '${table.logicalName}'.`);
		}
		if (table.logicalName !== 'productpricelevel') return;
		// Pricing method 1 is the plain amount.
		if ((next(write, 'pricingmethodcode') ?? 1) === 1 && next(write, 'amount') === null) {
			throw new DataverseError(400, '0x80040203', "Required field 'amount' is missing for entity 'productpricelevel'.");
		}
		const list = crm.db.row('pricelevel', String(next(write, 'pricelevelid')));
		const currency = next(write, 'transactioncurrencyid');
		if (write.before !== null && list && currency !== (list.transactioncurrencyid ?? null))
			throw new DataverseError(400, '0x80040203', 'The currency of a price list item must be that of its price list.');
		for (const other of crm.db.store('productpricelevel').having('productid', next(write, 'productid'))) {
			const row = crm.db.row('productpricelevel', other)!;
			if (other !== id && row.pricelevelid === next(write, 'pricelevelid') && row.uomid === next(write, 'uomid')) {
				throw keyExists('This product and unit combination has a price for this price list. Cannot insert duplicate key.');
			}
		}
	},
	fill(write) {
		const { table, before, changes, crm } = write;
		if (before === null) changes.organizationid = crm.environment.organizationId;
		if (table.logicalName !== 'productpricelevel') return;
		if (before === null) {
			changes.pricingmethodcode ??= 1;
			changes.quantitysellingcode ??= 1;
			changes.transactioncurrencyid = crm.db.row('pricelevel', String(changes.pricelevelid))?.transactioncurrencyid ?? null;
		}
		if ('productid' in changes) changes.productnumber = crm.db.row('product', String(changes.productid))?.productnumber ?? null;
		if ('uomid' in changes) changes.uomscheduleid = crm.db.row('uom', String(changes.uomid))?.uomscheduleid ?? null;
	},
};
