import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mappingCatalog } from '../../engine';
import { STANDARD_PAGES } from '../../engine/systems/businessCentral/standardPages';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'concepts', 'published-pages.md'), 'utf8');

test('every page that a default mapping reads is in the list of pages to publish, with object ID and caption', () => {
	const services = new Set(mappingCatalog().flatMap(({ bc }) => (bc.page ? [bc.name, ...(bc.page.also ?? []).map(({ service }) => service)] : [])));
	expect(services.size).toBeGreaterThan(7);
	const rows = [...services].map((service) => `| \`${service}\` | ${STANDARD_PAGES[service]?.page} | ${STANDARD_PAGES[service]?.caption} |`);
	expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
