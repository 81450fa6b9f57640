/**
 * `npm run test:clients`: runs clients that nobody here wrote, unmodified, against the sandbox. They are installed on demand into
 * test/clients/packages. `--only NAME` runs those whose name contains NAME. Exit code 1 when a call went wrong.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import '../kit/n8nEnvironment';
import { createSandbox } from '../../sandbox';
import type { Client } from './client';
import { clients } from './clients';
import { standInFor } from './standIn';

const folder = join(__dirname, 'packages');
const crmHost = 'sandbox.crm.dynamics.com';
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

function install(): void {
	const { dependencies } = createRequire(__filename)('./packages/package.json') as { dependencies: Record<string, string> };
	const present = Object.entries(dependencies).every(([name, version]) => {
		const manifest = join(folder, 'node_modules', name, 'package.json');
		return existsSync(manifest) && (createRequire(__filename)(manifest) as { version: string }).version === version;
	});
	if (present) return;
	console.log('Installing the clients (once) …');
	const how = ['--ignore-scripts', '--omit=dev', '--omit=peer', '--omit=optional', '--no-audit', '--no-fund', '--no-package-lock'];
	execFileSync('npm', ['install', ...how, '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
}

async function runClient(client: Client): Promise<number> {
	const sandbox = createSandbox();
	const addresses = await sandbox.listen();
	const end = standInFor({ [crmHost]: addresses.crm, 'login.microsoftonline.com': addresses.login, 'api.businesscentral.dynamics.com': addresses.businessCentral }); // prettier-ignore
	const load = createRequire(join(folder, 'package.json'));
	let passed = 0;
	const failed: string[] = [];
	const check = (what: string, holds: boolean, found?: unknown): void => {
		if (holds) passed++;
		else failed.push(`${what}${found === undefined ? '' : `: ${typeof found === 'string' ? found : JSON.stringify(found)}`}`);
	};
	const started = Date.now();
	try {
		await client.run({ sandbox, addresses, crm: `https://${crmHost}`, check, load: <T>(module: string) => load(module) as T });
	} catch (error) {
		failed.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
	} finally {
		end();
		await sandbox.close();
	}
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	console.log(`${failed.length ? '✗' : '✓'} ${client.name}: ${passed} passed, ${failed.length} failed, ${seconds} s`);
	for (const text of failed) console.log(`    ${text.slice(0, 1500)}`);
	return failed.length;
}

async function main(): Promise<void> {
	install();
	let failed = 0;
	for (const client of clients.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase())))
		failed += await runClient(client);
	process.exit(failed ? 1 : 0);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
