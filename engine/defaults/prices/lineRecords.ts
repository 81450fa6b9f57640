import { compositeId } from '../../model/compositeId';
import type { RuleContext } from '../../mapping/rules';
import { groupsByCode } from '../products/baseUnits';
import { baseUnitsOf, codeOf } from '../units/unitRows';
import type { FieldName, SystemRecord } from '../../model/record';

/** Names of what a price line refers to, by the page that shows the lines. */
export interface LineFields {
	/** Mapping of the price lists the lines belong to. */
	lists: 'PLHEADER-PRICE' | 'CUSTPRCGRP-PRICE';
	list: FieldName;
	/** Number of the item or resource. */
	asset: FieldName;
	/** Tells items from resources; null where there are only items. */
	assetType: FieldName | null;
	unit: FieldName;
	currency: FieldName;
}

/** What a line refers to, in Business Central's words and as CRM rows; null where there is none. */
export interface LineParts {
	number: string;
	products: 'ITEM-PRODUCT' | 'RESOURCE-PRODUCT';
	product: string | null;
	/** The line's unit, or the base unit where it names none. */
	unitCode: string;
	units: 'ITEM UOM' | 'RESOURCE UOM' | 'UNIT OF MEASURE';
	/** Key of the record that the unit would be coupled as. */
	unitRecord: string;
	unit: string | null;
	/** Without unit groups, the group that is the unit. */
	group: string | null;
}

/** Looks up everything that price lines refer to, in batches; by id of the line. */
export async function partsOfLines(
	context: RuleContext,
	names: LineFields,
	lines: readonly SystemRecord[],
): Promise<Map<string, LineParts>> {
	const isResource = ({ values }: SystemRecord): boolean => names.assetType !== null && values[names.assetType] === 'Resource';
	const numberOf = ({ values }: SystemRecord): string => codeOf(values[names.asset]);
	const items = await assetsOf(context, 'ITEM-PRODUCT', 'baseUnitOfMeasureCode', lines.filter((line) => !isResource(line)).map(numberOf));
	const resources = await assetsOf(context, 'RESOURCE-PRODUCT', 'Base_Unit_of_Measure', lines.filter(isResource).map(numberOf));
	const parts = new Map(
		lines.map((line): [string, LineParts] => {
			const asset = (isResource(line) ? resources : items).get(numberOf(line));
			const unitCode = codeOf(line.values[names.unit]) || (asset?.baseUnit ?? '');
			return [
				line.id,
				{
					number: numberOf(line),
					products: isResource(line) ? 'RESOURCE-PRODUCT' : 'ITEM-PRODUCT',
					product: asset?.product ?? null,
					unitCode,
					units: !context.settings.unitGroups ? 'UNIT OF MEASURE' : isResource(line) ? 'RESOURCE UOM' : 'ITEM UOM',
					unitRecord: compositeId([numberOf(line), unitCode]),
					unit: null,
					group: null,
				},
			];
		}),
	);
	await (context.settings.unitGroups ? findUnits : findGroups)(context, [...parts.values()]);
	return parts;
}

interface Asset {
	product: string | null;
	baseUnit: string;
}

async function assetsOf(
	{ session, references, mappings }: RuleContext,
	mapping: LineParts['products'],
	baseUnit: FieldName,
	numbers: readonly string[],
): Promise<Map<string, Asset>> {
	const bc = mappings.get(mapping)?.bc;
	const wanted = [...new Set(numbers)].filter((number) => number !== '');
	if (!bc || wanted.length === 0) return new Map();
	const records = await session.businessCentral.readByValues(bc, bc.numberField!, wanted, [baseUnit]);
	const rows = await references.coupledRows(
		mapping,
		records.map(({ id }) => id),
	);
	return new Map(
		records.map((record) => [codeOf(record.number), { product: rows.get(record.id) ?? null, baseUnit: codeOf(record.values[baseUnit]) }]),
	);
}

async function findUnits({ references }: RuleContext, parts: readonly LineParts[]): Promise<void> {
	for (const name of ['ITEM UOM', 'RESOURCE UOM'] as const) {
		const own = parts.filter(({ units }) => units === name);
		const rows = await references.rowsOfKeys(
			name,
			own.map(({ unitRecord }) => unitRecord),
		);
		for (const part of own) part.unit = rows.get(part.unitRecord) ?? null;
	}
}

async function findGroups(context: RuleContext, parts: readonly LineParts[]): Promise<void> {
	const groups = await groupsByCode(
		context,
		parts.map(({ unitCode }) => unitCode),
	);
	const units = await baseUnitsOf(context.session, groups.values());
	for (const part of parts) {
		part.group = groups.get(part.unitCode) ?? null;
		part.unit = units.get(part.group ?? '') ?? null;
	}
}
