/** A page of Business Central that can be published as a web service ("Publish a web service"). */
export interface StandardPage {
	/** Object id to choose on the page Web Services. */
	page: number;
	/** Caption as Business Central shows it. */
	caption: string;
	/** Nothing can be written through it. */
	readOnly?: true;
	/** Properties it shows without letting them be written. */
	fixed?: readonly string[];
	/** The caption of each key field, where the web client finds a single record by its key. */
	keys?: readonly string[];
}

/** By the name the page gets when nobody chooses another. */
export const STANDARD_PAGES: Readonly<Record<string, StandardPage>> = {
	workflowCustomers: { page: 6408, caption: 'Workflow - Customer Entity' },
	workflowVendors: { page: 6410, caption: 'Workflow - Vendor Entity' },
	workflowItems: { page: 6409, caption: 'Workflow - Item Entity' },
	CustomerCard: { page: 21, caption: 'Customer Card', fixed: ['Last_Date_Modified'], keys: ['No.'] },
	VendorCard: { page: 26, caption: 'Vendor Card', fixed: ['Last_Date_Modified'], keys: ['No.'] },
	ContactCard: { page: 5050, caption: 'Contact Card', fixed: ['Last_Date_Modified'], keys: ['No.'] },
	NameDetails: { page: 5055, caption: 'Name Details' },
	OpportunityList: { page: 5123, caption: 'Opportunity List', readOnly: true, keys: ['No.'] },
	SalesOrder: { page: 42, caption: 'Sales Order' },
	PostedSalesInvoice: { page: 132, caption: 'Posted Sales Invoice', readOnly: true, keys: ['No.'] },
	ItemCard: {
		page: 30,
		caption: 'Item Card',
		fixed: [
			'Last_Date_Modified',
			'Inventory',
			'Qty_on_Purch_Order',
			'Qty_on_Sales_Order',
			'Qty_on_Job_Order',
			'Trans_Ord_Receipt_Qty',
			'Trans_Ord_Shipment_Qty',
			'Qty_in_Transit',
		],
		keys: ['No.'],
	},
	ResourceCard: { page: 76, caption: 'Resource Card', fixed: ['Last_Date_Modified'], keys: ['No.'] },
	ResourceList: { page: 77, caption: 'Resources', readOnly: true, keys: ['No.'] },
	ShippingAgents: { page: 428, caption: 'Shipping Agents', keys: ['Code'] },
	CustomerPriceGroups: { page: 7, caption: 'Customer Price Groups', fixed: ['Coupled_to_Dataverse'], keys: ['Code'] },
	SalesPrices: { page: 7002, caption: 'Sales Prices', fixed: ['FilterDescription'] },
	SalesPriceList: { page: 7016, caption: 'Sales Price List', keys: ['Code'] },
	PriceListLines: { page: 7001, caption: 'Price List Lines' },
	PriceListLineReview: {
		page: 7005,
		caption: 'Price List Line Review',
		fixed: [
			'PriceListDescription',
			'Status',
			'Source_Type',
			'Source_No',
			'Asset_Type',
			'Asset_No',
			'Currency_Code',
			'Starting_Date',
			'Ending_Date',
		],
	},
	ItemUnitsOfMeasure: { page: 5404, caption: 'Item Units of Measure', keys: ['Item No.', 'Code'] },
	ResourceUnitsOfMeasure: { page: 210, caption: 'Resource Units of Measure', keys: ['Resource No.', 'Code'] },
	ItemUnitGroups: { page: 5400, caption: 'Item Unit Group List', readOnly: true },
	ResourceUnitGroups: { page: 5403, caption: 'Resource Unit Group List', readOnly: true },
	ChangeLogEntries: { page: 595, caption: 'Change Log Entries', readOnly: true },
};
