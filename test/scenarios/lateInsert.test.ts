import { createAndCouple, uncouple } from '../../engine';
import { NoAnswer, type HttpRequest, type Transport } from '../../engine/systems/odata/transport';
import { dieAt } from '../kit/killing';
import { createWorld, type World } from '../kit/world';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const customer = () => company().rows('customers')[0]!;
const accounts = () => world.sandbox.crm.rows('account');
const run = (transport?: (inner: Transport) => Transport, more: { deletion?: 'deleteOther'; conflict?: 'get' | 'send' } = {}) =>
	world.run({ mapping: 'CUSTOMER', createUncoupled: true, findDeleted: 'now', ...more }, transport ? { transport } : {});
const isInsert = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && url.includes('$batch') && body.includes('If-None-Match: *');

test('an insert that hangs is carried out just before the next run repeats it with newer values: the newer values stand in both systems', async () => {
	company().insert('customers', { displayName: 'Old name', city: 'London' });
	let late: HttpRequest | undefined;
	await run(() => async (request) => {
		const inner: Transport = async ({ method, url, headers, body = '' }) =>
			await world.sandbox.handle({
				...{ method, url, body },
				headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
			});
		if (!isInsert(request)) return await inner(request);
		late ??= request;
		throw new NoAnswer('The request timed out.', true);
	});
	expect([late !== undefined, accounts()]).toEqual([true, []]);
	company().update('customers', String(customer()['id']), { displayName: 'New name' });
	world.minutes(5);
	// The second run knows the insert as open, does not find its row, and sends it again; the first one is quicker by a moment.
	await run((inner) => async (request) => {
		if (isInsert(request) && late) await inner(late);
		if (isInsert(request)) late = undefined;
		return await inner(request);
	});
	for (let more = 0; more < 2; more++) {
		world.minutes(15);
		await run();
	}
	expect(accounts()).toHaveLength(1);
	expect([customer()['displayName'], accounts()[0]!['name'], accounts()[0]!['address1_city']]).toEqual(['New name', 'New name', 'London']);
});

test('an insert that hangs is carried out just before the next run repeats it with newer values: also what was blank before stands in both systems', async () => {
	company().insert('customers', { displayName: 'Fabrikam' });
	let late: HttpRequest | undefined;
	await run(() => async (request) => {
		const inner: Transport = async ({ method, url, headers, body = '' }) =>
			await world.sandbox.handle({
				...{ method, url, body },
				headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
			});
		if (!isInsert(request)) return await inner(request);
		late ??= request;
		throw new NoAnswer('The request timed out.', true);
	});
	expect([late !== undefined, accounts()]).toEqual([true, []]);
	company().update('customers', String(customer()['id']), { city: 'London', email: 'new@example.com' });
	world.minutes(5);
	// The second run knows the insert as open, does not find its row, and sends it again; the first one is quicker by a moment.
	await run(
		(inner) => async (request) => {
			if (isInsert(request) && late) await inner(late);
			if (isInsert(request)) late = undefined;
			return await inner(request);
		},
		{ conflict: 'get' },
	);
	for (let more = 0; more < 2; more++) {
		world.minutes(15);
		await run(undefined, { conflict: 'get' });
	}
	expect(accounts()).toHaveLength(1);
	expect([customer()['city'], customer()['email'], accounts()[0]!['address1_city'], accounts()[0]!['emailaddress1']]).toEqual([
		'London',
		'new@example.com',
		'London',
		'new@example.com',
	]);
});

test('what was entered in a record that a dead run created, and that goes with its deleted partner, is in the log', async () => {
	company().insert('customers', { displayName: 'Fabrikam' });
	// The process dies as soon as the account exists, before anything of it is recorded.
	const death = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	let created = false;
	const dying = new Promise<void>((resolve) => {
		void world.run(
			{ mapping: 'CUSTOMER', createUncoupled: true },
			{
				...death.options,
				transport: (inner) => async (request) => {
					const response = await inner(request);
					if (!isInsert(request)) return response;
					created = true;
					resolve();
					return await new Promise<never>(() => undefined);
				},
			},
		);
	});
	await dying;
	expect([created, accounts().length]).toEqual([true, 1]);
	world.minutes(3);
	world.sandbox.crm.update('account', String(accounts()[0]!['accountid']), { telephone1: 'entered' });
	company().remove('customers', String(customer()['id']));
	world.minutes(15);
	await run(undefined, { deletion: 'deleteOther', conflict: 'send' });
	expect(accounts()).toEqual([]);
	const session = await world.open();
	const { rows } = await session.store.log({ limit: 100 });
	await session.store.close();
	const named = rows.filter(({ code }) => code === 'DELETED_WITH_PARTNER').flatMap(({ fields }) => fields);
	expect(named).toContainEqual({ name: 'Phone No.', businessCentral: null, crm: 'entered' });
});

test('metadata that breaks off is read again, and hides no field', async () => {
	const row = company().insert('customers', { displayName: 'Fabrikam' });
	company().update('workflowCustomers', String(row['number']), { faxNumber: '123' });
	world.sandbox.faults.add({ url: /\$metadata/, fault: { kind: 'truncate', characters: 2000 }, times: 2 });
	await run();
	expect(accounts().map((account) => account['fax'])).toEqual(['123']);
});

test('an insert hangs, the next run repeats it and is refused for the moment, and then the first one is carried out: one account, one customer', async () => {
	company().insert('customers', { displayName: 'Fabrikam' });
	let late: HttpRequest | undefined;
	await run(() => async (request) => {
		if (!isInsert(request)) return await sent(request);
		late ??= request;
		throw new NoAnswer('The request timed out.', true);
	});
	world.sandbox.faults.add({ system: 'crm', method: 'PATCH', fault: { kind: 'answer', status: 429 }, times: 100 });
	world.minutes(2);
	const [refused] = await run();
	expect(refused!.failed).toEqual([expect.objectContaining({ errorCode: 'CRM_THROTTLED', errorClass: 'transient' })]);
	world.sandbox.faults.clear();
	expect(accounts()).toEqual([]);
	await sent(late!);
	expect(accounts()).toHaveLength(1);
	// The row is CRM's newest when only that side is looked at.
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true, direction: 'fromCrm' });
	for (let more = 0; more < 2; more++) {
		world.minutes(15);
		await run();
	}
	expect([accounts().length, company().rows('customers').length]).toEqual([1, 1]);
});

test('an insert that was refused and never created its record is forgotten after a day', async () => {
	company().insert('customers', { displayName: 'Fabrikam' });
	world.sandbox.faults.add({ system: 'crm', method: 'PATCH', fault: { kind: 'answer', status: 429 }, times: 100 });
	await run();
	world.sandbox.faults.clear();
	const intents = async (): Promise<number> => {
		const { store } = await world.open();
		try {
			return (await store.intents('CUSTOMER', 'toCrm', 10)).length;
		} finally {
			await store.close();
		}
	};
	expect(await intents()).toBe(1);
	world.minutes(25 * 60);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: false });
	expect(await intents()).toBe(0);
	await run();
	expect(accounts()).toHaveLength(1);
});

const isCreation = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && /v2\.0.*\$batch/.test(url) && body.includes('"POST"');

test.each([
	['asks for a rest of eight minutes', { status: 429, headers: { 'retry-after': '480' } }],
	['is busy all the time', { status: 503 }],
])('creations do not leave for a Business Central that %s when it is too late to know what happens to them', async (_, answer) => {
	world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
	const at: number[] = [];
	await run((inner) => async (request) => {
		if (!isCreation(request)) return await inner(request);
		at.push(world.clock.now());
		world.sandbox.faults.add({ system: 'businessCentral', method: 'POST', fault: { kind: 'answer', ...answer } });
		return await inner(request);
	});
	expect(at.length).toBeGreaterThan(0);
	expect(at.at(-1)! - at[0]!).toBeLessThanOrEqual(4 * 60_000);
	world.sandbox.faults.clear();
	for (let more = 0; more < 2; more++) {
		world.minutes(15);
		await run();
	}
	expect(company().rows('customers')).toHaveLength(1);
});

test('a host that was asleep for twenty minutes does not send a creation that another run may have repeated', async () => {
	world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
	let slept = false;
	const ended = await run((inner) => async (request) => {
		if (!isCreation(request) || slept) return await inner(request);
		slept = true;
		world.minutes(20);
		await run();
		expect(company().rows('customers')).toHaveLength(1);
		throw new NoAnswer('The connection was reset.', false);
	});
	expect(slept).toBe(true);
	expect(ended.map(({ job }) => job.status)).toEqual(['finished', 'stopped']);
	world.minutes(15);
	await run();
	expect([accounts().length, company().rows('customers').length]).toEqual([1, 1]);
});

test('what was not written with a record whose creation was interrupted is delivered later, also when nobody changes the record any more', async () => {
	const id = world.sandbox.crm.insert('account', { name: 'Fabrikam', fax: '+44 1', customertypecode: 3 });
	world.minutes(30);
	world.sandbox.crm.insert('account', { name: 'Contoso', customertypecode: 3 });
	await world.run({ mapping: 'CUSTOMER', createUncoupled: false });
	const session = await world.open({
		transport: (inner) => async (request) => {
			const answer = await inner(request);
			if (isCreation(request)) throw new NoAnswer('The connection broke.', true);
			return answer;
		},
	});
	await createAndCouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [id] });
	await session.store.commit({ failuresDone: [{ mapping: 'CUSTOMER', direction: 'fromCrm', sourceId: id }] });
	await session.store.close();
	const faxes = () =>
		company()
			.rows('workflowCustomers')
			.map((row) => row['faxNumber'] ?? '');
	expect(faxes()).toEqual(['']);
	world.minutes(30);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: false });
	expect(faxes()).toEqual(['+44 1']);
});

test('a customer that had a partner before is not taken for what a lost insert made, however much it looks like it', async () => {
	const id = world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
	await run();
	world.sandbox.crm.update('account', id, { emailaddress1: 'info@fabrikam.com' });
	const session = await world.open({
		transport: (inner) => async (request) => {
			if (isCreation(request)) throw new NoAnswer('The connection broke.', true);
			return await inner(request);
		},
	});
	await uncouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [id] });
	await createAndCouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [id] });
	await session.store.close();
	for (let more = 0; more < 2; more++) {
		world.minutes(15);
		await world.run({ mapping: 'CUSTOMER', createUncoupled: true, direction: 'fromCrm' });
	}
	expect(world.sandbox.crm.row('account', id)).toMatchObject({ emailaddress1: 'info@fabrikam.com' });
	expect(
		company()
			.rows('customers')
			.map((row) => row['email'] ?? ''),
	).toEqual(['', 'info@fabrikam.com']);
});

const sent: Transport = async ({ method, url, headers, body = '' }) =>
	await world.sandbox.handle({
		...{ method, url, body },
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
	});
