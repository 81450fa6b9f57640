import type { Changes } from './values';
import type { Environment } from './environment';
import { metadataId } from './metadata/labels';

/** The rows no environment is without: organization, root business unit, base currency, an administrator. */
export function initialRows(baseCurrency: string): { environment: Environment; rows: Array<[string, Changes[]]> } {
	const environment: Environment = {
		organizationId: '0b7c0a10-0000-4000-8000-000000000001',
		businessUnitId: '0b7c0a10-0000-4000-8000-000000000002',
		baseCurrencyId: '0b7c0a10-0000-4000-8000-000000000003',
		systemUserId: '0b7c0a10-0000-4000-8000-000000000004',
		priceCalculation: true,
		refuseReadOnlyColumns: false,
	};
	const symbols: Record<string, string> = { USD: '$', EUR: '€', GBP: '£' };
	const names: Record<string, string> = { USD: 'US Dollar', EUR: 'Euro', GBP: 'Pound Sterling' };
	const currency: Changes = {
		transactioncurrencyid: environment.baseCurrencyId,
		isocurrencycode: baseCurrency,
		currencyname: names[baseCurrency] ?? baseCurrency,
		currencysymbol: symbols[baseCurrency] ?? baseCurrency,
		currencyprecision: 2,
		exchangerate: 1,
		organizationid: environment.organizationId,
	};
	const organization: Changes = {
		organizationid: environment.organizationId,
		name: 'Sandbox',
		basecurrencyid: environment.baseCurrencyId,
		pricingdecimalprecision: 2,
		currencydecimalprecision: 2,
		expirechangetrackingindays: 7,
		oobpricecalculationenabled: true,
		discountcalculationmethod: 0,
		localeid: 1033,
		languagecode: 1033,
	};
	const user: Changes = {
		systemuserid: environment.systemUserId,
		firstname: 'System',
		lastname: 'Administrator',
		domainname: 'admin@sandbox.example',
		businessunitid: environment.businessUnitId,
		isdisabled: false,
		islicensed: true,
		accessmode: 0,
	};
	const businessUnit: Changes = { businessunitid: environment.businessUnitId, name: 'Sandbox', organizationid: environment.organizationId };
	return {
		environment,
		rows: [
			['organization', [organization]],
			['businessunit', [businessUnit]],
			['transactioncurrency', [currency]],
			['systemuser', [user]],
			...duplicateRules(),
			['savedquery', savedQueries()],
		],
	};
}

/** Rules that come with the service: accounts, contacts and leads with the same e-mail address, accounts with the same name. */
function duplicateRules(): Array<[string, Changes[]]> {
	const of = (table: string, column: string) => ({ id: metadataId('duplicaterule', table, column), table, column });
	const known = [of('account', 'emailaddress1'), of('account', 'name'), of('contact', 'emailaddress1'), of('lead', 'emailaddress1')];
	const rules = known.map(({ id, table, column }) => ({
		duplicateruleid: id,
		name: `${table}s with the same ${column}`,
		baseentityname: table,
		matchingentityname: table,
		excludeinactiverecords: true,
		statecode: 1,
		statuscode: 2,
	}));
	const conditions = known.map(({ id, table, column }) => ({
		duplicateruleconditionid: metadataId('duplicaterulecondition', table, column),
		regardingobjectid: id,
		baseattributename: column,
		matchingattributename: column,
		operatorcode: 0,
		ignoreblankvalues: true,
	}));
	return [['duplicaterule', rules], ['duplicaterulecondition', conditions]]; // prettier-ignore
}

/** The views clients find by their name in every environment. */
function savedQueries(): Changes[] {
	const view = (name: string, table: string, columns: string[]): Changes => ({
		savedqueryid: metadataId('savedquery', name),
		name,
		returnedtypecode: table,
		querytype: 0,
		isdefault: true,
		fetchxml: `<fetch version="1.0" output-format="xml-platform" mapping="logical"><entity name="${table}">${columns.map((column) => `<attribute name="${column}" />`).join('')}<order attribute="${columns[0]!}" /><filter type="and"><condition attribute="statecode" operator="eq" value="0" /></filter></entity></fetch>`,
	});
	return [
		view('Active Accounts', 'account', ['name', 'telephone1', 'primarycontactid']),
		view('Active Contacts', 'contact', ['fullname', 'emailaddress1', 'parentcustomerid']),
		view('Open Opportunities', 'opportunity', ['name', 'estimatedvalue', 'customerid']),
	];
}
