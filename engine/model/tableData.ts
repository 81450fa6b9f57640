/** Table behind an entity set or page: the name and number of its data in permission sets, and the page object that has to be run. */
export interface TableData {
	table: string;
	number: number;
	/** Object id of the page; null for what the platform shows itself. */
	page: number | null;
	/** It is a page published as a web service, and no entity set. */
	published: boolean;
}

const rows = (published: boolean, text: string): Array<[string, TableData]> =>
	text
		.trim()
		.split('\n')
		.map((line) => {
			const [set = '', page = '', number = '', ...table] = line.trim().split(' ');
			return [set, { table: table.join(' '), number: Number(number), page: page === '-' ? null : Number(page), published }];
		});

/**
 * Entity sets of API v2.0: page object, table number, table. Source: BCApps, src/Apps/W1/APIV2 (SourceTable of each page). `contactsInformation` works its
 * rows out of the business relations of contacts.
 */
const API_V2 = rows(
	false,
	`
	companies - 2000000006 Company
	companyInformation 30011 79 Company Information
	salespeoplePurchasers 30075 13 Salesperson/Purchaser
	customers 30009 18 Customer
	vendors 30010 23 Vendor
	contacts 30071 5050 Contact
	contactsInformation 30072 5054 Contact Business Relation
	customerContacts 30089 5050 Contact
	currencies 30019 4 Currency
	currencyExchangeRates 30085 330 Currency Exchange Rate
	unitsOfMeasure 30030 204 Unit of Measure
	items 30008 27 Item
	itemVariants 30052 5401 Item Variant
	itemCategories 30025 5722 Item Category
	opportunities 30070 5092 Opportunity
	paymentTerms 30023 3 Payment Terms
	shipmentMethods 30024 10 Shipment Method
	countriesRegions 30027 9 Country/Region
	customerFinancialDetails 30048 18 Customer
	jobQueueEntries 30091 472 Job Queue Entry
`,
);

/** Pages published as web services, by their usual service name. Source: BCApps, src/Layers/W1/BaseApp (SourceTable of each page). */
const PAGES = rows(
	true,
	`
	workflowCustomers 6408 18 Customer
	workflowVendors 6410 23 Vendor
	workflowItems 6409 27 Item
	CustomerCard 21 18 Customer
	VendorCard 26 23 Vendor
	ContactCard 5050 5050 Contact
	NameDetails 5055 5050 Contact
	OpportunityList 5123 5092 Opportunity
	SalesOrder 42 36 Sales Header
	PostedSalesInvoice 132 112 Sales Invoice Header
	ItemCard 30 27 Item
	ResourceCard 76 156 Resource
	ResourceList 77 156 Resource
	ShippingAgents 428 291 Shipping Agent
	CustomerPriceGroups 7 6 Customer Price Group
	SalesPrices 7002 7002 Sales Price
	SalesPriceList 7016 7000 Price List Header
	PriceListLines 7001 7001 Price List Line
	PriceListLineReview 7005 7001 Price List Line
	ItemUnitsOfMeasure 5404 5404 Item Unit of Measure
	ResourceUnitsOfMeasure 210 205 Resource Unit of Measure
	ItemUnitGroups 5400 5400 Unit Group
	ResourceUnitGroups 5403 5400 Unit Group
	ChangeLogEntries 595 405 Change Log Entry
`,
);

const TABLES: ReadonlyMap<string, TableData> = new Map([...API_V2, ...PAGES]);

/** Null for entity sets and pages nobody here knows, such as API pages of an extension of one's own. */
export const tableDataOf = (set: string): TableData | null => TABLES.get(set) ?? null;
