import { COMPANY_COLUMN } from '../../model/companyColumn';

/** What is documented about a table, so that reading it needs no metadata. */
export interface KnownTable {
	/** Entity set. */
	set: string;
	/** Primary id column. */
	id: string;
	/** Lookups whose navigation property has the column's own name. */
	lookups?: readonly string[];
	/** Lookups to several tables: navigation property by target. */
	typed?: Readonly<Record<string, Readonly<Record<string, string>>>>;
	/** Lookups whose navigation property is only known to the environment (custom columns keep the case of their schema name). */
	unnamed?: readonly string[];
}

/** Lookups that any table may have. */
export const COMMON_LOOKUPS: readonly string[] = [
	'ownerid',
	'owningbusinessunit',
	'owninguser',
	'owningteam',
	'createdby',
	'createdonbehalfby',
	'modifiedby',
	'modifiedonbehalfby',
	'transactioncurrencyid',
	'organizationid',
];

/** Tables of Dynamics 365 Sales and of the Business Central integration solution. Source: Microsoft's table reference pages. */
export const KNOWN_TABLES: Readonly<Record<string, KnownTable>> = {
	systemuser: { set: 'systemusers', id: 'systemuserid', lookups: ['businessunitid', 'parentsystemuserid'] },
	account: {
		set: 'accounts',
		id: 'accountid',
		lookups: ['defaultpricelevelid', 'primarycontactid', 'parentaccountid', 'preferredsystemuserid', 'masterid'],
		unnamed: ['nav_accountstatisticsid', COMPANY_COLUMN],
	},
	contact: {
		set: 'contacts',
		id: 'contactid',
		lookups: ['defaultpricelevelid', 'preferredsystemuserid', 'masterid'],
		typed: { parentcustomerid: { account: 'parentcustomerid_account', contact: 'parentcustomerid_contact' } },
		unnamed: ['accountid', 'parentcontactid', COMPANY_COLUMN],
	},
	transactioncurrency: { set: 'transactioncurrencies', id: 'transactioncurrencyid' },
	uomschedule: { set: 'uomschedules', id: 'uomscheduleid' },
	uom: { set: 'uoms', id: 'uomid', lookups: ['baseuom', 'uomscheduleid'] },
	product: {
		set: 'products',
		id: 'productid',
		lookups: ['defaultuomscheduleid', 'defaultuomid', 'pricelevelid', 'parentproductid'],
		unnamed: [COMPANY_COLUMN],
	},
	pricelevel: { set: 'pricelevels', id: 'pricelevelid', unnamed: [COMPANY_COLUMN] },
	productpricelevel: {
		set: 'productpricelevels',
		id: 'productpricelevelid',
		lookups: ['pricelevelid', 'uomid', 'uomscheduleid', 'discounttypeid', 'productid'],
	},
	opportunity: {
		set: 'opportunities',
		id: 'opportunityid',
		lookups: ['pricelevelid', 'parentaccountid', 'parentcontactid'],
		typed: { customerid: { account: 'customerid_account', contact: 'customerid_contact' } },
		unnamed: ['contactid', 'accountid', COMPANY_COLUMN],
	},
	invoice: {
		set: 'invoices',
		id: 'invoiceid',
		lookups: ['opportunityid', 'salesorderid', 'pricelevelid'],
		typed: { customerid: { account: 'customerid_account', contact: 'customerid_contact' } },
		unnamed: ['accountid', 'contactid', COMPANY_COLUMN],
	},
	invoicedetail: { set: 'invoicedetails', id: 'invoicedetailid', lookups: ['salesrepid', 'invoiceid', 'uomid', 'productid'] },
	salesorder: {
		set: 'salesorders',
		id: 'salesorderid',
		lookups: ['opportunityid', 'quoteid', 'pricelevelid'],
		typed: { customerid: { account: 'customerid_account', contact: 'customerid_contact' } },
		unnamed: ['accountid', 'contactid', COMPANY_COLUMN],
	},
	salesorderdetail: { set: 'salesorderdetails', id: 'salesorderdetailid', lookups: ['salesorderid', 'salesrepid', 'uomid', 'productid'] },
	quote: {
		set: 'quotes',
		id: 'quoteid',
		lookups: ['pricelevelid', 'opportunityid'],
		typed: { customerid: { account: 'customerid_account', contact: 'customerid_contact' } },
		unnamed: ['accountid', 'contactid', COMPANY_COLUMN],
	},
	quotedetail: { set: 'quotedetails', id: 'quotedetailid', lookups: ['quoteid', 'salesrepid', 'uomid', 'productid'] },
	annotation: { set: 'annotations', id: 'annotationid', unnamed: ['objectid'] },
	team: {
		set: 'teams',
		id: 'teamid',
		lookups: ['businessunitid', 'administratorid'],
		typed: { regardingobjectid: { opportunity: 'regardingobjectid_opportunity' } },
	},
	businessunit: { set: 'businessunits', id: 'businessunitid', lookups: ['parentbusinessunitid'] },
	organization: { set: 'organizations', id: 'organizationid', lookups: ['basecurrencyid'] },
	post: {
		set: 'posts',
		id: 'postid',
		lookups: ['regardingobjectowningbusinessunit'],
		unnamed: ['regardingobjectid', 'regardingobjectownerid'],
	},
	nav_accountstatistics: { set: 'nav_accountstatisticses', id: 'nav_accountstatisticsid' },
	bcbi_company: { set: 'bcbi_companies', id: COMPANY_COLUMN, unnamed: ['bcbi_defaultowningteam'] },
	nav_connection: { set: 'nav_connections', id: 'nav_connectionid' },
	cdm_company: { set: 'cdm_companies', id: 'cdm_companyid', unnamed: ['cdm_defaultowningteam'] },
};
