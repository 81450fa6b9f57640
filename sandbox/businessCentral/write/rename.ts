import { sameKey } from '../errors';
import type { Fields, Row } from '../data/row';
import { referencesTo } from '../model/relations';
import type { Session } from './session';

/** More fields that hold a key and follow a rename, without a relation that BC would check on input. */
const followers: Readonly<Record<string, ReadonlyArray<{ table: string; field: string }>>> = {
	Customer: [{ table: 'Contact Business Relation', field: 'No.' }],
	Vendor: [{ table: 'Contact Business Relation', field: 'No.' }],
	Contact: [
		{ table: 'Contact', field: 'Company No.' },
		{ table: 'Contact Business Relation', field: 'Contact No.' },
		{ table: 'Opportunity', field: 'Contact Company No.' },
	],
	Currency: [{ table: 'Currency Exchange Rate', field: 'Currency Code' }],
};

/** Rename of a record (PATCH of number or code): the id stays, every row that refers to it follows. */
export function rename(session: Session, tableName: string, row: Row, fields: Fields): void {
	const { company, user } = session;
	const table = company.table(tableName);
	const key = table.primaryKey.map((field) => fields[field] ?? '');
	const other = table.getByKey(...key);
	if (other && other.id !== row.id) throw sameKey(tableName, key.join(','));
	company.modify(tableName, row, fields, user);
	const [field] = table.primaryKey;
	if (field === undefined || table.primaryKey.length > 1) return;
	const from = row.fields[field] ?? '';
	const to = fields[field] ?? '';
	const references = [
		...referencesTo(tableName).map(({ table: name, relation }) => ({ table: name, field: relation.field, when: relation.when })),
		...(followers[tableName] ?? []).map((follower) => ({ ...follower, when: undefined })),
	];
	for (const { table: name, field: reference, when } of references) {
		for (const referring of company.table(name).withField(reference, from)) {
			if (when && !when(referring.fields)) continue;
			company.modify(name, referring, { ...referring.fields, [reference]: to }, user);
		}
	}
}
