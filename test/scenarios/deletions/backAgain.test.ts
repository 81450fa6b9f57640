import { coupleRecords, runFullSync, uncouple } from '../../../engine';
import { NoAnswer, type HttpRequest, type Transport } from '../../../engine/systems/odata/transport';
import { createWorld, type World } from '../../kit/world';
import { counters } from './scene';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const customers = () => company().rows('customers');
const accounts = () => world.sandbox.crm.rows('account');
const only = (rows: ReadonlyArray<Record<string, unknown>>): Record<string, unknown> => {
	expect(rows).toHaveLength(1);
	return rows[0]!;
};
type More = Omit<Parameters<World['run']>[0], 'mapping'>;
const run = (more: More = {}, transport?: (inner: Transport) => Transport) =>
	world.run(
		{ mapping: 'CUSTOMER', createUncoupled: true, findDeleted: 'now', deletion: 'removeCoupling', ...more },
		transport ? { transport } : {},
	);
const isInsert = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && url.includes('$batch') && body.includes('If-None-Match: *');
const inStore = async <T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const couplings = () => inStore(async ({ store }) => (await store.findCouplings({ mapping: 'CUSTOMER', limit: 100 })).rows);
const warnings = () => inStore(async ({ store }) => (await store.log({ kind: 'warning', limit: 100 })).rows.map(({ message }) => message));
const failures = () =>
	inStore(async ({ store }) => [
		...(await store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, limit: 100 })),
		...(await store.failures('CUSTOMER', 'fromCrm', { includeSkipped: true, limit: 100 })),
	]);
const requeued = () => inStore(async ({ store }) => (await store.listRequeued({ mapping: 'CUSTOMER', limit: 100 })).rows);

/** A customer whose first insert into CRM hangs; it was repeated, and the two are coupled. Answers what carries the first one out. */
async function withHangingInsert(): Promise<() => Promise<void>> {
	company().insert('customers', { displayName: 'Fabrikam', city: 'London' });
	let late: HttpRequest | undefined;
	await run({}, (inner) => async (request) => {
		if (!isInsert(request)) return await inner(request);
		late ??= request;
		throw new NoAnswer('The request timed out.', true);
	});
	world.minutes(1);
	await run();
	only(accounts());
	expect(await couplings()).toHaveLength(1);
	return async () => {
		const headers = Object.entries(late!.headers).map(([name, value]) => [name.toLowerCase(), value]);
		await world.sandbox.handle({ method: 'POST', url: late!.url, body: late!.body ?? '', headers: Object.fromEntries(headers) });
	};
}

const deleteAccount = (): string => {
	const id = String(only(accounts())['accountid']);
	world.sandbox.crm.remove('account', id);
	return id;
};

async function quiet(times = 2): Promise<void> {
	for (let more = 0; more < times; more++) {
		world.minutes(15);
		await run();
	}
	world.takeRequests();
	await run();
	expect(world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
}

describe('an account was deleted and its couple ended, and then CRM carries out the first, unanswered request to create it', () => {
	test('the row is coupled with its customer again, and no second customer comes into being; what the customer became meanwhile stands', async () => {
		const arrive = await withHangingInsert();
		const id = deleteAccount();
		world.minutes(1);
		const [toCrm] = await run();
		expect(counters(toCrm)).toEqual({ uncoupled: 1 });
		company().update('customers', String(customers()[0]!['id']), { city: 'Leeds' });
		world.minutes(2);
		await run({ createUncoupled: false });
		await arrive();
		expect(only(accounts())).toMatchObject({ accountid: id, address1_city: 'London' });
		await quiet(3);
		expect(only(customers())).toMatchObject({ displayName: 'Fabrikam', city: 'Leeds' });
		expect(only(accounts())).toMatchObject({ accountid: id, name: 'Fabrikam', address1_city: 'Leeds' });
		expect(await couplings()).toHaveLength(1);
		expect(await failures()).toEqual([]);
	});

	test('the same when only CRM is looked at first: the row waits for the other direction, and the run says so', async () => {
		const arrive = await withHangingInsert();
		deleteAccount();
		world.minutes(1);
		await run();
		await arrive();
		world.minutes(1);
		const [fromCrm] = await run({ direction: 'fromCrm' });
		expect(counters(fromCrm)).toEqual({ skipped: 1 });
		expect(await warnings()).toEqual([expect.stringContaining('was deleted in CRM and is there again')]);
		expect(await requeued()).toEqual([expect.objectContaining({ direction: 'toCrm', reason: 'partnerBack' })]);
		expect(await failures()).toEqual([]);
		only(customers());
		await quiet();
		only(customers());
		only(accounts());
		expect(await couplings()).toHaveLength(1);
		expect(await failures()).toEqual([]);
		expect(await requeued()).toEqual([]);
	});

	test('a customer that was given a new account before has one account nevertheless: the new one took the place of the old one', async () => {
		const arrive = await withHangingInsert();
		const id = deleteAccount();
		world.minutes(1);
		await run();
		company().update('customers', String(customers()[0]!['id']), { city: 'Leeds' });
		world.minutes(1);
		await run();
		expect(only(accounts())).toMatchObject({ accountid: id, address1_city: 'Leeds' });
		await arrive();
		await quiet();
		expect(only(accounts())).toMatchObject({ accountid: id, address1_city: 'Leeds' });
		only(customers());
	});

	test('the strategy "restore": the account is restored in its old place, and the late request finds it there', async () => {
		const arrive = await withHangingInsert();
		const id = deleteAccount();
		world.minutes(1);
		const [toCrm] = await run({ deletion: 'restore' });
		expect(counters(toCrm)).toEqual({ inserted: 1 });
		await arrive();
		await quiet();
		expect(only(accounts())).toMatchObject({ accountid: id });
		only(customers());
	});

	test('people uncoupled the two after the account was gone: the row is no new account', async () => {
		const arrive = await withHangingInsert();
		deleteAccount();
		const bcId = String(customers()[0]!['id']);
		await inStore((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [bcId] }));
		await arrive();
		await quiet(3);
		only(customers());
		only(accounts());
	});
});

describe('an account was deleted, and CRM carries out the first, unanswered request to create it before any run noticed', () => {
	async function untilTheRowIsBack(): Promise<void> {
		const arrive = await withHangingInsert();
		world.minutes(1);
		company().update('customers', String(customers()[0]!['id']), { city: 'Leeds', displayName: 'Fabrikam Ltd' });
		await run();
		expect(only(accounts())).toMatchObject({ name: 'Fabrikam Ltd', address1_city: 'Leeds' });
		world.minutes(1);
		deleteAccount();
		world.minutes(1);
		await arrive();
		expect(only(accounts())).toMatchObject({ name: 'Fabrikam', address1_city: 'London' });
	}
	const expectNewValues = (): void => {
		expect(only(customers())).toMatchObject({ displayName: 'Fabrikam Ltd', city: 'Leeds' });
		expect(only(accounts())).toMatchObject({ name: 'Fabrikam Ltd', address1_city: 'Leeds' });
	};

	test('its old values are no edits: what was delivered meanwhile stands in both systems', async () => {
		await untilTheRowIsBack();
		await quiet();
		expectNewValues();
		expect(await failures()).toEqual([]);
	});

	test('also when CRM is looked at first', async () => {
		await untilTheRowIsBack();
		await run({ direction: 'fromCrm' });
		expect(await requeued()).toEqual([expect.objectContaining({ direction: 'toCrm', reason: 'partnerBack' })]);
		expect(await failures()).toEqual([]);
		await quiet();
		expectNewValues();
		expect(await failures()).toEqual([]);
		expect(await requeued()).toEqual([]);
	});

	test('also when the customer was edited since', async () => {
		await untilTheRowIsBack();
		company().update('customers', String(customers()[0]!['id']), { phoneNumber: '+44 1' });
		await quiet();
		expectNewValues();
		expect(only(accounts())).toMatchObject({ telephone1: '+44 1' });
	});
});

test('an account that was deleted, uncoupled and restored in CRM weeks later is coupled with its customer again', async () => {
	company().insert('customers', { displayName: 'Fabrikam' });
	await run();
	const row = only(accounts());
	world.minutes(15);
	await run();
	const id = deleteAccount();
	await run();
	expect(await couplings()).toEqual([]);
	world.minutes(28 * 24 * 60);
	await run();
	world.sandbox.crm.insert('account', {
		...{ accountid: id, name: 'Fabrikam', customertypecode: 3 },
		bcbi_companyid: { table: 'bcbi_company', id: String(row['bcbi_companyid']) },
	});
	await quiet(3);
	only(customers());
	expect(only(accounts())).toMatchObject({ accountid: id });
	expect(await couplings()).toHaveLength(1);
});

test('a row that is there again while its customer has another account is reported, and no customer is created for it', async () => {
	const arrive = await withHangingInsert();
	deleteAccount();
	world.minutes(1);
	await run();
	const other = world.sandbox.crm.insert('account', { name: 'Fabrikam Ltd', customertypecode: 3 });
	const bcId = String(customers()[0]!['id']);
	await inStore((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId: other, initial: 'send' }));
	await arrive();
	world.minutes(15);
	const [, fromCrm] = await run();
	expect(fromCrm!.failed).toEqual([expect.objectContaining({ errorCode: 'ROW_CAME_BACK', errorClass: 'data', businessCentral: null })]);
	expect(fromCrm!.failed[0]!.message).toContain('Fabrikam has another CRM record now');
	await quiet();
	only(customers());
	expect(await couplings()).toEqual([expect.objectContaining({ crmId: other })]);
});

test('a mapping that only reads CRM couples the row at once', async () => {
	const arrive = await withHangingInsert();
	deleteAccount();
	world.minutes(1);
	await run();
	await inStore(({ store }) => store.saveSettings('CUSTOMER', { direction: 'fromCrm' }));
	await arrive();
	world.minutes(1);
	await run();
	only(customers());
	only(accounts());
	expect(await couplings()).toHaveLength(1);
});

test('an insert is open, and people couple its new row with another customer: their couple stands, and the customer of the insert gets an account', async () => {
	const [first, second] = ['Fabrikam', 'Contoso'].map((displayName) => String(company().insert('customers', { displayName })['id']));
	let struck = false;
	await run({ selected: { side: 'businessCentral', ids: [first!] } }, (inner) => async (request) => {
		const answer = await inner(request);
		if (!isInsert(request)) return answer;
		struck = true;
		throw new NoAnswer('The connection broke.', true);
	});
	expect(struck).toBe(true);
	const crmId = String(only(accounts())['accountid']);
	await inStore((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: second!, crmId, initial: 'send' }));
	await quiet();
	expect((await couplings()).map(({ bcId }) => bcId).sort()).toEqual([first, second].sort());
	expect((await couplings()).find(({ bcId }) => bcId === second)).toMatchObject({ crmId });
	expect(
		accounts()
			.map((row) => row['name'])
			.sort(),
	).toEqual(['Contoso', 'Fabrikam']);
	expect(customers()).toHaveLength(2);
});

test('an insert is open, and people couple its customer with another account: their couple stands, and the row of the insert is reported', async () => {
	const bcId = String(company().insert('customers', { displayName: 'Fabrikam' })['id']);
	let late: HttpRequest | undefined;
	await run({}, (inner) => async (request) => {
		if (!isInsert(request)) return await inner(request);
		late ??= request;
		throw new NoAnswer('The request timed out.', true);
	});
	const other = world.sandbox.crm.insert('account', { name: 'Fabrikam Ltd', customertypecode: 3 });
	await inStore((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId: other, initial: 'send' }));
	const headers = Object.entries(late!.headers).map(([name, value]) => [name.toLowerCase(), value]);
	await world.sandbox.handle({ method: 'POST', url: late!.url, body: late!.body ?? '', headers: Object.fromEntries(headers) });
	await quiet();
	expect(await couplings()).toEqual([expect.objectContaining({ bcId, crmId: other })]);
	only(customers());
	expect(await failures()).toEqual([expect.objectContaining({ errorCode: 'ROW_CAME_BACK', skipped: true })]);
});

describe('a record that lost its partner stands alone until somebody changes it', () => {
	test('a customer whose account was deleted: later runs create none, until the customer changes', async () => {
		const id = String(company().insert('customers', { displayName: 'Fabrikam' })['id']);
		await run();
		deleteAccount();
		const [toCrm] = await run();
		expect(counters(toCrm)).toEqual({ uncoupled: 1 });
		await quiet(3);
		expect(accounts()).toEqual([]);
		company().update('customers', id, { city: 'Leeds' });
		await quiet();
		expect(only(accounts())).toMatchObject({ address1_city: 'Leeds' });
	});

	test('an account whose customer was deleted, although its company was cleared by the run itself', async () => {
		const id = world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
		await run();
		company().remove('customers', String(only(customers())['id']));
		const [, fromCrm] = await run();
		expect(counters(fromCrm)).toEqual({ uncoupled: 1 });
		expect(only(accounts())['bcbi_companyid'] ?? null).toBeNull();
		await quiet(3);
		expect(customers()).toEqual([]);
		world.sandbox.crm.update('account', id, { address1_city: 'Leeds' });
		await quiet();
		expect(only(customers())).toMatchObject({ city: 'Leeds' });
	});

	test('a full synchronization gives it a new partner', async () => {
		company().insert('customers', { displayName: 'Fabrikam' });
		await run();
		deleteAccount();
		await run();
		const request = { mappings: ['CUSTOMER'], afterwards: 'keep', bothSides: 'createAll', ignoreDependencies: true } as const;
		await inStore((session) => runFullSync(session, request));
		only(accounts());
		expect(await couplings()).toHaveLength(1);
	});

	test('chosen by name, it gets a new partner without having changed', async () => {
		const id = String(company().insert('customers', { displayName: 'Fabrikam' })['id']);
		await run();
		deleteAccount();
		await run();
		await run({ selected: { side: 'businessCentral', ids: [id] } });
		only(accounts());
		expect(await couplings()).toHaveLength(1);
	});
});

test('an insert into Business Central is open, and people couple its account with another customer: their couple stands, and the log names the new customer', async () => {
	const accountid = world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
	const other = String(company().insert('customers', { displayName: 'Fabrikam Ltd' })['id']);
	await run({ direction: 'fromCrm' }, (inner) => async (request) => {
		const answer = await inner(request);
		if (request.method !== 'POST' || !request.url.includes('$batch') || !(request.body ?? '').includes('POST')) return answer;
		throw new NoAnswer('The connection broke.', true);
	});
	expect(customers().map((row) => row['displayName'])).toEqual(['Fabrikam Ltd', 'Fabrikam']);
	await inStore((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: other, crmId: accountid, initial: 'send' }));
	await quiet(3);
	expect(await couplings()).toEqual([expect.objectContaining({ bcId: other, crmId: accountid })]);
	expect(only(accounts())['name']).toBe('Fabrikam Ltd');
	expect(customers()).toHaveLength(2);
	expect(await warnings()).toEqual([expect.stringContaining('Fabrikam was created by a run that was interrupted')]);
});
