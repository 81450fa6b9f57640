/** `npx tsx scripts/docs.ts`: writes the generated sections of the documentation anew (parameters, credential fields, mappings, error codes). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsFolder, generatedPages, renderPage } from '../test/docs/generate/sections';

async function main(): Promise<void> {
	for (const page of generatedPages) {
		const { committed, generated } = await renderPage(page);
		if (committed !== generated) writeFileSync(join(docsFolder, page), generated);
		console.log(`${committed === generated ? 'as it was' : 'written  '}  docs/${page}`);
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
