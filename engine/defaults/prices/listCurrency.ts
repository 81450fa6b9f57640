import type { SyncError } from '../../model/errors';
import type { RuleContext } from '../../mapping/rules';
import { PRICE_LIST } from '../products/defaultPriceList';
import { codeOf, rowsAmong } from '../units/unitRows';
import { listCurrencyFixed } from './priceErrors';
import type { FieldName, SystemRecord } from '../../model/record';

/** Price lists whose currency is not the one their partner was created with. */
export async function refuseChangedCurrency(
	{ session, references, mapping, direction }: RuleContext,
	currency: FieldName,
	lists: readonly SystemRecord[],
): Promise<Map<string, SyncError>> {
	const field = mapping.fields.find(({ kind, bcField }) => kind === 'currency' && bcField === currency);
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		lists.map(({ id }) => id),
	);
	if (!field || couplings.size === 0) return new Map();
	const rows = await session.crm.readByIds(PRICE_LIST, rowsAmong([...couplings.values()].map(({ crmId }) => crmId)), [
		'transactioncurrencyid',
	]);
	await references.prepare(direction, mapping, [field], lists);
	return new Map(
		lists.flatMap((list): Array<[string, SyncError]> => {
			const row = rows.get(couplings.get(list.id)?.crmId ?? '');
			const wanted = references.crmId(field, list.values[currency]).found;
			const differs = row && wanted && row.values['transactioncurrencyid'] !== wanted;
			return differs ? [[list.id, listCurrencyFixed(codeOf(list.values[currency]) || 'the local currency')]] : [];
		}),
	);
}
