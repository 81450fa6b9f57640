import '../kit/n8nEgressGuard';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode } from '../kit/workflow';

let systems: LocalSystems;
beforeAll(async () => {
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());

it.each(['oAuth2', 'accessKey'])(
	'an address that the administrator of n8n does not allow is never called, and the error says so (%s)',
	async (authentication) => {
		const parameters = { company: systems.company, mapping: by('name', 'CUSTOMER'), authentication };
		const { error } = await runNode(SyncMapping, parameters, { credentials: systems.vault() });
		expect(error?.message).toMatch(/^This n8n does not allow requests to 127\.0\.0\.1:\d+\.$/);
		expect(error?.description).toContain('SSRF');
		expect(systems.sandbox.log.requests).toEqual([]);
	},
);
