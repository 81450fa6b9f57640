import '../kit/n8nEgressGuardOfVersion3';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, runNode, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
beforeAll(async () => {
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());

const company = by('name', 'CRONUS International Ltd.');
const mapping = by('name', 'CUSTOMER');

it.each(['100.64.0.7', '100.127.255.254', '[64:ff9b::a00:1]', '[2002:a00:1::1]', '[::]'])(
	'Business Central on-premises at %s, which n8n 3 blocks besides, is named as blocked before anything is sent',
	async (host) => {
		const vault: CredentialVault = systems.vault();
		vault.change('businessCentralApi', { baseUrl: `https://${host}:7048/BC` });
		const { error } = await runNode(SyncMapping, { company, mapping, authentication: 'accessKey' }, { credentials: vault });
		expect(error?.message).toBe(`This n8n does not allow requests to ${host}:7048.`);
		expect(error?.description).toMatch(/N8N_SSRF_ALLOWED_IP_RANGES.*\(ADDRESS_BLOCKED\)/);
		await expect(loadList(ReadSyncLog, 'searchCompanies', { authentication: 'accessKey' }, vault)).rejects.toThrow(
			/does not allow requests to/,
		);
		expect(systems.sandbox.log.requests).toEqual([]);
	},
);
