import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { type Side, SYSTEM_NAMES } from '../model/side';
import type { FieldName, TableSource } from '../model/record';
import type { TableShape } from '../model/shape';

/** A table as somebody names it. */
export interface TableInput {
	/** BC: entity set, `publisher/group/version/entitySet`, or `page:` and the service name of a published page. CRM: logical table name. */
	table: string;
	/** Field people know records by; default: the one that looks like it. Empty for none. */
	numberField?: string;
	nameField?: string;
}

/** Marks a published page in place of an entity set. */
export const PAGE = 'page:';

const NUMBERS = ['number', 'code', 'no', 'documentnumber'];
const NAMES = ['displayname', 'name', 'fullname', 'description', 'title', 'subject'];

/** The table as the systems know it, with the columns that name its records. */
export async function sourceFrom(session: SyncSession, side: Side, input: TableInput): Promise<TableSource> {
	const bare = input.table.trim();
	const page = side === 'businessCentral' && bare.startsWith(PAGE);
	const name = page ? bare.slice(PAGE.length) : bare;
	if (name === '') throw tableMissing(side);
	const keys = page ? ((await session[side].tables()).find((listing) => listing.keys && listing.name === name)?.keys ?? []) : [];
	if (page && keys.length === 0) throw pageMissing(name);
	const probe: TableSource = { name, numberField: null, nameField: 'id', ...(page ? { page: { keys } } : {}) };
	const shape = await session[side].describe(probe);
	if (isNameless(shape, side)) throw nameless(name);
	const nameField =
		input.nameField?.trim() || shape.primaryName || guess(shape, side, NAMES) || guess(shape, side, NUMBERS) || firstText(shape);
	const numberField = input.numberField?.trim() || guess(shape, side, NUMBERS);
	for (const field of [nameField, ...(numberField ? [numberField] : [])])
		if (!shape.columns.has(field)) throw columnMissing(side, name, field);
	return {
		...probe,
		nameField,
		numberField: numberField === nameField && nameField !== guess(shape, side, NUMBERS) ? null : numberField || null,
	};
}

/** A text column of such a name, without the prefix of a publisher. */
function guess(shape: TableShape, side: Side, names: readonly string[]): FieldName | null {
	const plain = (name: FieldName): string =>
		(side === 'crm' ? name.replace(/^[a-z][a-z0-9]*_/, '') : name).replace(/[^A-Za-z]/g, '').toLowerCase();
	const texts = [...shape.columns.values()].filter(({ type, name }) => type === 'text' && !name.includes('/'));
	for (const wanted of names) {
		const found = texts.find(({ name }) => plain(name) === wanted);
		if (found) return found.name;
	}
	return null;
}

const firstText = (shape: TableShape): FieldName => [...shape.columns.values()].find(({ type }) => type === 'text')?.name ?? 'id';

/** Dataverse has tables without one text column, such as those between two others; they cannot be named in any message. */
const isNameless = (shape: TableShape, side: Side): boolean =>
	side === 'crm' && ![...shape.columns.values()].some(({ type }) => type === 'text');

const nameless = (table: string): SyncError =>
	new SyncError({
		code: 'MAPPING_INVALID',
		errorClass: 'setup',
		system: 'crm',
		table,
		message: `The table ${table} of CRM has no readable text column that could name its records.`,
		hint: 'Choose another table: those between two others (many-to-many) and some of the platform have no name.',
	});

const pageMissing = (name: string): SyncError =>
	new SyncError({
		code: 'MAPPING_INVALID',
		errorClass: 'setup',
		system: 'businessCentral',
		table: name,
		message: `Business Central has no page published as a web service under the name "${name}".`,
		hint: 'Publish the page on the page Web Services, or choose another table from the list.',
	});

const tableMissing = (side: Side): SyncError =>
	new SyncError({
		code: 'MAPPING_INVALID',
		errorClass: 'setup',
		system: side,
		message: `No ${SYSTEM_NAMES[side]} table is chosen.`,
		hint: 'Choose the table from the list, or enter its name.',
	});

const columnMissing = (side: Side, table: string, field: string): SyncError =>
	new SyncError({
		code: 'MAPPING_INVALID',
		errorClass: 'setup',
		system: side,
		table,
		field,
		message: `The table ${table} of ${SYSTEM_NAMES[side]} has no column "${field}" that could name its records.`,
		hint: 'Choose the number field and the name field from the list, or leave them empty.',
	});
