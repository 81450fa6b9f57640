/** The API of the extension in the folder `extension` of the repository. */
export const EXTENSION_ROUTE = 'd365sync/sync/v1.0';

/** An API page of the extension that shows what a page published as a web service shows. */
export interface ExtensionPage {
	/** Entity set under `EXTENSION_ROUTE`. */
	set: string;
	/** What mappings call its properties, which is what the published page calls them, with their names there. */
	names: Readonly<Record<string, string>>;
	/** Properties whose values are enums there, with encoded members; on published pages they are plain text. */
	enums: ReadonlySet<string>;
}

/** `Qty_per_Unit_of_Measure` → `qtyPerUnitOfMeasure`: both are made of the name of the field. */
function camelCase(name: string): string {
	const [first = '', ...rest] = name.split('_');
	const head = first === first.toUpperCase() ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1);
	return head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function page(
	set: string,
	names: string,
	{ enums = '', others = {} }: { enums?: string; others?: Record<string, string> } = {},
): ExtensionPage {
	const ruled = names.split(' ').map((name): [string, string] => [name, camelCase(name)]);
	return { set, names: { ...Object.fromEntries(ruled), ...others }, enums: new Set(enums.split(' ').filter(Boolean)) };
}

const PRICE = 'Price_Includes_VAT Allow_Invoice_Disc Allow_Line_Disc VAT_Bus_Posting_Gr_Price';

/** By the name a page gets when nobody chooses another; both unit group pages show one table, and so does one page here. */
export const EXTENSION_PAGES: Readonly<Record<string, ExtensionPage>> = {
	workflowCustomers: page(
		'customers',
		'name name2 searchName contact currencyCode languageCode customerPriceGroup paymentTermsCode paymentMethodCode salespersonCode shipmentMethodCode shippingAgentCode privacyBlocked',
		{ others: { number: 'no', faxNumber: 'faxNo', primaryContactNumber: 'primaryContactNo', mobilePhoneNumber: 'mobilePhoneNo' } },
	),
	CustomerCard: page(
		'customers',
		'No Name Name_2 Search_Name Salesperson_Code Currency_Code Language_Code Payment_Terms_Code Payment_Method_Code Shipment_Method_Code Shipping_Agent_Code Customer_Price_Group Primary_Contact_No Privacy_Blocked Fax_No',
		{ others: { ContactName: 'contact', MobilePhoneNo: 'mobilePhoneNo' } },
	),
	workflowVendors: page(
		'vendors',
		'name name2 searchName contact currencyCode languageCode paymentTermsCode paymentMethodCode purchaserCode shipmentMethodCode shippingAgentCode privacyBlocked',
		{ others: { number: 'no', faxNumber: 'faxNo', primaryContactNumber: 'primaryContactNo', mobilePhoneNumber: 'mobilePhoneNo' } },
	),
	VendorCard: page(
		'vendors',
		'No Name Name_2 Search_Name Purchaser_Code Currency_Code Language_Code Payment_Terms_Code Payment_Method_Code Shipment_Method_Code Shipping_Agent_Code Primary_Contact_No Privacy_Blocked Fax_No',
		{ others: { Control16: 'contact', MobilePhoneNo: 'mobilePhoneNo' } },
	),
	ContactCard: page(
		'contacts',
		'No Name Name_2 Search_Name Job_Title Salutation_Code Fax_No Pager E_Mail_2 Salesperson_Code Currency_Code Language_Code Territory_Code',
	),
	NameDetails: page('contacts', 'No Job_Title First_Name Middle_Name Surname'),
	workflowItems: page('items', 'description description2 searchDescription unitVolume grossWeight netWeight', {
		others: {
			number: 'no',
			vendorNumber: 'vendorNo',
			vendorItemNumber: 'vendorItemNo',
			unitsPerParcel: 'unitsPerParcel',
			tariffNumber: 'tariffNo',
			countryRegionOfOriginCode: 'countryRegionOfOriginCode',
			salesUnitOfMeasure: 'salesUnitOfMeasure',
			salesBlocked: 'salesBlocked',
		},
	}),
	ShippingAgents: page('shippingAgents', 'Code Name Internet_Address Account_No'),
	ItemUnitGroups: page('unitGroups', 'Source_Type Source_Id Code', { enums: 'Source_Type', others: { Item_No: 'sourceNo' } }),
	ResourceUnitGroups: page('unitGroups', 'Source_Type Source_Id Code', { enums: 'Source_Type', others: { Resource_No: 'sourceNo' } }),
	ItemUnitsOfMeasure: page('itemUnitsOfMeasure', 'Item_No Code Qty_per_Unit_of_Measure Length Width Height Cubage Weight'),
	ResourceUnitsOfMeasure: page('resourceUnitsOfMeasure', 'Resource_No Code Qty_per_Unit_of_Measure Related_to_Base_Unit_of_Meas'),
	ResourceCard: page(
		'resources',
		'No Type Name Search_Name Name_2 Address Address_2 City County Post_Code Country_Region_Code Job_Title Resource_Group_No Base_Unit_of_Measure Direct_Unit_Cost Indirect_Cost_Percent Unit_Cost Profit_Percent Unit_Price Vendor_No Capacity Gen_Prod_Posting_Group VAT_Prod_Posting_Group Blocked Privacy_Blocked Last_Date_Modified',
		{ enums: 'Type' },
	),
	CustomerPriceGroups: page('customerPriceGroups', `Code Description ${PRICE}`),
	SalesPrices: page(
		'salesPrices',
		`Item_No Sales_Type Sales_Code Starting_Date Ending_Date Currency_Code Variant_Code Unit_of_Measure_Code Minimum_Quantity Unit_Price ${PRICE}`,
		{ enums: 'Sales_Type', others: { SystemId: 'id' } },
	),
	SalesPriceList: page(
		'priceListHeaders',
		'Code Description SourceType SourceNo AmountType Status CurrencyCode StartingDate EndingDate PriceIncludesVAT AllowInvoiceDisc AllowLineDisc AllowUpdatingDefaults',
		{ enums: 'SourceType AmountType Status', others: { VATBusPostingGrPrice: 'vatBusPostingGrPrice' } },
	),
	PriceListLineReview: page(
		'priceListLines',
		`Price_List_Code Line_No Source_Type Source_No Asset_Type Asset_No Description Variant_Code Work_Type_Code Unit_of_Measure_Code Minimum_Quantity Amount_Type Currency_Code Unit_Price Unit_Cost DirectUnitCost Cost_Factor Line_Discount_Percent Starting_Date Ending_Date Status ${PRICE}`,
		{ enums: 'Source_Type Asset_Type Amount_Type Status' },
	),
};
