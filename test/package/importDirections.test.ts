import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from './stagedProject';

interface Message {
	rule: string;
	text: string;
}

/** Some real module of the folder: the rule only sees imports that lead somewhere. */
function moduleOf(folder: string): string {
	const entries = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' });
	const file = entries.find((name) => name.endsWith('.ts'));
	if (file === undefined) throw new Error(`${folder} has no module to import.`);
	return join(folder, file.slice(0, -'.ts'.length));
}

function lint(cases: ReadonlyArray<{ in: string; imports: string }>): Message[][] {
	const texts = cases.map(({ in: folder, imports }) => {
		const local = imports.includes('/') && !imports.startsWith('@');
		const path = local ? relative(folder, imports) : imports;
		const specifier = local && !path.startsWith('.') ? `./${path}` : path;
		return { file: join(projectRoot, folder, 'lintedText.ts'), code: `import * as other from '${specifier}';\nexport { other };\n` };
	});
	const result = spawnSync(process.execPath, [join(__dirname, 'lintTexts.mjs')], {
		cwd: projectRoot,
		input: JSON.stringify(texts),
		encoding: 'utf8',
	});
	if (result.status !== 0) throw new Error(result.stderr);
	return JSON.parse(result.stdout) as Message[][];
}

describe('the lint rules for imports', () => {
	it('report every import against the direction of the house', () => {
		const forbidden = [
			...['engine/sync/pass', 'engine/sync/decide', 'engine/coupling', 'engine/failures'].flatMap((room) => [
				{ in: room, imports: moduleOf('engine/systems/businessCentral') },
				{ in: room, imports: moduleOf('engine/systems/dataverse') },
				{ in: room, imports: moduleOf('engine/systems/odata') },
				{ in: room, imports: moduleOf('engine/store') },
				{ in: room, imports: moduleOf('nodes') },
				{ in: room, imports: moduleOf('sandbox') },
				{ in: room, imports: 'engine/index' },
				{ in: room, imports: 'n8n-workflow' },
			]),
			// Up, and across to another room of the same floor.
			{ in: 'engine/model', imports: moduleOf('engine/ports') },
			{ in: 'engine/mapping', imports: moduleOf('engine/defaults') },
			{ in: 'engine/sync/write', imports: moduleOf('engine/sync/pass') },
			{ in: 'engine/sync/pair', imports: moduleOf('engine/sync/write') },
			{ in: 'engine/sync/record', imports: moduleOf('engine/sync/pair') },
			{ in: 'engine/store', imports: moduleOf('engine/sync/pass') },
			{ in: 'engine/store', imports: moduleOf('engine/systems/odata') },
			{ in: 'engine/systems/businessCentral', imports: moduleOf('engine/systems/dataverse') },
			{ in: 'engine/systems/dataverse', imports: moduleOf('engine/systems/businessCentral') },
			{ in: 'engine/systems/odata', imports: moduleOf('engine/systems/dataverse') },
			{ in: 'nodes/shared', imports: moduleOf('engine/model') },
			{ in: 'nodes/shared', imports: moduleOf('sandbox') },
			{ in: 'nodes/shared', imports: moduleOf('test') },
			{ in: 'nodes/shared', imports: 'fast-check' },
			{ in: 'sandbox/core', imports: moduleOf('engine/store') },
			{ in: 'sandbox/core', imports: 'n8n-workflow' },
		];
		const unreported = lint(forbidden)
			.map((messages, index) => ({ case: forbidden[index], rules: messages.map((message) => message.rule) }))
			.filter(({ rules }) => !rules.some((rule) => /no-restricted-paths|no-restricted-imports|no-extraneous-dependencies/.test(rule)));
		expect(unreported).toEqual([]);
	});

	it('let the permitted ones pass', () => {
		const permitted = [
			{ in: 'engine/sync/pass', imports: moduleOf('engine/ports') },
			{ in: 'engine/sync/pass', imports: moduleOf('engine/sync/write') },
			{ in: 'engine/sync/run', imports: moduleOf('engine/defaults') },
			{ in: 'engine/mapping', imports: moduleOf('engine/systems/odata') },
			{ in: 'engine/state', imports: moduleOf('engine/store') },
			{ in: 'engine/systems/businessCentral', imports: moduleOf('engine/systems/odata') },
			{ in: 'engine/systems/dataverse', imports: moduleOf('engine/systems/odata') },
			{ in: 'nodes/shared', imports: 'engine/index' },
			{ in: 'nodes/shared', imports: 'n8n-workflow' },
			{ in: 'engine/store', imports: 'kysely' },
			{ in: 'test/kit', imports: moduleOf('sandbox') },
			{ in: 'scripts', imports: moduleOf('sandbox') },
		];
		expect(lint(permitted)).toEqual(permitted.map(() => []));
	});
});
