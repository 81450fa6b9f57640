import type { TableDefinition } from '../model';
import { defineTable, states } from './define';

const address = (prefix: string): string[] =>
	['line1', 'line2', 'line3'].map((part) => `${prefix}_${part}:String(250)`).concat(['city', 'stateorprovince', 'country'].map((part) => `${prefix}_${part}:String(80)`), `${prefix}_postalcode:String(20)`, `${prefix}_telephone1:String(50)`); // prettier-ignore

/** Sources: the pages of these tables under https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/ */
export const salesTables: TableDefinition[] = [
	defineTable(
		{ logicalName: 'lead', entitySetName: 'leads', primaryName: 'fullname', ownership: 'UserOwned', changeTracking: true, states: states({ Open: [1, 2], Qualified: [3], Disqualified: [4, 5, 6, 7] }) }, // prettier-ignore
		[
			...['subject:String(300)', 'fullname:String(160)?', 'firstname:String(50)', 'middlename:String(50)', 'lastname:String(50)'],
			...['salutation:String(100)', 'jobtitle:String(100)', 'companyname:String(100)', 'description:Memo(2000)', 'websiteurl:String(200)'],
			...[
				'emailaddress1:String(100)',
				'emailaddress2:String(100)',
				'telephone1:String(50)',
				'telephone2:String(50)',
				'mobilephone:String(20)',
				'fax:String(50)',
			],
			...[
				'numberofemployees:Integer',
				'revenue:Money',
				'estimatedamount:Money',
				'estimatedclosedate:DateTime(DateOnly)',
				'budgetamount:Money',
				'sic:String(20)',
			],
			'leadsourcecode:Picklist(1=Advertisement,2=Employee Referral,3=External Referral,4=Partner,5=Public Relations,6=Seminar,7=Trade Show,8=Web,9=Word of Mouth,10=Other)',
			'leadqualitycode:Picklist(1=Hot,2=Warm,3=Cold)',
			'industrycode:Picklist(1=Accounting,2=Agriculture and Non-petrol Natural Resource Extraction,3=Broadcasting Printing and Publishing)',
			...[
				'donotemail:Boolean',
				'donotphone:Boolean',
				'donotpostalmail:Boolean',
				'donotbulkemail:Boolean',
				'merged:Boolean?',
				'masterid:Lookup(lead)?',
			],
			...[
				'parentaccountid:Lookup(account)',
				'parentcontactid:Lookup(contact)',
				'customerid:Customer(account,contact)',
				'qualifyingopportunityid:Lookup(opportunity)',
			],
			...['overriddencreatedon:DateTime+', 'importsequencenumber:Integer+'],
			...address('address1'),
			...address('address2'),
		],
	),
	defineTable(
		{
			logicalName: 'opportunityproduct',
			entitySetName: 'opportunityproducts',
			primaryName: 'opportunityproductname',
			ownership: 'UserOwned',
		},
		[
			...[
				'opportunityproductname:String(500)?',
				'opportunityid:Lookup(opportunity)!',
				'productid:Lookup(product)',
				'uomid:Lookup(uom)',
				'productdescription:String(500)',
			],
			...[
				'description:Memo(2000)',
				'isproductoverridden:Boolean',
				'ispriceoverridden:Boolean',
				'quantity:Decimal',
				'priceperunit:Money',
				'volumediscountamount:Money?',
			],
			...[
				'manualdiscountamount:Money',
				'tax:Money',
				'baseamount:Money?',
				'extendedamount:Money?',
				'lineitemnumber:Integer',
				'sequencenumber:Integer',
			],
			'pricingerrorcode:Picklist(0=None,1=Detail Error,2=Missing Price Level,3=Inactive Price Level,4=Missing Quantity,5=Missing Unit Price,6=Missing Product,7=Invalid Product,8=Missing Pricing Code,11=Product Not In Price Level,13=Missing UOM,34=Price List Currency Mismatch)',
			'producttypecode:Picklist(1=Product,2=Bundle,3=Required Bundle Product,4=Optional Bundle Product,5=Project-based Service)',
			...['opportunitystatecode:Picklist(0=Open,1=Won,2=Lost)?', 'overriddencreatedon:DateTime+', 'importsequencenumber:Integer+'],
		],
	),
	defineTable(
		{ logicalName: 'discounttype', entitySetName: 'discounttypes', primaryName: 'name', ownership: 'OrganizationOwned', states: states({ Active: [100001], Inactive: [100002] }) }, // prettier-ignore
		[
			'name:String(100)!',
			'description:Memo(2000)',
			'isamounttype:Boolean',
			'transactioncurrencyid:Lookup(transactioncurrency)',
			'importsequencenumber:Integer+',
			'overriddencreatedon:DateTime+',
		],
	),
	defineTable({ logicalName: 'discount', entitySetName: 'discounts', primaryName: 'discountid', ownership: 'None' }, [
		'discounttypeid:Lookup(discounttype)!',
		'lowquantity:Decimal!',
		'highquantity:Decimal!',
		'percentage:Decimal',
		'amount:Money',
		'isamounttype:Boolean?',
		'statuscode:Picklist(0=Active)',
		'importsequencenumber:Integer+',
	]),
	defineTable({ logicalName: 'customeraddress', entitySetName: 'customeraddresses', primaryName: 'name', ownership: 'UserOwned' }, [
		...[
			'name:String(200)',
			'addressnumber:Integer',
			'parentid:Lookup(account,contact)',
			'addresstypecode:Picklist(1=Bill To,2=Ship To,3=Primary,4=Other)',
			'objecttypecode:EntityName?',
		],
		...[
			'line1:String(250)',
			'line2:String(250)',
			'line3:String(250)',
			'city:String(80)',
			'stateorprovince:String(50)',
			'county:String(50)',
			'country:String(80)',
			'postalcode:String(20)',
		],
		...[
			'postofficebox:String(20)',
			'primarycontactname:String(150)',
			'telephone1:String(50)',
			'telephone2:String(50)',
			'telephone3:String(50)',
			'fax:String(50)',
			'upszone:String(4)',
			'utcoffset:Integer',
		],
		...[
			'latitude:Double',
			'longitude:Double',
			'composite:Memo(1000)?',
			'freighttermscode:Picklist(1=FOB,2=No Charge)',
			'shippingmethodcode:Picklist(1=Airborne,2=DHL,3=FedEx,4=UPS,5=Postal Mail,6=Full Load,7=Will Call)',
		],
		...['overriddencreatedon:DateTime+', 'importsequencenumber:Integer+'],
	]),
];
