import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import { labelPairs, wholeCode } from '../mapping/optionLabels';
import type { TableMapping } from '../model/tableMapping';
import type { SystemRecord, TableSource } from '../model/record';
import type { ColumnShape } from '../model/shape';
import type { FieldMapping } from '../model/fieldMapping';

/** A code of Business Central beside the choice it stands for. */
export interface OptionPair {
	businessCentral: string;
	crm: number;
	/** Why: coupled by the option mapping, entered among the field's option values, or alike by label. */
	because: 'coupled' | 'entered' | 'label';
}

/** Both systems' values of a field, with the pairs that hold or suggest themselves. */
export interface OptionValues {
	businessCentral: Array<{ code: string; name: string }>;
	crm: Array<{ value: number; label: string }>;
	pairs: OptionPair[];
	/** Why one side's values are not known; empty when they are. */
	warning: string;
}

const PAGE = 1000;
/** Codes of one table; more is no code table. */
const MOST = 10_000;

/**
 * What a choice field can hold on both sides, for a person who pairs its values. Codes come from the table of the option mapping the field names,
 * or from the members of the Business Central field itself.
 * @throws SyncError (setup) `MAPPING_UNKNOWN`, `FIELD_NOT_CHOICE`
 */
export async function optionValues(session: SyncSession, mappingName: string, fieldKey: string): Promise<OptionValues> {
	const mappings = await loadMappings(session);
	const mapping = findMapping(mappings, mappingName);
	const field = mapping.fields.find(({ key }) => key === fieldKey);
	const column = field?.crmField ? (await session.crm.describe(mapping.crm)).columns.get(field.crmField) : undefined;
	if (!field || !column?.options) throw notChoice(mapping, fieldKey);
	const crm = column.options.map(({ value, label }) => ({ value: Number(value), label }));
	const options = mappings.find(({ name }) => name === field.mapping);
	const { codes, warning } = await codesOf(session, mapping, field, options);
	const coupled = options ? await coupledPairs(session, options.name, codes) : [];
	return { businessCentral: codes.map(({ code, name }) => ({ code, name })), crm, pairs: pairUp(field, codes, crm, coupled), warning };
}

interface Code {
	/** Id of the record that has the code; empty for members of a field. */
	id: string;
	code: string;
	name: string;
}

async function codesOf(
	session: SyncSession,
	mapping: TableMapping,
	field: FieldMapping,
	options: TableMapping | undefined,
): Promise<{ codes: Code[]; warning: string }> {
	if (!options) {
		const members = field.bcField === null || field.bcField.includes('/') ? [] : await membersOf(session, mapping.bc, field.bcField);
		const warning = members.length > 0 ? '' : `Business Central does not tell which values ${field.caption} can have; enter them by hand.`;
		return { codes: members.map(({ value, label }) => ({ id: '', code: String(value), name: label })), warning };
	}
	try {
		return { codes: await recordsOf(session, options.bc), warning: '' };
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass !== 'setup') throw error;
		return { codes: [], warning: `${error.message} ${error.hint}` };
	}
}

const membersOf = async (session: SyncSession, table: TableSource, name: string): Promise<NonNullable<ColumnShape['options']>> =>
	(await session.businessCentral.describe(table)).columns.get(name)?.options ?? [];

async function recordsOf(session: SyncSession, table: TableSource): Promise<Code[]> {
	const codes: Code[] = [];
	const query = { table, fields: [], filter: null, since: null, pageSize: PAGE };
	for await (const page of session.businessCentral.readChanges(query)) {
		codes.push(...page.map(({ id, number, name }: SystemRecord) => ({ id, code: number, name })));
		if (codes.length >= MOST) break;
	}
	return codes.sort((a, b) => (a.code < b.code ? -1 : 1));
}

async function coupledPairs(session: SyncSession, mapping: string, codes: readonly Code[]): Promise<OptionPair[]> {
	const ids = codes.map(({ id }) => id);
	const couplings = await session.store.couplingsOf(mapping, 'businessCentral', ids);
	return codes.flatMap(({ id, code }): OptionPair[] => {
		const coupling = couplings.get(id);
		return coupling ? [{ businessCentral: code, crm: Number(coupling.crmId), because: 'coupled' }] : [];
	});
}

/** In the order in which a run goes by them; a code and a choice have one partner each. */
function pairUp(
	field: FieldMapping,
	codes: readonly Code[],
	crm: ReadonlyArray<{ value: number; label: string }>,
	coupled: readonly OptionPair[],
): OptionPair[] {
	const pairs: OptionPair[] = [];
	const add = (pair: OptionPair): void => {
		const code = wholeCode(pair.businessCentral);
		if (!pairs.some((each) => wholeCode(each.businessCentral) === code || each.crm === pair.crm)) pairs.push(pair);
	};
	coupled.forEach(add);
	for (const { businessCentral, crm: value } of field.options ?? []) add({ businessCentral, crm: value, because: 'entered' });
	const { byCode } = labelPairs(crm);
	for (const { code, name } of codes) {
		const value = byCode.get(wholeCode(code)) ?? byCode.get(wholeCode(name));
		if (value !== undefined) add({ businessCentral: code, crm: value, because: 'label' });
	}
	return pairs;
}

const notChoice = (mapping: TableMapping, key: string): SyncError =>
	new SyncError({
		code: 'FIELD_NOT_CHOICE',
		errorClass: 'setup',
		system: 'engine',
		field: key,
		message: `The field "${key}" of ${mapping.name} has no choice column in CRM.`,
		hint: `Choose a field whose CRM column is a choice, for instance: ${
			mapping.fields
				.filter(({ kind }) => kind === 'choice')
				.map(({ key: each }) => each)
				.join(', ') || 'none of this table mapping is one'
		}.`,
	});
