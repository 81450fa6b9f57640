/** Schema names of tables whose words cannot be told from the logical name. */
const known: Record<string, string> = {
	systemuser: 'SystemUser',
	transactioncurrency: 'TransactionCurrency',
	uomschedule: 'UoMSchedule',
	uom: 'UoM',
	pricelevel: 'PriceLevel',
	productpricelevel: 'ProductPriceLevel',
	invoicedetail: 'InvoiceDetail',
	salesorder: 'SalesOrder',
	salesorderdetail: 'SalesOrderDetail',
	quotedetail: 'QuoteDetail',
	businessunit: 'BusinessUnit',
	opportunityclose: 'OpportunityClose',
	opportunityproduct: 'OpportunityProduct',
	customeraddress: 'CustomerAddress',
	discounttype: 'DiscountType',
	phonecall: 'PhoneCall',
	activitypointer: 'ActivityPointer',
	activityparty: 'ActivityParty',
	sdkmessage: 'SdkMessage',
	sdkmessagefilter: 'SdkMessageFilter',
	sdkmessageprocessingstep: 'SdkMessageProcessingStep',
	serviceendpoint: 'ServiceEndpoint',
	asyncoperation: 'AsyncOperation',
	savedquery: 'SavedQuery',
	userquery: 'UserQuery',
	duplicaterule: 'DuplicateRule',
	duplicaterulecondition: 'DuplicateRuleCondition',
	orderclose: 'OrderClose',
	quoteclose: 'QuoteClose',
};

/** Custom names (with a prefix) keep their case. */
export function schemaNameOf(logicalName: string): string {
	return known[logicalName] ?? (/^[a-z]+_/.test(logicalName) ? logicalName : logicalName.charAt(0).toUpperCase() + logicalName.slice(1));
}
