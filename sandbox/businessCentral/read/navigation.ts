import type { CompanyData } from '../data/companyData';
import { zeroGuid, type Row, type Value } from '../data/row';
import { apiViews } from '../model/schema';
import type { Navigation, View } from '../model/view';
import { contactsOf } from './contactsInformation';
import { reader } from './values';

/** Property that holds the id a to-one navigation leads to, where it is not the name of the navigation followed by `Id`. */
const idProperty: Readonly<Record<string, string>> = {
	paymentTerm: 'paymentTermsId',
	salesQuote: 'documentId',
	salesOrder: 'documentId',
	salesInvoice: 'documentId',
	contact: 'contactId',
};

/** Rows a navigation leads to from `row`. */
export function follow(view: View, row: Row, navigation: Navigation, company: CompanyData): Row[] {
	const target = apiViews.get(navigation.target)!;
	if (navigation.target === 'contactsInformation') {
		if (view.name === 'contacts') return contactsOf(company, 'Contact', row);
		return contactsOf(company, view.name === 'customers' ? 'Customer' : 'Vendor', row);
	}
	const table = company.table(target.table);
	if (navigation.many) {
		const link = childFields(view, row, navigation);
		const [field, value] = Object.entries(link).at(-1) ?? [];
		return field === undefined ? [] : table.withField(field, value!).sort((a, b) => (table.keyOf(a) < table.keyOf(b) ? -1 : 1));
	}
	if (target.table === view.table) return [row];
	let id: Value = zeroGuid;
	if (view.name === 'contactsInformation' && navigation.name !== 'contact') {
		id =
			row.fields['Related Type'] === (navigation.name === 'customer' ? 'Customer' : 'Vendor')
				? (row.fields['Related Id'] ?? zeroGuid)
				: zeroGuid;
	} else if (view.name === 'documentAttachments') {
		id = row.fields['Document Id'] ?? zeroGuid;
	} else {
		const property = view.byName.get(`${navigation.name}Id`) ?? view.byName.get(idProperty[navigation.name] ?? '');
		if (property) id = reader(view, property)(row, company);
	}
	const found = table.get(String(id));
	return found ? [found] : [];
}

/** Fields that tie a child to its parent: what a POST to the nested collection sets. */
export function childFields(view: View, row: Row, navigation: Navigation): Record<string, Value> {
	switch (navigation.target) {
		case 'itemVariants':
			return { 'Item No.': row.fields['No.'] ?? '' };
		case 'documentAttachments':
			return { 'Document Type': attachmentParent[view.name] ?? '', 'Document Id': row.id };
		default:
			return { 'Document Id': row.id };
	}
}

const attachmentParent: Readonly<Record<string, string>> = {
	customers: 'Customer',
	vendors: 'Vendor',
	items: 'Item',
	salesQuotes: 'Sales Quote',
	salesOrders: 'Sales Order',
	salesInvoices: 'Sales Invoice',
};
