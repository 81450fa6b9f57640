import type { ChangeListener, ChangeType } from './data/companyData';
import { stampText } from './data/stamp';

const kinds: Readonly<Record<ChangeType, string>> = { created: 'Insertion', updated: 'Modification', deleted: 'Deletion' };

/** Writes Change Log entries (page 595), one per changed field, for tables an administrator switched it on for. */
export const writeChangeLog: ChangeListener = (company, table, type, row, before, user) => {
	if (!company.settings.changeLog.has(table)) return;
	const log = company.table('Change Log Entry');
	const { primaryKey } = company.table(table);
	const key = primaryKey.map((field) => String(row.fields[field] ?? ''));
	const names =
		type === 'updated' ? [...new Set([...Object.keys(row.fields), ...Object.keys(before?.fields ?? {})])] : [primaryKey[0] ?? 'SystemId'];
	for (const name of names) {
		const old = String(type === 'created' ? '' : ((before ?? row).fields[name] ?? ''));
		const now = String(type === 'deleted' ? '' : (row.fields[name] ?? ''));
		if (old === now) continue;
		const fields: Record<string, string | number> = {
			'Entry No.': log.size + 1,
			'Date and Time': stampText(company.now()),
			'User ID': user,
			'Primary Key': key.join(','),
			'Primary Key Field 1 Value': key[0] ?? row.id,
			'Type of Change': kinds[type],
			'Old Value': old,
			'New Value': now,
		};
		company.insert('Change Log Entry', { ...fields, Table: table, Field: name }, user);
	}
};
