import { equalityOf, type FilterNode } from '../../odata/filter';
import type { CompanyData } from '../data/companyData';
import type { Row } from '../data/row';
import { dialog } from '../errors';

/** Rows of the temporary table behind contactsInformation: the linked contact and every person of it. */
export function contactsOf(company: CompanyData, kind: 'Customer' | 'Vendor' | 'Contact', related: Row): Row[] {
	const contacts = company.table('Contact');
	const relations = company.table('Contact Business Relation');
	const links =
		kind === 'Contact'
			? relations.withField('Contact No.', related.fields['Company No.'] ?? related.fields['No.'] ?? '')
			: relations.withField('No.', related.fields['No.'] ?? '').filter(({ fields }) => fields['Link to Table'] === kind);
	const found: Row[] = [];
	for (const link of links) {
		const main = contacts.getByKey(link.fields['Contact No.'] ?? '');
		if (!main) continue;
		const type = String(link.fields['Link to Table'] ?? '');
		const party = kind === 'Contact' ? company.table(type).getByKey(link.fields['No.'] ?? '') : related;
		const people = contacts.withField('Company No.', main.fields['No.'] ?? '').filter(({ id }) => id !== main.id);
		for (const contact of kind === 'Contact' ? [related] : [main, ...people]) {
			const fields = {
				'Contact Id': contact.id,
				'Contact No.': contact.fields['No.'] ?? '',
				'Contact Name': contact.fields['Name'] ?? '',
				'Contact Type': contact.fields['Type'] ?? 'Company',
				'Related Id': party?.id ?? '',
				'Related Type': type,
			};
			found.push({ ...contact, fields, flow: {} });
		}
	}
	return found;
}

/** A read of the collection must name relatedId and relatedType, else the AL code raises an error. */
export function contactsByFilter(company: CompanyData, filter: FilterNode | null): Row[] {
	const values = new Map<string, string>();
	for (const condition of filter ? (filter.kind === 'and' ? filter.operands : [filter]) : []) {
		const equality = equalityOf(condition);
		if (equality) values.set(equality.path.path[0]!, String(equality.literal.value));
	}
	const type = values.get('relatedType');
	const id = values.get('relatedId');
	if (!id) throw dialog('You must specify a related ID to get a contact.');
	if (type !== 'Customer' && type !== 'Vendor') throw dialog('The related ID type is not specified.');
	const related = company.table(type).get(id);
	return related ? contactsOf(company, type, related) : [];
}
