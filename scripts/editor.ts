/**
 * `npm run editor`: a real n8n with these nodes, their credentials and the example workflows in it, and the sandbox behind it.
 * Everything it makes is thrown away at the end. `PORT` chooses another port than 5678.
 */
import { join } from 'node:path';
import { seedDemo } from '../sandbox/demo';
import { exampleWorkflows, startEnvironment, workFolder, type Environment } from '../test/e2e/n8n/environment';
import { owner } from '../test/e2e/n8n/rest';
import { defaultIdentities, tenantId } from '../sandbox/login/identities';

const userFolder = join(workFolder, 'editor');

async function main(): Promise<void> {
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(new Error('Stopped.')));
	const stopped = new Promise((done) => stop.signal.addEventListener('abort', done));
	const environment = await startEnvironment({
		userFolder,
		port: Number(process.env['PORT'] ?? 5678),
		workflows: exampleWorkflows(),
		seed: (sandbox) => void seedDemo(sandbox),
		note: (text) => console.log(`… ${text}`),
		signal: stop.signal,
	});
	try {
		console.log('… n8n starts');
		const rest = await environment.n8n.startServer(join(userFolder, 'n8n.log'));
		await rest.setUpOwner();
		announce(environment);
		if (!stop.signal.aborted) await stopped;
		console.log('\n… stopping');
	} finally {
		await environment.stop();
	}
}

/** The application that the credentials of the workflows sign in as; whoever tries credentials of their own needs it, too. It opens nothing but the sandbox. */
const integration = defaultIdentities[0]!.application!;

function announce({ n8n, addresses }: Environment): void {
	console.log(`
n8n               ${n8n.origin}
  e-mail          ${owner.email}
  password        ${owner.password}
Business Central  ${addresses.businessCentral}/v2.0/sandbox/api/v2.0
Dataverse         ${addresses.crm}/api/data/v9.2
Sign-in           ${addresses.login}
  tenant          ${tenantId}
  client ID       ${integration.clientId}
  client secret   ${integration.clientSecret}
Log of n8n        ${join(userFolder, 'n8n.log')}

The workflows use the company and the data of the sandbox. Ctrl-C ends it all.`);
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
