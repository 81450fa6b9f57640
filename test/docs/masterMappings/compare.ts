import { defaultMappings } from '../../../engine/defaults/catalog';
import { DEFAULT_COMPANY_SETTINGS, type Setup } from '../../../engine/model/companySettings';
import { DEFAULT_SLEEP_MINUTES, type TableMapping } from '../../../engine/model/tableMapping';
import { compareFilters } from './compareFilters';
import { type ReferenceField, type ReferenceMapping, referenceMappings } from './reference';
import type { FieldMapping } from '../../../engine/model/fieldMapping';


/** One point in which a default mapping is not what Business Central's own integration has. */
export interface Difference {
	mapping: string;
	/** What it is about: a column, or `direction`, `filter …`. */
	item: string;
	reference: string;
	ours: string;
}

/** All set-ups that decide about mappings and fields. */
export const setups: readonly Setup[] = (['person', 'team'] as const).flatMap((ownershipModel) =>
	[true, false].flatMap((unitGroups) =>
		[true, false].map((extendedPrices): Setup => ({ ...DEFAULT_COMPANY_SETTINGS, ownershipModel, unitGroups, extendedPrices })),
	),
);

const SWITCHES: Readonly<Record<string, (setup: Setup) => boolean>> = {
	always: () => true,
	'ownershipModel=Person': ({ ownershipModel }) => ownershipModel === 'person',
	'unitGroupMapping=on': ({ unitGroups }) => unitGroups,
	'unitGroupMapping=off': ({ unitGroups }) => !unitGroups,
	'extendedPriceCalculation=on': ({ extendedPrices }) => extendedPrices,
	'extendedPriceCalculation=off': ({ extendedPrices }) => !extendedPrices,
};

const holds = (condition: string | undefined, setup: Setup): boolean => SWITCHES[condition ?? 'always']!(setup);

/** Every difference in any set-up, each told once. */
export function differences(): Difference[] {
	const found = new Map<string, Difference>();
	for (const setup of setups) {
		const ours = new Map(defaultMappings(setup).map((mapping) => [mapping.name, mapping]));
		for (const reference of referenceMappings) {
			const mapping = ours.get(reference.name);
			const expected = holds(reference.activeWhen, setup);
			const told = (item: string, theirs: unknown, own: unknown): void => {
				if (spelled(theirs) === spelled(own)) return;
				const difference = { mapping: reference.name, item, reference: spelled(theirs), ours: spelled(own) };
				found.set(Object.values(difference).join('\n'), difference);
			};
			told('active', expected, mapping !== undefined);
			if (mapping && expected) compareMapping(reference, mapping, setup, told);
		}
	}
	return [...found.values()];
}

type Tell = (item: string, theirs: unknown, own: unknown) => void;

function compareMapping(reference: ReferenceMapping, mapping: TableMapping, setup: Setup, told: Tell): void {
	told('CRM table', reference.crm, mapping.crm.choice?.table ?? mapping.crm.name);
	for (const item of ['direction', 'onlyCoupled', 'companyStamp', 'conflict', 'deletion'] as const) told(item, reference[item], mapping[item]);
	told('inactivity sleep', reference.idleMinutes, mapping.inactivitySleepMinutes ?? DEFAULT_SLEEP_MINUTES);
	const dependencies = reference.dependsOn.flatMap((each) =>
		typeof each === 'string' ? [each] : holds(each.when, setup) ? [each.name] : [],
	);
	told('depends on', [...dependencies].sort(), [...mapping.dependsOn].sort());
	compareFilters(reference, mapping, told);
	const matched = new Set<FieldMapping>();
	for (const field of reference.fields) {
		const own = counterpart(reference, mapping, field);
		if (own) matched.add(own);
		compareField(field, own, setup, told);
	}
	for (const field of mapping.fields.filter((each) => !matched.has(each))) told(nameOf(field.crmField, field.caption), 'no such field', 'mapped');
}

function counterpart(reference: ReferenceMapping, mapping: TableMapping, field: ReferenceField): FieldMapping | undefined {
	const same = mapping.fields.filter((each) => (mapping.crm.choice ? true : each.crmField === field.crm) && (field.crm !== null || each.caption === field.bc));
	return same.length > 1 ? same.find(({ caption }) => caption === field.bc) : same[0];
}

function compareField(field: ReferenceField, own: FieldMapping | undefined, setup: Setup, told: Tell): void {
	const name = nameOf(field.crm, field.bc ?? '');
	const expected = holds(field.condition, setup);
	told(name, expected ? 'mapped' : 'no such field', own ? 'mapped' : 'no such field');
	if (!own || !expected) return;
	told(`${name}: direction`, field.direction, own.direction);
	told(`${name}: enabled`, !field.optional && field.enabled !== false, own.enabled);
	told(`${name}: constant`, field.constant ?? null, own.constant ?? null);
	told(`${name}: clear on failure`, field.clearOnFailure ?? false, own.clearOnFailure ?? false);
	told(`${name}: not null`, field.notNull ?? false, own.notNull ?? false);
	told(`${name}: insert only`, field.crmAccess === 'insert-only', own.insertOnly ?? false);
	if (field.bc !== null) told(`${name}: caption`, field.bc, own.caption);
	if (own.bcField !== null && field.properties.length > 0) told(`${name}: source`, 'one of its properties', shows(field, own.bcField) ? 'one of its properties' : own.bcField);
}

/** A page that is the mapping's own table is not named in front of its properties. */
const shows = (field: ReferenceField, property: string): boolean =>
	field.properties.some((each) => each === property || (!property.includes('/') && each.endsWith(`/${property}`)));

export const nameOf = (crm: string | null, bc: string): string => crm ?? bc;

const spelled = (value: unknown): string =>
	value === true ? 'yes' : value === false ? 'no' : value === null ? 'none' : Array.isArray(value) ? value.join(', ') || 'none' : String(value);
