import type { CompanyData } from '../data/companyData';
import type { Fields } from '../data/row';

/** A field that must hold the key of a row of another table. */
export interface Relation {
	field: string;
	target: string;
	/** Field that shows the SystemId of that row; it is not stored but looked up, and writing it writes `field`. */
	idField?: string;
	when?: (fields: Fields) => boolean;
}

const terms: Relation[] = [
	{ field: 'Currency Code', target: 'Currency', idField: 'Currency Id' },
	{ field: 'Payment Terms Code', target: 'Payment Terms', idField: 'Payment Terms Id' },
	{ field: 'Shipment Method Code', target: 'Shipment Method', idField: 'Shipment Method Id' },
	{ field: 'Payment Method Code', target: 'Payment Method', idField: 'Payment Method Id' },
	{ field: 'Shipping Agent Code', target: 'Shipping Agent' },
	{ field: 'Country/Region Code', target: 'Country/Region' },
	{ field: 'Salesperson Code', target: 'Salesperson/Purchaser' },
	{ field: 'Primary Contact No.', target: 'Contact' },
];

const is = (type: string) => (fields: Fields) => fields['API Type'] === type;

/** Table relations that BC checks and from which the `…Id` properties of API v2.0 are calculated. */
export const relations: Readonly<Record<string, readonly Relation[]>> = {
	Customer: [...terms, { field: 'Customer Price Group', target: 'Customer Price Group' }],
	Vendor: [...terms.filter(({ field }) => field !== 'Salesperson Code'), { field: 'Purchaser Code', target: 'Salesperson/Purchaser' }],
	Contact: [
		{ field: 'Country/Region Code', target: 'Country/Region' },
		{ field: 'Salesperson Code', target: 'Salesperson/Purchaser' },
		{ field: 'Currency Code', target: 'Currency' },
	],
	Item: [
		{ field: 'Item Category Code', target: 'Item Category', idField: 'Item Category Id' },
		{ field: 'Base Unit of Measure', target: 'Unit of Measure', idField: 'Unit of Measure Id' },
		{ field: 'Vendor No.', target: 'Vendor' },
	],
	'Item Variant': [{ field: 'Item No.', target: 'Item', idField: 'Item Id' }],
	'Item Unit of Measure': [
		{ field: 'Item No.', target: 'Item' },
		{ field: 'Code', target: 'Unit of Measure' },
	],
	'Resource Unit of Measure': [
		{ field: 'Resource No.', target: 'Resource' },
		{ field: 'Code', target: 'Unit of Measure' },
	],
	Resource: [
		{ field: 'Base Unit of Measure', target: 'Unit of Measure' },
		{ field: 'Vendor No.', target: 'Vendor' },
	],
	Opportunity: [
		{ field: 'Contact No.', target: 'Contact' },
		{ field: 'Salesperson Code', target: 'Salesperson/Purchaser' },
	],
	'Sales Header': [
		...terms.filter(({ field }) => !field.startsWith('Payment Method') && !field.startsWith('Country') && !field.startsWith('Primary')),
		{ field: 'Sell-to Customer No.', target: 'Customer', idField: 'Customer Id' },
		{ field: 'Bill-to Customer No.', target: 'Customer', idField: 'Bill-to Customer Id' },
		{ field: 'Dispute Status', target: 'Dispute Status', idField: 'Dispute Status Id' },
	],
	'Sales Shipment Header': [
		{ field: 'Sell-to Customer No.', target: 'Customer', idField: 'Customer Id' },
		{ field: 'Bill-to Customer No.', target: 'Customer', idField: 'Bill-to Customer Id' },
	],
	'G/L Entry': [{ field: 'G/L Account No.', target: 'G/L Account', idField: 'Account Id' }],
	'Gen. Journal Batch': [{ field: 'Bal. Account No.', target: 'G/L Account', idField: 'BalAccountId' }],
	'Gen. Journal Line': [{ field: 'Account No.', target: 'Customer', idField: 'Customer Id' }],
	'Dimension Value': [{ field: 'Dimension Code', target: 'Dimension', idField: 'Dimension Id' }],
	'Dimension Set Entry': [{ field: 'Dimension Code', target: 'Dimension', idField: 'Dimension Id' }],
	'Default Dimension': [{ field: 'Dimension Code', target: 'Dimension', idField: 'DimensionId' }],
	'Sales Line': [
		{ field: 'No.', target: 'Item', idField: 'Item Id', when: is('Item') },
		{ field: 'No.', target: 'Resource', when: is('Resource') },
		{ field: 'No.', target: 'G/L Account', idField: 'Account Id', when: is('Account') },
		{ field: 'Location Code', target: 'Location', idField: 'Location Id' },
		{ field: 'Unit of Measure Code', target: 'Unit of Measure', idField: 'Unit of Measure Id' },
	],
	'Sales Price': [
		{ field: 'Item No.', target: 'Item' },
		{ field: 'Currency Code', target: 'Currency' },
		{ field: 'Unit of Measure Code', target: 'Unit of Measure' },
	],
	'Price List Header': [{ field: 'Currency Code', target: 'Currency' }],
	'Price List Line': [{ field: 'Currency Code', target: 'Currency' }],
};

export const relationById = (table: string, idField: string): Relation | undefined =>
	relations[table]?.find((relation) => relation.idField === idField);

/** Fields of other tables that hold the key of rows of `target`: they follow a rename. */
export function referencesTo(target: string): Array<{ table: string; relation: Relation }> {
	return Object.entries(relations).flatMap(([table, list]) =>
		list.filter((relation) => relation.target === target).map((relation) => ({ table, relation })),
	);
}

/** SystemId of the related row; undefined when the field is blank or names no row. */
export function relatedId(company: CompanyData, relation: Relation, fields: Fields): string | undefined {
	const code = fields[relation.field];
	if (!code || (relation.when && !relation.when(fields))) return undefined;
	return company.table(relation.target).getByKey(code)?.id;
}
