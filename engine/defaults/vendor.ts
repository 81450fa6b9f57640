import { accountFields, accountRules, accountsOf, unblocked, type AccountKind } from './parties/account';
import { contactsOf } from './parties/contactsOfParty';
import { contactsOfParties } from './parties/uncoupling';
import { primaryContact } from './parties/primaryContact';
import { common, type DefaultMapping } from './defaultMapping';

const PAGE = 'workflowVendors';

const kind: AccountKind = { page: PAGE, type: 11, salesperson: ['Purchaser Code', `${PAGE}/purchaserCode`] };

/** Vendors of Business Central and accounts of Dataverse, both ways. No credit limit, and an inactive account blocks no vendor. */
export const vendor: DefaultMapping = {
	mapping: {
		...common,
		name: 'VENDOR',
		caption: 'Vendors – accounts',
		bc: {
			name: 'vendors',
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
		translations: { primarycontactid: primaryContact },
		alsoUncouple: contactsOfParties,
		dependents: contactsOf('VENDOR'),
	},
};
