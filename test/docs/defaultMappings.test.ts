import { differences } from './masterMappings/compare';
import { explanationOf, explanations } from './masterMappings/explained';
import { referenceMappings } from './masterMappings/reference';

const found = differences();

test('every default mapping of master data is compared, field by field', () => {
	expect(referenceMappings).toHaveLength(18);
	expect(referenceMappings.flatMap(({ fields }) => fields).length).toBeGreaterThan(110);
});

test('the default mappings differ from those of Business Central only where the documentation says why', () => {
	const unexplained = found.filter(({ mapping, item }) => !explanationOf(mapping, item));
	expect(unexplained).toEqual([]);
});

test('nothing is explained that is no difference', () => {
	const used = new Set(found.map(({ mapping, item }) => explanationOf(mapping, item)));
	const idle = explanations.filter((each) => !used.has(each));
	expect(idle).toEqual([]);
	const mappings = explanations.flatMap((each) => each.mappings.map((mapping) => ({ mapping, item: each.item })));
	const pointless = mappings.filter(({ mapping, item }) => !found.some((each) => each.mapping === mapping && explanationOf(mapping, each.item)?.item === item));
	expect(pointless).toEqual([]);
});
