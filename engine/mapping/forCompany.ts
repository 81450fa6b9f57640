import { usesCompany } from './filter';
import type { TableMapping } from '../model/tableMapping';
import type { CompanionSource, PageSource, TableSource } from '../model/record';
import type { Filter } from '../model/filter';
import type { FieldMapping } from '../model/fieldMapping';
import type { Setup } from '../model/companySettings';

/** A default mapping under the settings that concern all of them: ownership, names of published pages, companies sharing master data. */
export function forCompany(mapping: TableMapping, setup: Setup): TableMapping {
	const renamed = (service: string): string => setup.pages[service] ?? service;
	return {
		...mapping,
		bc: sourceIn(mapping.bc, renamed),
		crmFilter: setup.multiCompany ? withoutCompany(mapping.crmFilter) : mapping.crmFilter,
		fields: mapping.fields
			.filter((field) => setup.ownershipModel === 'person' || field.kind !== 'owner')
			.map((field) => fieldIn(field, renamed)),
	};
}

function sourceIn(source: TableSource, renamed: (service: string) => string): TableSource {
	const { page, companions } = source;
	return {
		...source,
		...(page ? { name: renamed(source.name), page: pageIn(page, source.name, renamed) } : {}),
		...(companions ? { companions: companions.map((companion) => companionIn(companion, renamed)) } : {}),
	};
}

const companionIn = (companion: CompanionSource, renamed: (service: string) => string): CompanionSource => ({
	...companion,
	service: renamed(companion.service),
	...(renamed(companion.service) === companion.service ? {} : { standardName: companion.service }),
});

const pageIn = (page: PageSource, standardName: string, renamed: (service: string) => string): PageSource => ({
	...page,
	...(renamed(standardName) === standardName ? {} : { standardName }),
	...(page.also ? { also: page.also.map((each) => ({ ...each, service: renamed(each.service) })) } : {}),
});

/** Companion fields carry their page's name. */
function fieldIn(field: FieldMapping, renamed: (service: string) => string): FieldMapping {
	const slash = field.bcField?.indexOf('/') ?? -1;
	if (slash < 0) return field;
	return { ...field, bcField: renamed(field.bcField!.slice(0, slash)) + field.bcField!.slice(slash) };
}

/** With several companies on one CRM, master data belongs to all of them. */
const withoutCompany = (filter: Filter): Filter => ({
	...filter,
	conditions: filter.conditions.filter((condition) => !usesCompany(condition)),
});
