import { COMPANY_COLUMN } from '../../model/companyColumn';
import { isOursOrNobodys } from '../../mapping/companyOfRow';
import type { RuleContext } from '../../mapping/rules';
import { targetFields } from '../targetFields';
import { codeOf } from '../units/unitRows';
import type { FieldName, SystemRecord } from '../../model/record';

/**
 * An uncoupled price list is the one of CRM that bears its code and has its currency, which cannot be changed later; one that belongs to another
 * company is not taken. Where several fit, nobody can tell which.
 */
export async function findLists(
	context: RuleContext,
	currency: FieldName,
	lists: readonly SystemRecord[],
): Promise<Map<string, SystemRecord>> {
	const { session, mapping, references, direction, companyRowId } = context;
	const field = mapping.fields.find(({ kind, bcField }) => kind === 'currency' && bcField === currency);
	const fields = [...new Set([...targetFields(mapping), 'transactioncurrencyid', COMPANY_COLUMN])];
	const named = await session.crm.readByValues(
		mapping.crm,
		'name',
		lists.map(({ number }) => number),
		fields,
	);
	if (field) await references.prepare(direction, mapping, [field], lists);
	return new Map(
		lists.flatMap((list): Array<[string, SystemRecord]> => {
			const wanted = field ? references.crmId(field, list.values[currency]).found : null;
			const fitting = named.filter(
				(row) =>
					codeOf(row.name) === codeOf(list.number) && isOursOrNobodys(companyRowId, row) && row.values['transactioncurrencyid'] === wanted,
			);
			return fitting.length === 1 ? [[list.id, fitting[0]!]] : [];
		}),
	);
}
