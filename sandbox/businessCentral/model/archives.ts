import type { EntitySource } from './entitySource';

/**
 * Archived quotes and orders (microsoft/BCApps, src/Apps/W1/APIV2/app/src/pages: APIV2SalesQtArchives, APIV2SalesQtArchLines, APIV2SalesOrdArchives,
 * APIV2SOrdArchLines; pages 30212 to 30215). Read-only; here `currencyCode` is the field itself, blank for the local currency.
 */
const many = (name: string) => ({ name, target: name, many: true });
const status = 'Status|enum(salesDocumentStatus):Open,Released,Pending Approval,Pending Prepayment!~';

const party = (role: string, property: string): Record<string, string> => ({
	[`${property}Address`]: `${role} Address|text100`,
	[`${property}Address2`]: `${role} Address 2|text50`,
	[`${property}City`]: `${role} City|text30`,
	[`${property}County`]: `${role} County|text30`,
	[`${property}PostCode`]: `${role} Post Code|code20`,
	[`${property}CountryRegionCode`]: `${role} Country/Region Code|code10`,
	[`${property}Contact`]: `${role} Contact|text100`,
});

const ofOrders = {
	shippingAgentCode: 'Shipping Agent Code|code10',
	shippingAgentServiceCode: 'Shipping Agent Service Code|code10',
};

function header(type: 'Quote' | 'Order', pageId: number): EntitySource {
	const order = type === 'Order';
	const name = `sales${type}Archive`;
	return {
		name: `${name}s`,
		entityName: name,
		pageId,
		table: 'Sales Header Archive',
		tableNo: 5107,
		constants: { 'Document Type': [type] },
		navigation: [
			many('dimensionSetLines'),
			many(`${name}Lines`),
			{ name: 'pdfDocument', target: 'pdfDocument', many: false },
			many('attachments'),
			many('documentAttachments'),
		],
		properties: {
			id: 'SystemId|guid!',
			number: 'No.|code20',
			docNoOccurrence: 'Doc. No. Occurrence|integer',
			versionNumber: 'Version No.|integer',
			sellToCustomerNumber: 'Sell-to Customer No.|code20',
			sellToCustomerName: 'Sell-to Customer Name|text100',
			...party('Sell-to', 'sellTo'),
			sellToContactNumber: 'Sell-to Contact No.|code20',
			billToCustomerNumber: 'Bill-to Customer No.|code20',
			billToName: 'Bill-to Name|text100',
			...party('Bill-to', 'billTo'),
			shipToName: 'Ship-to Name|text100',
			...party('Ship-to', 'shipTo'),
			...(order ? { orderDate: 'Order Date|date' } : {}),
			documentDate: 'Document Date|date',
			postingDate: 'Posting Date|date',
			dueDate: 'Due Date|date',
			shipmentDate: 'Shipment Date|date',
			shortcutDimension1Code: 'Shortcut Dimension 1 Code|code20',
			shortcutDimension2Code: 'Shortcut Dimension 2 Code|code20',
			currencyCode: 'Currency Code|code10',
			pricesIncludingVAT: 'Prices Including VAT|boolean',
			paymentTermsCode: 'Payment Terms Code|code10',
			shipmentMethodCode: 'Shipment Method Code|code10',
			...(order ? ofOrders : {}),
			salespersonCode: 'Salesperson Code|code20',
			...(order ? {} : { quoteValidUntilDate: 'Quote Valid Until Date|date' }),
			locationCode: 'Location Code|code10',
			externalDocumentNumber: 'External Document No.|code35',
			yourReference: 'Your Reference|text35',
			...(order ? { requestedDeliveryDate: 'Requested Delivery Date|date' } : {}),
			status,
			responsibilityCenter: 'Responsibility Center|code10',
			dateArchived: 'Date Archived|date',
			archivedBy: 'Archived By|code50',
			lastModifiedDateTime: 'SystemModifiedAt|dateTime',
		},
	};
}

const lineProperties = {
	id: 'SystemId|guid!',
	documentNumber: 'Document No.|code20',
	docNoOccurrence: 'Doc. No. Occurrence|integer',
	versionNumber: 'Version No.|integer',
	sequence: 'Line No.|integer',
	lineType: 'Type|enum(salesLineType): ,G/L Account,Item,Resource,Fixed Asset,Charge (Item)',
	lineObjectNumber: 'No.|code20',
	description: 'Description|text100',
	description2: 'Description 2|text50',
	unitOfMeasureCode: 'Unit of Measure Code|code10',
	quantity: 'Quantity|decimal',
	unitPrice: 'Unit Price|decimal',
	lineDiscountPercent: 'Line Discount %|decimal',
	lineDiscountAmount: 'Line Discount Amount|decimal',
	lineAmount: 'Line Amount|decimal',
	amount: 'Amount|decimal',
	amountIncludingVAT: 'Amount Including VAT|decimal',
	taxPercent: 'VAT %|decimal',
};
const lineQuantities = {
	outstandingQuantity: 'Outstanding Quantity|decimal',
	qtyToShip: 'Qty. to Ship|decimal',
	quantityShipped: 'Quantity Shipped|decimal',
	quantityInvoiced: 'Quantity Invoiced|decimal',
};
const lineRest = {
	variantCode: 'Variant Code|code10',
	locationCode: 'Location Code|code10',
	shipmentDate: 'Shipment Date|date',
	shortcutDimension1Code: 'Shortcut Dimension 1 Code|code20',
	shortcutDimension2Code: 'Shortcut Dimension 2 Code|code20',
	itemCategoryCode: 'Item Category Code|code20',
	lastModifiedDateTime: 'SystemModifiedAt|dateTime',
};

function lines(type: 'Quote' | 'Order', pageId: number): EntitySource {
	const name = `sales${type}ArchiveLine`;
	return {
		name: `${name}s`,
		entityName: name,
		pageId,
		table: 'Sales Line Archive',
		tableNo: 5108,
		constants: { 'Document Type': [type] },
		navigation: [many('dimensionSetLines')],
		properties: { ...lineProperties, ...(type === 'Order' ? lineQuantities : {}), ...lineRest },
	};
}

export const archiveEntities: readonly EntitySource[] = [
	header('Quote', 30212),
	lines('Quote', 30213),
	header('Order', 30214),
	lines('Order', 30215),
];
