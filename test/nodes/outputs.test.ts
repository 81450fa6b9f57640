import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type NodeClass, type RunSettings } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeEach(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	bc().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const accounts = () => systems.sandbox.crm.rows('account');

/** Customers C1, C2, …; those that fail have a salesperson whom nobody coupled. */
const seed = (count: number, failing: number[] = []) =>
	bc().seed(
		'customers',
		Array.from({ length: count }, (_, index) => ({
			number: `C${index + 1}`,
			displayName: `Customer ${index + 1}`,
			type: 'Company',
			blocked: '_x0020_',
			salespersonCode: failing.includes(index + 1) ? 'JO' : '',
		})),
	);

const run = async (type: NodeClass, parameters: INodeParameters, settings: Partial<RunSettings & { typeVersion: number }> = {}) =>
	await runNode(type, { company: systems.company, ...parameters }, { credentials: vault, typeVersion: 1.1, ...settings });
const sync = async (parameters: INodeParameters, settings = {}) =>
	await run(SyncMapping, { mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true }, ...parameters }, settings);

const numberOf = ({ businessCentral }: IDataObject): unknown => (businessCentral as IDataObject | null)?.['number'];

describe('the output Done of a run', () => {
	it('holds one item per job as usual', async () => {
		seed(2);
		const { json } = await sync({ preview: false });
		expect(json[0]?.map(({ direction, inserted }) => [direction, inserted])).toEqual([
			['toCrm', 2],
			['fromCrm', 0],
		]);
		expect(json[0]?.[0]).not.toHaveProperty('changes');
	});

	it('in a preview holds one item per record with its fields, without another option', async () => {
		seed(2);
		const { json, hints } = await sync({ preview: true });
		expect(json[0]?.map((each) => [each['record'], each['action'], each['written'], each['preview']])).toEqual([
			['C1 Customer 1', 'insert', 'crm', true],
			['C2 Customer 2', 'insert', 'crm', true],
		]);
		expect(Object.keys(json[0]![0]!)[0]).toBe('record');
		expect(json[0]?.[0]?.['fields']).toEqual(expect.arrayContaining([{ field: 'name', caption: 'Name', after: 'Customer 1' }]));
		expect(hints.map(({ message }) => message).join()).toContain('CUSTOMER, Business Central to CRM: Would be: 2 created.');
		expect(accounts()).toEqual([]);
	});

	it('holds one item per record, or per field, when told so', async () => {
		seed(1);
		await sync({ preview: false });
		const [customer] = bc().rows('customers');
		bc().update('customers', String(customer!['id']), { displayName: 'Renamed', city: 'Utrecht' });
		const fields = await sync({ preview: true, output: 'fields' });
		expect(fields.json[0]?.map(({ field, before, after }) => [field, before, after]).sort()).toEqual([
			['address1_city', null, 'Utrecht'],
			['name', 'Customer 1', 'Renamed'],
		]);
		const records = await sync({ preview: false, output: 'records' });
		expect(records.json[0]?.map(({ record, action, preview }) => [record, action, preview])).toEqual([['C1 Renamed', 'modify', false]]);
		expect(accounts()[0]).toMatchObject({ name: 'Renamed', address1_city: 'Utrecht' });
	});

	it('says in words that no record changed', async () => {
		const { json } = await sync({ preview: false, output: 'records' });
		expect(json[0]).toEqual([{ found: 0, message: expect.stringContaining('No changes.') as string }]);
	});

	it('says how many records are not shown', async () => {
		seed(5);
		const { json } = await sync({ preview: true, options: { createUncoupled: true, returnChanges: 2 } });
		expect(json[0]?.map(({ record }) => record)).toEqual(['C1 Customer 1', 'C2 Customer 2', undefined]);
		expect(json[0]?.at(-1)).toMatchObject({ moreChanges: 3 });
	});

	it('keeps a job that did not come to its end', async () => {
		seed(900);
		const options = { createUncoupled: true, recordLimit: 400, returnChanges: 1 };
		const { json } = await sync({ preview: false, direction: 'toCrm', output: 'records', options });
		expect(json[0]?.at(-1)).toMatchObject({ status: 'stopped', inserted: 500 });
	});

	it('in nodes of version 1 is as it was', async () => {
		seed(2);
		const { json } = await sync({ preview: true, output: 'records' }, { typeVersion: 1 });
		expect(json[0]?.map(({ inserted }) => inserted)).toEqual([2, 0]);
		expect(json[0]?.[0]).not.toHaveProperty('changes');
	});

	it('of all mappings and of a full synchronization is per record in a preview, too', async () => {
		seed(1);
		const all = await sync({ operation: 'synchronizeAll', preview: true });
		expect(all.json[0]?.map(({ record, mapping }) => [record, mapping])).toContainEqual(['C1 Customer 1', 'CUSTOMER']);
		const full = await run(FullSync, { operation: 'run' });
		expect(full.json[0]?.map(({ record, mapping }) => [record, mapping])).toContainEqual(['C1 Customer 1', 'CUSTOMER']);
		expect(accounts()).toEqual([]);
	});
});

describe('selected records', () => {
	const byNumber = { operation: 'synchronizeSelected', businessCentralRecord: by('number', '={{ $json.no }}') };

	it('give one item per input item, in its order and linked to it', async () => {
		seed(3);
		await sync({ preview: false });
		const [, second] = bc().rows('customers');
		bc().update('customers', String(second!['id']), { displayName: 'Second' });
		const { json, outputs } = await sync(
			{ ...byNumber, preview: false },
			{ items: [{ no: 'C3' }, { no: 'C2' }, { no: 'C1' }, { no: 'c2' }] },
		);
		expect(json[0]?.map((each) => [numberOf(each), each['action']])).toEqual([
			['C3', 'unchanged'],
			['C2', 'modify'],
			['C1', 'unchanged'],
			['C2', 'modify'],
		]);
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 1 }], [{ item: 2 }], [{ item: 3 }]]);
	});

	it('are on the output Failed where they fail', async () => {
		seed(2, [2]);
		const { json, outputs } = await sync({ ...byNumber, preview: false }, { items: [{ no: 'C1' }, { no: 'C2' }] });
		expect(json[0]?.map((each) => [numberOf(each), each['action']])).toEqual([['C1', 'insert']]);
		expect(json[1]?.map(numberOf)).toEqual(['C2']);
		expect(outputs[1]?.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 1 }]]);
	});

	it('that are not coupled are told so', async () => {
		seed(1);
		const { json } = await sync({ ...byNumber, preview: false, options: {} }, { items: [{ no: 'C1' }] });
		expect(json[0]).toEqual([expect.objectContaining({ action: 'leftAlone', message: expect.stringContaining('not coupled') as string })]);
	});

	it('give one item per job in nodes of version 1', async () => {
		seed(2);
		const { json } = await sync({ ...byNumber, preview: false }, { items: [{ no: 'C1' }, { no: 'C2' }], typeVersion: 1 });
		expect(json[0]).toEqual([expect.objectContaining({ direction: 'toCrm', inserted: 2 })]);
	});
});

describe('previews of a full synchronization that goes on', () => {
	it('Restart Mapping and Resume write nothing while Preview is on, and what they announce afterwards', async () => {
		seed(2);
		const restart = { operation: 'restartMapping', mapping: by('name', 'CUSTOMER'), options: { ignoreDependencies: true } };
		const announced = await run(FullSync, restart);
		expect(announced.json[0]?.map(({ record, action }) => [record, action])).toEqual([
			['C1 Customer 1', 'insert'],
			['C2 Customer 2', 'insert'],
		]);
		expect(accounts()).toEqual([]);
		const resumed = await run(FullSync, { operation: 'resume' });
		expect(resumed.json[0]).toEqual([{ found: 0, message: 'There is no unfinished full synchronization to go on with.' }]);
		await run(FullSync, { ...restart, preview: false });
		expect(accounts()).toHaveLength(2);
	});

	it('Review and Check Set-Up give one list of items', async () => {
		const { outputs } = await run(FullSync, { operation: 'review' });
		expect(outputs).toHaveLength(1);
		expect((await run(FullSync, { operation: 'review' }, { typeVersion: 1 })).outputs).toHaveLength(2);
	});
});
