import type { LocalSystems } from '../kit/n8nLocalSystems';

/** n8n reads this when it is loaded, so everything else is loaded afterwards. */
process.env['N8N_SSRF_PROTECTION_ENABLED'] = 'true';

let systems: LocalSystems;
beforeAll(async () => {
	const { startLocalSystems } = await import('../kit/n8nLocalSystems');
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());

it('an address that the administrator of n8n does not allow is never called, and the error says so', async () => {
	const { runNode } = await import('../kit/workflow');
	const { SyncMapping } = await import('../../nodes/SyncMapping/SyncMapping.node');
	const parameters = { company: systems.company, mapping: { __rl: true, mode: 'name', value: 'CUSTOMER' } };
	for (const authentication of ['oAuth2', 'accessKey']) {
		const { error } = await runNode(SyncMapping, { ...parameters, authentication }, { credentials: systems.vault() });
		expect(error?.message).toMatch(/^This n8n does not allow requests to 127\.0\.0\.1:\d+\.$/);
		expect(error?.description).toContain('SSRF');
	}
	expect(systems.sandbox.log.requests).toEqual([]);
});
