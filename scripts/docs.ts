/**
 * `npx tsx scripts/docs.ts`: writes the generated sections of the documentation anew (parameters, credential fields, mappings, error codes, rights), and the
 * files with rights to import.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rightFiles } from '../test/docs/generate/rightFiles';
import { docsFolder, generatedPages, renderPage } from '../test/docs/generate/sections';

async function main(): Promise<void> {
	for (const page of generatedPages) {
		const { committed, generated } = await renderPage(page);
		if (committed !== generated) writeFileSync(join(docsFolder, page), generated);
		console.log(`${committed === generated ? 'as it was' : 'written  '}  docs/${page}`);
	}
	for (const [name, text] of Object.entries(rightFiles())) {
		const path = join(docsFolder, name);
		const same = existsSync(path) && readFileSync(path, 'utf8') === text;
		mkdirSync(dirname(path), { recursive: true });
		if (!same) writeFileSync(path, text);
		console.log(`${same ? 'as it was' : 'written  '}  docs/${name}`);
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
