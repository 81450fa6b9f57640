import { DataverseError } from '../errors';
import { next, numberOf, type Rules } from './rule';

/**
 * Steps of a discount list: a share or an amount, from a quantity to a quantity, without overlap.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/discount
 */
export const discounts: Rules = {
	tables: ['discount'],
	check(write) {
		const list = write.crm.db.row('discounttype', String(next(write, 'discounttypeid')));
		const column = list?.isamounttype === true ? 'amount' : 'percentage';
		if (next(write, column) === null)
			throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity 'discount'.`);
		const [low, high] = [numberOf(next(write, 'lowquantity')), numberOf(next(write, 'highquantity'))];
		if (low > high) throw new DataverseError(400, '0x80043b0f', 'The start of a discount range must not be above its end.');
		for (const id of write.crm.db.store('discount').having('discounttypeid', next(write, 'discounttypeid'))) {
			const other = write.crm.db.row('discount', id)!;
			if (id === write.id || numberOf(other.highquantity) < low || numberOf(other.lowquantity) > high) continue;
			throw new DataverseError(400, '0x80043b10', 'The discount ranges overlap.');
		}
	},
	fill({ changes, crm }) {
		if (!('discounttypeid' in changes)) return;
		const list = crm.db.row('discounttype', String(changes.discounttypeid));
		changes.isamounttype = list?.isamounttype ?? false;
		changes.transactioncurrencyid = list?.transactioncurrencyid ?? null;
	},
};
