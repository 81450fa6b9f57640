import type { OrderField } from '../orderImport/fields';

/** What CRM is told of every imported order. */
export const PROGRESS_FIELDS: readonly OrderField[] = [
	{
		businessCentral: 'status, lines, shipments and posted invoices',
		crm: 'submitstatus',
		rule: '10 imported, 20 in review, 30 released, 40 partly shipped, 50 shipped, 60 partly invoiced, 70 invoiced, 80 partly paid, 90 paid, 95 all invoices cancelled',
	},
	{
		businessCentral: 'the same, with the tracking number of the page',
		crm: 'submitstatusdescription',
		rule: 'one line for people: `Business Central order S-ORD101001 · released · 60 % shipped (3 of 5 lines) · 40 % invoiced · PS-INV103022 open 1250.00 GBP · tracking 1Z999`',
	},
	{ businessCentral: 'shippedQuantity', crm: 'quantityshipped of the line', rule: '' },
	{
		businessCentral: 'quantity − shippedQuantity',
		crm: 'quantitybackordered of the line',
		rule: 'once something of the line was shipped',
	},
];

/** What CRM is told besides of a released order, where the two say something different. */
export const RELEASED_FIELDS: readonly OrderField[] = [
	...(['shipTo', 'billTo'] as const).flatMap((prefix): OrderField[] => [
		{
			businessCentral: `${prefix}Name, ${prefix}AddressLine1, ${prefix}AddressLine2, ${prefix}PostCode, ${prefix}City, ${prefix}State`,
			crm: ['name', 'line1', 'line2', 'postalcode', 'city', 'stateorprovince'].map((part) => `${prefix.toLowerCase()}_${part}`).join(', '),
			rule: 'a text of which Business Central holds only the beginning stays whole in CRM',
		},
		{
			businessCentral: `${prefix}Country`,
			crm: `${prefix.toLowerCase()}_country`,
			rule: 'the code, unless CRM says it by code or by name already',
		},
	]),
	{ businessCentral: 'paymentTermsId', crm: 'paymenttermscode', rule: 'by the couples of PAYMENT TERMS; without one the column stays' },
	{ businessCentral: 'shipmentMethodId', crm: 'freighttermscode', rule: 'by the couples of SHIPMENT METHOD; without one the column stays' },
	{
		businessCentral: 'shippingAgentCode of the page',
		crm: 'shippingmethodcode',
		rule: 'by the couples of SHIPPING AGENT; without one, or without the page, the column stays',
	},
	{ businessCentral: 'requestedDeliveryDate', crm: 'requestdeliveryby', rule: '' },
	{ businessCentral: 'posting date of the last shipment', crm: 'datefulfilled', rule: '' },
	{
		businessCentral: 'discountAmount',
		crm: 'discountamount',
		rule: 'less what the discount percentage of CRM comes to, which stays; only where the discount of the two differs',
	},
];
