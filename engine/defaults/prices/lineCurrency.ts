import type { SyncError } from '../../model/errors';
import { compositeId } from '../../model/compositeId';
import type { RuleContext } from '../../mapping/rules';
import { PRICE_LIST } from '../products/defaultPriceList';
import { codeOf, rowsAmong } from '../units/unitRows';
import type { LineFields } from './lineRecords';
import { lineCurrencyDiffers } from './priceErrors';
import type { SystemRecord } from '../../model/record';

/** Lines whose currency is not that of their price list in CRM. */
export async function refuseForeignCurrency(
	context: RuleContext,
	names: LineFields,
	lines: readonly SystemRecord[],
): Promise<Map<string, SyncError>> {
	const { session, references, mapping, direction } = context;
	const field = mapping.fields.find(({ kind, bcField }) => kind === 'currency' && bcField === names.currency);
	if (!field || lines.length === 0) return new Map();
	const listOf = ({ values }: SystemRecord): string => compositeId([values[names.list] ?? '']);
	const rows = await references.rowsOfKeys(names.lists, lines.map(listOf));
	const lists = await session.crm.readByIds(PRICE_LIST, rowsAmong(rows.values()), ['transactioncurrencyid']);
	await references.prepare(direction, mapping, [field], lines);
	return new Map(
		lines.flatMap((line): Array<[string, SyncError]> => {
			const list = lists.get(rows.get(listOf(line)) ?? '');
			const currency = references.crmId(field, line.values[names.currency]).found;
			const differs = list && currency && list.values['transactioncurrencyid'] !== currency;
			return differs ? [[line.id, lineCurrencyDiffers(codeOf(line.values[names.currency]) || 'local currency')]] : [];
		}),
	);
}
