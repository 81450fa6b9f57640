import { COMPANY } from '../filter';
import { common, field, type DefaultMapping } from './defaultMapping';

const PAGE = 'workflowCustomers';
/** Dataverse choice account.customertypecode. */
const CUSTOMER_TYPE = 3;
/** Business Central enum members on the wire (OData facts §13). */
const NOT_BLOCKED = '_x0020_';
const BLOCKED_ALL = 'All';
const INACTIVE = 1;

/** Customers of Business Central and accounts of Dataverse, both ways. */
export const customer: DefaultMapping = {
	mapping: {
		...common,
		name: 'CUSTOMER',
		caption: 'Customers – accounts',
		bc: {
			name: 'customers',
			numberField: 'number',
			nameField: 'displayName',
			companions: [{ service: PAGE, primaryKey: 'number', companionKey: 'number' }],
		},
		crm: { name: 'account', numberField: 'accountnumber', nameField: 'name' },
		direction: 'bidirectional',
		companyStamp: true,
		dependsOn: ['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD', 'SHIPPING AGENT'],
		bcFilter: { conditions: [{ field: 'blocked', operator: 'eq', value: NOT_BLOCKED, type: 'enum' }] },
		crmFilter: {
			conditions: [
				{ field: 'statecode', operator: 'eq', value: 0, type: 'number' },
				{ field: 'customertypecode', operator: 'eq', value: CUSTOMER_TYPE, type: 'number' },
				{ field: 'bcbi_companyid', operator: 'in', value: [COMPANY, null], type: 'lookup' },
			],
		},
		fields: [
			field('Salesperson Code', 'salespersonCode', 'ownerid', 'owner', 'toCrm', {
				notNull: true,
				mapping: 'SALESPEOPLE',
				crmTable: 'systemuser',
			}),
			field('Name', 'displayName', 'name', 'text', 'bidirectional', { bcLength: 100, crmLength: 160 }),
			field('Contact', `${PAGE}/contact`, 'address1_primarycontactname', 'text', 'bidirectional', { bcLength: 100, crmLength: 100 }),
			field('Address', 'addressLine1', 'address1_line1', 'text', 'bidirectional', { bcLength: 100, crmLength: 250 }),
			field('Address 2', 'addressLine2', 'address1_line2', 'text', 'bidirectional', { bcLength: 50, crmLength: 250 }),
			field('Post Code', 'postalCode', 'address1_postalcode', 'text', 'bidirectional', { bcLength: 20, crmLength: 20 }),
			field('City', 'city', 'address1_city', 'text', 'bidirectional', { bcLength: 30, crmLength: 80 }),
			field('Country/Region Code', 'country', 'address1_country', 'text', 'bidirectional', { bcLength: 10, crmLength: 80 }),
			field('County', 'state', 'address1_stateorprovince', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('Currency Code', 'currencyCode', 'transactioncurrencyid', 'currency', 'bidirectional', {
				mapping: 'CURRENCY',
				crmTable: 'transactioncurrency',
			}),
			field('E-Mail', 'email', 'emailaddress1', 'text', 'bidirectional', { bcLength: 80, crmLength: 100 }),
			field('Fax No.', `${PAGE}/faxNumber`, 'fax', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('Home Page', 'website', 'websiteurl', 'text', 'bidirectional', { bcLength: 255, crmLength: 200 }),
			field('Phone No.', 'phoneNumber', 'telephone1', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('Shipment Method Code', `${PAGE}/shipmentMethodCode`, 'address1_freighttermscode', 'choice', 'bidirectional', {
				mapping: 'SHIPMENT METHOD',
			}),
			field('Shipping Agent Code', `${PAGE}/shippingAgentCode`, 'address1_shippingmethodcode', 'choice', 'bidirectional', {
				mapping: 'SHIPPING AGENT',
			}),
			field('Payment Terms Code', `${PAGE}/paymentTermsCode`, 'paymenttermscode', 'choice', 'bidirectional', { mapping: 'PAYMENT TERMS' }),
			field('Credit Limit (LCY)', 'creditLimit', 'creditlimit', 'money', 'toCrm'),
			field('Primary Contact No.', `${PAGE}/primaryContactNumber`, 'primarycontactid', 'lookup', 'bidirectional', {
				mapping: 'CONTACT',
				crmTable: 'contact',
				clearOnFailure: true,
				blankLeaves: 'fromCrm',
			}),
			field('No.', 'number', 'accountnumber', 'code', 'toCrm', { bcLength: 20, crmLength: 20, enabled: false }),
		],
	},
	rules: {
		// Name and e-mail together tell namesakes apart; then the name alone, where only one record on each side bears it.
		firstMatch: [
			{ bcField: 'displayName', crmField: 'name' },
			{ bcField: 'email', crmField: 'emailaddress1' },
			{ bcField: 'displayName', crmField: 'name', priority: 1 },
		],
		extraFields: { bc: ['blocked'], crm: ['statecode', 'customertypecode', 'bcbi_companyid'] },
		async beforeInsert({ session, direction }, inserts) {
			if (direction !== 'toCrm') return;
			const team = session.ownershipModel === 'team' ? await owningTeam(session) : null;
			for (const { values } of inserts) {
				values['customertypecode'] = CUSTOMER_TYPE;
				if (team) values['ownerid'] = { table: 'team', id: team };
			}
		},
		// Inactive accounts block the customer, once; nothing unblocks it (default mappings, CUSTOMER; sync-semantics 11.8).
		needsPartner: (direction, source) => direction === 'fromCrm' && source.values['statecode'] === INACTIVE,
		stateChange: (direction, source, partner) =>
			direction === 'fromCrm' && source.values['statecode'] === INACTIVE && partner.values['blocked'] === NOT_BLOCKED
				? { blocked: BLOCKED_ALL }
				: null,
	},
};

/** Default owning team of the company's row (default mappings §3, Team model). */
async function owningTeam(session: Parameters<NonNullable<DefaultMapping['rules']['beforeInsert']>>[0]['session']): Promise<string | null> {
	const [row] = await session.crm.readAll(
		'bcbi_company',
		['bcbi_defaultowningteam'],
		`bcbi_externalid eq '${session.companyId.toLowerCase()}'`,
	);
	const team = row?.['bcbi_defaultowningteam'];
	return typeof team === 'string' ? team : null;
}
