import type { TableSource } from '../../../engine/model/record';
import type { GroupOperation, WriteOperation, WriteOutcome } from '../../../engine/ports/write';
import { account, contact, customers, lines, sandboxed } from './sandboxed';

const plainCustomers: TableSource = { name: 'customers', numberField: 'number', nameField: 'displayName' };
const orders: TableSource = { name: 'salesOrders', numberField: 'number', nameField: 'number' };
const quote: TableSource = { name: 'quote', numberField: 'quotenumber', nameField: 'name' };

const insert = (values: Record<string, string | number>): WriteOperation & { kind: 'insert' } => ({ kind: 'insert', values });
const group = (table: TableSource, ...operations: Array<GroupOperation['operations'][number]['operation']>): GroupOperation => ({
	kind: 'group',
	operations: operations.map((operation) => ({ table, operation })),
});
const statuses = (outcomes: readonly WriteOutcome[]) => outcomes.map(({ status }) => status);
const only = (outcomes: readonly WriteOutcome[]): WriteOutcome & { status: 'failed' } => {
	expect(outcomes).toHaveLength(1);
	return outcomes[0] as WriteOutcome & { status: 'failed' };
};

describe('Groups in Dataverse are change sets', () => {
	const world = sandboxed();
	const { crm } = world.sandbox;
	const names = () => crm.rows('account').map((row) => row['name']);
	const versionOf = (id: string): string => `W/"${Number(crm.get('account', id).versionnumber)}"`;

	beforeEach(() => {
		for (const row of crm.rows('account')) crm.remove('account', String(row['accountid']));
		world.taken();
	});

	it('several go in one batch, beside operations that stand alone, and answer by position', async () => {
		const outcomes = await world
			.dataverse()
			.write(account, [
				insert({ name: 'Alone' }),
				group(account, insert({ name: 'One' }), insert({ name: 'Two' })),
				insert({ name: 'Alone too' }),
				group(account, insert({ name: 'Three' }), insert({ name: 'Four' })),
			]);
		expect(statuses(outcomes)).toEqual(['written', 'written', 'written', 'written']);
		expect(outcomes.map((outcome) => (outcome as { record: { name: string } }).record.name)).toEqual([
			'Alone',
			'One',
			'Alone too',
			'Three',
		]);
		expect((outcomes[3] as unknown as { parts: Array<{ record: { name: string } }> }).parts.map(({ record }) => record.name)).toEqual([
			'Three',
			'Four',
		]);
		expect(names().sort()).toEqual(['Alone', 'Alone too', 'Four', 'One', 'Three', 'Two']);
		const batches = lines(world.taken()).filter((line) => line.startsWith('POST $batch'));
		expect(batches).toHaveLength(2);
	});

	it('nothing of a group is carried out when one of its rows is stale, and other groups go on', async () => {
		const id = crm.insert('account', { name: 'Old' });
		const version = versionOf(id);
		crm.update('account', id, { name: 'Changed by somebody' });
		const update: WriteOperation & { kind: 'update' } = { kind: 'update', id, version, number: '', values: { name: 'Ours' } };
		const outcomes = await world
			.dataverse()
			.write(account, [group(account, insert({ name: 'With it' }), update), group(account, insert({ name: 'Apart' }))]);
		expect(statuses(outcomes)).toEqual(['stale', 'written']);
		expect(names().sort()).toEqual(['Apart', 'Changed by somebody']);
	});

	it('a refusal names its reason, and tables may be mixed', async () => {
		const outcomes = await world.dataverse().write(account, [
			{
				kind: 'group',
				operations: [
					{ table: account, operation: insert({ name: 'Company' }) },
					{ table: contact, operation: insert({ lastname: 'Person', emailaddress1: 'x'.repeat(300) }) },
				],
			},
		]);
		expect(only(outcomes)).toMatchObject({ status: 'failed', error: { errorClass: 'data' } });
		expect(only(outcomes).error.message).toContain('emailaddress1');
		expect(names()).toEqual([]);
	});

	it('is sent again as a whole after a throttled answer', async () => {
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'answer', status: 429, headers: { 'retry-after': '1' } } });
		const outcomes = await world.dataverse().write(account, [group(account, insert({ name: 'A' }), insert({ name: 'B' }))]);
		expect(statuses(outcomes)).toEqual(['written']);
		expect(names().sort()).toEqual(['A', 'B']);
	});

	it('more than 1,000 operations are refused before anything is sent', async () => {
		const many = Array.from({ length: 1_001 }, (_, index) => insert({ name: `N${index}` }));
		const outcomes = await world.dataverse().write(account, [group(account, ...many)]);
		expect(only(outcomes)).toMatchObject({ status: 'failed', error: { code: 'GROUP_TOO_LARGE' } });
		expect(lines(world.taken()).filter((line) => line.startsWith('POST'))).toEqual([]);
	});
});

describe('Actions in Dataverse', () => {
	const world = sandboxed();
	const { crm } = world.sandbox;

	it('bound or not, with parameters, and what they return', async () => {
		const customer = crm.insert('account', { name: 'A' });
		const id = crm.insert('quote', { name: 'Q', customerid: customer });
		const system = world.dataverse();
		crm.update('quote', id, { statecode: 1, statuscode: 2 });
		const parameters = { QuoteClose: { subject: 'Won', 'quoteid@odata.bind': `/quotes(${id})` }, Status: -1 };
		expect(statuses(await system.write(quote, [{ kind: 'action', id: null, name: 'WinQuote', parameters }]))).toEqual(['written']);
		expect(crm.get('quote', id).statecode).toBe(2);
	});

	it('a refusal is its own failure, and an answer that is lost leaves it open', async () => {
		const system = world.dataverse();
		const unknown: WriteOperation = { kind: 'action', id: null, name: 'WinQuote', parameters: { Status: -1 } };
		expect(statuses(await system.write(quote, [unknown]))).toEqual(['failed']);
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'dropAfter' } });
		const before = world.taken().length;
		expect(before).toBeGreaterThan(0);
		expect(statuses(await system.write(quote, [unknown]))).toEqual(['unknown']);
		expect(lines(world.taken()).filter((line) => line.startsWith('POST $batch'))).toHaveLength(1);
	});
});

describe('Groups in Business Central are batches in one transaction', () => {
	const world = sandboxed();
	const company = world.sandbox.businessCentral.company(world.companyId);
	const names = () => company.rows('customers').map((row) => row['displayName']);

	it('each goes in a batch of its own under Isolation: snapshot', async () => {
		const outcomes = await world
			.businessCentral()
			.write(plainCustomers, [
				group(plainCustomers, insert({ displayName: 'One' }), insert({ displayName: 'Two' })),
				insert({ displayName: 'Alone' }),
				group(plainCustomers, insert({ displayName: 'Three' })),
			]);
		expect(statuses(outcomes)).toEqual(['written', 'written', 'written']);
		const sent = world.taken().filter(({ path }) => path.includes('$batch'));
		expect(sent.map(({ parts }) => parts.length).sort()).toEqual([1, 1, 2]);
		expect(names()).toEqual(expect.arrayContaining(['One', 'Two', 'Three', 'Alone']));
	});

	it('one refusal undoes all of it, also what was answered with success before', async () => {
		const outcomes = await world
			.businessCentral()
			.write(plainCustomers, [
				group(
					plainCustomers,
					insert({ displayName: 'Undone' }),
					insert({ displayName: 'x'.repeat(200) }),
					insert({ displayName: 'Never' }),
				),
			]);
		expect(only(outcomes)).toMatchObject({ status: 'failed', error: { errorClass: 'data' } });
		expect(names()).not.toEqual(expect.arrayContaining(['Undone']));
		expect(names()).not.toEqual(expect.arrayContaining(['Never']));
	});

	it('a stale row makes the group stale', async () => {
		const row = company.insert('customers', { displayName: 'Before' });
		const system = world.businessCentral();
		const read = (await system.readByIds(plainCustomers, [String(row['id'])], ['displayName'])).get(String(row['id']))!;
		company.update('customers', String(row['id']), { displayName: 'Changed by somebody' });
		const update: WriteOperation & { kind: 'update' } = {
			...{ kind: 'update', id: read.id, version: read.version, number: read.number, values: { displayName: 'Ours' } },
		};
		expect(statuses(await system.write(plainCustomers, [group(plainCustomers, insert({ displayName: 'With it' }), update)]))).toEqual([
			'stale',
		]);
		expect(names()).not.toEqual(expect.arrayContaining(['With it']));
	});

	it('fields of additional pages and more than 100 operations are refused before anything is sent', async () => {
		const system = world.businessCentral();
		world.taken();
		const companion = group(customers, insert({ displayName: 'A', 'workflowCustomers/name2': 'B' }));
		expect(only(await system.write(customers, [companion]))).toMatchObject({ error: { code: 'BC_GROUP_COMPANION' } });
		const many = Array.from({ length: 101 }, (_, index) => insert({ displayName: `N${index}` }));
		expect(only(await system.write(plainCustomers, [group(plainCustomers, ...many)]))).toMatchObject({
			error: { code: 'GROUP_TOO_LARGE' },
		});
		expect(world.taken()).toEqual([]);
	});
});

describe('Actions in Business Central', () => {
	const world = sandboxed();
	const company = world.sandbox.businessCentral.company(world.companyId);
	const order = async (): Promise<string> => {
		company.seed('unitsOfMeasure', [{ code: 'PCS', displayName: 'Piece' }]);
		const customer = company.insert('customers', { displayName: 'Adatum' });
		const row = company.insert('salesOrders', { customerId: customer['id'] });
		return String(row['id']);
	};

	it('are bound to their record; what the service refuses is a failure with its words', async () => {
		const id = await order();
		const system = world.businessCentral();
		const [outcome] = await system.write(orders, [{ kind: 'action', id, name: 'Microsoft.NAV.shipAndInvoice', parameters: {} }]);
		expect(outcome).toMatchObject({ status: 'failed' });
		expect(only([outcome!]).error.message).toMatch(/at least one line item/);
		expect(world.taken().flatMap(({ parts }) => parts.map(({ method, path }) => `${method} ${path.replace(/\(.*?\)/g, '')}`))).toEqual([
			'POST companies/salesOrders/Microsoft.NAV.shipAndInvoice',
		]);
	});

	it('one whose answer is lost stays open and is not sent twice', async () => {
		const id = await order();
		const system = world.businessCentral();
		world.taken();
		world.sandbox.faults.add({ system: 'businessCentral', url: /\$batch/, fault: { kind: 'dropAfter' } });
		expect(statuses(await system.write(orders, [{ kind: 'action', id, name: 'Microsoft.NAV.shipAndInvoice', parameters: {} }]))).toEqual([
			'unknown',
		]);
		expect(world.taken()).toHaveLength(1);
	});
});
