import type { INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const accounts = () => systems.sandbox.crm.rows('account');
const customerId = (number: number): string => String(bc().find('customers', (row) => row['number'] === `C${number}`)!['id']);
const accountId = (number: number): string => String(accounts().find((row) => row['name'] === `Customer ${number}`)!['accountid']);

/** Number of the company contact that Business Central makes for a customer. */
const companyContact = ({ number }: Record<string, unknown>): string =>
	String(bc().data.table('Contact Business Relation').withField('No.', String(number))[0]!.fields['Contact No.']);

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	bc().seed(
		'customers',
		[1, 2, 3].map((number) => ({ number: `C${number}`, displayName: `Customer ${number}`, type: 'Company', blocked: '_x0020_' })),
	);
	await synchronize({ createUncoupled: true });
});
afterEach(async () => await systems.close());

const base = () => ({ company: systems.company, mapping: by('name', 'CUSTOMER') });
const synchronize = async (options: INodeParameters = {}) => await runNode(SyncMapping, { ...base(), options }, { credentials: vault });
const run = async (operation: string, parameters: INodeParameters = {}, settings: Partial<RunSettings> = {}) =>
	await runNode(CoupleRecords, { ...base(), operation, ...parameters }, { credentials: vault, ...settings });
const named = { side: 'businessCentral', businessCentralRecord: by('number', '={{ $json.no }}') };
const items = (...numbers: number[]) => ({ items: numbers.map((number) => ({ no: `C${number}` })) });
/** Customers whose phone was edited to different values in both systems, and that failed twice. */
const skip = async (...numbers: number[]): Promise<void> => {
	for (const number of numbers) {
		bc().update('customers', customerId(number), { phoneNumber: '+44 1' });
		systems.sandbox.crm.update('account', accountId(number), { telephone1: '+44 2' });
	}
	await synchronize();
	await synchronize();
};
const states = async (): Promise<unknown[]> =>
	((await run('getMany', { filters: { state: 'skipped' } })).json[0] ?? []).map(
		(row) => (row['businessCentral'] as { number: string } | undefined)?.number ?? row['found'],
	);

it('Get Many shows skipped records with reasons, since when, and what can be done', async () => {
	await skip(2);
	const { json } = await run('getMany', { filters: { state: 'skipped' } });
	expect(json[0]).toEqual([
		expect.objectContaining({
			mapping: 'CUSTOMER',
			businessCentral: expect.objectContaining({ number: 'C2', exists: true }) as unknown,
			crm: expect.objectContaining({ id: accountId(2), exists: true }) as unknown,
			state: 'skipped',
			lastError: expect.objectContaining({ code: 'CONFLICT' }) as unknown,
			attempts: 2,
			since: expect.any(String) as string,
			actions: ['retry', 'synchronize', 'uncouple'],
		}),
	]);
});

it('Get Many filters failed and skipped records by text, missing side and limit, across pages', async () => {
	await skip(1, 2, 3);
	systems.sandbox.crm.remove('account', accountId(3));
	const count = async (filters: INodeParameters, more: INodeParameters = {}) => (await run('getMany', { filters, ...more })).json[0];
	expect(await count({ state: 'skipped', text: 'customer 1' })).toHaveLength(1);
	expect(await count({ state: 'skipped', missing: 'crm' })).toHaveLength(1);
	expect(await count({ state: 'skipped' }, { limit: 2 })).toHaveLength(2);
	expect(await count({ state: 'skipped' }, { returnAll: true })).toHaveLength(3);
	expect(await count({ state: 'failed' })).toEqual([{ found: 0, message: 'No record fits the filters.' }]);
});

it('Get Many shows what waits for others apart from what failed, with what it waits for', async () => {
	const contact = bc().insert('contacts', {
		...{ type: 'Person', displayName: 'Robert Townes', companyNumber: companyContact(bc().insert('customers', { displayName: 'Adatum' })) },
	});
	await runNode(
		SyncMapping,
		{ company: systems.company, mapping: by('name', 'CONTACT'), options: { createUncoupled: true } },
		{ credentials: vault },
	);
	const { json } = await run('getMany', { mapping: by('name', 'CONTACT'), filters: { state: 'waiting' } });
	expect(json[0]).toEqual([
		expect.objectContaining({
			mapping: 'CONTACT',
			businessCentral: expect.objectContaining({ id: String(contact['id']).toLowerCase(), name: 'Robert Townes' }) as unknown,
			state: 'waiting',
			direction: 'toCrm',
			reason: 'referenceDeferred',
			message: expect.stringContaining('not coupled yet') as string,
			waitsFor: [{ caption: 'Company No.', mapping: 'CUSTOMER', value: expect.any(String) as string }],
			since: expect.stringMatching(/Z$/) as string,
		}),
	]);
	for (const state of ['failed', 'skipped']) {
		expect((await run('getMany', { mapping: by('name', 'CONTACT'), filters: { state } })).json[0]).toEqual([
			{ found: 0, message: 'No record fits the filters.' },
		]);
	}
	expect((await run('getMany', { filters: { state: 'waiting' } })).json[0]).toEqual([{ found: 0, message: 'No record waits.' }]);
	expect((await run('getMany', { mapping: by('name', 'CONTACT'), filters: { state: 'waiting', missing: 'crm' } })).json[0]).toEqual([
		{ found: 0, message: 'No record waits.' },
	]);
});

it('Retry takes one record per item; what makes no sense leaves on Failed with its reason', async () => {
	await skip(1, 2);
	const { json, outputs, error } = await run('retry', named, items(1, 3));
	expect(error).toBeUndefined();
	expect(json[0]).toEqual([expect.objectContaining({ outcome: 'retried', state: 'failed' })]);
	expect(outputs[0]?.[0]?.pairedItem).toEqual([{ item: 0 }]);
	expect(json[1]).toEqual([
		expect.objectContaining({
			errorCode: 'ACTION_NOT_AVAILABLE',
			message: 'C3 Customer 3 does not fail.',
			businessCentral: expect.objectContaining({ number: 'C3' }) as unknown,
		}),
	]);
	expect(outputs[1]?.[0]?.pairedItem).toEqual([{ item: 1 }]);
	expect(await states()).toEqual(['C2']);
});

it('Retry of a mapping, or of all, answers how many; then nothing is left to retry', async () => {
	await skip(1, 2);
	expect((await run('retry', { retryScope: 'all', preview: true })).json[0]).toEqual([
		{ mapping: 'CUSTOMER', toCrm: 2, fromCrm: 2, outcome: 'retried', preview: true },
	]);
	expect((await run('retry', { retryScope: 'mapping' })).json[0]).toEqual([
		{ mapping: 'CUSTOMER', toCrm: 2, fromCrm: 2, outcome: 'retried', preview: false },
	]);
	expect((await run('retry', { retryScope: 'mapping' })).json[0]).toEqual([{ found: 0, message: 'No record is skipped.' }]);
});

it('Synchronize With a Side overwrites the other one and shows what it wrote', async () => {
	await skip(1);
	const preview = await run('synchronizeWithSide', { ...named, winner: 'crm', preview: true }, items(1));
	const real = await run('synchronizeWithSide', { ...named, winner: 'crm' }, items(1));
	expect(preview.json[0]?.[0]?.['changes']).toEqual(real.json[0]?.[0]?.['changes']);
	expect(real.json[0]).toEqual([
		expect.objectContaining({
			outcome: 'synchronized',
			state: 'coupled',
			changes: [
				expect.objectContaining({ written: 'businessCentral', fields: [expect.objectContaining({ before: '+44 1', after: '+44 2' })] }),
			],
		}),
	]);
	expect(bc().get('customers', customerId(1))).toMatchObject({ phoneNumber: '+44 2' });
	expect(await states()).toEqual([0]);
});

it('Find for Deleted lists what lost its partner; Restore and Delete the Other Record settle it', async () => {
	const [first, second] = [accountId(1), accountId(2)];
	systems.sandbox.crm.remove('account', first);
	systems.sandbox.crm.remove('account', second);
	const found = await run('findForDeleted', { returnAll: true });
	expect(found.json[0]?.map((row) => [(row['businessCentral'] as { number: string }).number, row['actions']])).toEqual(
		expect.arrayContaining([
			['C1', ['restore', 'deleteOther', 'uncouple']],
			['C2', ['restore', 'deleteOther', 'uncouple']],
		]),
	);
	const restored = await run('restore', named, items(1, 3));
	expect(restored.json[0]).toEqual([
		expect.objectContaining({ outcome: 'restored', state: 'coupled', crm: expect.objectContaining({ exists: true }) as unknown }),
	]);
	expect(restored.json[1]).toEqual([expect.objectContaining({ errorCode: 'ACTION_NOT_AVAILABLE' })]);
	const id = customerId(2);
	const preview = await run('deleteOther', { ...named, preview: true }, items(2));
	expect(preview.json[0]).toEqual([expect.objectContaining({ outcome: 'deleted', preview: true })]);
	expect(bc().get('customers', id)).toBeDefined();
	const deleted = await run('deleteOther', named, items(2));
	expect(deleted.json[0]).toEqual([expect.objectContaining({ outcome: 'deleted', preview: false })]);
	expect(bc().get('customers', id)).toBeUndefined();
	expect((await run('findForDeleted')).json[0]).toEqual([
		expect.objectContaining({ found: 0, checked: 2, message: '2 couplings looked at, 0 with a deleted record.' }),
	]);
	expect(
		accounts()
			.map((row) => row['name'])
			.sort(),
	).toEqual(['Customer 1', 'Customer 3']);
});

it('Sync Mapping lists what must be coupled first, or brings it in', async () => {
	bc().update('customers', customerId(1), { currencyCode: 'EUR' });
	const waiting = await synchronize();
	expect(waiting.json[0]?.[0]).toMatchObject({
		failed: 1,
		message: '1 failed. 1 record waits for others. To be coupled or added first: CURRENCY: EUR (1 record).',
		warnings: ['1 record waits for others. To be coupled or added first: CURRENCY: EUR (1 record).'],
	});
	const brought = await synchronize({ pullDependencies: 'create' });
	expect(brought.json[0]?.map(({ mapping, inserted, modified, failed }) => [mapping, inserted, modified, failed])).toEqual([
		['CURRENCY', 1, 0, 0],
		['CUSTOMER', 0, 1, 0],
		['CUSTOMER', 0, 0, 0],
	]);
});
