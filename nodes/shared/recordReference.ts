import {
	compositeId,
	findMapping,
	idsOfKeys,
	keyValues,
	loadMappings,
	mappingCatalog,
	pageOf,
	type RecordSystem,
	type Side,
	type SideFilter,
	SyncError,
	type SyncSession,
	valuesInside,
} from '../../engine';
import { guidPattern, type Locator } from './locators';

type TableSource = MappingSummary['bc'];

/** What is needed of a mapping to find its records. */
export type MappingSummary = ReturnType<typeof mappingCatalog>[number];

const systemNames: Record<Side, string> = { businessCentral: 'Business Central', crm: 'CRM' };

/**
 * A mapping of the connection, default or the user's own, whatever the capitals.
 * @throws SyncError that lists the mappings there are
 */
export async function mappingSummary(session: SyncSession, name: string): Promise<MappingSummary> {
	const mappings = await loadMappings(session);
	return mappings.find((mapping) => mapping.name.toUpperCase() === name.trim().toUpperCase()) ?? findMapping(mappings, name);
}

/** The name of a default mapping as the catalog spells it; a name of the user's own as it is. */
export const spelled = (name: string): string =>
	mappingCatalog().find((mapping) => mapping.name.toUpperCase() === name.trim().toUpperCase())?.name ?? name.trim();

/**
 * Ids of records that are named by number, name or id, looked up together. An id is taken as it is.
 * @param filter only records inside it are found by number or name
 * @returns for each reference, in order, the id or the reason why there is none
 */
export async function resolveRecords(
	session: Pick<SyncSession, Side>,
	mapping: MappingSummary,
	side: Side,
	references: readonly Locator[],
	filter: SideFilter | null = null,
): Promise<Array<string | SyncError>> {
	const table = side === 'businessCentral' ? mapping.bc : mapping.crm;
	const byNumber = await lookUp(session[side], { mapping, side }, 'number', references, filter);
	const byName = await lookUp(session[side], { mapping, side }, 'name', references, filter);
	const byText = await idsByText(session[side], table, references);
	const plainly = await plainIds(session[side], table, references, { ids: byText, byName });
	return references.map(({ mode, value, plain }) => {
		if (mode === 'list' || mode === 'id') return idOf(mapping, side, value, byText);
		if (plain && plainly.has(byText.get(value) ?? '')) return byText.get(value)!;
		if (mode === 'number' && table.numberField === null) return withoutNumber(mapping, side, table.name);
		const ids = (mode === 'number' ? byNumber : byName).get(value.toUpperCase()) ?? [];
		const [id] = ids;
		return ids.length === 1 && id !== undefined ? id : notExactlyOne(mapping, { side, table: table.name }, mode, value, ids);
	});
}

const keepsGuids = (table: TableSource): boolean => !pageOf(table) && !table.choice;

/** Where ids look like any text, what the texts are as ids: one spelling, whether they were copied from an item or typed. */
async function idsByText(system: RecordSystem, table: TableSource, references: readonly Locator[]): Promise<Map<string, string>> {
	if (keepsGuids(table)) return new Map();
	const texts = references.filter(({ mode, plain }) => mode === 'list' || mode === 'id' || plain).map(({ value }) => value);
	const keys = new Map(texts.map((text) => [text, pageOf(table) ? compositeId(keyValues(text)) : text.toLowerCase()]));
	const known = await idsOfKeys(system, table, keys.values());
	// Records that are known by their SystemIds are named by these, or by their keys.
	return new Map([...keys].map(([text, key]) => [text, known.get(key) ?? (guidPattern.test(text) ? text.toLowerCase() : key)]));
}

function idOf(mapping: MappingSummary, side: Side, text: string, ids: ReadonlyMap<string, string>): string | SyncError {
	const table = side === 'businessCentral' ? mapping.bc : mapping.crm;
	if (keepsGuids(table))
		return guidPattern.test(text) ? text.toLowerCase() : notExactlyOne(mapping, { side, table: table.name }, 'id', text, []);
	return ids.get(text)!;
}

/** Of texts that nobody said the meaning of and that are no names, those that are ids, where ids look like any text. */
async function plainIds(
	system: RecordSystem,
	table: TableSource,
	references: readonly Locator[],
	{ ids, byName }: { ids: ReadonlyMap<string, string>; byName: ReadonlyMap<string, string[]> },
): Promise<Set<string>> {
	const open = references.filter(
		({ plain, mode, value }) => plain && mode === 'name' && ids.has(value) && !byName.has(value.toUpperCase()),
	);
	return open.length === 0
		? new Set()
		: await system.existing(
				table,
				open.map(({ value }) => ids.get(value)!),
			);
}

async function lookUp(
	system: RecordSystem,
	{ mapping, side }: { mapping: MappingSummary; side: Side },
	mode: 'number' | 'name',
	references: readonly Locator[],
	filter: SideFilter | null,
): Promise<Map<string, string[]>> {
	const table = side === 'businessCentral' ? mapping.bc : mapping.crm;
	const field = mode === 'number' ? table.numberField : table.nameField;
	const values = [...new Set(references.filter((reference) => reference.mode === mode).map(({ value }) => value))];
	const found = new Map<string, string[]>();
	if (field === null || values.length === 0) return found;
	const records = filter
		? await valuesInside(system, table, { field, values }, [field], filter)
		: await system.readByValues(table, field, values, [field]);
	for (const record of records) {
		const key = String(record.values[field] ?? (mode === 'number' ? record.number : record.name)).toUpperCase();
		found.set(key, [...(found.get(key) ?? []), record.id]);
	}
	return found;
}

function notExactlyOne(
	mapping: MappingSummary,
	{ side, table }: { side: Side; table: string },
	mode: 'number' | 'name' | 'id',
	value: string,
	ids: string[],
): SyncError {
	const system = systemNames[side];
	const what = `${mode} "${value}"`;
	return new SyncError({
		code: ids.length === 0 ? 'RECORD_NOT_FOUND' : 'RECORD_AMBIGUOUS',
		errorClass: 'data',
		system: side,
		table,
		message:
			ids.length === 0
				? `${system} has no record with ${what} for the mapping ${mapping.name}.`
				: `${system} has ${ids.length} records with ${what} for the mapping ${mapping.name}.`,
		hint:
			ids.length === 0 ? 'Check the spelling, or choose the record from the list.' : `Choose one by id: ${ids.slice(0, 10).join(', ')}.`,
	});
}

const withoutNumber = (mapping: MappingSummary, side: Side, table: string): SyncError =>
	new SyncError({
		code: 'NO_NUMBER',
		errorClass: 'setup',
		system: side,
		table,
		message: `Records of the mapping ${mapping.name} have no number in ${systemNames[side]}.`,
		hint: 'Name the record by name or id, or choose it from the list.',
	});
