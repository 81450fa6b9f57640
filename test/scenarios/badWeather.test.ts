import { countCouplings, disagreements, seedCustomers } from '../kit/customers';
import type { FaultRule } from '../../sandbox/core/types';
import { createWorld, type World } from '../kit/world';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	seedCustomers(world, 40);
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const createAll = () => world.run({ mapping: 'CUSTOMER', createUncoupled: true });
const everywhere = async (count: number): Promise<void> => {
	expect(world.sandbox.crm.rows('account').length).toBe(count);
	expect(company().rows('customers').length).toBe(count);
	expect(await countCouplings(world)).toBe(count);
	expect(await disagreements(world)).toEqual([]);
};

describe('faults that the run outlives by itself', () => {
	const faults: Array<[string, FaultRule]> = [
		['an expired token in the middle of the run', { system: 'crm', nth: 2, fault: { kind: 'answer', status: 401 } }],
		[
			'a storm of 429 with Retry-After from Dataverse',
			{ system: 'crm', times: 5, fault: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } } },
		],
		[
			'a storm of 429 without Retry-After from Business Central',
			{ system: 'businessCentral', times: 5, fault: { kind: 'answer', status: 429 } },
		],
		[
			'a 503 from Business Central',
			{ system: 'businessCentral', nth: 1, fault: { kind: 'answer', status: 503, headers: { 'retry-after': '3' } } },
		],
		['a connection dropped before a write', { system: 'crm', url: /\$batch/, method: 'POST', fault: { kind: 'dropBefore' } }],
		['a connection dropped after a write', { system: 'crm', url: /\$batch/, method: 'POST', fault: { kind: 'dropAfter' } }],
		['half a batch', { system: 'crm', url: /\$batch/, method: 'POST', fault: { kind: 'halfBatch', parts: 13 } }],
		['an answer cut short', { system: 'crm', url: /\$batch/, method: 'POST', fault: { kind: 'truncate', characters: 900 } }],
	];
	test.each(faults)('%s', async (_, rule) => {
		world.sandbox.faults.add(rule);
		const results = await createAll();
		expect(results.map(({ job }) => [job.status, job.failed])).toEqual([
			['finished', 0],
			['finished', 0],
		]);
		await everywhere(40);
	});
});

describe('faults that end the run with one clear error, and lose nothing', () => {
	const faults: Array<[string, FaultRule, { errorClass: string; system: RegExp }]> = [
		[
			'an HTML page instead of JSON, for good',
			{ system: 'crm', times: 1000, fault: { kind: 'html', status: 200 } },
			{ errorClass: 'setup', system: /CRM|Dataverse/ },
		],
		[
			'a service that is down',
			{ system: 'businessCentral', times: 1000, fault: { kind: 'answer', status: 503 } },
			{ errorClass: 'transient', system: /Business Central/ },
		],
		[
			'credentials that are refused',
			{ system: 'businessCentral', times: 1000, fault: { kind: 'answer', status: 401 } },
			{ errorClass: 'setup', system: /Business Central/ },
		],
		[
			'a privilege that is missing',
			{ system: 'crm', times: 1000, fault: { kind: 'answer', status: 403 } },
			{ errorClass: 'setup', system: /CRM|Dataverse/ },
		],
	];
	test.each(faults)('%s', async (_, rule, expected) => {
		world.sandbox.faults.add(rule);
		const results = await createAll();
		expect(results.at(-1)!.job).toMatchObject({ status: 'failed', message: expect.stringMatching(expected.system) });
		expect(results.at(-1)!.failed[0]).toMatchObject({ errorClass: expected.errorClass, hint: expect.stringMatching(/\w{10}|\w+ \w+/) });
		world.sandbox.faults.clear();
		world.minutes(60);
		expect((await createAll()).map(({ job }) => [job.status, job.failed])).toEqual([
			['finished', 0],
			['finished', 0],
		]);
		await everywhere(40);
	});
});

test('an edit that meets an update is never overwritten: the update is decided again on what is there now', async () => {
	await createAll();
	world.minutes(30);
	const [customer] = company().rows('customers');
	company().update('customers', String(customer!['id']), { phoneNumber: '+44 7' });
	world.sandbox.faults.add({ system: 'crm', method: 'PATCH', fault: { kind: 'stale' } });
	const [toCrm] = await world.run({ mapping: 'CUSTOMER' });
	expect(toCrm!.job).toMatchObject({ modified: 1, failed: 0 });
	expect(await disagreements(world)).toEqual([]);
});

test('a lost answer to creating customers in Business Central makes no second one: what arrived is found, what did not is made once that is sure', async () => {
	await createAll();
	world.minutes(30);
	for (let index = 1; index <= 10; index++) {
		world.sandbox.crm.insert('account', { name: `From CRM ${index}`, customertypecode: 3, address1_city: `Town ${index}` });
	}
	world.sandbox.faults.add({ system: 'businessCentral', method: 'POST', url: /\$batch/, fault: { kind: 'halfBatch', parts: 4 } });
	const [, lost] = await createAll();
	expect(lost!.failed).toEqual(lost!.failed.map(() => expect.objectContaining({ errorCode: 'INSERT_UNSETTLED', errorClass: 'transient' })));
	expect(lost!.failed.length).toBeGreaterThan(0);
	const [, early] = await createAll();
	expect(early!.job.status).toBe('finished');
	world.minutes(15);
	const [, late] = await createAll();
	expect(late!.job).toMatchObject({ status: 'finished', failed: 0 });
	await everywhere(50);
});

test('no secret ever reaches a result, the log or the state', async () => {
	world.sandbox.faults.add({ system: 'crm', nth: 3, fault: { kind: 'html', status: 502 } });
	const results = await createAll();
	const session = await world.open();
	const state = JSON.stringify([results, await session.store.jobs({ limit: 100 }), await session.store.log({ limit: 100 })]);
	await session.store.close();
	expect(state).not.toMatch(/Bearer|Basic |eyJ0eXAi|sandbox-secret|YWNjZXNz/);
});
