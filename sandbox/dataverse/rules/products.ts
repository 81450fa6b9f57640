import { DataverseError, keyExists } from '../errors';
import { next, numberOf, type Rules } from './rule';

/**
 * Products need a unit group, which they keep, and a default unit of it; product numbers are unique; a new product is a draft, or active where the
 * organization says so.
 */
export const products: Rules = {
	tables: ['product'],
	check(write) {
		const { crm, id, before } = write;
		for (const column of ['name', 'productnumber', 'defaultuomscheduleid', 'defaultuomid']) {
			if (next(write, column) === null)
				throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity 'product'.`);
		}
		const unit = crm.db.row('uom', String(next(write, 'defaultuomid')));
		if (unit && unit.uomscheduleid !== next(write, 'defaultuomscheduleid')) {
			throw new DataverseError(400, '0x80043b17', 'The unit does not belong to the unit group of the product.');
		}
		if (before && before.defaultuomscheduleid !== next(write, 'defaultuomscheduleid'))
			throw new DataverseError(400, '0x80040203', 'The unit group of a product cannot be changed.');
		for (const other of crm.db.store('product').having('productnumber', next(write, 'productnumber'))) {
			if (other !== id)
				throw keyExists(`A product with the number '${String(next(write, 'productnumber'))}' already exists. Cannot insert duplicate key.`);
		}
		const from = before?.statecode;
		const to = next(write, 'statecode');
		if (before && from !== to && !transitions[numberOf(from)]!.includes(numberOf(to))) {
			throw new DataverseError(400, '0x80048408', `A product cannot go from state ${String(from)} to state ${String(to)}.`);
		}
	},
	fill({ before, changes, crm }) {
		if (before !== null) return;
		const organization = crm.db.row('organization', crm.environment.organizationId);
		if (organization?.createproductswithoutparentinactivestate === true && (changes.parentproductid ?? null) === null)
			Object.assign(changes, { statecode: 0, statuscode: 1 });
		changes.organizationid = crm.environment.organizationId;
		changes.productstructure ??= 1;
		changes.producttypecode ??= 1;
		changes.quantitydecimal ??= 0;
	},
};

/** Active 0, retired 1, draft 2, under revision 3. */
const transitions: Record<number, number[]> = { 0: [1, 3], 1: [0], 2: [0], 3: [0, 1] };
