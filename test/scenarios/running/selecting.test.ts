import { disagreements } from '../../kit/customers';
import { sumOfCounters } from '../log/sums';
import { before, openScene, OVERLAP_MS, readsOf, written, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const EURO = '77777777-0000-4000-8000-000000000001';
/** Both systems have the euro, and nothing couples them yet. */
const euroInCrm = () =>
	scene.world.sandbox.crm.seed('transactioncurrency', [
		{
			transactioncurrencyid: EURO,
			isocurrencycode: 'EUR',
			currencyname: 'Euro',
			currencysymbol: '€',
			exchangerate: 1.25,
			currencyprecision: 2,
		},
	]);
const coupleCurrencies = () => scene.world.run({ mapping: 'CURRENCY', createUncoupled: true });

test('what failed towards CRM is read by id first, whatever the filter and the watermark say', async () => {
	scene.inBc(1, { currencyCode: 'EUR' });
	expect((await scene.counted())[0]).toEqual({ failed: 1 });
	scene.inBc(1, { blocked: 'All' });
	scene.world.minutes(60);
	scene.inBc(2, { phoneNumber: '+44 2' });
	expect(await scene.counted({ selected: { side: 'businessCentral', ids: [scene.customerId(2)] } })).toEqual([{ modified: 1 }]);
	expect(await scene.failing()).toEqual(['toCrm DEPENDENCY']);
	await coupleCurrencies();
	scene.world.minutes(60);
	scene.world.takeRequests();

	expect((await scene.counted())[0]).toEqual({ modified: 1 });
	const requests = scene.world.takeRequests();
	const firstRead = requests.flatMap(({ parts }) => parts).find(({ path }) => path.includes('customers?'));
	expect(firstRead!.path).toContain(scene.customerId(1));
	expect(firstRead!.path).not.toMatch(/blocked eq|lastModifiedDateTime ge/);
	const euro = scene.world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR')!;
	expect(scene.account(1)).toMatchObject({ transactioncurrencyid: euro['transactioncurrencyid'] });
	expect(await scene.failing()).toEqual([]);
	expect(await scene.couplings()).toHaveLength(3);
});

test('a run over chosen records does not try others that failed', async () => {
	euroInCrm();
	scene.inBc(1, { currencyCode: 'EUR' });
	scene.inCrm(2, { transactioncurrencyid: EURO });
	expect(await scene.counted()).toEqual([{ failed: 1 }, { failed: 1 }]);
	const failures = [await scene.failures('toCrm'), await scene.failures('fromCrm')];
	const rows = await scene.log();
	scene.inBc(3, { phoneNumber: '+44 3' });
	expect(await scene.counted({ selected: { side: 'businessCentral', ids: [scene.customerId(3)] } })).toEqual([{ modified: 1 }]);
	scene.inCrm(3, { fax: '+44 3' });
	expect(await scene.counted({ selected: { side: 'crm', ids: [scene.accountId(3)] } })).toEqual([{ modified: 1 }]);
	expect([await scene.failures('toCrm'), await scene.failures('fromCrm')]).toEqual(failures);
	expect(await scene.log()).toEqual(rows);
});

test('the filter and the watermark choose; a record read by id before is not dealt with twice', async () => {
	scene.inBc(1, { currencyCode: 'EUR' });
	expect((await scene.counted())[0]).toEqual({ failed: 1 });
	await coupleCurrencies();
	scene.world.minutes(60);
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.inBc(2, { blocked: 'All', phoneNumber: '+44 2' });
	scene.world.minutes(1);
	scene.inBc(3, { phoneNumber: '+44 3' });
	const { businessCentral } = await scene.watermarks();
	scene.world.takeRequests();

	const [toCrm] = await scene.run();
	expect(toCrm!.job).toMatchObject({ modified: 2, failed: 0, skipped: 0, unchanged: 0 });
	expect(sumOfCounters(toCrm!.job)).toBe(2);
	const requests = scene.world.takeRequests();
	const [read] = readsOf(requests, 'customers');
	expect(read).toContain("blocked eq '_x0020_'");
	const from = Date.parse(/lastModifiedDateTime ge ([^ )]+)/.exec(read!)![1]!);
	expect(from).toBeLessThanOrEqual(Date.parse(before(businessCentral, OVERLAP_MS)));
	expect(scene.account(1)).toMatchObject({ telephone1: '+44 1' });
	expect(scene.account(2)).not.toMatchObject({ telephone1: '+44 2' });
	expect(scene.account(3)).toMatchObject({ telephone1: '+44 3' });
	expect(await scene.failing()).toEqual([]);
});

test('what failed towards Business Central is read by id first, whatever the filter and the watermark say', async () => {
	euroInCrm();
	scene.inCrm(1, { transactioncurrencyid: EURO });
	expect((await scene.counted())[1]).toEqual({ failed: 1 });
	scene.inCrm(1, { customertypecode: 1 });
	await coupleCurrencies();
	scene.world.minutes(60);
	scene.world.takeRequests();

	expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
	const requests = scene.world.takeRequests();
	const firstRead = requests.flatMap(({ parts }) => parts).find(({ path }) => path.includes('accounts?') && path.includes('emailaddress1'));
	expect(firstRead!.path).toContain(scene.accountId(1));
	expect(firstRead!.path).not.toMatch(/customertypecode eq|modifiedon ge/);
	expect(scene.customer(1)).toMatchObject({ currencyCode: 'EUR' });
	expect(await scene.failing()).toEqual([]);
	expect(await scene.couplings()).toHaveLength(3);
});

test('the last eleven minutes are read again, and cost neither a counter nor a request nor a write', async () => {
	scene.world.sandbox.crm.setChangeTracking('account', false);
	scene.inCrm(1, { telephone1: '+44 1' });
	expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
	scene.world.minutes(1);
	const { crm } = await scene.watermarks();
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	const requests = scene.world.takeRequests();
	const [read] = readsOf(requests, 'accounts');
	expect(read).toContain(`modifiedon ge ${before(crm, OVERLAP_MS)}`);
	expect(read).toMatch(/statecode eq 0 and customertypecode eq 3/);
	expect(read).toMatch(/orderby=modifiedon asc,accountid asc/);
	const seen = requests.find(({ path }) => path === read)!;
	expect(seen.responseBody).toContain(scene.accountId(1).toLowerCase());
	expect(requests.flatMap(({ parts }) => parts)).toEqual([]);
	expect(written(requests)).toBe(0);
	expect(await scene.log()).toEqual([]);
});

test('page by page, and never more than one page ahead: the first changes are written while later pages are still unread', async () => {
	await scene.world.close();
	scene = await openScene(50);
	for (let number = 1; number <= 50; number++) scene.inBc(number, { phoneNumber: `+44 7 ${number}` });
	expect(await scene.counted({ direction: 'toCrm', pageSize: 10 })).toEqual([{ modified: 50 }]);
	const requests = scene.world.takeRequests();
	const steps = requests.flatMap((request) =>
		/\/customers\?/.test(request.path) ? ['read'] : request.system === 'crm' && request.writes > 0 ? [`write ${request.writes}`] : [],
	);
	// The list of what changed, the first page of values, and the second one while the first is dealt with.
	expect(steps.slice(0, 4)).toEqual(['read', 'read', 'read', 'write 10']);
	expect(steps.filter((step) => step === 'write 10')).toHaveLength(5);
	expect(steps.lastIndexOf('read')).toBeGreaterThan(steps.indexOf('write 10'));
	for (let index = 0, open = 0; index < steps.length; index++) {
		open += steps[index] === 'read' ? 1 : -1;
		expect(open).toBeLessThanOrEqual(3);
	}
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.couplings()).toHaveLength(50);
});

test('450 chosen records are asked for in parts of at most 100 (Business Central) and 400 (CRM) ids, many parts in one request', async () => {
	await scene.world.close();
	scene = await openScene(450);
	const numbers = Array.from({ length: 450 }, (_, index) => index + 1);
	const asked = (entity: string): string[][] =>
		scene.world
			.takeRequests()
			.flatMap(({ parts }) => parts)
			.filter(({ method, path }) => method === 'GET' && path.includes(`${entity}?`))
			.map(({ path }) => path.match(/ eq [0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [])
			.map((ids) => ids.filter((id) => !id.endsWith(scene.world.base.companyRowId))); // of the mapping's filter
	const largest = (parts: string[][]): number => Math.max(...parts.map(({ length }) => length));

	for (const number of numbers) scene.inBc(number, { phoneNumber: `+44 7 ${number}` });
	const ids = numbers.map((number) => scene.customerId(number));
	expect(await scene.counted({ selected: { side: 'businessCentral', ids } })).toEqual([{ modified: 450 }]);
	const bc = asked('customers');
	expect(largest(bc)).toBe(100);
	expect(new Set(bc.flat()).size).toBe(450);

	for (const number of numbers) scene.inCrm(number, { fax: `+44 9 ${number}` });
	const accounts = numbers.map((number) => scene.accountId(number));
	expect(await scene.counted({ selected: { side: 'crm', ids: accounts } })).toEqual([{ modified: 450 }]);
	const crm = asked('accounts');
	expect(largest(crm)).toBe(400);
	expect(new Set(crm.flat()).size).toBe(450);
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.log()).toEqual([]);
});

test('while only coupled records are synchronized, uncoupled ones of both sides are left alone without a counter or a row in the log; one request for all of them counts what CRM notes itself', async () => {
	scene.newCustomer('Alone');
	scene.newAccount('Alone too');
	scene.newAccount('Alone as well');
	expect(await scene.counted()).toEqual([{}, {}]);
	const requests = scene.world.takeRequests();
	expect(written(requests)).toBe(0);
	// What CRM notes itself is read together with records that were seen before: whether they still stand.
	const witnesses = /accounts\?\$select=accountid,modifiedon,statecode,customertypecode,_bcbi_companyid_value&/;
	const further = requests.flatMap(({ parts }) => parts).filter(({ path }) => !witnesses.test(decodeURIComponent(path)));
	expect(further.map(({ path }) => path.match(/accountid eq /g)?.length)).toEqual([2]);
	expect(scene.company().rows('customers')).toHaveLength(4);
	expect(scene.world.sandbox.crm.rows('account')).toHaveLength(5);
	expect(await scene.couplings()).toHaveLength(3);
	expect(await scene.log()).toEqual([]);
	expect(await scene.failing()).toEqual([]);
});

test.each(['businessCentral', 'crm'] as const)(
	'one uncoupled record of %s asked for by name counts as skipped, and the run says why',
	async (side) => {
		const id = side === 'businessCentral' ? scene.newCustomer('Alone') : scene.newAccount('Alone');
		scene.world.takeRequests();
		const [result, ...rest] = await scene.run({ selected: { side, ids: [id] } });
		expect(rest).toEqual([]);
		expect(result!.job).toMatchObject({ status: 'finished', skipped: 1 });
		expect(sumOfCounters(result!.job)).toBe(1);
		expect(result!.warnings).toEqual([expect.stringContaining('not coupled')]);
		expect((await scene.log()).map(({ kind }) => kind)).toEqual(['warning']);
		expect(await scene.couplings()).toHaveLength(3);
		expect(await scene.failing()).toEqual([]);
		expect(scene.writes()).toBe(0);
	},
);

test.each(['businessCentral', 'crm'] as const)(
	'a record of %s asked for by name that the filter leaves out is left alone, coupled or not, and the run says so',
	async (side) => {
		if (side === 'businessCentral') scene.inBc(1, { blocked: 'All', phoneNumber: '+44 1' });
		else scene.inCrm(1, { statecode: 1, statuscode: 2, telephone1: '+44 1' });
		scene.world.takeRequests();
		const id = side === 'businessCentral' ? scene.customerId(1) : scene.accountId(1);
		const [result] = await scene.run({ selected: { side, ids: [id] }, createUncoupled: true });
		expect(result!.job).toMatchObject({ status: 'finished', skipped: 1, modified: 0 });
		expect(sumOfCounters(result!.job)).toBe(1);
		expect(result!.warnings).toEqual([expect.stringContaining('outside the filter')]);
		expect(scene.writes()).toBe(0);
		// The record comes back as soon as the filter takes it in.
		if (side === 'businessCentral') scene.inBc(1, { blocked: '_x0020_' });
		else scene.inCrm(1, { statecode: 0, statuscode: 1 });
		await scene.run();
		expect(scene.customer(1)).toMatchObject({ phoneNumber: '+44 1' });
		expect(scene.account(1)).toMatchObject({ telephone1: '+44 1' });
	},
);
