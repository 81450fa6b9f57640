import type { RuleContext } from '../../mapping/rules';
import { codeOf } from '../units/unitRows';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

const VENDOR: TableSource = { name: 'vendors', numberField: 'number', nameField: 'displayName' };

/** The vendor's number is text, and its name goes along with it. */
export async function namesOfVendors(
	{ session, direction, mapping }: RuleContext,
	records: readonly SystemRecord[],
): Promise<Map<string, Record<FieldName, FieldValue>>> {
	const vendor = mapping.fields.find(({ key }) => key === 'vendorid')?.bcField;
	if (!vendor || direction === 'fromCrm') return new Map();
	const shown = records.filter(({ values }) => values[vendor] !== undefined);
	const numbers = [...new Set(shown.map(({ values }) => codeOf(values[vendor])))].filter((number) => number !== '');
	const vendors = numbers.length === 0 ? [] : await session.businessCentral.readByValues(VENDOR, 'number', numbers, []);
	const names = new Map(vendors.map(({ number, name }) => [codeOf(number), name]));
	return new Map(shown.map(({ id, values }) => [id, { '@vendorName': names.get(codeOf(values[vendor])) ?? '' }]));
}
