import type { EntitySource } from './entitySource';

/**
 * What Power Automate reads under `microsoft/automate/v1.0` and a synchronization may meet: posted invoices (page 9970 "Posted Sales Invoice API",
 * microsoft/BCApps, BaseApp/Integration/Entity/PostedSalesInvoiceAPI.Page.al). `id` is that of the posted invoice, `apiId` the one API v2.0 shows: that of
 * the draft it was, where it was one.
 */
export const automateEntities: readonly EntitySource[] = [
	{
		name: 'postedSalesInvoices',
		entityName: 'postedSalesInvoice',
		pageId: 9970,
		table: 'Sales Header',
		tableNo: 112,
		constants: { 'Document Type': ['Posted Invoice'] },
		properties: {
			id: 'Invoice SystemId|guid!^',
			number: 'No.|code20',
			apiId: 'SystemId|guid~',
			externalDocumentNumber: 'External Document No.|code35',
			invoiceDate: 'Document Date|date',
			postingDate: 'Posting Date|date',
			dueDate: 'Due Date|date',
			customerPurchaseOrderReference: 'Your Reference|text35',
			customerNumber: 'Sell-to Customer No.|code20',
			customerName: 'Sell-to Customer Name|text100',
			billToName: 'Bill-to Name|text100',
			billToCustomerNumber: 'Bill-to Customer No.|code20',
			shipToName: 'Ship-to Name|text100',
			shipToContact: 'Ship-to Contact|text100',
			...Object.fromEntries(
				['sell', 'bill', 'ship'].flatMap((role) => {
					const field = `${role[0]!.toUpperCase()}${role.slice(1)}-to`;
					return [
						[`${role}ToAddressLine1`, `${field} Address|text100`],
						[`${role}ToAddressLine2`, `${field} Address 2|text50`],
						[`${role}ToCity`, `${field} City|text30`],
						[`${role}ToCountry`, `${field} Country/Region Code|code10`],
						[`${role}ToState`, `${field} County|text30`],
						[`${role}ToPostCode`, `${field} Post Code|code20`],
					];
				}),
			),
			shipToPhoneNo: 'Ship-to Phone No.|text30',
			shortcutDimension1Code: 'Shortcut Dimension 1 Code|code20',
			shortcutDimension2Code: 'Shortcut Dimension 2 Code|code20',
			currencyCode: 'Currency Code|code10',
			orderNumber: 'Order No.|code20',
			paymentTermsCode: 'Payment Terms Code|code10',
			shipmentMethodCode: 'Shipment Method Code|code10',
			salesperson: 'Salesperson Code|code20',
			pricesIncludeTax: 'Prices Including VAT|boolean',
			discountAmount: 'Invoice Discount Amount|decimal',
			totalAmountExcludingTax: 'Amount|decimal',
			totalAmountIncludingTax: 'Amount Including VAT|decimal',
			phoneNumber: 'Sell-to Phone No.|text30',
			email: 'Sell-to E-Mail|text80',
		},
	},
];
