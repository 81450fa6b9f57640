import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { defaultNames, loadMappings } from '../defaults/catalog';
import { common } from '../defaults/defaultMapping';
import type { TableMapping } from '../model/tableMapping';
import type { MappingProblem } from '../mapping/validation';
import { fieldFrom, type FieldInput } from './fieldInput';
import { saveMapping } from './persist';
import { sourceFrom, type TableInput } from './tableInput';
import { type EnteredFilters, enteredFor, type MappingChanges } from './update';
import type { Direction } from '../model/direction';

export interface NewMapping extends MappingChanges, EnteredFilters {
	name: string;
	businessCentral: TableInput;
	crm: TableInput;
	direction: Direction;
	fields: readonly FieldInput[];
	/** CRM rows carry the identity of the BC company. */
	companyStamp?: boolean;
}

/**
 * Makes a mapping of the user's own: any Business Central entity set, own API page or published page with any Dataverse table. Answers the warnings.
 * @throws SyncError (setup) `MAPPING_EXISTS`, `MAPPING_INVALID`, or why a table cannot be read
 */
export async function createMapping(session: SyncSession, input: NewMapping): Promise<MappingProblem[]> {
	const mappings = await loadMappings(session);
	const name = input.name.trim();
	await requireFree(session, mappings, name);
	const bc = await sourceFrom(session, 'businessCentral', input.businessCentral);
	const crm = await sourceFrom(session, 'crm', input.crm);
	const shapes = { businessCentral: await session.businessCentral.describe(bc), crm: await session.crm.describe(crm) };
	const fields: Array<TableMapping['fields'][number]> = [];
	for (const field of input.fields) fields.push(fieldFrom(field, shapes, mappings, new Set(fields.map(({ key }) => key))));
	const { businessCentral: _bc, crm: _crm, fields: _fields, name: _name, companyStamp = false, caption, ...rest } = input;
	const { businessCentralFilter, crmFilterEntered, templatesEntered, ...changes } = rest;
	const referred = fields.flatMap(({ mapping }) => mapping ?? []).filter((each) => each !== name);
	const mapping: TableMapping = {
		...common,
		...changes,
		name,
		caption: caption?.trim() || `${shapes.businessCentral.label} – ${shapes.crm.label.toLowerCase()}`,
		bc,
		crm,
		fields,
		companyStamp,
		dependsOn: changes.dependsOn ?? [...new Set(referred)],
		own: true,
		...(await enteredFor(session, { bc, crm }, { businessCentralFilter, crmFilterEntered, templatesEntered })),
	};
	return await saveMapping(session, mapping);
}

/**
 * Names are unique, those of default mappings not used in this set-up included; a new mapping gets nothing that an earlier one left behind.
 */
async function requireFree(session: SyncSession, mappings: readonly TableMapping[], name: string): Promise<void> {
	const taken = [...defaultNames(), ...mappings.map((mapping) => mapping.name)].find((each) => each.toUpperCase() === name.toUpperCase());
	const left = taken ? 0 : await session.store.countCouplings(name);
	if (!taken && left === 0) return;
	throw new SyncError({
		code: 'MAPPING_EXISTS',
		errorClass: 'setup',
		system: 'engine',
		message: taken
			? `There is a table mapping named "${taken}" already.`
			: `${left} couplings of a deleted table mapping named "${name}" are still there.`,
		hint: taken
			? 'Choose another name, or change that mapping with Update and Set Field Mappings.'
			: 'Choose another name, or import the deleted mapping again and delete it with its couplings.',
	});
}
