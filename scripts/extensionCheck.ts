/** Parses the AL source of the extension and tells what is wrong with it; exit code 1 when something is. Another folder: `-- FOLDER`. */
import { resolve } from 'node:path';
import { problemText } from '../sandbox/al/problem';
import { objectsOf, readProject } from '../sandbox/businessCentral/extension/project';
import { problemsOf } from './extension/check';

const folder = resolve(process.argv[2] ?? 'extension');
const project = readProject(folder);
const problems = problemsOf(project);
if (problems.length > 0) {
	for (const problem of problems) console.error(problemText(problem));
	console.error(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${folder}.`);
	process.exitCode = 1;
} else {
	const pages = objectsOf(project).filter(({ type }) => type === 'page');
	const fields = pages.reduce((sum, page) => sum + page.fields.length, 0);
	console.log(
		`${project.sources.size} files, ${pages.length} API pages with ${fields} properties: nothing is wrong as far as can be told without a compiler.`,
	);
}
