import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlObject } from '../../al/object';
import { parseAl } from '../../al/parse';

/** What is used of an extension's app.json. */
export interface AppManifest {
	id: string;
	name: string;
	publisher: string;
	version: string;
	idRanges: ReadonlyArray<{ from: number; to: number }>;
	preprocessorSymbols?: readonly string[];
}

/** An AL project: its manifest and its source files by their path below `folder`. */
export interface AlProject {
	folder: string;
	manifest: AppManifest;
	sources: ReadonlyMap<string, string>;
}

/** Throws Error when app.json is missing or is no JSON. */
export function readProject(folder: string): AlProject {
	const manifest = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as AppManifest;
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
	const sources = files
		.filter((file) => file.endsWith('.al'))
		.sort()
		.map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
	return { folder, manifest, sources: new Map(sources) };
}

/** The objects of a project as a compiler with these preprocessor symbols sees them; throws AlSyntaxError. */
export function objectsOf({ manifest, sources }: AlProject, symbols: readonly string[] = manifest.preprocessorSymbols ?? []): AlObject[] {
	const set = new Set(symbols);
	return [...sources].flatMap(([file, text]) => parseAl(file, text, set));
}
