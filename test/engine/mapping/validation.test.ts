import { defaultMappings } from '../../../engine/defaults/catalog';
import { DEFAULT_COMPANY_SETTINGS } from '../../../engine/model/companySettings';
import { mappingSchema } from '../../../engine/mapping/schema/mapping';
import { unknownProperties } from '../../../engine/mapping/schema/field';
import { directionProblems, mappingProblems } from '../../../engine/mapping/validation/mappingProblems';
import { filterProblems } from '../../../engine/mapping/validation/filterProblems';

const setups = [true, false].flatMap((unitGroups) =>
	[true, false].flatMap((extendedPrices) =>
		(['person', 'team'] as const).map((ownershipModel) => ({ ...DEFAULT_COMPANY_SETTINGS, unitGroups, extendedPrices, ownershipModel })),
	),
);

it.each(setups)('every default mapping keeps the rules and the schema of mappings (%j)', (setup) => {
	const mappings = defaultMappings(setup);
	expect(mappings.length).toBeGreaterThan(5);
	const names = new Set(mappings.map(({ name }) => name));
	for (const mapping of mappings) {
		const problems = [...directionProblems(mapping), ...mappingProblems(mapping, names), ...filterProblems(mapping)];
		expect([mapping.name, problems.filter(({ level }) => level === 'error')]).toEqual([mapping.name, []]);
		const json: unknown = JSON.parse(JSON.stringify(mapping));
		const parsed = mappingSchema.safeParse(json);
		expect([mapping.name, parsed.error?.issues]).toEqual([mapping.name, undefined]);
		expect(parsed.data).toEqual(json);
	}
	expect(unknownProperties).toEqual([]);
});
