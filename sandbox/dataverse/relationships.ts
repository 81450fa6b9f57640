/** What happens to referencing rows when the referenced row is deleted. None: the link stays (users, owners). */
export type DeleteBehaviour = 'Restrict' | 'Cascade' | 'RemoveLink' | 'None';

export interface KnownRelationship {
	name: string;
	referencing: string;
	column: string;
	referenced: string;
	onDelete: DeleteBehaviour;
}

const known = (name: string, referencing: string, column: string, referenced: string, onDelete: DeleteBehaviour): KnownRelationship => ({
	name,
	referencing,
	column,
	referenced,
	onDelete,
});

/** `Account_Tasks`, `Contact_Emails`, …, and the parties of activities. */
function activityRelationships(): KnownRelationship[] {
	const targets = { account: 'Account', contact: 'Contact', lead: 'Lead', opportunity: 'Opportunity', quote: 'Quote', salesorder: 'SalesOrder', invoice: 'Invoice' }; // prettier-ignore
	const activities = {
		task: 'Tasks',
		phonecall: 'Phonecalls',
		email: 'Emails',
		appointment: 'Appointments',
		activitypointer: 'ActivityPointers',
	};
	return [
		...Object.entries(targets).flatMap(([target, first]) =>
			Object.entries(activities).map(([activity, last]) => known(`${first}_${last}`, activity, 'regardingobjectid', target, 'Cascade')),
		),
		...['task', 'phonecall', 'email', 'appointment'].map((activity) =>
			known(`${activity}_activity_parties`, 'activityparty', 'activityid', activity, 'Cascade'),
		),
	];
}

/** Relationships whose name (which is the collection navigation property) or delete behaviour is documented; others follow the rule below. */
export const knownRelationships: KnownRelationship[] = [
	known('contact_customer_accounts', 'contact', 'parentcustomerid', 'account', 'Cascade'),
	known('contact_customer_contacts', 'contact', 'parentcustomerid', 'contact', 'Cascade'),
	known('account_parent_account', 'account', 'parentaccountid', 'account', 'RemoveLink'),
	known('account_primary_contact', 'account', 'primarycontactid', 'contact', 'RemoveLink'),
	known('opportunity_customer_accounts', 'opportunity', 'customerid', 'account', 'Cascade'),
	known('opportunity_customer_contacts', 'opportunity', 'customerid', 'contact', 'Cascade'),
	known('quote_customer_accounts', 'quote', 'customerid', 'account', 'Restrict'),
	known('quote_customer_contacts', 'quote', 'customerid', 'contact', 'Restrict'),
	known('order_customer_accounts', 'salesorder', 'customerid', 'account', 'Restrict'),
	known('order_customer_contacts', 'salesorder', 'customerid', 'contact', 'Restrict'),
	known('invoice_customer_accounts', 'invoice', 'customerid', 'account', 'Restrict'),
	known('invoice_customer_contacts', 'invoice', 'customerid', 'contact', 'Restrict'),
	known('opportunity_quotes', 'quote', 'opportunityid', 'opportunity', 'Restrict'),
	known('opportunity_sales_orders', 'salesorder', 'opportunityid', 'opportunity', 'Restrict'),
	known('quote_orders', 'salesorder', 'quoteid', 'quote', 'Restrict'),
	known('order_invoices', 'invoice', 'salesorderid', 'salesorder', 'Restrict'),
	known('product_opportunities', 'opportunityproduct', 'opportunityid', 'opportunity', 'Cascade'),
	known('product_opportunity_products', 'opportunityproduct', 'productid', 'product', 'Restrict'),
	known('discount_type_discounts', 'discount', 'discounttypeid', 'discounttype', 'Cascade'),
	known('discount_type_product_price_levels', 'productpricelevel', 'discounttypeid', 'discounttype', 'Restrict'),
	known('Account_CustomerAddress', 'customeraddress', 'parentid', 'account', 'Cascade'),
	known('Contact_CustomerAddress', 'customeraddress', 'parentid', 'contact', 'Cascade'),
	known('account_master_account', 'account', 'masterid', 'account', 'None'),
	known('contact_master_contact', 'contact', 'masterid', 'contact', 'None'),
	known('lead_master_lead', 'lead', 'masterid', 'lead', 'None'),
	known('lead_parent_account', 'lead', 'parentaccountid', 'account', 'RemoveLink'),
	known('lead_parent_contact', 'lead', 'parentcontactid', 'contact', 'RemoveLink'),
	known('serviceendpoint_sdkmessageprocessingstep', 'sdkmessageprocessingstep', 'eventhandler', 'serviceendpoint', 'Restrict'),
	known('sdkmessagefilterid_sdkmessageprocessingstep', 'sdkmessageprocessingstep', 'sdkmessagefilterid', 'sdkmessagefilter', 'Restrict'),
	known('sdkmessageid_sdkmessageprocessingstep', 'sdkmessageprocessingstep', 'sdkmessageid', 'sdkmessage', 'Restrict'),
	known('sdkmessageid_sdkmessagefilter', 'sdkmessagefilter', 'sdkmessageid', 'sdkmessage', 'Cascade'),
	known('DuplicateRule_DuplicateRuleConditions', 'duplicaterulecondition', 'regardingobjectid', 'duplicaterule', 'Cascade'),
	...activityRelationships(),
	known('quote_details', 'quotedetail', 'quoteid', 'quote', 'Cascade'),
	known('order_details', 'salesorderdetail', 'salesorderid', 'salesorder', 'Cascade'),
	known('invoice_details', 'invoicedetail', 'invoiceid', 'invoice', 'Cascade'),
	known('price_level_product_price_levels', 'productpricelevel', 'pricelevelid', 'pricelevel', 'Restrict'),
	known('product_price_levels', 'productpricelevel', 'productid', 'product', 'Cascade'),
	known('unit_of_measurement_product_price_levels', 'productpricelevel', 'uomid', 'uom', 'Restrict'),
	known('unit_of_measure_schedule_conversions', 'uom', 'uomscheduleid', 'uomschedule', 'Cascade'),
	known('unit_of_measure_schedule_products', 'product', 'defaultuomscheduleid', 'uomschedule', 'Restrict'),
	known('unit_of_measurement_products', 'product', 'defaultuomid', 'uom', 'Restrict'),
	known('product_quote_details', 'quotedetail', 'productid', 'product', 'Restrict'),
	known('product_order_details', 'salesorderdetail', 'productid', 'product', 'Restrict'),
	known('product_invoice_details', 'invoicedetail', 'productid', 'product', 'Restrict'),
	known('price_level_accounts', 'account', 'defaultpricelevelid', 'pricelevel', 'RemoveLink'),
	known('price_level_orders', 'salesorder', 'pricelevelid', 'pricelevel', 'Restrict'),
	known('price_level_quotes', 'quote', 'pricelevelid', 'pricelevel', 'Restrict'),
	known('price_level_invoices', 'invoice', 'pricelevelid', 'pricelevel', 'Restrict'),
	known('Account_Annotation', 'annotation', 'objectid', 'account', 'Cascade'),
	known('Contact_Annotation', 'annotation', 'objectid', 'contact', 'Cascade'),
	known('SalesOrder_Annotation', 'annotation', 'objectid', 'salesorder', 'Cascade'),
	known('Invoice_Annotation', 'annotation', 'objectid', 'invoice', 'Cascade'),
	known('Quote_Annotation', 'annotation', 'objectid', 'quote', 'Cascade'),
	known('Opportunity_Annotation', 'annotation', 'objectid', 'opportunity', 'Cascade'),
	known('Product_Annotation', 'annotation', 'objectid', 'product', 'Cascade'),
	known('account_Posts', 'post', 'regardingobjectid', 'account', 'Cascade'),
	known('contact_Posts', 'post', 'regardingobjectid', 'contact', 'Cascade'),
	known('opportunity_Posts', 'post', 'regardingobjectid', 'opportunity', 'Cascade'),
	known('opportunity_OpportunityClose', 'opportunityclose', 'opportunityid', 'opportunity', 'Cascade'),
	known('SalesOrder_OrderClose', 'orderclose', 'salesorderid', 'salesorder', 'Cascade'),
	known('Quote_QuoteClose', 'quoteclose', 'quoteid', 'quote', 'Cascade'),
];

/** Name of a relationship nobody documented; unique because the column is in it. */
export function ruleName(referencing: string, column: string, referenced: string): string {
	if (referenced === 'systemuser') return `lk_${referencing}_${column}`;
	if (referenced === 'transactioncurrency' && column === 'transactioncurrencyid') return `transactioncurrency_${referencing}`;
	if (referenced === 'businessunit' && column === 'owningbusinessunit') return `business_unit_${referencing}`;
	return `${referenced}_${referencing}_${column}`;
}
