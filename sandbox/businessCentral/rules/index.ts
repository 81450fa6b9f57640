import type { TableRules } from '../write/session';
import { defineRules } from '../write/tableRules';
import { attachmentRules } from './attachments';
import { defaultDimensionRules, dimensionSetRules } from './dimensions';
import { employeeRules } from './employees';
import { contactRules } from './contacts';
import { journalLineRules } from './journals';
import { itemRules, itemVariantRules, resourceRules } from './items';
import { recordLinkRules } from './recordLinks';
import { opportunityRules, salespersonRules } from './opportunities';
import { customerRules, vendorRules } from './parties';
import { customerPriceGroupRules, priceListHeaderRules } from './prices';
import { salesHeaderRules } from './salesHeaders';
import { salesLineRules } from './salesLines';

const jobQueueRules: TableRules = {
	actions: {
		restart: ({ company, user }, row) =>
			void company.modify('Job Queue Entry', row, { ...row.fields, Status: 'Ready', 'Error Message': '' }, user),
	},
};

/** Gives every table its rules; called once, when the first sandbox is made. */
export function installRules(): void {
	defineRules({
		'Salesperson/Purchaser': salespersonRules,
		Customer: customerRules,
		Vendor: vendorRules,
		Contact: contactRules,
		Employee: employeeRules,
		'Customer Price Group': customerPriceGroupRules,
		'Price List Header': priceListHeaderRules,
		Item: itemRules,
		'Item Variant': itemVariantRules,
		Resource: resourceRules,
		Opportunity: opportunityRules,
		'Sales Header': salesHeaderRules,
		'Sales Line': salesLineRules,
		'Document Attachment': attachmentRules,
		'Dimension Set Entry': dimensionSetRules,
		'Default Dimension': defaultDimensionRules,
		'Gen. Journal Line': journalLineRules,
		'Incoming Document Attachment': attachmentRules,
		'Job Queue Entry': jobQueueRules,
		'Record Link': recordLinkRules,
	});
}
