import { COMPANY_COLUMN } from '../model/companyColumn';
import { COMPANY } from '../mapping/filter';
import { common, field, type DefaultMapping } from './defaultMapping';
import { companyNumberOf, relationsOf } from './parties/companyContacts';
import { contactName, NAME_PAGE } from './parties/contactName';
import { assignedToTeam, ownedByTeam } from './parties/owningTeam';
import { parentAccount } from './parties/parentAccount';
import { INHERITED } from './parties/inherited';
import { namesFollow } from './parties/namesFollow';
import { fillPrimaryContacts } from './parties/primaryContacts';

const CARD = 'ContactCard';
const PERSON = 'Person';

/** Persons of Business Central whose company is a customer or vendor, and contacts of Dataverse that belong to an account. */
export const contact: DefaultMapping = {
	mapping: {
		...common,
		name: 'CONTACT',
		caption: 'Contacts – contacts',
		bc: {
			name: 'contacts',
			numberField: 'number',
			nameField: 'displayName',
			companions: [
				{ service: CARD, primaryKey: 'number', companionKey: 'No' },
				{ service: NAME_PAGE, primaryKey: 'number', companionKey: 'No' },
			],
		},
		crm: { name: 'contact', numberField: null, nameField: 'fullname' },
		direction: 'bidirectional',
		companyStamp: true,
		dependsOn: ['CUSTOMER', 'VENDOR'],
		bcFilter: {
			conditions: [
				{ field: 'type', operator: 'eq', value: PERSON, type: 'enum' },
				{ field: 'companyNumber', operator: 'ne', value: '', type: 'text' },
			],
		},
		crmFilter: {
			conditions: [
				{ field: 'statecode', operator: 'eq', value: 0, type: 'number' },
				{ field: 'parentcustomerid', operator: 'ne', value: null, type: 'lookup' },
				// The type of the parent is no column of the Web API: only an account has an id here.
				{ field: 'parentcustomerid_account/accountid', operator: 'ne', value: null, type: 'guid' },
				{ field: COMPANY_COLUMN, operator: 'in', value: [COMPANY, null], type: 'lookup' },
			],
		},
		fields: [
			field('Salesperson Code', `${CARD}/Salesperson_Code`, 'ownerid', 'owner', 'toCrm', {
				notNull: true,
				mapping: 'SALESPEOPLE',
				crmTable: 'systemuser',
			}),
			field('Company No.', 'companyNumber', 'parentcustomerid', 'lookup', 'bidirectional', { mapping: 'CUSTOMER', crmTable: 'account' }),
			field('Currency Code', `${CARD}/Currency_Code`, 'transactioncurrencyid', 'currency', 'bidirectional', {
				mapping: 'CURRENCY',
				crmTable: 'transactioncurrency',
			}),
			field('Address', 'addressLine1', 'address1_line1', 'text', 'bidirectional', { bcLength: 100, crmLength: 250 }),
			field('Address 2', 'addressLine2', 'address1_line2', 'text', 'bidirectional', { bcLength: 50, crmLength: 250 }),
			field('Post Code', 'postalCode', 'address1_postalcode', 'code', 'bidirectional', { bcLength: 20, crmLength: 20 }),
			field('City', 'city', 'address1_city', 'text', 'bidirectional', { bcLength: 30, crmLength: 80 }),
			field('Country/Region Code', 'country', 'address1_country', 'code', 'bidirectional', { country: true, bcLength: 10, crmLength: 80 }),
			field('County', 'state', 'address1_stateorprovince', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('E-Mail', 'email', 'emailaddress1', 'text', 'bidirectional', { bcLength: 80, crmLength: 100 }),
			field('Fax No.', `${CARD}/Fax_No`, 'fax', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('Name', 'displayName', 'fullname', 'text', 'bidirectional', { bcLength: 100, crmLength: 150 }),
			field('First Name', `${NAME_PAGE}/First_Name`, 'firstname', 'text', 'bidirectional', {
				bcLength: 30,
				crmLength: 50,
				sendBlank: true,
			}),
			field('Middle Name', `${NAME_PAGE}/Middle_Name`, 'middlename', 'text', 'bidirectional', {
				bcLength: 30,
				crmLength: 50,
				sendBlank: true,
			}),
			field('Surname', `${NAME_PAGE}/Surname`, 'lastname', 'text', 'bidirectional', { bcLength: 30, crmLength: 50, sendBlank: true }),
			field('Home Page', 'website', 'websiteurl', 'text', 'bidirectional', { bcLength: 255, crmLength: 200 }),
			field('Mobile Phone No.', 'mobilePhoneNumber', 'mobilephone', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('Pager', null, 'pager', 'text', 'bidirectional', { bcLength: 30, crmLength: 50, enabled: false }),
			field('Phone No.', 'phoneNumber', 'telephone1', 'text', 'bidirectional', { bcLength: 30, crmLength: 50 }),
			field('Type', 'type', null, 'text', 'fromCrm', { constant: PERSON }),
		],
	},
	rules: {
		// Which company a person belongs to, and persons who become the primary contact of their company on either side.
		access: (setup) => ({
			businessCentral: { contactsInformation: ['Read'], customers: ['Read', 'Modify'], vendors: ['Read', 'Modify'] },
			crm: { account: ['Read', 'Write', 'Append'], contact: ['AppendTo', ...assignedToTeam(setup)] },
		}),
		firstMatch: [
			{ bcField: 'displayName', crmField: 'fullname' },
			{ bcField: 'email', crmField: 'emailaddress1' },
			{ bcField: 'displayName', crmField: 'fullname', priority: 1 },
		],
		extraFields: { bc: ['type', 'companyNumber', 'companyName', 'contactBusinessRelation'], crm: ['parentcustomerid', COMPANY_COLUMN] },
		translations: { parentcustomerid: parentAccount, fullname: contactName },
		// Companies, and persons of a company that is neither customer nor vendor. A coupled one is reported instead of left out.
		async ignore({ session, mapping, direction }, records) {
			if (direction !== 'toCrm') return new Set();
			const nobodys = records.filter((each) => companyNumberOf(each) === '' || relationsOf(each).length === 0);
			const coupled = await session.store.couplingsOf(
				mapping.name,
				'businessCentral',
				nobodys.map(({ id }) => id),
			);
			const ignored = nobodys.filter(({ id }) => !coupled.has(id)).map(({ id }) => id);
			return new Set([...ignored, ...records.filter(({ values }) => values['type'] !== PERSON).map(({ id }) => id)]);
		},
		fills: { parentcustomerid: INHERITED },
		// The account is synchronized first when needed.
		bringsIn: ['fromCrm'],
		beforeInsert: ownedByTeam,
		async afterWrite(context, pairs) {
			await namesFollow(context, pairs);
			return await fillPrimaryContacts(context, pairs);
		},
	},
};
