import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { pageViews } from '../../sandbox/businessCentral/model/schema';
import type { Client, Surroundings } from './client';

const run = promisify(execFile);

/** A model a generator gets: its name, and where it is. */
interface Model {
	name: string;
	document: string;
}

/** Further services add theirs here. */
async function models({ sandbox, addresses }: Surroundings): Promise<Model[]> {
	const authorization = `Bearer ${sandbox.login.token('crm')}`;
	const answer = await fetch(`${addresses.crm}/api/data/v9.2/$metadata`, { headers: { authorization } });
	for (const page of pageViews.keys()) sandbox.businessCentral.publish(page);
	const bearer = { authorization: `Bearer ${sandbox.login.token('businessCentral')}` };
	const metadata = async (name: string, root: string): Promise<Model> => {
		const found = await fetch(`${addresses.businessCentral}/v2.0/sandbox/${root}/$metadata`, { headers: bearer });
		return { name, document: await found.text() };
	};
	return [
		{ name: 'Dataverse', document: await answer.text() },
		await metadata('BusinessCentral', 'api/v2.0'),
		await metadata('BusinessCentralPages', 'ODataV4'),
	];
}

/** odata2ts makes TypeScript of each model, OASIS odata-openapi makes OpenAPI of it; what they make is whole. */
export const generators: Client = {
	name: 'generators (odata2ts, odata-openapi)',
	async run(surroundings) {
		const { check, load } = surroundings;
		const folder = mkdtempSync(join(tmpdir(), 'd365-sync-generators-'));
		try {
			writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions":{"target":"es2022","module":"commonjs"}}');
			for (const { name, document } of await models(surroundings)) {
				const source = join(folder, `${name}.xml`);
				writeFileSync(source, document);
				const output = join(folder, name);
				const cli = join(__dirname, 'packages/node_modules/@odata2ts/odata2ts/lib/run-cli.js');
				const problem = await run(process.execPath, [cli, '-s', source, '-o', output, '-m', 'all', '-e', 'ts', '-n', name], {
					cwd: folder,
				}).then(
					() => null,
					(error: unknown) => String((error as { stderr?: string }).stderr || error),
				);
				check(`odata2ts accepts ${name}`, problem === null, problem?.slice(0, 800));
				const files = problem === null ? filesIn(output).filter((file) => file.endsWith('.ts')) : [];
				const errors = files.flatMap((file) => syntaxErrors(file));
				check(`odata2ts: what it made of ${name} is TypeScript`, files.length > 0 && errors.length === 0, errors.slice(0, 3));
				const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
				if (name === 'BusinessCentral')
					check(
						'odata2ts: types of entity sets and actions of API v2.0',
						/interface salesOrder\b/.test(text) && /shipAndInvoice/.test(text),
						text.length,
					);
				if (name === 'BusinessCentralPages') check('odata2ts: types of pages', /interface CustomerCard\b/.test(text), text.length);
				if (name === 'Dataverse')
					check(
						'odata2ts: types of tables, actions and functions',
						/interface account\b/i.test(text) && /winOpportunity/i.test(text) && /retrieveVersion/i.test(text),
						text.length,
					);

				const { xml2json } = load<{ xml2json: (document: string) => object }>('odata-csdl');
				const { csdl2openapi } = load<{
					csdl2openapi: (csdl: object, options: object) => { paths: object; components: { schemas: object } };
				}>('odata-openapi');
				const csdl = xml2json(document);
				const openApi = csdl2openapi(csdl, { diagram: false });
				check(
					`odata-openapi accepts ${name}`,
					Object.keys(openApi.paths).length > 20 && Object.keys(openApi.components.schemas).length > 20,
					Object.keys(openApi.paths).length,
				);
			}
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	},
};

const filesIn = (folder: string): string[] =>
	readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? filesIn(path) : [path];
	});

function syntaxErrors(file: string): string[] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
	const { parseDiagnostics = [] } = source as unknown as { parseDiagnostics?: ts.Diagnostic[] };
	return parseDiagnostics.map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
