import { rulesOf } from '../../defaults/catalog';
import type { AccessUse, BusinessCentralRight, CrmRight, NeededRight } from '../../model/access';
import type { Setup } from '../../model/companySettings';
import type { FieldMapping } from '../../model/fieldMapping';
import type { TableSource } from '../../model/record';
import { SIDES } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import { NeededRights } from './rightsOnce';

/** Named in `NeededRight.neededBy` for what every connection needs. */
export const EVERY_CONNECTION = 'Check Set-up';

/** Metadata, the user's own row and the organization: asked before every run and by the check itself. */
const METADATA = ['prvReadEntity', 'prvReadAttribute', 'prvReadRelationship', 'prvReadOptionSet'];

/**
 * The one table of rights: what the enabled ones of the mappings make a user need in both systems, default mappings and own ones alike. It follows from
 * tables, directions, fields and strategies, and from what rules of default mappings say they touch beside (`MappingRules.access`). `all`: every mapping
 * of the connection, to find what references lead to.
 */
export function neededRights(mappings: readonly TableMapping[], setup: Setup, all: readonly TableMapping[] = mappings): NeededRight[] {
	const rights = new NeededRights();
	rights.businessCentral(EVERY_CONNECTION, 'companies', ['Read']);
	rights.businessCentral(EVERY_CONNECTION, 'companyInformation', ['Read']);
	rights.crm(EVERY_CONNECTION, 'systemuser', ['Read']);
	rights.crm(EVERY_CONNECTION, 'organization', ['Read']);
	for (const name of METADATA) rights.named(EVERY_CONNECTION, name);
	const byName = new Map(all.map((mapping) => [mapping.name, mapping]));
	for (const mapping of mappings.filter(({ enabled }) => enabled)) {
		ofTables(rights, mapping);
		for (const field of mapping.fields.filter(({ enabled }) => enabled)) ofField(rights, mapping, field, byName);
		ofRules(rights, mapping, setup);
	}
	return rights.list();
}

/** Both tables themselves. */
function ofTables(rights: NeededRights, mapping: TableMapping): void {
	const { name, bc, crm, direction, onlyCoupled, deletion } = mapping;
	const creating: AccessUse = onlyCoupled ? 'create' : 'always';
	const set = setOf(bc);
	rights.businessCentral(name, set, ['Read']);
	if (direction !== 'toCrm') {
		rights.businessCentral(name, set, ['Modify']);
		rights.businessCentral(name, set, ['Insert'], creating);
	}
	if (crm.choice) ofChoice(rights, mapping);
	else {
		rights.crm(name, crm.name, ['Read']);
		if (direction !== 'fromCrm') {
			rights.crm(name, crm.name, ['Write']);
			rights.crm(name, crm.name, ['Create'], creating);
		}
	}
	if (deletion === 'deleteOther') {
		// A record whose partner was deleted is deleted on the side that the mapping writes to.
		if (direction !== 'toCrm') rights.businessCentral(name, set, ['Delete'], 'delete');
		if (direction !== 'fromCrm' && !crm.choice) rights.crm(name, crm.name, ['Delete'], 'delete');
	}
	if (!mapping.companyStamp) return;
	// Every coupled row of CRM carries the company, whichever way the mapping goes.
	rights.crm(name, 'bcbi_company', ['Read', 'AppendTo'], 'always', true);
	rights.crm(name, crm.name, ['Write', 'Append'], 'always', true);
}

/** Values of a choice are metadata: adding one changes a choice and publishes it. */
function ofChoice(rights: NeededRights, { name, direction }: TableMapping): void {
	if (direction === 'fromCrm') return;
	rights.named(name, 'prvWriteOptionSet');
	rights.named(name, 'prvPublishCustomization');
}

/** What a field refers to is looked up on both sides, and a row that points to another one needs two privileges. */
function ofField(rights: NeededRights, mapping: TableMapping, field: FieldMapping, all: ReadonlyMap<string, TableMapping>): void {
	const { name, crm } = mapping;
	const toCrm = mapping.direction !== 'fromCrm' && field.direction !== 'fromCrm' && field.crmField !== null;
	if (field.country) rights.businessCentral(name, 'countriesRegions', ['Read']);
	if (field.kind === 'currency') rights.businessCentral(name, 'companyInformation', ['Read']);
	const target = field.mapping === undefined ? undefined : all.get(field.mapping);
	if (target) {
		rights.businessCentral(name, setOf(target.bc), ['Read']);
		if (!target.crm.choice) rights.crm(name, target.crm.name, ['Read']);
	}
	if (!toCrm || crm.choice) return;
	if (field.kind === 'owner') rights.crm(name, crm.name, ['Assign']);
	else if (field.crmTable !== undefined) {
		rights.crm(name, crm.name, ['Append']);
		rights.crm(name, field.crmTable, ['Read', 'AppendTo']);
	}
}

function ofRules(rights: NeededRights, mapping: TableMapping, setup: Setup): void {
	const more = rulesOf(mapping.name).access?.(setup) ?? {};
	for (const side of SIDES) {
		for (const [table, wanted] of Object.entries(more[side] ?? {})) {
			if (side === 'crm') rights.crm(mapping.name, table, wanted as readonly CrmRight[]);
			else rights.businessCentral(mapping.name, table, wanted as readonly BusinessCentralRight[]);
		}
	}
}

/** What shows the rows of a table, by its usual name. Further pages and companions show the same table. */
const setOf = ({ name, page }: TableSource): string => page?.standardName ?? name;
