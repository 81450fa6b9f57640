import '../kit/n8nEgressGuard';
import type { INodeParameters } from 'n8n-workflow';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import type { NodeContext } from '../../nodes/shared/connection';
import { leaseTransport } from '../../nodes/shared/transports';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, loadOptions, runNode, testCredential, type CredentialVault, type NodeClass } from '../kit/workflow';

let systems: LocalSystems;
beforeAll(async () => {
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());
afterEach(() => expect(systems.sandbox.log.requests).toEqual([]));

const byName = by('name', 'CRONUS International Ltd.');
const mapping = by('name', 'CUSTOMER');
const blockedList = /cannot be filled\. This n8n does not allow requests to 127\.0\.0\.1:\d+\. The administrator/;
const blocked = /^This n8n does not allow requests to 127\.0\.0\.1:\d+\.$/;

describe.each(['oAuth2', 'accessKey'])(
	'an address that the administrator of n8n does not allow is never called, and the error says so (%s)',
	(authentication) => {
		it.each<[string, NodeClass, INodeParameters]>([
			['a run', SyncMapping, { mapping }],
			['a full synchronization', FullSync, {}],
			['the log', ReadSyncLog, {}],
			['the mappings', TableMappings, {}],
		])('%s', async (name, node, parameters) => {
			for (const company of [byName, systems.company]) {
				// With the company's id, what is only stored is read without asking anybody.
				if (company === systems.company && ['the log', 'the mappings'].includes(name)) continue;
				const { error } = await runNode(node, { company, authentication, ...parameters }, { credentials: systems.vault() });
				expect(error?.message).toMatch(blocked);
				expect(error?.description).toMatch(/SSRF.*\(ADDRESS_BLOCKED\)/);
			}
		});

		it.each(['searchCompanies', 'searchMappings', 'searchBusinessCentralRecords', 'searchCrmRecords'])('the list %s', async (list) => {
			for (const company of list === 'searchCompanies' ? [''] : list === 'searchMappings' ? [byName] : [byName, systems.company]) {
				const filling = loadList(SyncMapping, list, { company, mapping, authentication }, systems.vault());
				await expect(filling).rejects.toThrow(
					/cannot be filled\. This n8n does not allow requests to 127\.0\.0\.1:\d+\. The administrator/,
				);
			}
		});

		it.each(['getBusinessCentralColumns', 'getCrmColumns'])('the options %s', async (list) => {
			const parameters = { operation: 'update', company: byName, mapping, authentication };
			await expect(loadOptions(TableMappings, list, parameters, systems.vault())).rejects.toThrow(blockedList);
		});
	},
);

it('the test of businessCentralApi says it, too', async () => {
	expect(await testCredential(systems.vault(), 'businessCentralApi')).toEqual({
		status: 'Error',
		message: expect.stringMatching(/^This n8n does not allow requests to 127\.0\.0\.1:\d+\. Its administrator/) as string,
	});
});

it.each(['businessCentralOAuth2Api', 'dataverseOAuth2Api'])("the test of %s, which is n8n's own, says it in n8n's words", async (type) => {
	expect(await testCredential(systems.vault(), type)).toEqual({
		status: 'Error',
		message: expect.stringContaining('The request was blocked because it resolves to a restricted IP address') as string,
	});
});

it.each([byName, by('id', '00000000-0000-4000-8000-000000000000')])(
	'a name that cannot be resolved is no answer, and no forbidden address',
	async (company) => {
		const vault: CredentialVault = systems.vault();
		vault.change('businessCentralApi', { baseUrl: 'https://no-such-host.invalid/BC' });
		const { error } = await runNode(SyncMapping, { company, mapping, authentication: 'accessKey' }, { credentials: vault });
		expect(error?.message).toMatch(/^Business Central cannot be reached: the address of no-such-host\.invalid cannot be found/);
		expect(error?.description).toContain('(NO_ANSWER)');
	},
);

it('a name that comes to mean another address while connections are open is refused when the next one is made, and the error says so', async () => {
	let allowed = true;
	const refusal = new Error('The request was blocked because it resolves to a restricted IP address');
	const filter = {
		validateUrl: async () => ({ ok: allowed }),
		createSecureLookup: () => (_host: string, _options: object, done: (error: Error) => void) => done(refusal),
	};
	const context = { helpers: { getSecureEgressFilter: () => filter } } as unknown as NodeContext;
	const { transport, release } = await leaseTransport(context, 'crm', 'https://contoso.crm4.dynamics.com');
	allowed = false;
	await expect(transport({ method: 'GET', url: 'https://contoso.crm4.dynamics.com/api', headers: {} })).rejects.toMatchObject({
		code: 'ADDRESS_BLOCKED',
		errorClass: 'setup',
	});
	release();
});
