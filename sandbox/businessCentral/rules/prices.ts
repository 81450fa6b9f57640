import type { Row, Value } from '../data/row';
import type { Session, TableRules } from '../write/session';

/** Sales prices and lines of price lists that belong to a record go with it (OnDelete of Item, Resource, Customer Price Group, Price List Header). */
export function removePrices(
	{ company, user }: Session,
	table: string,
	field: string,
	value: Value,
	only: Readonly<Record<string, Value>> = {},
): void {
	for (const price of company.table(table).withField(field, value))
		if (Object.entries(only).every(([name, wanted]) => price.fields[name] === wanted)) company.remove(table, price, user);
}

const code = (row: Row): Value => row.fields['Code'] ?? '';

export const customerPriceGroupRules: TableRules = {
	afterDelete: (session, row) => removePrices(session, 'Sales Price', 'Sales Code', code(row), { 'Sales Type': 'Customer Price Group' }),
};

export const priceListHeaderRules: TableRules = {
	afterDelete: (session, row) => removePrices(session, 'Price List Line', 'Price List Code', code(row)),
};
