import { COMPANY_COLUMN } from '../../model/companyColumn';
import { COMPANY } from '../../mapping/filter';
import type { MappingRules } from '../../mapping/rules';
import { field } from '../defaultMapping';
import { personsFollow } from './personsFollow';
import { assignedToTeam, ownedByTeam } from './owningTeam';
import type { Filter } from '../../model/filter';
import type { FieldMapping } from '../../model/fieldMapping';

/** Business Central enum member on the wire: the blank member, which means not blocked. */
export const NOT_BLOCKED = '_x0020_';

/** Customers and vendors are accounts of Dataverse alike; the type of relationship tells them apart. */
export interface AccountKind {
	/** Page with the fields that API v2.0 lacks. */
	page: string;
	/** Dataverse choice account.customertypecode. */
	type: number;
	/** Who looks after the record: caption and property of the code. */
	salesperson: readonly [caption: string, property: string];
	/** Fields before the primary contact. */
	more?: readonly FieldMapping[];
}

export const unblocked: Filter = { conditions: [{ field: 'blocked', operator: 'eq', value: NOT_BLOCKED, type: 'enum' }] };

/** Active accounts of the type, of this company or of none. */
export const accountsOf = ({ type }: AccountKind): Filter => ({
	conditions: [
		{ field: 'statecode', operator: 'eq', value: 0, type: 'number' },
		{ field: 'customertypecode', operator: 'eq', value: type, type: 'number' },
		{ field: COMPANY_COLUMN, operator: 'in', value: [COMPANY, null], type: 'lookup' },
	],
});

export const accountFields = ({ page, salesperson: [caption, property], more = [] }: AccountKind): FieldMapping[] => [
	field(caption, property, 'ownerid', 'owner', 'toCrm', { notNull: true, mapping: 'SALESPEOPLE', crmTable: 'systemuser' }),
	field('Name', 'displayName', 'name', 'text', 'bidirectional', { bcLength: 100, crmLength: 160 }),
	field('Contact', `${page}/contact`, 'address1_primarycontactname', 'text', 'bidirectional', { bcLength: 100, crmLength: 100 }),
	field('Address', 'addressLine1', 'address1_line1', 'text', 'bidirectional', { bcLength: 100, crmLength: 250 }),
	field('Address 2', 'addressLine2', 'address1_line2', 'text', 'bidirectional', { bcLength: 50, crmLength: 250 }),
	field('Post Code', 'postalCode', 'address1_postalcode', 'code', 'bidirectional', { bcLength: 20, crmLength: 20 }),
	field('City', 'city', 'address1_city', 'text', 'bidirectional', { bcLength: 30, crmLength: 80 }),
	field('Country/Region Code', 'country', 'address1_country', 'code', 'bidirectional', { country: true, bcLength: 10, crmLength: 80 }),
	field('County', 'state', 'address1_stateorprovince', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
	field('Currency Code', 'currencyCode', 'transactioncurrencyid', 'currency', 'bidirectional', {
		mapping: 'CURRENCY',
		crmTable: 'transactioncurrency',
	}),
	field('E-Mail', 'email', 'emailaddress1', 'text', 'bidirectional', { bcLength: 80, crmLength: 100 }),
	field('Fax No.', `${page}/faxNumber`, 'fax', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
	field('Home Page', 'website', 'websiteurl', 'text', 'bidirectional', { bcLength: 255, crmLength: 200 }),
	field('Phone No.', 'phoneNumber', 'telephone1', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
	field('Shipment Method Code', `${page}/shipmentMethodCode`, 'address1_freighttermscode', 'choice', 'bidirectional', {
		mapping: 'SHIPMENT METHOD',
	}),
	field('Shipping Agent Code', `${page}/shippingAgentCode`, 'address1_shippingmethodcode', 'choice', 'bidirectional', {
		mapping: 'SHIPPING AGENT',
	}),
	field('Payment Terms Code', `${page}/paymentTermsCode`, 'paymenttermscode', 'choice', 'bidirectional', { mapping: 'PAYMENT TERMS' }),
	...more,
	field('Primary Contact No.', `${page}/primaryContactNumber`, 'primarycontactid', 'lookup', 'bidirectional', {
		mapping: 'CONTACT',
		crmTable: 'contact',
		clearOnFailure: true,
	}),
	field('No.', 'number', 'accountnumber', 'code', 'toCrm', { bcLength: 20, crmLength: 20, enabled: false }),
];

/** What customers and vendors have in common besides their fields. */
export const accountRules = ({ type }: AccountKind): MappingRules => ({
	// Name and e-mail together tell namesakes apart; then the name alone, where only one record on each side bears it.
	firstMatch: [
		{ bcField: 'displayName', crmField: 'name' },
		{ bcField: 'email', crmField: 'emailaddress1' },
		{ bcField: 'displayName', crmField: 'name', priority: 1 },
	],
	access: (setup) => ({
		...(setup.creditLimits === 'converted' ? { businessCentral: { currencyExchangeRates: ['Read'] } } : {}),
		crm: { account: [...assignedToTeam(setup)] },
	}),
	extraFields: { bc: ['blocked'], crm: ['statecode', 'customertypecode', COMPANY_COLUMN] },
	afterWrite: personsFollow,
	async beforeInsert(context, inserts) {
		if (context.direction !== 'toCrm') return;
		for (const { values } of inserts) values['customertypecode'] = type;
		await ownedByTeam(context, inserts);
	},
});
