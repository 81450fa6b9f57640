import { disagreements, seedCustomers } from '../kit/customers';
import { createWorld, type World } from '../kit/world';

let world: World;
let customerId: string;
let accountId: string;

beforeEach(async () => {
	world = await createWorld();
	seedCustomers(world, 3);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	world.minutes(30);
	const customer = company().rows('customers')[0]!;
	customerId = String(customer['id']);
	accountId = String(world.sandbox.crm.rows('account').find((row) => row['name'] === customer['displayName'])!['accountid']);
	world.takeRequests();
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const inBc = (values: Record<string, unknown>) => company().update('customers', customerId, values);
const inCrm = (values: Record<string, string | number | null>) => world.sandbox.crm.update('account', accountId, values);
const customer = () => company().get('customers', customerId)!;
const account = () => world.sandbox.crm.row('account', accountId)!;
const logged = async (kind: string) => {
	const session = await world.open();
	const { rows } = await session.store.log({ limit: 100 });
	await session.store.close();
	return rows.filter((entry) => entry.kind === kind);
};

test('edits of different fields on both sides both survive, without a conflict', async () => {
	inBc({ phoneNumber: '+44 1', addressLine1: 'New Street 1' });
	inCrm({ emailaddress1: 'new@example.com', fax: '+44 9' });
	const [toCrm, fromCrm] = await world.run({ mapping: 'CUSTOMER' });
	expect(toCrm!.job).toMatchObject({ modified: 1, failed: 0, skipped: 0 });
	expect(fromCrm!.job).toMatchObject({ modified: 1, failed: 0, skipped: 0 });
	expect(account()).toMatchObject({ telephone1: '+44 1', address1_line1: 'New Street 1', emailaddress1: 'new@example.com', fax: '+44 9' });
	expect(customer()).toMatchObject({ phoneNumber: '+44 1', addressLine1: 'New Street 1', email: 'new@example.com' });
	expect(await disagreements(world)).toEqual([]);
});

describe('the same field edited on both sides', () => {
	beforeEach(() => {
		inBc({ phoneNumber: '+44 1' });
		world.minutes(1);
		inCrm({ telephone1: '+44 2' });
	});

	test('none: one failure in each pass, nothing is written, and the log names field, both values and both records with their links', async () => {
		const [toCrm, fromCrm] = await world.run({ mapping: 'CUSTOMER' });
		expect(toCrm!.job).toMatchObject({ status: 'finished', failed: 1, modified: 0 });
		expect(fromCrm!.job).toMatchObject({ status: 'finished', failed: 1, modified: 0 });
		expect(customer()['phoneNumber']).toBe('+44 1');
		expect(account()['telephone1']).toBe('+44 2');
		expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
		expect(toCrm!.failed).toEqual([
			expect.objectContaining({
				errorClass: 'data',
				errorCode: 'CONFLICT',
				fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }],
				businessCentral: expect.objectContaining({ id: customerId, number: 'C000001', url: expect.stringContaining('C000001') }),
				crm: expect.objectContaining({ id: accountId, url: expect.stringContaining(accountId) }),
			}),
		]);
		expect(await logged('error')).toHaveLength(2);
	});

	test('none: the second identical failure leaves the record alone, and it is tried again once it changes', async () => {
		await world.run({ mapping: 'CUSTOMER' });
		const [second] = await world.run({ mapping: 'CUSTOMER' });
		expect(second!.job).toMatchObject({ failed: 0, skipped: 1 });
		inCrm({ telephone1: '+44 1' });
		const third = await world.run({ mapping: 'CUSTOMER' });
		expect(third.map(({ job }) => job.failed)).toEqual([0, 0]);
		expect(await disagreements(world)).toEqual([]);
	});

	test.each([
		['send', '+44 1'],
		['get', '+44 2'],
		['newest', '+44 2'],
	] as const)('%s: both sides end with %s, and the value that lost is in the log', async (conflict, value) => {
		const results = await world.run({ mapping: 'CUSTOMER', conflict });
		expect(results.map(({ job }) => job.failed)).toEqual([0, 0]);
		expect(customer()['phoneNumber']).toBe(value);
		expect(account()['telephone1']).toBe(value);
		const [entry] = await logged('overwritten');
		expect(entry).toMatchObject({
			fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }],
			businessCentral: { id: customerId, url: expect.any(String) },
			crm: { id: accountId, url: expect.any(String) },
		});
		world.takeRequests();
		await world.run({ mapping: 'CUSTOMER', conflict });
		expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
	});

	test('a strategy given after the failure resolves it in the next run', async () => {
		await world.run({ mapping: 'CUSTOMER' });
		const results = await world.run({ mapping: 'CUSTOMER', conflict: 'send' });
		expect(results.map(({ job }) => job.failed)).toEqual([0, 0]);
		expect(account()['telephone1']).toBe('+44 1');
	});
});

describe('a partner that was deleted is noticed when the survivor changes', () => {
	test('none: a failure that names the remedy; the coupling stays', async () => {
		world.sandbox.crm.remove('account', accountId);
		inBc({ phoneNumber: '+44 1' });
		const [toCrm] = await world.run({ mapping: 'CUSTOMER' });
		expect(toCrm!.failed).toEqual([expect.objectContaining({ errorCode: 'PARTNER_DELETED', hint: expect.stringContaining('restore') })]);
	});
	test('restore: the account is made anew under its old id, coupled, and counted as created', async () => {
		world.sandbox.crm.remove('account', accountId);
		inBc({ phoneNumber: '+44 1' });
		const [toCrm, fromCrm] = await world.run({ mapping: 'CUSTOMER', deletion: 'restore' });
		expect(toCrm!.job).toMatchObject({ inserted: 1, failed: 0 });
		expect(fromCrm!.job).toMatchObject({ failed: 0, inserted: 0 });
		expect(world.sandbox.crm.rows('account')).toHaveLength(3);
		expect(world.sandbox.crm.row('account', accountId)).toMatchObject({ telephone1: '+44 1' });
		expect(await disagreements(world)).toEqual([]);
	});
	test('restore works from CRM too: the customer gets a new number', async () => {
		company().remove('customers', customerId);
		inCrm({ telephone1: '+44 5' });
		const [, fromCrm] = await world.run({ mapping: 'CUSTOMER', deletion: 'restore' });
		expect(fromCrm!.job).toMatchObject({ inserted: 1, failed: 0 });
		expect(company().rows('customers')).toHaveLength(3);
		expect(await disagreements(world)).toEqual([]);
	});
	test('remove coupling: the survivor stays as it is and is counted as uncoupled', async () => {
		world.sandbox.crm.remove('account', accountId);
		inBc({ phoneNumber: '+44 1' });
		const [toCrm] = await world.run({ mapping: 'CUSTOMER', deletion: 'removeCoupling' });
		expect(toCrm!.job).toMatchObject({ uncoupled: 1, failed: 0, inserted: 0 });
		expect(customer()['phoneNumber']).toBe('+44 1');
	});
});

test('a preview announces what the run then does, and changes nothing anywhere', async () => {
	inBc({ phoneNumber: '+44 1' });
	inCrm({ emailaddress1: 'new@example.com' });
	const preview = await world.run({ mapping: 'CUSTOMER', preview: true, returnChanges: 10 });
	expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
	const real = await world.run({ mapping: 'CUSTOMER', returnChanges: 10 });
	const announced = preview.map(({ job, changes }) => ({
		modified: job.modified,
		changes: changes.map(({ action, fields }) => ({ action, fields: fields.map(({ field, after }) => ({ field, after })) })),
	}));
	const done = real.map(({ job, changes }) => ({
		modified: job.modified,
		changes: changes.map(({ action, fields }) => ({ action, fields: fields.map(({ field, after }) => ({ field, after })) })),
	}));
	expect(done).toEqual(announced);
	expect(announced[0]).toEqual({ modified: 1, changes: [{ action: 'modify', fields: [{ field: 'telephone1', after: '+44 1' }] }] });
});

test('own writes are never taken for changes, even when the people share the integration user', async () => {
	inBc({ phoneNumber: '+44 1' });
	await world.run({ mapping: 'CUSTOMER' });
	world.sandbox.crm.update('account', accountId, { emailaddress1: 'shared@example.com' }, '5a1d0c1e-0001-4000-8000-000000000001');
	const [, fromCrm] = await world.run({ mapping: 'CUSTOMER' });
	expect(fromCrm!.job.modified).toBe(1);
	expect(customer()['email']).toBe('shared@example.com');
	world.takeRequests();
	await world.run({ mapping: 'CUSTOMER' });
	expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
});

test('a mapping that is being run is left alone and says so', async () => {
	const session = await world.open();
	const lease = await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
	expect(lease).not.toBeNull();
	const results = await world.run({ mapping: 'CUSTOMER' });
	expect(results.map(({ job }) => job.status)).toEqual(['alreadyRunning', 'alreadyRunning']);
	expect(world.takeRequests()).toEqual([]);
	await session.store.close();
});
