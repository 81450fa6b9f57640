import type { Table } from './model';

export type Right = (typeof tableRights)[number];

export const tableRights = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'] as const;

/** Privileges that belong to no table. */
export const namedPrivileges = [
	'prvActOnBehalfOfAnotherUser',
	'prvBypassCustomBusinessLogic',
	'prvBypassCustomPlugins',
	'prvReadEntity',
	'prvReadAttribute',
	'prvReadRelationship',
	'prvReadOptionSet',
	'prvWriteEntity',
	'prvCreateAttribute',
	'prvWriteOptionSet',
	'prvPublishCustomization',
	'prvMerge',
];

/** Tables whose privileges carry another name than the table. */
const privilegeNames: Record<string, string> = {
	account: 'Account',
	contact: 'Contact',
	opportunity: 'Opportunity',
	salesorder: 'Order',
	salesorderdetail: 'Order',
	quote: 'Quote',
	quotedetail: 'Quote',
	invoice: 'Invoice',
	invoicedetail: 'Invoice',
	product: 'Product',
	pricelevel: 'Product',
	productpricelevel: 'Product',
	uom: 'Product',
	uomschedule: 'Product',
	transactioncurrency: 'TransactionCurrency',
	systemuser: 'User',
	team: 'Team',
	businessunit: 'BusinessUnit',
	organization: 'Organization',
	lead: 'Lead',
	task: 'Activity',
	phonecall: 'Activity',
	email: 'Activity',
	appointment: 'Activity',
	activitypointer: 'Activity',
	activityparty: 'Activity',
	opportunityproduct: 'Opportunity',
	customeraddress: 'CustomerAddress',
	discounttype: 'DiscountType',
	discount: 'DiscountType',
	savedquery: 'Query',
	userquery: 'UserQuery',
	duplicaterule: 'DuplicateRule',
	duplicaterulecondition: 'DuplicateRule',
	serviceendpoint: 'ServiceEndpoint',
	sdkmessage: 'SdkMessage',
	sdkmessagefilter: 'SdkMessage',
	sdkmessageprocessingstep: 'SdkMessageProcessingStep',
	asyncoperation: 'AsyncOperation',
	annotation: 'Note',
	post: 'Post',
	role: 'Role',
	privilege: 'Privilege',
	fieldsecurityprofile: 'FieldSecurityProfile',
	fieldpermission: 'FieldSecurityProfile',
};

/** e.g. prvReadAccount. */
export function privilegeName(right: (typeof tableRights)[number], table: Table): string {
	return `prv${right}${privilegeNames[table.logicalName] ?? table.schemaName ?? table.logicalName}`;
}
