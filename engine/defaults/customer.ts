import { common, field, type DefaultMapping } from './defaultMapping';
import { accountFields, accountRules, accountsOf, NOT_BLOCKED, unblocked, type AccountKind } from './parties/account';
import { CREDIT_LIMIT_FIELDS, creditLimits, refuseWithoutRate, withCreditLimit } from './parties/creditLimit';
import { primaryContact } from './parties/primaryContact';
import { contactsOf } from './parties/contactsOfParty';
import { contactsOfParties } from './parties/uncoupling';

const PAGE = 'workflowCustomers';
/** Business Central enum member on the wire. */
const BLOCKED_ALL = 'All';
const INACTIVE = 1;

const kind: AccountKind = {
	page: PAGE,
	type: 3,
	salesperson: ['Salesperson Code', 'salespersonCode'],
	more: [field('Credit Limit (LCY)', 'creditLimit', 'creditlimit', 'money', 'toCrm')],
};

/** Customers of Business Central and accounts of Dataverse, both ways. */
export const customer: DefaultMapping = {
	variant: withCreditLimit,
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
		bcFilter: unblocked,
		crmFilter: accountsOf(kind),
		fields: accountFields(kind),
	},
	rules: {
		...accountRules(kind),
		extraFields: { ...accountRules(kind).extraFields, bc: ['blocked', ...CREDIT_LIMIT_FIELDS] },
		derive: creditLimits,
		refuse: refuseWithoutRate,
		translations: { primarycontactid: primaryContact },
		alsoUncouple: contactsOfParties,
		dependents: contactsOf('CUSTOMER'),
		// Inactive accounts block the customer, once; activating the account does not unblock it.
		needsPartner: (direction, source) => direction === 'fromCrm' && source.values['statecode'] === INACTIVE,
		stateChange: (direction, source, partner) =>
			direction === 'fromCrm' && source.values['statecode'] === INACTIVE && partner.values['blocked'] === NOT_BLOCKED
				? { blocked: BLOCKED_ALL }
				: null,
	},
};
