import { equal, match, ok } from 'node:assert/strict';
import { selfSigned } from '../kit/certificate';
import type { Checks } from './checks';
import type { Environment } from './n8n/environment';
import type { Rest } from './n8n/rest';

/** What the server offers, and the credential tests of the editor. */
export async function checkCredentials(checks: Checks, { credentials }: Environment, rest: Rest): Promise<void> {
	await checks.that('The server offers all nodes of the package', async () => {
		const names = (await rest.nodeTypes()).map(({ name }) => name);
		for (const node of ['syncMapping', 'fullSync', 'coupleRecords', 'readSyncLog']) {
			ok(names.includes(`n8n-nodes-dynamics365-sync.${node}`), `${node} is missing.`);
		}
	});

	for (const credential of credentials) {
		await checks.that(`The connection test of "${credential.name}" succeeds`, async () => {
			const { status, message } = await rest.testCredential(credential);
			equal(status, 'OK', message);
		});
	}

	await checks.that('The connection test tells a key of another certificate from a certificate that was never uploaded', async () => {
		const stranger = selfSigned();
		for (const credential of credentials.filter(({ data }) => 'certificate' in data)) {
			const testWith = (fields: object) => rest.testCredential({ ...credential, data: { ...credential.data, ...fields } });
			match((await testWith({ privateKey: stranger.privateKey })).message, /private key does not belong to the certificate/);
			match((await testWith(stranger)).message, /no certificate with this thumbprint.*Upload the certificate/);
		}
	});

	await checks.that('The connection test tells a wrong secret, without repeating it', async () => {
		for (const credential of credentials) {
			const [field] = ['privateKey', 'clientSecret', 'accessKey'].filter((name) => name in credential.data);
			const wrong = { ...credential, id: '', data: { ...credential.data, [field!]: 'not-the-secret' } };
			const { status, message } = await rest.testCredential(wrong);
			equal(status, 'Error', credential.name);
			ok(message !== '' && !message.includes('not-the-secret'), message);
		}
	});
}
