import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { DEFAULT_COMPANY_SETTINGS, type Setup } from '../model/companySettings';
import { contact } from './contact';
import { currency } from './currency';
import { customer } from './customer';
import type { DefaultMapping } from './defaultMapping';
import { paymentTerms } from './paymentTerms';
import { salespeople } from './salespeople';
import { customerPriceGroup } from './customerPriceGroup';
import { itemProduct } from './itemProduct';
import { itemUom } from './itemUom';
import { priceListHeader } from './priceListHeader';
import { priceListLine } from './priceListLine';
import { resourceProduct } from './resourceProduct';
import { resourceUom } from './resourceUom';
import { salesPrice } from './salesPrice';
import { unitGroup } from './unitGroup';
import { unitOfMeasure } from './unitOfMeasure';
import { shipmentMethod } from './shipmentMethod';
import { shippingAgent } from './shippingAgent';
import { vendor } from './vendor';
import type { MappingRules } from '../mapping/rules';
import { withWrittenFields } from '../mapping/writtenFields';
import { forCompany } from '../mapping/forCompany';
import { withOverrides } from '../mapping/overrides';
import { loadIdentities } from '../jobs/identities';
import { identifiedBy } from '../model/recordIdentity';
import { type CompanyMapping, forThisCompany } from '../model/mappingStages';
import type { TableMapping } from '../model/tableMapping';
import type { TableSource } from '../model/record';
import type { FieldMapping } from '../model/fieldMapping';

/** Default table mappings; a new one is one file and one line here. */
const DEFAULTS: readonly DefaultMapping[] = [
	salespeople,
	currency,
	paymentTerms,
	shipmentMethod,
	shippingAgent,
	customer,
	vendor,
	contact,
	unitOfMeasure,
	unitGroup,
	itemUom,
	resourceUom,
	itemProduct,
	resourceProduct,
	customerPriceGroup,
	salesPrice,
	priceListHeader,
	priceListLine,
];

/** What a drop-down needs to know about each mapping. */
export function mappingCatalog(): Array<{ name: string; caption: string; bc: TableSource; crm: TableSource }> {
	return DEFAULTS.map(({ mapping }) => ({ name: mapping.name, caption: mapping.caption, bc: mapping.bc, crm: mapping.crm }));
}

/** Names of all default mappings, also of those not used in a set-up. */
export const defaultNames = (): string[] => DEFAULTS.map(({ mapping }) => mapping.name);

/** The default mappings as they are in a set-up, before the user's settings are laid over. */
export const defaultMappings = (setup: Setup): TableMapping[] =>
	DEFAULTS.filter(({ activeWhen }) => activeWhen?.(setup) ?? true).map(({ mapping, variant }) =>
		forCompany(variant?.(mapping, setup) ?? mapping, setup),
	);

/**
 * All mappings of the connection as they are now, disabled ones included: defaults with the user's settings laid over, and the user's own; in dependency
 * order. Tables of pages know their records as the store does.
 */
export async function loadMappings(session: SyncSession, known?: Setup): Promise<CompanyMapping[]> {
	const setup = known ?? (await loadSetup(session));
	const settings = await session.store.settings();
	const moved = await loadIdentities(session.store);
	const defaults = defaultMappings(setup).map((mapping) => withOverrides(mapping, settings.get(mapping.name)));
	const own = [...settings.values()].flatMap(({ definition }) => (definition ? [definition] : []));
	const asKept = (mapping: TableMapping): TableMapping =>
		moved.has(mapping.name) ? { ...mapping, bc: identifiedBy(mapping.bc, 'systemId') } : mapping;
	return inDependencyOrder([...defaults, ...own].map(asKept).map(withWrittenFields).map(forThisCompany));
}

/** What the connection's company is set up for. */
export const loadSetup = async ({ store, ownershipModel }: SyncSession): Promise<Setup> => ({
	...DEFAULT_COMPANY_SETTINGS,
	...(await store.companySettings()),
	ownershipModel,
});

/** Special rules of a mapping; empty for mappings without. */
export const rulesOf = (name: string): MappingRules => DEFAULTS.find(({ mapping }) => mapping.name === name)?.rules ?? {};

/** Runs that create records find those that are there already by a rule of the mapping, so nothing needs to be matched before. */
export function recognizesPartners({ name }: Pick<TableMapping, 'name'>): boolean {
	const { matchBeforeCreate, findPartner, firstMatch } = rulesOf(name);
	return matchBeforeCreate !== undefined || (findPartner !== undefined && firstMatch === undefined);
}

export function findMapping<Mapping extends Pick<TableMapping, 'name'>>(mappings: readonly Mapping[], name: string): Mapping {
	const found = mappings.find((mapping) => mapping.name === name);
	if (found) return found;
	throw new SyncError({
		code: 'MAPPING_UNKNOWN',
		errorClass: 'setup',
		system: 'engine',
		message: `There is no table mapping named "${name}".`,
		hint: `Choose one of: ${mappings.map((mapping) => mapping.name).join(', ')}.`,
	});
}

/** Fields with a counterpart on both sides: those that have a baseline. */
export const pairedFields = (mapping: TableMapping): FieldMapping[] =>
	mapping.fields.filter((field) => field.enabled && field.bcField !== null && field.crmField !== null);

/** Records others refer to come first; a circle is refused by name. */
export function inDependencyOrder<Mapping extends TableMapping>(mappings: readonly Mapping[]): Mapping[] {
	const byName = new Map(mappings.map((mapping) => [mapping.name, mapping]));
	const ordered: Mapping[] = [];
	const state = new Map<string, 'open' | 'done'>();
	const visit = (mapping: Mapping, path: string[]): void => {
		if (state.get(mapping.name) === 'done') return;
		if (state.get(mapping.name) === 'open') {
			const circle = [...path.slice(path.indexOf(mapping.name)), mapping.name].join(' → ');
			throw new SyncError({
				code: 'DEPENDENCY_CIRCLE',
				errorClass: 'setup',
				system: 'engine',
				message: `The table mappings depend on each other in a circle: ${circle}.`,
				hint: 'Remove one of these dependencies.',
			});
		}
		state.set(mapping.name, 'open');
		for (const name of mapping.dependsOn) {
			const dependency = byName.get(name);
			if (dependency) visit(dependency, [...path, mapping.name]);
		}
		state.set(mapping.name, 'done');
		ordered.push(mapping);
	};
	for (const mapping of mappings) visit(mapping, []);
	return ordered;
}
