import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rightFiles } from './generate/rightFiles';
import { allSections, docsFolder, generatedPages, renderPage } from './generate/sections';

test.each(generatedPages)('docs/%s says what the code says; `npx tsx scripts/docs.ts` brings it up to date', async (page) => {
	const { committed, generated, sections } = await renderPage(page);
	expect(sections.length).toBeGreaterThan(0);
	expect(committed).toBe(generated);
});

test('no generated section is left out of the documentation', async () => {
	const used = (await Promise.all(generatedPages.map(renderPage))).flatMap(({ sections }) => sections);
	expect([...new Set(used)].sort()).toEqual(Object.keys(await allSections()).sort());
});

test.each(Object.entries(rightFiles()))('docs/%s holds the rights that the mappings need; `npx tsx scripts/docs.ts` brings it up to date', (name, text) => {
	expect(readFileSync(join(docsFolder, name), 'utf8')).toBe(text);
});
