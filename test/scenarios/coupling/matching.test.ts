import { coupleRecords } from '../../../engine/coupling/couple';
import type { MatchCriterion } from '../../../engine/coupling/matchCriteria';
import { matchCouple, type MatchRequest, type MatchResult } from '../../../engine/coupling/matchCouple';
import { createSetting, type Setting } from './setting';

let setting: Setting;
beforeEach(async () => {
	setting = await createSetting();
});
afterEach(() => setting.world.close());

const NAME: MatchCriterion = { bcField: 'displayName', crmField: 'name' };
const EMAIL: MatchCriterion = { bcField: 'email', crmField: 'emailaddress1' };
const CITY: MatchCriterion = { bcField: 'city', crmField: 'address1_city' };
const run = (request: Partial<MatchRequest> = {}): Promise<MatchResult> =>
	setting.use((session) => matchCouple(session, { mapping: 'CUSTOMER', criteria: [NAME], ...request }));
/** Outcomes by number of the customer. */
const outcomes = ({ records }: MatchResult): Record<string, string> =>
	Object.fromEntries(records.map((record) => [record.businessCentral?.number || record.crm?.name, record.outcome]));
const errors = async () => (await setting.log()).filter(({ kind }) => kind === 'error');
const couple = (bcId: string, crmId: string) =>
	setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'none' }));

describe('counters and log', () => {
	test('five of five unique give C=5, a job of type coupling, and nothing is written in either system', async () => {
		for (let index = 1; index <= 5; index++) {
			setting.customer(`C${index}`, { displayName: `Name ${index}` });
			setting.account(`Name ${index}`);
		}
		setting.world.takeRequests();
		const { job, followUps } = await run();
		expect(job.job).toMatchObject({ type: 'coupling', status: 'finished', coupled: 5, failed: 0, direction: null });
		expect(followUps).toEqual([]);
		expect(await setting.pairs()).toEqual([1, 2, 3, 4, 5].map((index) => `C${index} – Name ${index}`));
		expect(setting.writes()).toBe(0);
		expect(await errors()).toEqual([]);
		expect(await setting.jobs()).toEqual([expect.objectContaining({ type: 'coupling', coupled: 5 })]);
	});
	test('two unique and three without give C=2 F=3, and one log entry each with the reason', async () => {
		for (let index = 1; index <= 5; index++) setting.customer(`C${index}`, { displayName: `Name ${index}` });
		setting.account('Name 1');
		setting.account('Name 2');
		const { job } = await run();
		expect(job.job).toMatchObject({ coupled: 2, failed: 3 });
		expect((await errors()).map(({ code, businessCentral }) => [code, businessCentral?.number]).sort()).toEqual([
			['NO_MATCH', 'C3'],
			['NO_MATCH', 'C4'],
			['NO_MATCH', 'C5'],
		]);
		expect(job.failed).toEqual(
			[1, 2, 3].map(() => expect.objectContaining({ errorClass: 'data', hint: expect.stringMatching(/create/i) })),
		);
	});
	test('five accounts that share the value give C=0, and the candidates are named', async () => {
		setting.customer('C1', { displayName: 'Same' });
		const accounts = Array.from({ length: 5 }, () => setting.account('Same'));
		const result = await run();
		expect(result.job.job).toMatchObject({ coupled: 0, failed: 1 });
		expect(result.records).toEqual([
			expect.objectContaining({
				outcome: 'severalMatches',
				candidateCount: 5,
				message: expect.stringContaining('5 records of CRM have the same Name'),
			}),
		]);
		expect(result.records[0]!.candidates.map(({ id }) => id).sort()).toEqual([...accounts].sort());
		expect(result.records[0]!.candidates[0]!.url).toContain('etn=account');
	});
	test('coupled records are left exactly as they are, and nothing is said about them', async () => {
		const [c1, a1] = [setting.customer('C1', { displayName: 'One' }), setting.account('Other')];
		await couple(c1, a1);
		const before = await setting.couplings();
		setting.account('One');
		const { job, records } = await run();
		expect(job.job).toMatchObject({ coupled: 0, failed: 0, message: 'No uncoupled records to match.' });
		expect(records).toEqual([]);
		expect(await setting.couplings()).toEqual(before);
		expect(await setting.log()).toEqual([]);
	});
	test('unmatched records are not retried by runs', async () => {
		setting.customer('C1');
		await run();
		const [toCrm] = await setting.world.run({ mapping: 'CUSTOMER' });
		expect(toCrm!.job).toMatchObject({ failed: 0, skipped: 0, inserted: 0 });
	});
});

describe('what is a match', () => {
	test('the only candidate belongs to another customer: reported with its owner, and not taken', async () => {
		const [c1, a1] = [setting.customer('C1', { displayName: 'One' }), setting.account('One')];
		await couple(c1, a1);
		setting.customer('C2', { displayName: 'One' });
		const { records, job } = await run();
		expect(records).toEqual([
			expect.objectContaining({ outcome: 'alreadyCoupled', message: expect.stringContaining('already coupled to C1 One') }),
		]);
		expect(job.failed).toEqual([expect.objectContaining({ errorCode: 'MATCH_TAKEN' })]);
		expect(await setting.pairs()).toEqual(['C1 – One']);
	});
	test('two customers with the value of one account compete: neither is coupled, and each names the other', async () => {
		setting.customer('C1', { displayName: 'Same' });
		setting.customer('C2', { displayName: 'Same' });
		setting.account('Same');
		const result = await run();
		expect(result.job.job).toMatchObject({ coupled: 0, failed: 2 });
		expect(outcomes(result)).toEqual({ C1: 'severalMatches', C2: 'severalMatches' });
		expect(result.records.find((record) => record.businessCentral?.number === 'C1')!.message).toContain('C2 Same');
	});
	test('groups are searches of their own: a later one finds what the first did not', async () => {
		setting.customer('C1', { displayName: 'One', email: 'one@example.com' });
		setting.account('Another name', { emailaddress1: 'one@example.com' });
		const { job } = await run({ criteria: [NAME, { ...EMAIL, priority: 1 }] });
		expect(job.job).toMatchObject({ coupled: 1, failed: 0 });
	});
	test('a later group settles what several fitted before', async () => {
		setting.customer('C1', { displayName: 'Same', email: 'one@example.com' });
		setting.customer('C2', { displayName: 'Same', email: 'two@example.com' });
		setting.account('Same', { emailaddress1: 'two@example.com' });
		setting.account('Same', { emailaddress1: 'one@example.com', address1_city: 'Here' });
		await run({ criteria: [NAME, { ...EMAIL, priority: 7 }] });
		const couplings = await setting.couplings();
		expect(couplings.map(({ bcId, crmId }) => [setting.bc(bcId)!['email'], setting.crm(crmId)!['emailaddress1']])).toEqual(
			expect.arrayContaining([
				['one@example.com', 'one@example.com'],
				['two@example.com', 'two@example.com'],
			]),
		);
		expect(couplings).toHaveLength(2);
	});
	test('lower priorities come first, whatever the order of the criteria', async () => {
		setting.customer('C1', { displayName: 'One', email: 'two@example.com' });
		setting.account('One', { emailaddress1: 'x@example.com' });
		setting.account('Two', { emailaddress1: 'two@example.com' });
		await run({
			criteria: [
				{ ...NAME, priority: 5 },
				{ ...EMAIL, priority: 1 },
			],
		});
		expect(await setting.pairs()).toEqual(['C1 – Two']);
	});
	test('conditions of one group all have to hold', async () => {
		setting.customer('C1', { displayName: 'One', city: 'London' });
		setting.account('One', { address1_city: 'Paris' });
		const { job } = await run({ criteria: [NAME, CITY] });
		expect(job.job).toMatchObject({ coupled: 0, failed: 1 });
	});
	test('a blank value adds no condition', async () => {
		setting.customer('C1', { displayName: 'One', city: '' });
		setting.account('One', { address1_city: 'Paris' });
		expect((await run({ criteria: [NAME, CITY] })).job.job).toMatchObject({ coupled: 1 });
	});
	test('a group whose conditions are all blank matches nothing, not even blanks', async () => {
		setting.customer('C1', { displayName: 'One', email: '' });
		setting.account('Two', { emailaddress1: null });
		const { records } = await run({ criteria: [EMAIL] });
		expect(records).toEqual([expect.objectContaining({ outcome: 'noMatch', message: 'All fields used for matching are blank.' })]);
	});
	test('two customers that reach one account by different conditions compete as well', async () => {
		setting.customer('C1', { displayName: 'One', city: '' });
		setting.customer('C2', { displayName: 'One', city: 'Paris' });
		setting.account('One', { address1_city: 'Paris' });
		expect(outcomes(await run({ criteria: [NAME, CITY] }))).toEqual({ C1: 'severalMatches', C2: 'severalMatches' });
	});
	test('letter case does not count unless it is flagged', async () => {
		setting.customer('C1', { displayName: 'ADATUM Straße' });
		setting.account('Adatum STRASSE');
		setting.account('adatum straße');
		expect((await run({ criteria: [{ ...NAME, caseSensitive: true }] })).job.job).toMatchObject({ coupled: 0, failed: 1 });
		expect((await run()).job.job).toMatchObject({ coupled: 1 });
		expect(await setting.pairs()).toEqual(['C1 – adatum straße']);
	});
	test('spaces around a value do not count, and text that Business Central had to cut matches as far as it goes', async () => {
		const long = 'L'.repeat(120);
		setting.customer('C1', { displayName: long.slice(0, 100) });
		setting.account(long);
		setting.customer('C2', { displayName: 'Two' });
		setting.account('  Two ');
		expect((await run()).job.job).toMatchObject({ coupled: 2, failed: 0 });
	});
	test('accounts outside the filter are no candidates', async () => {
		setting.customer('C1', { displayName: 'One' });
		setting.account('One', { customertypecode: 1 });
		expect(outcomes(await run())).toEqual({ C1: 'noMatch' });
	});
	test('accounts of another company are no candidates, even when the filter lets them through', async () => {
		const other = '00000003-0000-4000-8000-000000000002';
		setting.world.sandbox.crm.seed('bcbi_company', [
			{ bcbi_companyid: other, bcbi_externalid: '11111111-1111-4111-8111-111111111111', bcbi_name: 'Other' },
		]);
		await setting.use((session) => session.store.saveSettings('CUSTOMER', { crmFilter: { conditions: [] } }));
		setting.customer('C1', { displayName: 'One' });
		setting.account('One', { bcbi_companyid: other });
		const own = setting.account('One', { bcbi_companyid: setting.world.base.companyRowId });
		await run();
		expect((await setting.couplings()).map(({ crmId }) => crmId)).toEqual([own]);
	});
	test('a lookup is compared through the couplings of the mapping it refers to', async () => {
		await setting.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		const euro = setting.world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR')!;
		setting.customer('C1', { displayName: 'One', currencyCode: 'EUR' });
		setting.account('One', { address1_city: 'wrong' });
		const right = setting.account('One', { transactioncurrencyid: String(euro['transactioncurrencyid']) });
		await run({ criteria: [NAME, { bcField: 'currencyCode', crmField: 'transactioncurrencyid' }] });
		expect((await setting.couplings()).map(({ crmId }) => crmId)).toEqual([right]);
	});
	test('a field of an additional page can be a criterion', async () => {
		setting.customer('C1', { displayName: 'One' });
		const company = setting.world.sandbox.businessCentral.company(setting.world.base.companyName);
		const row = company.rows('workflowCustomers').find((page) => page['number'] === 'C1')!;
		company.update('workflowCustomers', String(row['id']), { faxNumber: '+44 99' });
		setting.account('Elsewhere', { fax: '+44 99' });
		expect((await run({ criteria: [{ bcField: 'workflowCustomers/faxNumber', crmField: 'fax' }] })).job.job).toMatchObject({ coupled: 1 });
	});
	test('columns without a field mapping are compared by their types', async () => {
		setting.customer('C1', { displayName: 'One', taxRegistrationNumber: 'GB 123' });
		setting.account('Elsewhere', { description: 'gb 123' });
		const { job } = await run({ criteria: [{ bcField: 'taxRegistrationNumber', crmField: 'description' }] });
		expect(job.job).toMatchObject({ status: 'finished', coupled: 1 });
	});
});

describe('criteria', () => {
	test('a mapping without any ends with E-NOCRITERIA: one entry, nothing coupled', async () => {
		setting.customer('C1', { displayName: 'One' });
		setting.account('One');
		const { job } = await setting.use((session) => matchCouple(session, { mapping: 'CUSTOMER' }));
		expect(job.job).toMatchObject({ status: 'failed', coupled: 0, failed: 0 });
		expect(job.failed).toEqual([expect.objectContaining({ errorCode: 'NO_CRITERIA', errorClass: 'setup' })]);
		expect((await errors()).map(({ code }) => code)).toEqual(['NO_CRITERIA']);
	});
	test('currencies are matched by their code without any setting', async () => {
		setting.world.sandbox.crm.seed('transactioncurrency', [
			{
				transactioncurrencyid: '0000000c-0000-4000-8000-000000000001',
				isocurrencycode: 'EUR',
				currencyname: 'E',
				currencysymbol: '€',
				exchangerate: 1.2,
			},
		]);
		const { job } = await setting.use((session) => matchCouple(session, { mapping: 'CURRENCY' }));
		expect(job.job).toMatchObject({ coupled: 1, failed: 1 });
	});
	test.each([
		[{ bcField: 'nonsense', crmField: 'name' }, 'CRITERION_UNKNOWN', 'customers'],
		[{ bcField: 'displayName', crmField: 'nonsense' }, 'CRITERION_UNKNOWN', 'account'],
		[{ bcField: 'displayName', crmField: 'ownerid' }, 'CRITERION_NOT_COMPARABLE', 'ownerid'],
		[{ bcField: 'displayName', crmField: 'creditlimit' }, 'CRITERION_NOT_COMPARABLE', 'creditlimit'],
	])('%j cannot be compared, and the message says why', async (criterion, code, word) => {
		const { job } = await run({ criteria: [criterion] });
		expect(job.job.status).toBe('failed');
		expect(job.failed).toEqual([expect.objectContaining({ errorCode: code, message: expect.stringContaining(word) })]);
	});
});

describe('records named one by one, and from CRM', () => {
	test('selected customers only; one that has a partner is told so, one that does not exist is skipped', async () => {
		const [c1, c2, a1] = [
			setting.customer('C1', { displayName: 'One' }),
			setting.customer('C2', { displayName: 'Two' }),
			setting.account('One'),
		];
		setting.customer('C3', { displayName: 'Three' });
		setting.account('Three');
		await couple(c1, a1);
		setting.account('Two');
		const missing = '00000000-0000-4000-8000-00000000dead';
		const result = await run({ ids: [c1, c2, c2.toUpperCase(), missing] });
		expect(result.job.job).toMatchObject({ coupled: 1, unchanged: 1, skipped: 1, failed: 0 });
		expect(outcomes(result)).toEqual({ C1: 'alreadyCoupled', C2: 'coupled' });
		expect(await setting.pairs()).toEqual(['C1 – One', 'C2 – Two']);
		expect(result.job.warnings).toEqual([expect.stringContaining(missing)]);
	});
	test('iterated from CRM: each account looks for its customer', async () => {
		setting.customer('C1', { displayName: 'One' });
		setting.account('One');
		setting.account('Nobody');
		const result = await run({ side: 'crm' });
		expect(result.job.job).toMatchObject({ coupled: 1, failed: 1 });
		expect(await setting.pairs()).toEqual(['C1 – One']);
		expect((await errors()).map(({ crm }) => crm?.name)).toEqual(['Nobody']);
	});
});

describe('what follows', () => {
	test('nothing: the couples are pending, and the next run delivers them', async () => {
		setting.customer('C1', { displayName: 'One', city: 'London' });
		const a1 = setting.account('One');
		await setting.world.run({ mapping: 'CUSTOMER' });
		await run();
		expect((await setting.couplings()).map(({ baseline, initial }) => [baseline, initial])).toEqual([[null, 'none']]);
		await setting.world.run({ mapping: 'CUSTOMER', conflict: 'send' });
		expect(setting.crm(a1)).toMatchObject({ address1_city: 'London' });
	});
	test.each([
		['send', undefined, ['toCrm'], 'London'],
		['get', undefined, ['fromCrm'], 'Paris'],
		['byStrategy', 'send', ['toCrm'], 'London'],
		['byStrategy', 'get', ['fromCrm'], 'Paris'],
		['byStrategy', 'none', ['toCrm', 'fromCrm'], 'London'],
	] as const)('%s with the strategy %s runs %j for exactly the coupled ones', async (synchronizeAfterwards, conflict, directions, city) => {
		if (conflict) await setting.use((session) => session.store.saveSettings('CUSTOMER', { conflict }));
		const c1 = setting.customer('C1', { displayName: 'One', city: 'London' });
		const a1 = setting.account('One', { address1_city: 'Paris' });
		setting.customer('C2', { displayName: 'Two' });
		const { job, followUps } = await run({ synchronizeAfterwards });
		expect(job.job).toMatchObject({ coupled: 1, failed: 1 });
		expect(followUps.map((result) => result.job.direction)).toEqual(directions);
		expect(followUps[0]!.job).toMatchObject({ modified: 1, failed: 0, inserted: 0 });
		expect([setting.bc(c1)!['city'], setting.crm(a1)!['address1_city']]).toEqual([city, city]);
		expect(setting.world.sandbox.crm.rows('account')).toHaveLength(1);
	});
	test('with the strategy newest the record changed last wins', async () => {
		await setting.use((session) => session.store.saveSettings('CUSTOMER', { conflict: 'newest' }));
		const c1 = setting.customer('C1', { displayName: 'One', city: 'London' });
		setting.world.minutes(5);
		setting.account('One', { address1_city: 'Paris' });
		await run({ synchronizeAfterwards: 'byStrategy' });
		expect(setting.bc(c1)!['city']).toBe('Paris');
	});
	test('if nothing was coupled there is no further job', async () => {
		setting.customer('C1');
		expect((await run({ synchronizeAfterwards: 'send' })).followUps).toEqual([]);
		expect(await setting.jobs()).toHaveLength(1);
	});
	test('create when no match: partners for those without one, not for those with several', async () => {
		setting.customer('C1', { displayName: 'One' });
		setting.customer('C2', { displayName: 'Two' });
		setting.customer('C3', { displayName: 'Same' });
		setting.account('One');
		setting.account('Same');
		setting.account('Same');
		const result = await run({ createWhenNoMatch: true });
		expect(outcomes(result)).toEqual({ C1: 'coupled', C2: 'created', C3: 'severalMatches' });
		expect(result.job.job).toMatchObject({ coupled: 1, failed: 1 });
		expect(result.followUps.map(({ job }) => [job.direction, job.inserted, job.failed])).toEqual([['toCrm', 1, 0]]);
		expect(result.records.find(({ outcome }) => outcome === 'created')!.crm).toMatchObject({ name: 'Two' });
		expect(setting.world.sandbox.crm.rows('account')).toHaveLength(4);
		expect(await setting.pairs()).toEqual(['C1 – One', 'C2 – Two']);
	});
	test('a customer whose only candidate is taken gets a partner of its own', async () => {
		const [c1, a1] = [setting.customer('C1', { displayName: 'One' }), setting.account('One')];
		await couple(c1, a1);
		setting.customer('C2', { displayName: 'One' });
		expect(outcomes(await run({ createWhenNoMatch: true }))).toEqual({ C2: 'created' });
	});
	test('where the mapping creates nothing, what fits is coupled and the rest says why it is not created', async () => {
		setting.world.sandbox.businessCentral.company(setting.world.base.companyName).seed('salespeoplePurchasers', [
			{ code: 'JO', displayName: 'Jim Olive', email: 'jim@example.com' },
			{ code: 'LT', displayName: 'Linda Turner', email: 'linda@example.com' },
		]);
		setting.world.sandbox.crm.insert('systemuser', {
			...{ fullname: 'James Olive', internalemailaddress: 'jim@example.com' },
			...{ isdisabled: false, islicensed: true, isintegrationuser: false },
		} as never);
		const result = await setting.use((session) =>
			matchCouple(session, { mapping: 'SALESPEOPLE', criteria: 'firstSync', createWhenNoMatch: true }),
		);
		expect(outcomes(result)).toEqual({ JO: 'coupled', LT: 'noMatch' });
		expect(result.followUps).toEqual([]);
		expect(result.job.failed).toEqual([
			expect.objectContaining({
				message: expect.stringContaining(
					'No partner was created, because the table mapping SALESPEOPLE does not synchronize to CRM.',
				) as string,
				hint: expect.stringContaining('by hand') as string,
			}),
		]);
	});
});

test('a preview announces every outcome, creation and written field of the real run, and changes nothing', async () => {
	setting.customer('C1', { displayName: 'One', city: 'London' });
	setting.customer('C2', { displayName: 'Two' });
	setting.customer('C3', { displayName: 'Same' });
	setting.account('One');
	setting.account('Same');
	setting.account('Same');
	const request = { createWhenNoMatch: true, synchronizeAfterwards: 'send' as const };
	setting.world.takeRequests();
	const announced = await run({ ...request, preview: true });
	expect(setting.writes()).toBe(0);
	expect([await setting.couplings(), await setting.jobs(), await setting.log()]).toEqual([[], [], []]);
	const done = await run(request);
	const words = (result: MatchResult) => ({
		outcomes: outcomes(result),
		jobs: [result.job, ...result.followUps].map(({ job }) => [
			job.type,
			job.direction,
			job.coupled,
			job.inserted,
			job.modified,
			job.failed,
		]),
	});
	expect(words(announced)).toEqual(words(done));
	expect(announced.job.job.preview).toBe(true);
});

test('a mapping that another run holds is left alone and says so', async () => {
	setting.customer('C1', { displayName: 'One' });
	setting.account('One');
	await setting.use(async (session) => {
		await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
		expect((await run()).job.job).toMatchObject({ status: 'alreadyRunning', coupled: 0 });
	});
	expect(await setting.couplings()).toEqual([]);
});

test('10,000 customers against 10,000 accounts, 9,000 of them true matches, 500 ambiguous and 500 without: exactly 9,000 couples in at most 40 requests', async () => {
	const number = (index: number): string => `C${String(index).padStart(6, '0')}`;
	const company = setting.world.sandbox.businessCentral.company(setting.world.base.companyName);
	company.seed(
		'customers',
		Array.from({ length: 10_000 }, (_, index) => ({
			number: number(index),
			displayName: `Customer ${index}`,
			type: 'Company',
			blocked: '_x0020_',
		})),
	);
	const accounts = [
		...Array.from({ length: 9000 }, (_, index) => `CUSTOMER ${index}`),
		// 500 customers fit two accounts each, so that 500 customers fit none.
		...Array.from({ length: 1000 }, (_, index) => `Customer ${9000 + (index % 500)}`),
	];
	accounts.forEach((name) => setting.account(name));
	setting.world.takeRequests();
	const { job, records, moreRecords } = await run({ returnFailures: 10_000 });
	const requests = setting.world.takeRequests();
	expect(job.job).toMatchObject({ coupled: 9000, failed: 1000, status: 'finished' });
	expect(requests.length).toBeLessThanOrEqual(40);
	expect(requests.reduce((sum, request) => sum + request.writes, 0)).toBe(0);
	const codes = job.failed.map(({ errorCode }) => errorCode);
	expect([codes.filter((code) => code === 'SEVERAL_MATCHES').length, codes.filter((code) => code === 'NO_MATCH').length]).toEqual([
		500, 500,
	]);
	expect([records.length, moreRecords]).toEqual([1000, 9000]);
	const couplings = await setting.couplings();
	expect(couplings).toHaveLength(9000);
	expect(couplings.filter(({ bcName, crmName }) => bcName.toUpperCase() !== crmName)).toEqual([]);
}, 120_000);
