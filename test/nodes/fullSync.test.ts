import type { INodeParameters } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const customers = [1, 2, 3].map((number) => ({
		number: `C${number}`,
		displayName: `Customer ${number}`,
		type: 'Company',
		blocked: '_x0020_',
	}));
	systems.sandbox.businessCentral.company(systems.base.companyName).seed('customers', customers);
});
afterEach(async () => await systems.close());

const accounts = () => systems.sandbox.crm.rows('account');
const run = async (parameters: INodeParameters, settings: Partial<RunSettings> = {}) =>
	await runNode(FullSync, { company: systems.company, ...parameters }, { credentials: vault, ...settings });
const onlyCustomers = { mappingSelection: 'selection', mappings: ['CUSTOMER'] };

describe('reviewing', () => {
	it('gives one line per mapping in dependency order, and writes nothing', async () => {
		const { json, error } = await run({ operation: 'review' });
		expect(error).toBeUndefined();
		const lines = json[0] ?? [];
		expect(lines.map(({ order }) => order)).toEqual(lines.map((_, index) => index + 1));
		expect(lines.find(({ mapping }) => mapping === 'CUSTOMER')).toEqual({
			mapping: 'CUSTOMER',
			order: expect.any(Number) as number,
			wave: 2,
			dependsOn: expect.arrayContaining(['SALESPEOPLE', 'CURRENCY']) as string[],
			direction: 'bidirectional',
			recordsBusinessCentral: 3,
			recordsCrm: 0,
			atLeast: false,
			coupled: 0,
			recommendation: 'fullSync',
			message: expect.stringMatching(/\S/) as string,
			readsFrom: [
				{ surface: 'apiV2', names: ['customers'] },
				{ surface: 'publishedPages', names: ['workflowCustomers'], endsWith: '30' },
			],
			status: 'blank',
		});
		expect(Object.keys(lines[0]!).slice(0, 6)).toEqual([
			...['mapping', 'recommendation', 'message', 'recordsBusinessCentral', 'recordsCrm', 'coupled'],
		]);
		expect(systems.sandbox.log.requests.filter((one) => one.system !== 'login' && one.writes > 0)).toEqual([]);
	});

	it('shows for a selection what it waits for', async () => {
		const { json } = await run({ operation: 'review', ...onlyCustomers });
		expect(json[0]).toEqual([expect.objectContaining({ mapping: 'CUSTOMER', recommendation: 'dependencyNotSatisfied' })]);
	});

	it('warns where both sides hold records that are not coupled', async () => {
		systems.sandbox.crm.seed('account', [{ accountid: '0000000a-0000-4000-8000-000000000001', name: 'Already here', customertypecode: 3 }]);
		const { json, hints } = await run({ operation: 'review' });
		expect(json[0]?.find(({ mapping }) => mapping === 'CUSTOMER')).toMatchObject({ recommendation: 'coupleFirst', recordsCrm: 1 });
		expect(json[0]?.find(({ mapping }) => mapping === 'CUSTOMER')).toMatchObject({
			willMatch: expect.any(Number) as number,
			willCreateInCrm: expect.any(Number) as number,
			ambiguous: 0,
		});
		expect(hints[0]?.message).toContain('couples those that belong together');
	});
});

describe('running', () => {
	it('creates and couples what has no partner, gives the jobs in order of completion, and the review then knows them', async () => {
		const { json, error } = await run({ operation: 'run' });
		expect(error).toBeUndefined();
		const jobs = json[0] ?? [];
		expect(jobs.every(({ type, status }) => type === 'fullSynchronization' && status === 'finished')).toBe(true);
		expect(jobs.find(({ mapping, direction }) => mapping === 'CUSTOMER' && direction === 'toCrm')).toMatchObject({ inserted: 3 });
		expect(accounts()).toHaveLength(3);
		const review = await run({ operation: 'review', ...onlyCustomers });
		const jobId = (direction: string): unknown =>
			jobs.find((job) => job['mapping'] === 'CUSTOMER' && job['direction'] === direction)?.['jobId'];
		expect(review.json[0]).toEqual([
			expect.objectContaining({
				coupled: 3,
				status: 'finished',
				toJobId: jobId('toCrm'),
				fromJobId: jobId('fromCrm'),
				toStatus: 'success',
				fromStatus: 'success',
				progress: 100,
			}),
		]);
	});

	it('matches records of both sides before it creates the rest, unless told to create all', async () => {
		systems.sandbox.crm.seed('account', [{ accountid: '0000000a-0000-4000-8000-000000000002', name: 'CUSTOMER 2', customertypecode: 3 }]);
		const { json, error } = await run({ operation: 'run' });
		expect(error).toBeUndefined();
		expect(json[0]?.find(({ type }) => type === 'coupling')).toMatchObject({ mapping: 'CUSTOMER', coupled: 1, failed: 0 });
		expect(accounts()).toHaveLength(3);
	});

	it('creates all when told so', async () => {
		systems.sandbox.crm.seed('account', [{ accountid: '0000000a-0000-4000-8000-000000000002', name: 'CUSTOMER 2', customertypecode: 3 }]);
		const { json } = await run({ operation: 'run', bothSides: 'createAll' });
		expect(json[0]?.some(({ type }) => type === 'coupling')).toBe(false);
		expect(accounts()).toHaveLength(4);
	});

	it('a preview writes nothing', async () => {
		const { json, hints } = await run({ operation: 'run', preview: true, options: { returnChanges: 5 } });
		expect(json[0]?.every(({ preview }) => preview === true)).toBe(true);
		expect(hints[0]?.message).toContain('Preview only');
		expect(accounts()).toEqual([]);
	});

	it('tells in the editor which mapping it is at', async () => {
		const { messages } = await run({ operation: 'run' }, { mode: 'manual' });
		expect(messages.some((message) => message.includes('Customers'))).toBe(true);
	});

	const laterCustomer = async (): Promise<number> => {
		systems.sandbox.businessCentral
			.company(systems.base.companyName)
			.seed('customers', [{ number: 'C9', displayName: 'Customer 9', type: 'Company', blocked: '_x0020_' }]);
		await runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CUSTOMER') }, { credentials: vault });
		return accounts().length;
	};

	const said = ({ hints }: Awaited<ReturnType<typeof run>>): string => hints.map(({ message }) => String(message)).join();

	it('leaves scheduled runs as they were, when told to keep them', async () => {
		const kept = await run({ operation: 'run', afterwards: 'keep' });
		expect(said(kept)).toMatch(/will not travel: scheduled runs of .*CUSTOMER.*Synch\. Only Coupled Records/);
		expect(await laterCustomer()).toBe(3);
	});

	it('lets scheduled runs create records, when told so', async () => {
		expect(said(await run({ operation: 'run', afterwards: 'allowCreate' }))).not.toContain('will not travel');
		expect(await laterCustomer()).toBe(4);
	});
});

describe('going on', () => {
	it('says so when there is nothing to resume', async () => {
		expect((await run({ operation: 'resume' })).json[0]).toEqual([
			{ found: 0, message: 'There is no unfinished full synchronization to go on with.' },
		]);
	});

	it('resumes what a cancelled execution left, with the pages told in the editor', async () => {
		const { sandbox } = systems;
		sandbox.faults.add({ system: 'crm', url: /transactioncurrencies/, times: 100, fault: { kind: 'answer', status: 403 } });
		const stopped = await run({ operation: 'run' });
		expect(stopped.json[0]?.map(({ status }) => status)).toContain('failed');
		sandbox.faults.clear();
		const review = await run({ operation: 'review' });
		expect(Object.fromEntries((review.json[0] ?? []).map(({ mapping, status }) => [mapping, status]))).toMatchObject({
			SALESPEOPLE: 'finished',
			CURRENCY: 'error',
			CUSTOMER: 'blank',
		});
		const { json, messages } = await run({ operation: 'resume' }, { mode: 'manual' });
		const parties = (json[0] ?? []).filter(({ mapping }) => ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER'].includes(String(mapping)));
		expect(parties.map(({ mapping }) => mapping)).toEqual(['CURRENCY', 'CUSTOMER', 'CUSTOMER']);
		expect(accounts()).toHaveLength(3);
		expect(messages.some((message) => message.includes('CUSTOMER, Business Central to CRM: 3 of 3 records looked at (100 %)'))).toBe(true);
	});

	it('restarts one mapping from its start', async () => {
		await run({ operation: 'run' });
		const { json } = await run({ operation: 'restartMapping', mapping: by('name', 'CUSTOMER') });
		expect(json[0]).toEqual([
			expect.objectContaining({ mapping: 'CUSTOMER', direction: 'toCrm', unchanged: 3, inserted: 0 }),
			expect.objectContaining({ mapping: 'CUSTOMER', direction: 'fromCrm', unchanged: 3, inserted: 0 }),
		]);
	});

	it('a selection whose dependencies did not run ends with an error that says so, unless it is told to go ahead', async () => {
		const { error } = await run({ operation: 'run', ...onlyCustomers });
		expect(error?.message).toContain('SALESPEOPLE and CURRENCY have not been synchronized');
		const { json } = await run({ operation: 'run', ...onlyCustomers, options: { ignoreDependencies: true } });
		expect(json[0]?.map(({ inserted }) => inserted)).toEqual([3, 0]);
	});
});

it('a selection may come from an expression, as names with commas', async () => {
	const { json } = await run({ operation: 'review', mappingSelection: 'selection', mappings: '={{ "CURRENCY, SALESPEOPLE" }}' });
	expect(json[0]?.map(({ mapping }) => mapping).sort()).toEqual(['CURRENCY', 'SALESPEOPLE']);
});

it('a new node begins with a preview; one that was saved before that goes on writing', async () => {
	const node = { id: 'x', name: 'Full Sync', type: 'fullSync', position: [0, 0] as [number, number], parameters: {} };
	const { properties } = new FullSync().description;
	const previewIn = (typeVersion: number) =>
		NodeHelpers.getNodeParameters(properties, { operation: 'run' }, true, false, { ...node, typeVersion }, new FullSync().description)?.[
			'preview'
		];
	expect(previewIn(1)).toBe(false);
	expect(previewIn(1.1)).toBe(true);
	const { json } = await run({ operation: 'run' });
	expect(json[0]?.every(({ preview }) => preview === false)).toBe(true);
});
