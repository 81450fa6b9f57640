import { join } from 'node:path';
import { defaultMappings } from '../../engine/defaults/catalog';
import { DEFAULT_COMPANY_SETTINGS, type Setup } from '../../engine/model/companySettings';
import type { TableMapping } from '../../engine/model/tableMapping';
import { EXTENSION_PAGES, EXTENSION_ROUTE } from '../../engine/systems/businessCentral/extensionPages';
import { propertyName, propertyText } from '../../sandbox/al/object';
import { objectsOf, readProject } from '../../sandbox/businessCentral/extension/project';
import { alField, alTables } from '../../sandbox/businessCentral/model/alTables';

/** What the engine asks of the extension, against its AL source. */
const pages = new Map(
	objectsOf(readProject(join(__dirname, '../../extension')), ['SALESPRICES'])
		.filter(({ type }) => type === 'page')
		.map((page) => [propertyName(page.properties, 'EntitySetName')!, page]),
);
const propertiesOf = (set: string): Map<string, string | null> =>
	new Map(pages.get(set)?.fields.map(({ name, field }): [string, string | null] => [name, field]));
const tableOf = (set: string) => alTables.get(propertyName(pages.get(set)!.properties, 'SourceTable')!.toLowerCase())!;

test('the route is the one the pages are under', () => {
	for (const { properties } of pages.values())
		expect(['APIPublisher', 'APIGroup', 'APIVersion'].map((name) => propertyText(properties, name)).join('/')).toBe(EXTENSION_ROUTE);
});

test.each(Object.entries(EXTENSION_PAGES))(
	'%s: every property it is asked for is there, and the enums are those of the table',
	(_service, { set, names, enums }) => {
		const properties = propertiesOf(set);
		expect(Object.entries(names).filter(([, there]) => !properties.has(there))).toEqual([]);
		const isEnum = ([, there]: [string, string]): boolean => {
			const field = properties.get(there);
			return field ? alField(tableOf(set), field)?.type.name === 'Enum' : false;
		};
		expect(
			new Set(
				Object.entries(names)
					.filter(isEnum)
					.map(([name]) => name),
			),
		).toEqual(enums);
	},
);

const SETUPS: Setup[] = [true, false].flatMap((unitGroups) =>
	[true, false].map((extendedPrices): Setup => ({ ...DEFAULT_COMPANY_SETTINGS, unitGroups, extendedPrices, ownershipModel: 'person' })),
);
const mappings = new Map(SETUPS.flatMap(defaultMappings).map((mapping) => [mapping.name, mapping]));

/** Fields of a mapping that a published page shows, with the page. */
function pageFields({ bc, fields }: TableMapping): Array<{ page: string; name: string; bcLength: number | undefined }> {
	return fields.flatMap(({ bcField, bcLength }) => {
		if (bcField === null || bcField.startsWith('@')) return [];
		const [first = '', second] = bcField.split('/');
		return second !== undefined ? [{ page: first, name: second, bcLength }] : bc.page ? [{ page: bc.name, name: first, bcLength }] : [];
	});
}

test('every field of a default mapping that a published page shows is shown by the extension, as long as its table has it', () => {
	const missing: string[] = [];
	let seen = 0;
	for (const mapping of mappings.values()) {
		for (const { page, name, bcLength } of pageFields(mapping)) {
			const there = EXTENSION_PAGES[page]?.names[name];
			const field = there === undefined ? undefined : propertiesOf(EXTENSION_PAGES[page]!.set).get(there);
			const length = field ? alField(tableOf(EXTENSION_PAGES[page]!.set), field)?.type.length : undefined;
			if (!field || (bcLength !== undefined && bcLength !== length)) missing.push(`${mapping.name} ${page}/${name} ${bcLength} ${length}`);
			seen++;
		}
		for (const key of mapping.bc.page?.keys ?? [])
			if (!EXTENSION_PAGES[mapping.bc.name]?.names[key]) missing.push(`${mapping.name} ${key}`);
	}
	expect(missing).toEqual([]);
	expect(seen).toBeGreaterThan(40);
});

test('what mappings write through a published page can be written through the extension', () => {
	const closed: string[] = [];
	for (const { name: mapping, fields, bc, direction } of mappings.values()) {
		if (direction === 'toCrm') continue;
		for (const { bcField, direction: way } of fields) {
			if (bcField === null || way === 'toCrm') continue;
			const [first = '', second] = bcField.split('/');
			const [page, name] = second === undefined ? [bc.name, first] : [first, second];
			const known = EXTENSION_PAGES[page];
			if (!known || (second === undefined && !bc.page)) continue;
			const control = pages.get(known.set)!.fields.find((field) => field.name === known.names[name]);
			if (propertyText(control?.properties ?? new Map(), 'Editable') === 'false') closed.push(`${mapping} ${bcField}`);
		}
	}
	expect(closed).toEqual([]);
});
