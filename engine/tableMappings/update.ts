import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { MappingProblem } from '../mapping/validation';
import { filterFrom, templatesFrom, type FilterInput, type TemplateInput } from './filterInput';
import { joinedFilter } from './joinedFilter';
import { saveMapping } from './persist';
import type { Filter } from '../model/filter';
import type { Side } from '../model/side';
import { sourceFrom, type TableInput } from './tableInput';

/** Settings of a mapping that can be changed; those left out stay. */
export type MappingChanges = Partial<
	Pick<
		TableMapping,
		| 'direction'
		| 'onlyCoupled'
		| 'bcFilter'
		| 'crmFilter'
		| 'conflict'
		| 'deletion'
		| 'enabled'
		| 'deletionCheckMinutes'
		| 'intervalMinutes'
		| 'inactivitySleepMinutes'
		| 'massChange'
		| 'askDuplicateRules'
		| 'dependsOn'
		| 'templates'
		| 'caption'
	>
>;

/** Filters and templates as somebody enters them. */
export interface EnteredFilters {
	businessCentralFilter?: FilterInput | undefined;
	crmFilterEntered?: FilterInput | undefined;
	templatesEntered?: readonly TemplateInput[] | undefined;
}

export interface MappingUpdate extends MappingChanges, EnteredFilters {
	/** Another Business Central table with the same records, for instance an own API page with all fields. */
	businessCentral?: TableInput;
	/** Mappings of the user's own only. */
	crm?: TableInput;
}

/**
 * Changes a mapping; of a default mapping what differs from the default is remembered. Answers the warnings.
 * @throws SyncError (setup) `MAPPING_UNKNOWN`, `MAPPING_INVALID`, `DEPENDENCY_CIRCLE`; nothing is changed then
 */
export async function updateMapping(session: SyncSession, name: string, update: MappingUpdate): Promise<MappingProblem[]> {
	const mapping = findMapping(await loadMappings(session), name);
	const { businessCentral, crm, caption, businessCentralFilter, crmFilterEntered, templatesEntered, ...changes } = update;
	const wanted: TableMapping = { ...mapping, ...changes, ...(caption && mapping.own ? { caption } : {}) };
	// A limit that is not named stays as it is.
	if (changes.massChange) wanted.massChange = { ...mapping.massChange, ...changes.massChange };
	if (businessCentral) wanted.bc = { ...(await sourceFrom(session, 'businessCentral', businessCentral)), ...companionsOf(mapping) };
	if (crm && mapping.own) wanted.crm = await sourceFrom(session, 'crm', crm);
	Object.assign(wanted, await enteredFor(session, wanted, { businessCentralFilter, crmFilterEntered, templatesEntered }));
	const warnings = await saveMapping(session, wanted);
	const moved = wanted.bc.name !== mapping.bc.name || wanted.crm.name !== mapping.crm.name;
	const couplings = moved ? await session.store.countCouplings(name) : 0;
	return couplings === 0 ? warnings : [...warnings, tableMoved(couplings)];
}

/** Entered filters and templates with the types of the columns. */
export async function enteredFor(
	session: SyncSession,
	{ bc, crm, bcFilter, crmFilter }: Pick<TableMapping, 'bc' | 'crm'> & Partial<Pick<TableMapping, 'bcFilter' | 'crmFilter'>>,
	{ businessCentralFilter, crmFilterEntered, templatesEntered }: EnteredFilters,
): Promise<Partial<Pick<TableMapping, 'bcFilter' | 'crmFilter' | 'templates'>>> {
	if (!businessCentralFilter && !crmFilterEntered && !templatesEntered) return {};
	const shapes = { businessCentral: await session.businessCentral.describe(bc), crm: await session.crm.describe(crm) };
	const entered = (input: FilterInput, side: Side, former: Filter | undefined): Filter => {
		const filter = filterFrom(input, shapes[side], side, numbers[side]);
		return input.way === 'add' && former ? joinedFilter(former, filter) : filter;
	};
	const numbers = { businessCentral: bc.numberField, crm: crm.numberField };
	return {
		...(businessCentralFilter ? { bcFilter: entered(businessCentralFilter, 'businessCentral', bcFilter) } : {}),
		...(crmFilterEntered ? { crmFilter: entered(crmFilterEntered, 'crm', crmFilter) } : {}),
		...(templatesEntered ? { templates: templatesFrom(templatesEntered, shapes, numbers) } : {}),
	};
}

const companionsOf = ({ bc }: TableMapping): Pick<TableMapping['bc'], 'companions'> => (bc.companions ? { companions: bc.companions } : {});

const tableMoved = (couplings: number): MappingProblem => ({
	field: null,
	level: 'warning',
	message: `The table was changed while ${couplings} records are coupled; couplings name records by their ids in the former table.`,
	remedy: 'If the new table does not show the same records, uncouple the mapping before its next run.',
});

/** Takes part in runs of all mappings, or not. */
export const setEnabled = (session: SyncSession, name: string, enabled: boolean): Promise<MappingProblem[]> =>
	updateMapping(session, name, { enabled });
