import type { INodeParameters } from 'n8n-workflow';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	for (const page of ['ContactCard', 'NameDetails']) systems.sandbox.businessCentral.publish(page);
	vault = systems.vault();
});
afterEach(async () => {
	delete process.env['EXECUTIONS_MODE'];
	await systems.close();
});

const check = async (parameters: INodeParameters = {}) => {
	const { json, error, hints } = await runNode(
		FullSync,
		{ company: systems.company, operation: 'checkSetUp', ...parameters },
		{ credentials: vault },
	);
	expect(error).toBeUndefined();
	return { items: json[0] ?? [], failed: json[1] ?? [], hints };
};
const severe = (items: ReadonlyArray<Record<string, unknown>>) =>
	items.filter(({ severity }) => severity !== 'info').map(({ severity, area, subject }) => [severity, area, subject].join(' '));
const writes = () => systems.sandbox.log.requests.filter((one) => one.system !== 'login' && one.writes > 0);

it('says of a healthy set-up that everything is in place, who signed in, and where the state is', async () => {
	const { items, failed, hints } = await check();
	expect([severe(items), failed, writes()]).toEqual([[], [], []]);
	expect(hints).toEqual([
		expect.objectContaining({ type: 'info', message: expect.stringMatching(/^Everything is in place \(\d+ notes\)\.$/) as string }),
	]);
	expect(items.find(({ area, system }) => area === 'sign-in' && system === 'crm')?.['message']).toContain(
		'"# Business Central Integration"',
	);
	expect(items.find(({ area, system }) => area === 'sign-in' && system === 'businessCentral')?.['message']).toMatch(
		/application [0-9a-f-]{36}/,
	);
	expect(items.find(({ area }) => area === 'store')?.['message']).toContain('embedded file');
	expect(Object.keys(items[0]!)).toEqual(['severity', 'area', 'system', 'subject', 'neededBy', 'message', 'remedy', 'url']);
	expect(items.every(({ url }) => /^https:\/\/github\.com\/.+\/docs\/.+\.md/.test(String(url)))).toBe(true);
});

it('names what is missing, the worst first, and leaves out what a selection does not need', async () => {
	systems.sandbox.businessCentral.unpublish('workflowCustomers');
	systems.sandbox.businessCentral.unpublish('ResourceCard');
	const { items, hints } = await check();
	expect(items.slice(0, 2).map(({ severity, area, subject }) => [severity, area, subject])).toEqual([
		['error', 'page', 'ResourceCard'],
		['warning', 'page', 'workflowCustomers'],
	]);
	expect(items[0]!['remedy']).toContain('object ID 76');
	expect(items[1]!['neededBy']).toEqual([expect.stringMatching(/^CUSTOMER \(.*Fax No\./)]);
	expect(hints[0]).toMatchObject({ type: 'warning', message: expect.stringContaining('1 error, 1 warning') as string });
	expect(severe((await check({ mappingSelection: 'selection', mappings: ['CURRENCY'] })).items)).toEqual([]);
});

describe('disabling what cannot run', () => {
	const enabled = async (): Promise<unknown[]> => {
		const { json } = await runNode(TableMappings, { company: systems.company, operation: 'getMany' }, { credentials: vault });
		return (json[0] ?? []).filter(({ enabled: on }) => on === true).map(({ mapping }) => mapping);
	};

	it('is told by a preview, done without one, and then nothing is missing', async () => {
		systems.sandbox.businessCentral.unpublish('ResourceCard');
		const before = await enabled();
		const preview = await check({ disable: true });
		expect(preview.items.filter(({ area }) => area === 'mapping').map(({ subject }) => subject)).toContain('RESOURCE-PRODUCT');
		expect(preview.items.at(-1)!['message']).toContain('would be disabled');
		expect(preview.hints[0]!.message).toContain('Would be disabled: RESOURCE-PRODUCT');
		expect(await enabled()).toEqual(before);
		await check({ disable: true, preview: false });
		expect(before).toContain('RESOURCE-PRODUCT');
		expect(await enabled()).toEqual(before.filter((name) => name !== 'RESOURCE-PRODUCT'));
		const after = await check({ disable: true });
		expect(severe(after.items)).toEqual([]);
		expect(after.hints[0]!.message).toContain('No mapping has to be disabled.');
	});

	it('disables nothing where the connection as a whole does not work', async () => {
		const before = await enabled();
		systems.sandbox.faults.add({ system: 'crm', times: 99, fault: { kind: 'answer', status: 401 } });
		const { items } = await check({ disable: true, preview: false });
		systems.sandbox.faults.clear();
		expect(severe(items)).toEqual(['error sign-in Sign-in to CRM']);
		expect(await enabled()).toEqual(before);
	});
});

it('finds in queue mode that the embedded store cannot be used, and looks at both systems all the same', async () => {
	process.env['EXECUTIONS_MODE'] = 'queue';
	systems.sandbox.businessCentral.unpublish('ResourceCard');
	const { items } = await check();
	expect(severe(items)).toEqual(['error store State store', 'error page ResourceCard']);
	expect(items[0]!['remedy']).toContain('Sync Store (PostgreSQL)');
});

it('finds that the company is not there, and looks at CRM all the same', async () => {
	systems.sandbox.crm.revokePrivilege('5a1d0c1e-0001-4000-8000-000000000001', 'prvWriteAccount');
	const { items } = await check({ company: { __rl: true, mode: 'name', value: 'No such company' } });
	expect(severe(items)).toEqual(['error company company', 'error privilege prvWriteAccount']);
	expect(items[0]!['message']).toContain('No such company');
});
