import type { TableDefinition } from '../model';
import { column, defineTable, states } from './define';

/** Customization and platform tables that clients read or write as rows. */
export const platformTables: TableDefinition[] = [
	defineTable(
		{ logicalName: 'sdkmessage', entitySetName: 'sdkmessages', primaryName: 'name', ownership: 'OrganizationOwned', bulk: false },
		['name:String(256)', 'categoryname:String(25)', 'isprivate:Boolean', 'isactive:Boolean'],
	),
	defineTable(
		{
			logicalName: 'sdkmessagefilter',
			entitySetName: 'sdkmessagefilters',
			primaryName: 'name',
			ownership: 'OrganizationOwned',
			bulk: false,
		},
		[
			'name:String(256)',
			'sdkmessageid:Lookup(sdkmessage)',
			'primaryobjecttypecode:EntityName',
			'secondaryobjecttypecode:EntityName',
			'iscustomprocessingstepallowed:Boolean',
		],
	),
	defineTable(
		{ logicalName: 'serviceendpoint', entitySetName: 'serviceendpoints', primaryName: 'name', ownership: 'OrganizationOwned', bulk: false },
		[
			'name:String(160)!',
			'description:String(256)',
			'url:String(500)',
			'contract:Picklist(1=OneWay,2=Queue,3=Rest,4=TwoWay,5=Topic,6=Queue (Persistent),7=Event Hub,8=Webhook,9=Event Grid)!',
			'authtype:Picklist(0=NotSpecified,1=ACS,2=SAS Key,3=SAS Token,4=Webhook Key,5=Http Header,6=Http Query String,7=Connection String,8=Access Key,9=Managed Identity)',
			'authvalue:String(2048)',
			'isauthvalueset:Boolean?',
			'messageformat:Picklist(1=Binary XML,2=Json,3=Text XML)',
			'connectionmode:Picklist(1=Normal,2=Federated)',
		],
	),
	defineTable(
		{ logicalName: 'sdkmessageprocessingstep', entitySetName: 'sdkmessageprocessingsteps', primaryName: 'name', ownership: 'OrganizationOwned', bulk: false, states: states({ Enabled: [1], Disabled: [2] }) }, // prettier-ignore
		[
			...[
				'name:String(256)!',
				'description:String(256)',
				'rank:Integer',
				'filteringattributes:String(100000)',
				'configuration:String(1073741823)',
			],
			...[
				'stage:Picklist(5=Initial Pre-operation,10=Pre-validation,20=Pre-operation,40=Post-operation)!',
				'mode:Picklist(0=Synchronous,1=Asynchronous)!',
			],
			...[
				'supporteddeployment:Picklist(0=Server Only,1=Client Only,2=Both)',
				'asyncautodelete:Boolean',
				'sdkmessageid:Lookup(sdkmessage)',
				'sdkmessagefilterid:Lookup(sdkmessagefilter)',
			],
			'impersonatinguserid:Lookup(systemuser)',
		],
	),
	defineTable(
		{ logicalName: 'asyncoperation', entitySetName: 'asyncoperations', primaryName: 'name', ownership: 'UserOwned', bulk: false, states: { default: [0, 0], values: { '0': { label: 'Ready', defaultStatus: 0, statuses: [0] }, '1': { label: 'Suspended', defaultStatus: 10, statuses: [10] }, '2': { label: 'Locked', defaultStatus: 20, statuses: [20, 21, 22] }, '3': { label: 'Completed', defaultStatus: 30, statuses: [30, 31, 32] } } } }, // prettier-ignore
		[
			...[
				'name:String(256)',
				'operationtype:Integer',
				'message:Memo(1048576)',
				'friendlymessage:Memo(1048576)',
				'errorcode:Integer',
				'messagename:String(160)',
				'primaryentitytype:EntityName',
			],
			...[
				'startedon:DateTime',
				'completedon:DateTime',
				'retrycount:Integer',
				'correlationid:Uniqueidentifier',
				'owningextensionid:Lookup(sdkmessageprocessingstep)',
			],
			'regardingobjectid:Lookup(account,contact,opportunity,quote,salesorder,invoice,product)',
		],
	),
	...['savedquery', 'userquery'].map((name) =>
		defineTable(
			{ logicalName: name, entitySetName: name.replace(/y$/, 'ies'), primaryName: 'name', ownership: name === 'userquery' ? 'UserOwned' : 'OrganizationOwned', bulk: false, states: states({ Active: [1], Inactive: [2] }) }, // prettier-ignore
			[
				'name:String(200)!',
				'fetchxml:Memo(1073741823)',
				'layoutxml:Memo(1073741823)',
				'returnedtypecode:EntityName',
				'querytype:Integer',
				'isdefault:Boolean',
				'description:Memo(2000)',
			],
		),
	),
	defineTable(
		{ logicalName: 'duplicaterule', entitySetName: 'duplicaterules', primaryName: 'name', ownership: 'UserOwned', bulk: false, states: states({ Inactive: [0], Active: [2] }) }, // prettier-ignore
		[
			'name:String(160)!',
			'description:String(1048576)',
			'baseentityname:EntityName',
			'matchingentityname:EntityName',
			'iscasesensitive:Boolean',
			'excludeinactiverecords:Boolean',
		],
	),
	defineTable(
		{
			logicalName: 'duplicaterulecondition',
			entitySetName: 'duplicateruleconditions',
			primaryName: 'baseattributename',
			ownership: 'None',
			bulk: false,
		},
		[
			'regardingobjectid:Lookup(duplicaterule)!',
			'baseattributename:String(160)',
			'matchingattributename:String(160)',
			'operatorcode:Picklist(0=Exact Match,1=Same First Characters,2=Same Last Characters,3=Same Date,4=Same Date and Time)',
			'operatorparam:Integer',
			'ignoreblankvalues:Boolean',
		],
	),
];

const step = platformTables.find(({ logicalName }) => logicalName === 'sdkmessageprocessingstep')!;
// Written through `eventhandler_serviceendpoint`, though there is one kind of handler here only.
step.columns.push({ ...column('eventhandler:Lookup(serviceendpoint)'), navigation: { serviceendpoint: 'eventhandler_serviceendpoint' } });
