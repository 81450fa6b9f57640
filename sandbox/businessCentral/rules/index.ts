import type { TableRules } from '../write/session';
import { attachmentRules } from './attachments';
import { employeeRules } from './employees';
import { contactRules } from './contacts';
import { itemRules, itemVariantRules, resourceRules } from './items';
import { opportunityRules, salespersonRules } from './opportunities';
import { customerRules, vendorRules } from './parties';
import { salesHeaderRules } from './salesHeaders';
import { salesLineRules } from './salesLines';

const jobQueueRules: TableRules = {
	actions: {
		restart: ({ company, user }, row) =>
			void company.modify('Job Queue Entry', row, { ...row.fields, Status: 'Ready', 'Error Message': '' }, user),
	},
};

/** Made at first use: the rules and the writer need each other. */
const makeRules = (): Readonly<Record<string, TableRules>> => ({
	'Salesperson/Purchaser': salespersonRules,
	Customer: customerRules,
	Vendor: vendorRules,
	Contact: contactRules,
	Employee: employeeRules,
	Item: itemRules,
	'Item Variant': itemVariantRules,
	Resource: resourceRules,
	Opportunity: opportunityRules,
	'Sales Header': salesHeaderRules,
	'Sales Line': salesLineRules,
	'Document Attachment': attachmentRules,
	'Job Queue Entry': jobQueueRules,
});

let rules: Readonly<Record<string, TableRules>> | undefined;
const none: TableRules = {};

/** What a table does beside storing; nothing for plain code tables. */
export const rulesOf = (table: string): TableRules => (rules ??= makeRules())[table] ?? none;
