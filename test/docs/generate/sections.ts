import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentialSections } from './credentials';
import { differenceSections } from './differences';
import { errorSections } from './errors';
import { mappingSections } from './mappings';
import { nodeSections } from './nodes';
import { rightSections } from './rights';
import { invoiceSections } from './invoices';
import { orderImportSections } from './orderImport';
import { orderLifeSections } from './orderLife';
import { whatHappensWhenSections } from './whatHappensWhen';
import { transformationSections } from './transformations';

/** Text by the name of the section, as the code says it now. */
export type Sections = Readonly<Record<string, string>>;

export const docsFolder = join(__dirname, '..', '..', '..', 'docs');

/** Pages with generated sections, relative to `docs/`. */
export const generatedPages = [
	'nodes/sync-mapping.md',
	'nodes/sync-trigger.md',
	'nodes/full-sync.md',
	'nodes/couple-records.md',
	'nodes/sales-documents.md',
	'nodes/read-sync-log.md',
	'nodes/table-mappings.md',
	'connections/business-central-oauth2.md',
	'connections/business-central-access-key.md',
	'connections/dataverse.md',
	'connections/service-principal.md',
	'connections/sync-store-postgresql.md',
	'connections/webhooks.md',
	'concepts/mappings.md',
	'concepts/transformations.md',
	'concepts/order-import.md',
	'concepts/order-life.md',
	'concepts/posted-invoices.md',
	'default-mappings.md',
	'errors.md',
	'what-happens-when.md',
	'security.md',
] as const;

/** All sections there are. */
export async function allSections(): Promise<Sections> {
	return { ...nodeSections(), ...credentialSections(), ...mappingSections(), ...errorSections(), ...whatHappensWhenSections(), ...differenceSections(), ...transformationSections(), ...rightSections(), ...orderImportSections(), ...orderLifeSections(), ...invoiceSections() };
}

const MARKED = /<!-- generated: ([\w-]+) -->[\s\S]*?<!-- end of generated -->/g;

/**
 * The page with its generated sections as they should be. A section stands between `<!-- generated: name -->` and `<!-- end of generated -->`.
 * @throws Error when the page names a section that does not exist
 */
export async function renderPage(page: string): Promise<{ committed: string; generated: string; sections: string[] }> {
	const committed = readFileSync(join(docsFolder, page), 'utf8');
	const sections = await allSections();
	const names: string[] = [];
	const generated = committed.replace(MARKED, (_, name: string) => {
		const text = sections[name];
		if (text === undefined) throw new Error(`docs/${page} asks for the section "${name}", which does not exist.`);
		names.push(name);
		return `<!-- generated: ${name} -->\n\n${text.trim()}\n\n<!-- end of generated -->`;
	});
	return { committed, generated, sections: names };
}
