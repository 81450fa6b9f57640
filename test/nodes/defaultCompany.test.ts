import type { INodeParameters } from 'n8n-workflow';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, runNode, useNewState, type CredentialVault, type NodeClass } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const customer = { number: 'C1', displayName: 'Customer 1', type: 'Company', blocked: '_x0020_' };
	systems.sandbox.businessCentral.company(systems.base.companyName).seed('customers', [customer]);
});
afterEach(async () => await systems.close());

const LEFT_EMPTY = { __rl: true, mode: 'list', value: '' };
const run = async (parameters: INodeParameters = {}, type: NodeClass = SyncMapping) =>
	await runNode(
		type,
		{ company: LEFT_EMPTY, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true }, ...parameters },
		{ credentials: vault },
	);

describe('a node whose company is left empty', () => {
	it.each([
		['name', () => systems.base.companyName],
		['id', () => systems.base.companyId],
	])('works on the company that the credential names by its %s', async (_way, company) => {
		vault.change('businessCentralOAuth2Api', { defaultCompany: company() });
		const { json, error } = await run();
		expect(error).toBeUndefined();
		expect(json[0]?.[0]).toMatchObject({ direction: 'toCrm', inserted: 1 });
		const again = await run({ company: systems.company });
		expect(again.json[0]?.[0]).toMatchObject({ message: 'No changes.' });
	});

	it('is checked and offers its records, too', async () => {
		vault.change('businessCentralOAuth2Api', { defaultCompany: systems.base.companyName });
		const { json } = await run({ operation: 'checkSetUp' }, FullSync);
		expect(json[0]?.filter(({ area }) => area === 'company').map(({ severity }) => severity)).not.toContain('error');
		const parameters = { operation: 'synchronizeSelected', company: LEFT_EMPTY, mapping: by('list', 'CUSTOMER') };
		const list = await loadList(SyncMapping, 'searchBusinessCentralRecords', parameters, vault);
		expect(JSON.stringify(list)).toContain('Customer 1');
	});

	it('says where a company can be chosen when the credential names none', async () => {
		const { error } = await run();
		expect(error?.message).toBe('No company is chosen yet.');
		expect(error?.description).toContain('"Default Company" in the credential');
	});

	it('names the companies there are when the credential names another', async () => {
		vault.change('businessCentralOAuth2Api', { defaultCompany: 'Nobody Ltd.' });
		const { error } = await run();
		expect(error?.message).toBe('Business Central has no company named "Nobody Ltd.".');
		expect(error?.description).toContain(systems.base.companyName);
	});

	it('is not one whose expression comes to nothing: that was meant to be another company', async () => {
		vault.change('businessCentralOAuth2Api', { defaultCompany: systems.base.companyName });
		for (const company of [{ __rl: true, mode: 'list', value: '={{ $json.none }}' }, '={{ $json.none }}']) {
			const { error } = await run({ company });
			expect(error?.message).toBe('Parameter "Company" must be filled in.');
		}
		expect(systems.sandbox.crm.rows('account')).toEqual([]);
	});
});
