import { splitTop } from '../odata/query';
import { DataverseError } from './errors';
import type { Table } from './model';
import type { Platform } from './platform';
import { guidPattern, storedValue, type Changes } from './values';

/** Which row a key in an address names: by id, or by the values of an alternate key. */
export type RowKey = { kind: 'id'; id: string } | { kind: 'alternate'; values: Changes; id: string | null };

const invalidKey = (table: Table) =>
	new DataverseError(400, '0x0', `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table.logicalName}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.${table.logicalName}'.`); // prettier-ignore

/** Users and teams inherit their key from principal: naming it in the address is refused. */
const withoutNamedKey = new Set(['systemuser', 'team']);

export function readKey(platform: Platform, table: Table, text: string): RowKey {
	const plain = text.trim();
	if (guidPattern.test(plain)) return { kind: 'id', id: plain.toLowerCase() };
	const values: Changes = {};
	for (const part of splitTop(plain, ',')) {
		const at = part.indexOf('=');
		const column = at < 0 ? undefined : table.properties.get(part.slice(0, at).trim());
		if (!column) throw invalidKey(table);
		values[column.logicalName] = storedValue(column, literal(part.slice(at + 1).trim()), table.logicalName, table.entitySetName);
	}
	const names = Object.keys(values);
	if (names.length === 1 && names[0] === table.primaryId && !withoutNamedKey.has(table.logicalName)) {
		return { kind: 'id', id: String(values[table.primaryId]) };
	}
	const declared = [...table.keys.values()].find(
		(columns) => columns.length === names.length && columns.every((column) => column in values),
	);
	if (!declared) throw invalidKey(table);
	return { kind: 'alternate', values, id: find(platform, table, values) };
}

function literal(text: string): unknown {
	if (/^'(?:[^']|'')*'$/s.test(text)) return text.slice(1, -1).replace(/''/g, "'");
	if (text === 'true' || text === 'false') return text === 'true';
	if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	return text;
}

function find(platform: Platform, table: Table, values: Changes): string | null {
	const entries = Object.entries(values);
	for (const id of platform.db.store(table.logicalName).having(entries[0]![0], entries[0]![1])) {
		const row = platform.db.row(table.logicalName, id)!;
		if (entries.every(([column, value]) => String(row[column] ?? '').toLowerCase() === String(value).toLowerCase())) return id;
	}
	return null;
}
