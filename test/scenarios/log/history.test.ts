import { deleteOldEntries, recordHistory, type HistoryEvent } from '../../../engine';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { jobs, run, within } from '../fullSync/fullSyncs';

let world: World;
let bcId: string;
let crmId: string;

beforeEach(async () => {
	world = await createWorld();
	seedCustomers(world, 3);
	await run(world);
	world.minutes(60);
	const customer = company().rows('customers')[0]!;
	bcId = String(customer['id']).toLowerCase();
	crmId = String(world.sandbox.crm.rows('account').find((row) => row['name'] === customer['displayName'])!['accountid']).toLowerCase();
	company().update('customers', bcId, { phoneNumber: '+44 1' });
	world.sandbox.crm.update('account', crmId, { telephone1: '+44 2' });
	await world.run({ mapping: 'CUSTOMER' });
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const history = (record: string, mapping?: string): Promise<HistoryEvent[]> =>
	within(world, (session) => recordHistory(session, { record, limit: 100, ...(mapping ? { mapping } : {}) }));
const kinds = (events: HistoryEvent[]): string[] => events.map(({ kind }) => kind).sort();

test('the history of a record has its coupling, its last synchronization, how it stands, its errors and their jobs, newest first', async () => {
	const events = await history('C000001');
	expect(kinds(events)).toEqual(['created', 'error', 'error', 'job', 'job', 'job', 'state', 'synchronized']);
	const times = events.map(({ at }) => Date.parse(at));
	expect(times).toEqual([...times].sort((a, b) => b - a));
	expect(events.find(({ kind }) => kind === 'state')).toMatchObject({
		code: 'CONFLICT',
		message: expect.stringContaining('Failing: Phone No.') as string,
	});
	for (const event of events) {
		expect(event.businessCentral).toMatchObject({
			id: bcId,
			number: 'C000001',
			url: expect.stringContaining('businesscentral.dynamics.com') as string,
		});
		expect(event.crm).toMatchObject({ id: crmId, url: expect.stringContaining(crmId) as string });
	}
	expect(
		events
			.filter(({ job }) => job)
			.map(({ job }) => job!.direction)
			.sort(),
	).toEqual(['fromCrm', 'toCrm', 'toCrm']);
});

test('a record is found by either id, by number in any case, and by its exact name on either side', async () => {
	const expected = await history('C000001');
	for (const text of [bcId, crmId.toUpperCase(), 'c000001', 'customer 1 & SÖHNE'])
		expect([text, await history(text)]).toEqual([text, expected]);
	expect(await history('Customer 1')).toEqual([]);
	expect(await history('C000001', 'CURRENCY')).toEqual([]);
	expect(await history('%')).toEqual([]);
});

test('a record that could never be created is known through the log', async () => {
	company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	company().insert('customers', { displayName: 'Nobody\'s "friend" 100%', salespersonCode: 'JO' });
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	const events = await history('nobody\'s "FRIEND" 100%');
	expect(kinds(events)).toEqual(['error', 'job']);
	expect(events[0]!.crm).toBeNull();
});

test('records of the same name are told apart', async () => {
	company().insert('customers', { displayName: 'Customer 1 & Söhne' });
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	const events = await history('Customer 1 & Söhne');
	expect(new Set(events.map(({ businessCentral }) => businessCentral!.id)).size).toBe(2);
});

test('clean-up goes by age and keeps what a skipped record refers to; the history still says why it is skipped', async () => {
	world.minutes(30);
	await world.run({ mapping: 'CUSTOMER' });
	const skipped = await within(world, (session) => session.store.listFailures({ skipped: true, limit: 10 }));
	expect(skipped.rows).toHaveLength(2);
	const before = (await jobs(world, 'CUSTOMER')).length;
	world.minutes(8 * 24 * 60);
	const { deleted } = await within(world, (session) => deleteOldEntries(session.store, 7, world.clock.now()));
	expect(deleted).toBeGreaterThan(0);
	const left = await jobs(world, 'CUSTOMER');
	expect(left.length).toBeLessThan(before);
	expect(left.length).toBeGreaterThan(0);
	const events = await history('C000001');
	expect(events.filter(({ kind }) => kind === 'error').length).toBeGreaterThan(0);
	expect(events.find(({ kind }) => kind === 'state')!.message).toMatch(/^Skipped: /);
});

test('younger jobs stay, and a second clean-up has nothing to do', async () => {
	world.minutes(60);
	expect((await within(world, (session) => deleteOldEntries(session.store, 7, world.clock.now()))).deleted).toBe(0);
	const all = await within(world, (session) => deleteOldEntries(session.store, 0, world.clock.now()));
	expect(all.deleted).toBeGreaterThan(0);
	expect((await within(world, (session) => deleteOldEntries(session.store, 0, world.clock.now()))).deleted).toBe(0);
});

test('lists are paged: entries of thousands of failures are read page by page, each once', async () => {
	company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	company().seed(
		'customers',
		Array.from({ length: 1200 }, (_, index) => ({
			number: `F${index}`,
			displayName: `Failing ${index}`,
			type: 'Company',
			salespersonCode: 'JO',
			blocked: '_x0020_',
		})),
	);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true, direction: 'toCrm' });
	await within(world, async (session) => {
		const seen = new Set<string>();
		let next: string | undefined;
		do {
			const page = await session.store.log({ kind: 'error', limit: 500, ...(next ? { next } : {}) });
			for (const entry of page.rows) if (entry.businessCentral?.number.startsWith('F')) seen.add(entry.businessCentral.number);
			next = page.next;
		} while (next);
		expect(seen.size).toBe(1200);
		const failures = new Set<string>();
		do {
			const page = await session.store.listFailures({ mapping: 'CUSTOMER', direction: 'toCrm', limit: 500, ...(next ? { next } : {}) });
			for (const { sourceId } of page.rows) failures.add(sourceId);
			next = page.next;
		} while (next);
		expect(failures.size).toBe(1201);
	});
});
