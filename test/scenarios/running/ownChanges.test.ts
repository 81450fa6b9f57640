import { disagreements } from '../../kit/customers';
import { INTEGRATION_USER, openScene, readsOf, written, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const asIntegrationUser = (table: string, id: string, values: Record<string, string>) =>
	scene.world.sandbox.crm.update(table, id, values, INTEGRATION_USER);

test('versions decide, not users: a mapping of both directions delivers what a person did under the account of the integration', async () => {
	scene.inBc(1, { phoneNumber: '+44 1' });
	await scene.run();
	expect(scene.account(1)!['modifiedby']).toEqual(expect.stringMatching(new RegExp(INTEGRATION_USER)));
	asIntegrationUser('account', scene.accountId(1), { emailaddress1: 'shared@example.com' });
	asIntegrationUser('account', scene.accountId(2), { fax: '+44 2' });
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, { modified: 2 }]);
	const requests = scene.world.takeRequests();
	expect(readsOf(requests, 'accounts').join()).not.toMatch(/modifiedby/);
	expect(scene.customer(1)).toMatchObject({ email: 'shared@example.com' });
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
	expect(await scene.log()).toEqual([]);
});

test('a mapping from CRM takes what the integration user changed', async () => {
	const [user] = scene.world.base.users;
	await scene.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
	scene.world.minutes(30);
	asIntegrationUser('systemuser', user!, { mobilephone: '+44 5' });
	const [job] = await scene.world.run({ mapping: 'SALESPEOPLE' });
	expect(job!.job).toMatchObject({ direction: 'fromCrm', modified: 1, failed: 0, skipped: 0 });
	const changed = scene
		.company()
		.rows('salespeoplePurchasers')
		.filter((row) => row['phoneNo'] === '+44 5');
	expect(changed).toHaveLength(1);
	expect(await scene.log()).toEqual([]);
});

test('so does a run over chosen records', async () => {
	asIntegrationUser('account', scene.accountId(1), { fax: '+44 1' });
	expect(await scene.counted({ selected: { side: 'crm', ids: [scene.accountId(1)] } })).toEqual([{ modified: 1 }]);
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.failing()).toEqual([]);
});

test('own writes in Business Central are read again, known by their version, and not even counted as unchanged', async () => {
	for (const number of [1, 2, 3]) scene.inCrm(number, { address1_line2: `Floor ${number}` });
	expect(await scene.counted()).toEqual([{}, { modified: 3 }]);
	const couplings = await scene.couplings();
	for (const number of [1, 2, 3]) expect((await scene.coupling(number))!.bcVersion).toBe(scene.customer(number)!['@odata.etag']);
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	const requests = scene.world.takeRequests();
	const echo = requests.find(({ path }) => /\/customers\?/.test(path))!;
	for (const number of [1, 2, 3]) expect(echo.responseBody.toLowerCase()).toContain(scene.customerId(number).toLowerCase());
	expect(written(requests)).toBe(0);
	expect(await scene.couplings()).toEqual(couplings);
	expect(await scene.log()).toEqual([]);
});

test('a quiet run costs a fixed number of requests: 40 records written a moment ago cost no more than none', async () => {
	scene.world.minutes(60);
	await scene.run();
	const quiet = scene.world.takeRequests().length;
	await scene.world.close();
	scene = await openScene(40);
	for (let number = 1; number <= 40; number++) {
		scene.inBc(number, { phoneNumber: `+44 7 ${number}` });
		scene.inCrm(number, { address1_line2: `Floor ${number}` });
	}
	await scene.run();
	await scene.run();
	scene.world.takeRequests();
	const results = await scene.run();
	expect(results.map(({ job }) => [job.unchanged, job.modified])).toEqual([
		[0, 0],
		[0, 0],
	]);
	const busy = scene.world.takeRequests();
	expect(written(busy)).toBe(0);
	expect(busy.length).toBeLessThanOrEqual(quiet);
	expect(await disagreements(scene.world)).toEqual([]);
});

describe('a record that is to be tried again does not count as changed', () => {
	beforeEach(async () => {
		scene.inBc(1, { currencyCode: 'EUR' });
		expect((await scene.counted({ direction: 'toCrm' }))[0]).toEqual({ failed: 1 });
		scene.world.minutes(30);
	});

	test('after a plain failure towards CRM, edits made in CRM arrive without a conflict', async () => {
		scene.inCrm(1, { telephone1: '+44 9', emailaddress1: 'nine@example.com' });
		const [toCrm, fromCrm] = await scene.run();
		expect(toCrm!.failed.map(({ errorCode }) => errorCode)).toEqual(['DEPENDENCY']);
		expect(fromCrm!.job).toMatchObject({ modified: 1, failed: 0, skipped: 0 });
		expect(scene.customer(1)).toMatchObject({ phoneNumber: '+44 9', email: 'nine@example.com', currencyCode: 'EUR' });
		expect((await scene.log('error')).map(({ code }) => code)).toEqual(['DEPENDENCY', 'DEPENDENCY']);
		expect(await scene.failures('fromCrm')).toEqual([]);
	});

	test('and what failed is delivered afterwards, the edits of CRM untouched', async () => {
		scene.inCrm(1, { telephone1: '+44 9' });
		await scene.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
		const euro = scene.world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR')!;
		expect(scene.account(1)).toMatchObject({ telephone1: '+44 9', transactioncurrencyid: euro['transactioncurrencyid'] });
		expect(scene.customer(1)).toMatchObject({ phoneNumber: '+44 9', currencyCode: 'EUR' });
		expect(await scene.failing()).toEqual([]);
		expect((await scene.log('error')).filter(({ code }) => code === 'CONFLICT')).toEqual([]);
		scene.world.takeRequests();
		expect(await scene.counted()).toEqual([{}, {}]);
		expect(scene.writes()).toBe(0);
	});
});
