import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
const account = (number: number): string => `0000000a-0000-4000-8000-00000000000${number}`;

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
	bc().seed('customers', customers);
	const rows = [1, 2, 3].map((number) => ({
		accountid: account(number),
		name: `Account ${number}`,
		accountnumber: `A${number}`,
		customertypecode: 3,
	}));
	systems.sandbox.crm.seed('account', rows);
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const nameInCrm = (number: number): unknown =>
	systems.sandbox.crm.rows('account').find((row) => row['accountid'] === account(number))?.['name'];
const nameInBc = (number: number): unknown =>
	bc()
		.rows('customers')
		.find((row) => row['number'] === `C${number}`)?.['displayName'];

const run = async (
	operation: string,
	parameters: INodeParameters,
	settings: Partial<RunSettings> & { onError?: 'continueErrorOutput' } = {},
) =>
	await runNode(
		CoupleRecords,
		{ company: systems.company, operation, mapping: by('name', 'CUSTOMER'), ...parameters },
		{ credentials: vault, ...settings },
	);

const pairs = { businessCentralRecord: by('number', '={{ $json.no }}'), crmRecord: by('name', '={{ $json.account }}') };
const couple = async (items = [{ no: 'C1', account: 'Account 1' }], parameters: INodeParameters = {}, settings = {}) =>
	await run('couple', { ...pairs, initial: 'send', ...parameters }, { items, ...settings });

describe('coupling a pair', () => {
	it('found by number and by name sends the data of Business Central, and shows both records', async () => {
		const { json, outputs, error } = await couple();
		expect(error).toBeUndefined();
		expect(json[0]).toEqual([
			{
				mapping: 'CUSTOMER',
				businessCentral: expect.objectContaining({ number: 'C1', name: 'Customer 1', exists: true }) as unknown,
				crm: expect.objectContaining({ id: account(1), name: 'Customer 1', exists: true }) as unknown,
				state: 'coupled',
				lastSyncedAt: expect.any(String) as string,
				outcome: 'coupled',
				job: expect.objectContaining({ status: 'finished', modified: 1 }) as unknown,
			},
		]);
		expect(outputs[0]?.[0]?.pairedItem).toEqual([{ item: 0 }]);
		expect(nameInCrm(1)).toBe('Customer 1');
	});

	it('gets the data of CRM when that is chosen', async () => {
		await couple(undefined, { initial: 'get' });
		expect([nameInBc(1), nameInCrm(1)]).toEqual(['Account 1', 'Account 1']);
	});

	it('without synchronization leaves the data alone and is pending', async () => {
		const { json } = await couple(undefined, { initial: 'none' });
		expect(json[0]?.[0]).toMatchObject({ state: 'pending', lastSyncedAt: null });
		expect([nameInBc(1), nameInCrm(1)]).toEqual(['Customer 1', 'Account 1']);
	});

	it('as a preview changes nothing', async () => {
		await couple(undefined, { preview: true });
		expect(nameInCrm(1)).toBe('Account 1');
		expect((await run('getMany', {})).json[0]).toEqual([{ found: 0, message: 'No coupling fits the filters.' }]);
	});

	it('takes one pair per input item, and looks all numbers up in one request', async () => {
		const items = [1, 2, 3].map((number) => ({ no: `C${number}`, account: `Account ${number}` }));
		const { json, outputs } = await couple(items, { initial: 'none' });
		expect(json[0]?.map((view) => (view['businessCentral'] as { number: string }).number)).toEqual(['C1', 'C2', 'C3']);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 1 }], [{ item: 2 }]]);
		const lookUps = systems.sandbox.log.requests.filter(({ path, system }) => system === 'businessCentral' && /number eq 'C1'/.test(path));
		expect(lookUps.length).toBeLessThanOrEqual(1);
	});

	it('fails on its own when one of the records is taken, while the others go on', async () => {
		await couple();
		const items = [
			{ no: 'C2', account: 'Customer 1' },
			{ no: 'C3', account: 'Account 3' },
		];
		const { json } = await couple(items, { initial: 'none' }, { onError: 'continueErrorOutput' });
		expect(json[0]).toHaveLength(1);
		expect(json[2]).toEqual([
			expect.objectContaining({
				no: 'C2',
				error: expect.stringContaining('already coupled') as string,
				details: expect.stringContaining('Uncouple') as string,
			}),
		]);
	});

	it('names what it could not find, and how many it found of an ambiguous name', async () => {
		const missing = await couple([{ no: 'C1', account: 'Nobody' }]);
		expect(missing.error?.message).toBe('CRM has no record with name "Nobody" for the mapping CUSTOMER.');
		systems.sandbox.crm.seed('account', [{ accountid: account(9), name: 'Account 2', customertypecode: 3 }]);
		const ambiguous = await couple([{ no: 'C1', account: 'Account 2' }]);
		expect(ambiguous.error?.message).toBe('CRM has 2 records with name "Account 2" for the mapping CUSTOMER.');
		expect(ambiguous.error?.description).toContain(account(9));
	});
});

describe('creating and coupling', () => {
	it('makes the missing records in CRM and leaves coupled ones alone', async () => {
		await couple();
		const items = [{ no: 'C1' }, { no: 'C2' }];
		const { json } = await run(
			'createAndCouple',
			{ side: 'businessCentral', businessCentralRecord: by('number', '={{ $json.no }}') },
			{ items },
		);
		expect(json[0]).toEqual([expect.objectContaining({ direction: 'toCrm', inserted: 1, status: 'finished' })]);
		expect(systems.sandbox.crm.rows('account')).toHaveLength(4);
	});

	it('makes the missing records in Business Central', async () => {
		const items = [{ id: account(2) }];
		const { json } = await run('createAndCouple', { side: 'crm', crmRecord: by('id', '={{ $json.id }}') }, { items });
		expect(json[0]).toEqual([expect.objectContaining({ direction: 'fromCrm', inserted: 1 })]);
		expect(
			bc()
				.rows('customers')
				.map((row) => row['displayName']),
		).toContain('Account 2');
	});
});

describe('uncoupling', () => {
	beforeEach(async () => {
		await couple(
			[1, 2, 3].map((number) => ({ no: `C${number}`, account: `Account ${number}` })),
			{ initial: 'none' },
		);
	});

	it('removes the couplings of the named records and no record', async () => {
		const { json } = await run(
			'uncouple',
			{ side: 'businessCentral', businessCentralRecord: by('number', '={{ $json.no }}') },
			{ items: [{ no: 'C2' }] },
		);
		expect(json[0]).toEqual([expect.objectContaining({ type: 'uncoupling', uncoupled: 1 })]);
		expect((await run('getMany', { returnAll: true })).json[0]).toHaveLength(2);
		expect([systems.sandbox.crm.rows('account').length, bc().rows('customers').length]).toEqual([3, 3]);
	});

	it('removes all couplings of a mapping', async () => {
		const { json } = await run('uncouple', { scope: 'mapping' });
		expect(json[0]).toEqual([expect.objectContaining({ uncoupled: 3 })]);
		expect((await run('getMany', {})).json[0]).toEqual([{ found: 0, message: 'No coupling fits the filters.' }]);
	});

	it('as a preview removes nothing', async () => {
		await run('uncouple', { scope: 'mapping', preview: true });
		expect((await run('getMany', { returnAll: true })).json[0]).toHaveLength(3);
	});
});

describe('listing couplings', () => {
	beforeEach(async () => {
		await couple(
			[1, 2, 3].map((number) => ({ no: `C${number}`, account: `Account ${number}` })),
			{ initial: 'none' },
		);
	});

	it('filters by state and text, up to a limit', async () => {
		expect((await run('getMany', { limit: 2 })).json[0]).toHaveLength(2);
		expect((await run('getMany', { filters: { state: 'pending' } })).json[0]).toHaveLength(3);
		expect((await run('getMany', { filters: { state: 'skipped' } })).json[0]?.[0]).toMatchObject({ found: 0 });
		const found = await run('getMany', { filters: { text: 'Customer 2' } });
		expect(found.json[0]?.map((view) => (view['businessCentral'] as { number: string }).number)).toEqual(['C2']);
	});

	it('lists all mappings when none is chosen', async () => {
		expect((await run('getMany', { mapping: by('list', ''), returnAll: true })).json[0]).toHaveLength(3);
	});

	it('finds couplings whose record was deleted', async () => {
		systems.sandbox.crm.remove('account', account(2));
		const { json } = await run('getMany', { filters: { missing: 'either' } });
		expect(json[0]).toEqual([
			expect.objectContaining({
				businessCentral: expect.objectContaining({ number: 'C2', exists: true }) as unknown,
				crm: expect.objectContaining({ exists: false }) as unknown,
			}),
		]);
		expect((await run('getMany', { filters: { missing: 'businessCentral' } })).json[0]?.[0]).toMatchObject({ found: 0 });
	});
});
