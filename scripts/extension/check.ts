import type { AlObject } from '../../sandbox/al/object';
import { parseAl } from '../../sandbox/al/parse';
import { type AlProblem, AlSyntaxError } from '../../sandbox/al/problem';
import { symbolsOf } from '../../sandbox/al/tokens';
import type { AlProject } from '../../sandbox/businessCentral/extension/project';
import { checkManifest } from './manifestRules';
import { checkObjects } from './objectRules';
import { checkPages } from './pageRules';
import { checkPermissions } from './permissionRules';
import { teller } from './tell';

/**
 * Everything that is wrong with an extension, by file and line. Sources with preprocessor symbols are looked at with none of them set, and with all: both
 * have to hold.
 */
export function problemsOf({ manifest, sources }: AlProject): AlProblem[] {
	const symbols = [...new Set([...sources.values()].flatMap(symbolsOf))];
	const problems: AlProblem[] = [];
	checkManifest(manifest, symbols, teller(problems, 'app.json'));
	for (const set of symbols.length > 0 ? [[], symbols] : [[]]) {
		const found: AlProblem[] = [];
		const objects = parsed(sources, new Set(set), found);
		checkObjects(objects, manifest, found);
		checkPages(
			objects.filter(({ type }) => type === 'page'),
			found,
		);
		checkPermissions(objects, found);
		problems.push(...found.filter((each) => !problems.some((other) => JSON.stringify(other) === JSON.stringify(each))));
	}
	return problems.sort((one, other) => (one.file === other.file ? one.line - other.line : one.file < other.file ? -1 : 1));
}

/** A file that cannot be read is told, and the others are looked at. */
function parsed(sources: ReadonlyMap<string, string>, symbols: ReadonlySet<string>, problems: AlProblem[]): AlObject[] {
	return [...sources].flatMap(([file, text]) => {
		try {
			return parseAl(file, text, symbols);
		} catch (error) {
			if (!(error instanceof AlSyntaxError)) throw error;
			problems.push(error.problem);
			return [];
		}
	});
}
