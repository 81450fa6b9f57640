import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadOptions, runNode, useNewState, type CredentialVault, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
const account = (number: number): string => `0000000a-0000-4000-8000-00000000000${number}`;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const customers = ['One', 'Two', 'Same', 'Nobody'].map((displayName, index) => ({
		...{ number: `C${index + 1}`, displayName, type: 'Company', blocked: '_x0020_', city: 'London' },
	}));
	bc().seed('customers', customers);
	const rows = ['ONE', 'two', 'Same', 'Same'].map((name, index) => ({ accountid: account(index + 1), name, customertypecode: 3 }));
	systems.sandbox.crm.seed('account', rows);
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const accounts = () => systems.sandbox.crm.rows('account');
const run = async (
	parameters: INodeParameters,
	settings: Partial<RunSettings> & { onError?: 'continueErrorOutput' } = {},
	operation = 'matchBased',
) =>
	await runNode(
		CoupleRecords,
		{ company: systems.company, operation, mapping: by('name', 'CUSTOMER'), ...parameters },
		{ credentials: vault, ...settings },
	);
const byName = { criteriaFrom: 'node', criteria: { pairs: [{ businessCentralField: 'displayName', crmColumn: 'name' }] } };
const couplings = async () => (await run({ returnAll: true }, {}, 'getMany')).json[0] ?? [];

describe('match-based coupling', () => {
	it('gives one item per record with its outcome, and one failed item per record without a clear match', async () => {
		const { json, error, hints } = await run({ ...byName, synchronizeAfterwards: 'no' });
		expect(error).toBeUndefined();
		expect(json[0]?.map(({ outcome, state, businessCentral }) => [(businessCentral as { number: string }).number, outcome, state])).toEqual(
			[
				['C1', 'coupled', 'pending'],
				['C2', 'coupled', 'pending'],
				['C3', 'severalMatches', 'uncoupled'],
				['C4', 'noMatch', 'uncoupled'],
			],
		);
		expect(json[0]?.[0]).toEqual({
			jobId: expect.any(String) as string,
			preview: false,
			state: 'pending',
			mapping: 'CUSTOMER',
			businessCentral: { id: expect.any(String) as string, number: 'C1', name: 'One', url: expect.anything() as unknown },
			crm: { id: account(1), name: 'ONE', url: expect.stringContaining(account(1)) as string },
			outcome: 'coupled',
			candidates: [],
			candidateCount: 0,
		});
		const several = json[0]?.[2] as { candidates: Array<{ id: string }>; message: string };
		expect(several.candidates.map(({ id }) => id).sort()).toEqual([account(3), account(4)]);
		expect(several.message).toContain('2 records of CRM have the same Name');
		expect(json[1]?.map(({ errorCode }) => errorCode)).toEqual(['SEVERAL_MATCHES', 'NO_MATCH']);
		expect(hints.some(({ message }) => message.includes('2 records failed'))).toBe(true);
		expect(await couplings()).toHaveLength(2);
	});

	it('synchronizes afterwards by the strategy of the mapping, and gives the jobs when asked for them', async () => {
		const { json } = await run({ ...byName, output: 'jobs' });
		expect(json[0]?.map(({ type, direction, coupled, modified, failed }) => [type, direction, coupled, modified, failed])).toEqual([
			['coupling', null, 2, 0, 2],
			['synchronization', 'toCrm', 0, 2, 0],
			['synchronization', 'fromCrm', 0, 0, 0],
		]);
		expect(accounts().find((row) => row['accountid'] === account(1))).toMatchObject({ name: 'One', address1_city: 'London' });
	});

	it('creates partners for those without a match when told so', async () => {
		const { json } = await run({ ...byName, createWhenNoMatch: true });
		expect(json[0]?.map(({ outcome }) => outcome).sort()).toEqual(['coupled', 'coupled', 'created', 'severalMatches']);
		expect(accounts()).toHaveLength(5);
	});

	it('matches only the records that the input items name, and links each result to its item', async () => {
		const { json, outputs } = await run(
			{ ...byName, scope: 'records', side: 'businessCentral', businessCentralRecord: by('number', '={{ $json.no }}') },
			{ items: [{ no: 'C2' }, { no: 'C4' }] },
		);
		expect(json[0]?.map(({ outcome }) => outcome)).toEqual(['coupled', 'noMatch']);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 1 }]]);
		expect(await couplings()).toHaveLength(1);
	});

	it('starts from the records of CRM when told so', async () => {
		const { json } = await run({ ...byName, side: 'crm', synchronizeAfterwards: 'no' });
		expect(json[0]?.map(({ outcome, crm }) => [(crm as { name: string }).name, outcome])).toEqual(
			expect.arrayContaining([
				['ONE', 'coupled'],
				['Same', 'severalMatches'],
			]),
		);
	});

	it('as a preview announces the outcomes and changes nothing', async () => {
		const { json } = await run({ ...byName, createWhenNoMatch: true, preview: true });
		expect(json[0]?.map(({ outcome, preview }) => [outcome, preview])).toEqual([
			['coupled', true],
			['coupled', true],
			['severalMatches', true],
			['created', true],
		]);
		expect([accounts().length, (await couplings())[0]]).toEqual([4, { found: 0, message: 'No coupling fits the filters.' }]);
	});

	it('says how many more records there are than it returns', async () => {
		const { json } = await run({ ...byName, returnRecords: 1, synchronizeAfterwards: 'no' });
		expect(json[0]).toEqual([expect.objectContaining({ outcome: 'coupled' }), expect.objectContaining({ moreRecords: 3 })]);
	});

	it('says in words that there is nothing to match', async () => {
		systems.sandbox.crm.rows('account').forEach((row) => systems.sandbox.crm.remove('account', String(row['accountid'])));
		bc()
			.rows('customers')
			.forEach((row) => bc().remove('customers', String(row['id'])));
		expect((await run(byName)).json[0]).toEqual([{ found: 0, message: 'No uncoupled records to match.' }]);
	});

	it('ends with an error that names the remedy when the mapping has no criteria', async () => {
		const { error } = await run({});
		expect(error?.message).toContain('no field that is used for match-based coupling');
		expect(error?.description).toContain('Set criteria for this run');
	});

	it('names the field of the node that is not filled in', async () => {
		const { error } = await run({ criteriaFrom: 'node', criteria: {} });
		expect(error?.message).toContain('Fields to Match By');
		const half = await run({ criteriaFrom: 'node', criteria: { pairs: [{ businessCentralField: 'displayName', crmColumn: '' }] } });
		expect(half.error?.message).toContain('CRM Column');
	});

	it('offers the columns of both tables to choose from', async () => {
		const parameters = { company: systems.company, mapping: by('list', 'CUSTOMER') };
		const values = async (method: string) => (await loadOptions(CoupleRecords, method, parameters, vault)).map(({ value }) => value);
		expect(await values('getBusinessCentralColumns')).toEqual(
			expect.arrayContaining(['displayName', 'email', 'workflowCustomers/faxNumber']),
		);
		expect(await values('getCrmColumns')).toEqual(expect.arrayContaining(['name', 'emailaddress1', 'primarycontactid']));
		await expect(loadOptions(CoupleRecords, 'getCrmColumns', { company: systems.company }, vault)).rejects.toThrow(
			'No mapping is chosen yet',
		);
	});
});

describe('coupling a pair', () => {
	const pair = (record: INodeParameters, more: INodeParameters = {}) =>
		run({ initial: 'none', businessCentralRecord: by('number', 'C1'), ...record, ...more }, {}, 'couple');

	it('moves the CRM record when it is the one that may move, and names the record it left', async () => {
		await pair({ crmRecord: by('id', account(1)) });
		const refused = await pair({ crmRecord: by('id', account(1)), businessCentralRecord: by('number', 'C2') });
		expect(refused.error?.message).toContain('already coupled to C1 One');
		const { json } = await pair({ crmRecord: by('id', account(1)), businessCentralRecord: by('number', 'C2') }, { coupledFrom: 'crm' });
		expect(json[0]?.[0]).toMatchObject({ outcome: 'moved', released: { number: 'C1' } });
	});

	it('takes the beginning of a name only when told so', async () => {
		expect((await pair({ crmRecord: by('name', 'tw') })).error?.message).toContain('CRM has no record with name "tw"');
		const { json } = await pair({ crmRecord: by('name', 'tw') }, { acceptBeginning: true });
		expect(json[0]?.[0]).toMatchObject({ crm: { id: account(2) } });
	});

	it('finds partners by name only inside the filter of the mapping', async () => {
		systems.sandbox.crm.seed('account', [{ accountid: account(9), name: 'Supplier', customertypecode: 11 }]);
		expect((await pair({ crmRecord: by('name', 'Supplier') })).error?.message).toContain('CRM has no record with name "Supplier"');
	});

	it('shows in a preview what the first synchronization would write', async () => {
		const { json } = await pair({ crmRecord: by('id', account(1)) }, { initial: 'default', preview: true });
		expect(json[0]?.[0]).toMatchObject({ outcome: 'coupled', job: { preview: true, modified: 1, changes: [{ action: 'modify' }] } });
		expect(accounts().find((row) => row['accountid'] === account(1))).toMatchObject({ name: 'ONE' });
	});
});

describe('uncoupling several mappings', () => {
	it('gives one job each, also for names with commas from an expression', async () => {
		await run({ ...byName, synchronizeAfterwards: 'no' });
		const { json } = await run({ scope: 'mappings', mappings: '={{ "CURRENCY, CUSTOMER" }}' }, {}, 'uncouple');
		expect(json[0]?.map(({ mapping, type, uncoupled }) => [mapping, type, uncoupled])).toEqual([
			['CUSTOMER', 'uncoupling', 2],
			['CURRENCY', 'uncoupling', 0],
		]);
	});
});
