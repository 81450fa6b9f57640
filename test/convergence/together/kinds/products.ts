import type { World } from '../../../kit/world';
import { type Column, companyOf, type Kind, type KindField, markIn, markOfRow, plain, text } from './kind';

function blocked(set: string, key: string, property: string): KindField {
	return {
		...{ caption: 'Blocked', way: 'bidirectional', values: 'yesNo' },
		bc: (_world, row) => text(row[property]),
		crm: (_world, row) => text(row['statecode'] !== 0),
		enterBc: (world, row, value) => void companyOf(world).update(set, text(row[key]), { [property]: value === 'true' }),
		enterCrm: (world, row, value) =>
			void world.sandbox.crm.update('product', text(row['productid']), { statecode: value === 'true' ? 1 : 0 }),
	};
}

const RESOURCE = 3;
const product = (column: Column): KindField => plain('product', 'productid', column);
const toCrm = { way: 'toCrm', values: 'amount' } as const;

export const item: Kind = {
	name: 'item',
	mapping: 'ITEM-PRODUCT',
	way: 'bidirectional',
	follows: ['UNIT GROUP', 'ITEM UOM', 'PLLINE-PRODPRICE'],
	stamped: true,
	fields: [
		product({ caption: 'Description', set: 'items', bc: 'displayName', crm: 'name' }),
		product({ caption: 'Unit Price', set: 'items', bc: 'unitPrice', crm: 'price', ...toCrm }),
		product({ caption: 'Unit Cost', set: 'items', bc: 'unitCost', crm: 'standardcost', ...toCrm }),
		blocked('items', 'id', 'blocked'),
	],
	rows: (world, side) =>
		side === 'crm'
			? world.sandbox.crm.rows('product').filter((row) => row['producttypecode'] !== RESOURCE)
			: companyOf(world).rows('items'),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'name' : 'displayName']),
	id: (side, row) => text(row[side === 'crm' ? 'productid' : 'id']),
	remove: (world, side, row) =>
		side === 'crm' ? world.sandbox.crm.remove('product', text(row['productid'])) : companyOf(world).remove('items', text(row['id'])),
};

const card = (caption: string, bc: string, crm: string, more: Partial<Column> = {}): KindField =>
	product({ caption, set: 'ResourceCard', key: 'No', bc, crm, ...more });

export const resource: Kind = {
	name: 'resource',
	mapping: 'RESOURCE-PRODUCT',
	way: 'bidirectional',
	follows: ['UNIT GROUP', 'RESOURCE UOM', 'PLLINE-PRODPRICE'],
	stamped: true,
	fields: [card('Name', 'Name', 'name'), card('Unit Price', 'Unit_Price', 'price', toCrm), blocked('ResourceCard', 'No', 'Blocked')],
	rows: (world, side) =>
		side === 'crm'
			? world.sandbox.crm.rows('product').filter((row) => row['producttypecode'] === RESOURCE)
			: companyOf(world).rows('ResourceCard'),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'name' : 'Name']),
	id: (side, row) => text(row[side === 'crm' ? 'productid' : 'No']),
	remove: (world, side, row) =>
		side === 'crm' ? world.sandbox.crm.remove('product', text(row['productid'])) : companyOf(world).remove('ResourceCard', text(row['No'])),
};

/** The row of a page as the company keeps it: some pages show no id. */
const rowId = (world: World, table: string, fields: Readonly<Record<string, unknown>>): string => {
	const [[first, value], ...others] = Object.entries(fields) as [[string, unknown], ...Array<[string, unknown]>];
	const rows = companyOf(world)
		.data.table(table)
		.withField(first, value as string);
	return text(rows.find((row) => others.every(([name, wanted]) => row.fields[name] === wanted))?.id);
};
const unitId = (world: World, row: Readonly<Record<string, unknown>>): string =>
	rowId(world, 'Item Unit of Measure', { 'Item No.': row['Item_No'], Code: row['Code'] });

/** A further unit of an item; its code is its mark, and nobody changes it. */
export const unit: Kind = {
	name: 'unit',
	mapping: 'ITEM UOM',
	way: 'toCrm',
	follows: ['ITEM-PRODUCT', 'PLLINE-PRODPRICE'],
	stamped: false,
	fields: [
		{
			...{ caption: 'Qty. per Unit of Measure', way: 'toCrm', values: 'amount' },
			bc: (_world, row) => text(row['Qty_per_Unit_of_Measure']),
			crm: (_world, row) => text(row['quantity']),
			enterBc: (world, row, value) =>
				void companyOf(world).update('ItemUnitsOfMeasure', unitId(world, row), { Qty_per_Unit_of_Measure: Number(value) }),
		},
	],
	rows: (world, side) => (side === 'crm' ? world.sandbox.crm.rows('uom') : companyOf(world).rows('ItemUnitsOfMeasure')),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'name' : 'Code']),
	id: (side, row) => text(side === 'crm' ? row['uomid'] : `${text(row['Item_No'])}|${text(row['Code'])}`),
	remove: (world, side, row) => {
		if (side === 'businessCentral') return companyOf(world).remove('ItemUnitsOfMeasure', unitId(world, row));
		const { crm } = world.sandbox;
		for (const price of crm.rows('productpricelevel'))
			if (price['uomid'] === row['uomid']) crm.remove('productpricelevel', text(price['productpricelevelid']));
		crm.remove('uom', text(row['uomid']));
	},
};

/** A price list; its code is its mark. */
export const list: Kind = {
	name: 'list',
	mapping: 'PLHEADER-PRICE',
	way: 'toCrm',
	follows: ['PLLINE-PRODPRICE'],
	stamped: true,
	fields: [
		plain('pricelevel', 'pricelevelid', {
			...{ caption: 'Description', set: 'SalesPriceList', key: 'Code', bc: 'Description', crm: 'description', way: 'toCrm' as const },
		}),
	],
	rows: (world, side) => (side === 'crm' ? world.sandbox.crm.rows('pricelevel') : companyOf(world).rows('SalesPriceList')),
	mark: (_world, side, row) => markIn(row[side === 'crm' ? 'name' : 'Code']),
	id: (side, row) => text(row[side === 'crm' ? 'pricelevelid' : 'Code']),
	remove: (world, side, row) => {
		if (side === 'businessCentral') return companyOf(world).remove('SalesPriceList', text(row['Code']));
		const { crm } = world.sandbox;
		for (const price of crm.rows('productpricelevel'))
			if (price['pricelevelid'] === row['pricelevelid']) crm.remove('productpricelevel', text(price['productpricelevelid']));
		crm.remove('pricelevel', text(row['pricelevelid']));
	},
};

const lineId = (world: World, row: Readonly<Record<string, unknown>>): string =>
	rowId(world, 'Price List Line', { 'Price List Code': row['Price_List_Code'], 'Line No.': row['Line_No'] });

const assetMark = (world: World, row: Readonly<Record<string, unknown>>): string =>
	row['Asset_Type'] === 'Resource'
		? markIn(companyOf(world).find('ResourceCard', ({ No }) => No === row['Asset_No'])?.['Name'])
		: markIn(companyOf(world).find('items', ({ number }) => number === row['Asset_No'])?.['displayName']);

/** What a product costs in a list: known by the marks of both. Each has one line there, in its base unit. */
export const line: Kind = {
	name: 'line',
	mapping: 'PLLINE-PRODPRICE',
	way: 'toCrm',
	follows: [],
	stamped: false,
	fields: [
		{
			...{ caption: 'Unit Price', way: 'toCrm', values: 'amount' },
			bc: (_world, row) => text(row['Unit_Price']),
			crm: (_world, row) => text(row['amount']),
			enterBc: (world, row, value) =>
				void companyOf(world).update('PriceListLineReview', lineId(world, row), { Unit_Price: Number(value) }),
		},
	],
	rows: (world, side) => (side === 'crm' ? world.sandbox.crm.rows('productpricelevel') : companyOf(world).rows('PriceListLineReview')),
	mark: (world, side, row) => {
		const [listMark, product] =
			side === 'crm'
				? [markOfRow(world, 'pricelevel', row['pricelevelid'], 'name'), markOfRow(world, 'product', row['productid'], 'name')]
				: [markIn(row['Price_List_Code']), assetMark(world, row)];
		return listMark === '' || product === '' ? '' : `${listMark}/${product}`;
	},
	id: (side, row) => text(side === 'crm' ? row['productpricelevelid'] : `${text(row['Price_List_Code'])}|${text(row['Line_No'])}`),
	remove: (world, side, row) =>
		side === 'crm'
			? world.sandbox.crm.remove('productpricelevel', text(row['productpricelevelid']))
			: companyOf(world).remove('PriceListLineReview', lineId(world, row)),
};
