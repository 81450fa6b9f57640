import type { DeletedAlong } from '../../ports/recordSystem';

const by = (table: string, field: string, filter: string | null = null): DeletedAlong => ({ table, field, by: 'number', filter });

/**
 * What Business Central deletes by itself with a record, of what mappings carry; no service tells it. Persons stay when their customer or vendor goes: it
 * only takes the relation of the company contact along (codeunits CustCont-Update and VendCont-Update, OnDelete).
 * Source: OnDelete of the tables Item, Resource, Customer Price Group and Price List Header,
 * https://github.com/StefanMaron/MSDyn365BC.Code.History
 */
const ALONG: Readonly<Record<string, readonly DeletedAlong[]>> = {
	items: [
		by('ItemUnitsOfMeasure', 'Item_No'),
		by('ItemUnitGroups', 'Item_No', "Source_Type eq 'Item'"),
		by('SalesPrices', 'Item_No'),
		by('PriceListLineReview', 'Asset_No', "Asset_Type eq 'Item'"),
	],
	ResourceCard: [
		by('ResourceUnitsOfMeasure', 'Resource_No'),
		by('ItemUnitGroups', 'Item_No', "Source_Type eq 'Resource'"),
		by('PriceListLineReview', 'Asset_No', "Asset_Type eq 'Resource'"),
	],
	CustomerPriceGroups: [by('SalesPrices', 'Sales_Code', "Sales_Type eq 'Customer Price Group'")],
	SalesPriceList: [by('PriceListLineReview', 'Price_List_Code')],
};

export const deletedAlong = (table: string): readonly DeletedAlong[] => ALONG[table] ?? [];
