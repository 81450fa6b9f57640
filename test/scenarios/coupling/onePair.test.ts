import { coupleRecords, type CoupleRequest } from '../../../engine';
import { SyncError } from '../../../engine/model/errors';
import { createSetting, type Setting } from './setting';

let setting: Setting;
beforeEach(async () => {
	setting = await createSetting();
});
afterEach(() => setting.world.close());

const couple = (bcId: string, crmId: string, more: Partial<CoupleRequest> = {}) =>
	setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'none', ...more }));
const refusal = async (work: Promise<unknown>): Promise<SyncError> => {
	const error: unknown = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SyncError);
	return error as SyncError;
};

describe('started from Business Central', () => {
	test('two free records become a couple, and nothing is written in either system', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		setting.world.takeRequests();
		const view = await couple(c1, a1);
		expect(view).toMatchObject({
			outcome: 'coupled',
			state: 'pending',
			businessCentral: { number: 'C1', exists: true },
			crm: { name: 'One', exists: true },
		});
		expect(await setting.pairs()).toEqual(['C1 – One']);
		expect(setting.writes()).toBe(0);
	});
	test.each(['send', 'get'] as const)('%s: what the losing side held is in the log, blanks apart, and no mass change', async (initial) => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One', { telephone1: '+44 2' })];
		await couple(c1, a1, { initial });
		const { rows } = await setting.use((session) => session.store.log({ kind: 'overwritten', limit: 10 }));
		expect(rows.map(({ code, fields }) => [code, fields.find(({ name }) => name === 'Name')])).toEqual([
			['REPLACED_AT_FIRST', { name: 'Name', businessCentral: 'Customer C1', crm: 'One' }],
		]);
		// Customer C1 has no phone: only a value that is lost is worth a word.
		expect(rows[0]!.fields.some(({ name }) => name === 'Phone No.')).toBe(initial === 'send');
	});
	test('a coupled customer moves to a free account; the account it left is uncoupled, loses the company and is named', async () => {
		const [c1, a1, a2] = [
			setting.customer('C1'),
			setting.account('One', { bcbi_companyid: setting.world.base.companyRowId }),
			setting.account('Two'),
		];
		await couple(c1, a1);
		const view = await couple(c1, a2);
		expect(view).toMatchObject({ outcome: 'moved', released: { id: a1, name: 'One' } });
		expect(await setting.pairs()).toEqual(['C1 – Two']);
		expect(setting.crm(a1)).toMatchObject({ name: 'One' });
		expect(setting.crm(a1)!['bcbi_companyid'] ?? null).toBeNull();
	});
	test('an account of another customer that exists is refused, naming it, and nothing changes', async () => {
		const [c1, c2, a1] = [setting.customer('C1'), setting.customer('C2'), setting.account('One')];
		await couple(c1, a1);
		const error = await refusal(couple(c2, a1));
		expect(error).toMatchObject({ code: 'ALREADY_COUPLED', errorClass: 'data', message: 'One is already coupled to C1 Customer C1.' });
		expect(error.hint).toContain('Uncouple C1 Customer C1');
		expect(await setting.pairs()).toEqual(['C1 – One']);
	});
	test('a coupled customer does not move to an account that is taken', async () => {
		const [c1, c2, a1, a2] = [setting.customer('C1'), setting.customer('C2'), setting.account('One'), setting.account('Two')];
		await couple(c1, a1);
		await couple(c2, a2);
		expect((await refusal(couple(c2, a1))).code).toBe('ALREADY_COUPLED');
		expect(await setting.pairs()).toEqual(['C1 – One', 'C2 – Two']);
	});
	test('the coupling of a deleted customer gives way', async () => {
		const [c1, c2, a1] = [setting.customer('C1'), setting.customer('C2'), setting.account('One')];
		await couple(c1, a1);
		setting.removeCustomer(c1);
		expect(await couple(c2, a1)).toMatchObject({ outcome: 'coupled' });
		expect(await setting.pairs()).toEqual(['C2 – One']);
	});
	test('the own coupling and that of a deleted customer collapse into one', async () => {
		const [c1, c2, a1, a2] = [setting.customer('C1'), setting.customer('C2'), setting.account('One'), setting.account('Two')];
		await couple(c1, a1);
		await couple(c2, a2);
		setting.removeCustomer(c1);
		expect(await couple(c2, a1)).toMatchObject({ outcome: 'moved', released: { id: a2 } });
		expect(await setting.pairs()).toEqual(['C2 – One']);
	});
	test('records that are a couple already stay as they are, stamps included', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		await couple(c1, a1, { initial: 'send' });
		const before = await setting.couplings();
		setting.world.minutes(5);
		setting.world.takeRequests();
		expect(await couple(c1, a1, { initial: 'get' })).toMatchObject({ outcome: 'alreadyCoupled', state: 'coupled' });
		expect(await setting.couplings()).toEqual(before);
		expect(setting.writes()).toBe(0);
	});
	test('a record that moved starts anew with its new partner: no stamps, no baseline, no failure of the old couple', async () => {
		const [c1, a1, a2] = [setting.customer('C1'), setting.account('One'), setting.account('Two')];
		await couple(c1, a1, { initial: 'send' });
		await couple(c1, a2);
		expect(await setting.couplings()).toEqual([
			expect.objectContaining({
				crmId: a2,
				baseline: null,
				bcStamp: null,
				crmStamp: null,
				bcVersion: null,
				crmVersion: null,
				lastSyncedAt: null,
			}),
		]);
	});
});

describe('started from CRM', () => {
	const fromCrm = { from: 'crm' as const };
	test('a coupled account moves to a free customer', async () => {
		const [c1, c2, a1] = [setting.customer('C1'), setting.customer('C2'), setting.account('One')];
		await couple(c1, a1);
		expect(await couple(c2, a1, fromCrm)).toMatchObject({ outcome: 'moved', released: { id: c1, number: 'C1' } });
		expect(await setting.pairs()).toEqual(['C2 – One']);
	});
	test('a customer of another account that exists is refused, naming the account', async () => {
		const [c1, a1, a2] = [setting.customer('C1'), setting.account('One'), setting.account('Two')];
		await couple(c1, a1);
		const error = await refusal(couple(c1, a2, fromCrm));
		expect(error).toMatchObject({
			code: 'ALREADY_COUPLED',
			system: 'businessCentral',
			message: 'C1 Customer C1 is already coupled to One.',
		});
		expect(await setting.pairs()).toEqual(['C1 – One']);
	});
	test('the coupling of a deleted account gives way', async () => {
		const [c1, a1, a2] = [setting.customer('C1'), setting.account('One'), setting.account('Two')];
		await couple(c1, a1);
		setting.world.sandbox.crm.remove('account', a1);
		expect(await couple(c1, a2, fromCrm)).toMatchObject({ outcome: 'coupled' });
		expect(await setting.pairs()).toEqual(['C1 – Two']);
	});
	test('two free records become a couple', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		expect(await couple(c1, a1, fromCrm)).toMatchObject({ outcome: 'coupled' });
	});
});

describe('the first synchronization', () => {
	test('send writes the values of Business Central to CRM at once', async () => {
		const [c1, a1] = [setting.customer('C1', { city: 'London' }), setting.account('One', { address1_city: 'Paris' })];
		const view = await couple(c1, a1, { initial: 'send' });
		expect(view).toMatchObject({ outcome: 'coupled', state: 'coupled', job: { job: { modified: 1, failed: 0 } } });
		expect(setting.crm(a1)).toMatchObject({ name: 'Customer C1', address1_city: 'London' });
		expect(setting.bc(c1)).toMatchObject({ city: 'London' });
	});
	test('get writes the values of CRM to Business Central at once', async () => {
		const [c1, a1] = [setting.customer('C1', { city: 'London' }), setting.account('One', { address1_city: 'Paris' })];
		expect(await couple(c1, a1, { initial: 'get' })).toMatchObject({ state: 'coupled' });
		expect(setting.bc(c1)).toMatchObject({ displayName: 'One', city: 'Paris' });
		expect(setting.crm(a1)).toMatchObject({ address1_city: 'Paris' });
	});
	test('none leaves the couple pending, and the next run delivers it although nobody edited anything', async () => {
		const [c1, a1] = [setting.customer('C1', { city: 'London' }), setting.account('Customer C1', { address1_city: '' })];
		await setting.world.run({ mapping: 'CUSTOMER' });
		setting.world.minutes(60);
		await setting.world.run({ mapping: 'CUSTOMER' });
		await couple(c1, a1);
		const [toCrm] = await setting.world.run({ mapping: 'CUSTOMER', conflict: 'send' });
		expect(toCrm!.job).toMatchObject({ modified: 1, failed: 0 });
		expect(setting.crm(a1)).toMatchObject({ address1_city: 'London' });
	});
	test('none and differing values without a strategy is told as a conflict in the next run, and overwrites nobody', async () => {
		const [c1, a1] = [setting.customer('C1', { city: 'London' }), setting.account('Customer C1', { address1_city: 'Paris' })];
		await couple(c1, a1);
		const [toCrm] = await setting.world.run({ mapping: 'CUSTOMER' });
		expect(toCrm!.failed).toEqual([
			expect.objectContaining({ errorCode: 'CONFLICT', fields: [{ name: 'City', businessCentral: 'London', crm: 'Paris' }] }),
		]);
		expect([setting.bc(c1)!['city'], setting.crm(a1)!['address1_city']]).toEqual(['London', 'Paris']);
	});
	test('a couple that was never synchronized is synchronized when it is coupled again with a direction', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		await couple(c1, a1);
		expect(await couple(c1, a1, { initial: 'get' })).toMatchObject({ outcome: 'alreadyCoupled', state: 'coupled' });
		expect(setting.bc(c1)).toMatchObject({ displayName: 'One' });
	});
	test('by default data is sent; a couple that exists already is left alone', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		expect(await couple(c1, a1, { initial: 'default' })).toMatchObject({ outcome: 'coupled', state: 'coupled' });
		expect(setting.crm(a1)).toMatchObject({ name: 'Customer C1' });
		setting.world.takeRequests();
		expect(await couple(c1, a1, { initial: 'default' })).toMatchObject({ outcome: 'alreadyCoupled' });
		expect(setting.writes()).toBe(0);
	});
	test('where the mapping only brings data from CRM, the default is get, and send is refused before anything is coupled', async () => {
		setting.world.sandbox.businessCentral
			.company(setting.world.base.companyName)
			.seed('salespeoplePurchasers', [{ code: 'HR', displayName: 'H. R.' }]);
		const person = setting.world.sandbox.businessCentral.company(setting.world.base.companyName).rows('salespeoplePurchasers')[0]!;
		const pair = { mapping: 'SALESPEOPLE', bcId: String(person['id']), crmId: setting.world.base.users[0]! };
		const error = await refusal(setting.use((session) => coupleRecords(session, { ...pair, initial: 'send' })));
		expect(error).toMatchObject({ code: 'DIRECTION', errorClass: 'setup' });
		expect(await setting.pairs('SALESPEOPLE')).toEqual([]);
		const view = await setting.use((session) => coupleRecords(session, { ...pair, initial: 'default' }));
		expect(view).toMatchObject({ state: 'coupled', job: { job: { direction: 'fromCrm', modified: 1 } } });
	});
	test('a first synchronization that fails leaves the couple, marked as failed with the reason', async () => {
		const foreign = '0000000c-0000-4000-8000-000000000001';
		const euro = { transactioncurrencyid: foreign, isocurrencycode: 'EUR', currencyname: 'Euro', currencysymbol: '€', exchangerate: 1.25 };
		setting.world.sandbox.crm.seed('transactioncurrency', [euro]);
		const [c1, a1] = [setting.customer('C1'), setting.account('One', { transactioncurrencyid: foreign })];
		const view = await couple(c1, a1, { initial: 'get' });
		expect(view).toMatchObject({ outcome: 'coupled', state: 'failed', lastError: { code: 'DEPENDENCY' } });
		expect(await setting.couplings()).toHaveLength(1);
	});
});

describe('preview', () => {
	test('announces the couple and every value that would be written, which is what the real coupling then does', async () => {
		const [c1, a1] = [setting.customer('C1', { city: 'London' }), setting.account('One', { address1_city: 'Paris' })];
		setting.world.takeRequests();
		const announced = await couple(c1, a1, { initial: 'send', preview: true });
		expect(setting.writes()).toBe(0);
		expect([await setting.couplings(), await setting.jobs(), await setting.log()]).toEqual([[], [], []]);
		const done = await couple(c1, a1, { initial: 'send' });
		expect(announced.outcome).toBe(done.outcome);
		expect(announced.job!.job).toMatchObject({ preview: true, modified: 1 });
		const changed = (view: typeof done) =>
			view.job!.changes.map(({ action, fields }) => ({
				action,
				fields: fields.map(({ caption, before, after }) => ({ caption, before, after })),
			}));
		expect(changed(announced)).toEqual(changed(done));
	});
	test('of a move changes nothing, and names what would be released', async () => {
		const [c1, a1, a2] = [
			setting.customer('C1'),
			setting.account('One', { bcbi_companyid: setting.world.base.companyRowId }),
			setting.account('Two'),
		];
		await couple(c1, a1);
		setting.world.takeRequests();
		expect(await couple(c1, a2, { preview: true })).toMatchObject({ outcome: 'moved', released: { id: a1 } });
		expect(await setting.pairs()).toEqual(['C1 – One']);
		expect(setting.crm(a1)!['bcbi_companyid']).toBe(setting.world.base.companyRowId);
		expect(setting.writes()).toBe(0);
	});
	test('refuses what the real run refuses', async () => {
		const [c1, c2, a1] = [setting.customer('C1'), setting.customer('C2'), setting.account('One')];
		await couple(c1, a1);
		expect((await refusal(couple(c2, a1, { preview: true }))).code).toBe('ALREADY_COUPLED');
	});
});

test('an account of another company is refused', async () => {
	const other = '00000003-0000-4000-8000-000000000002';
	setting.world.sandbox.crm.seed('bcbi_company', [
		{ bcbi_companyid: other, bcbi_externalid: '11111111-1111-4111-8111-111111111111', bcbi_name: 'Other' },
	]);
	const [c1, a1] = [setting.customer('C1'), setting.account('One', { bcbi_companyid: other })];
	expect(await refusal(couple(c1, a1))).toMatchObject({ code: 'OTHER_COMPANY', recordId: a1 });
	expect(await setting.couplings()).toEqual([]);
});
test('a record that does not exist is refused by system and id', async () => {
	const missing = '00000000-0000-4000-8000-00000000dead';
	expect(await refusal(couple(missing, setting.account('One')))).toMatchObject({
		code: 'RECORD_MISSING',
		system: 'businessCentral',
		recordId: missing,
	});
	expect(await refusal(couple(setting.customer('C1'), missing))).toMatchObject({
		code: 'RECORD_MISSING',
		system: 'crm',
		recordId: missing,
	});
});
test('a mapping that another run holds is not touched', async () => {
	const [c1, a1] = [setting.customer('C1'), setting.account('One')];
	await setting.use(async (session) => {
		await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
		expect(await refusal(couple(c1, a1))).toMatchObject({ code: 'MAPPING_BUSY', errorClass: 'transient' });
	});
	expect(await setting.couplings()).toEqual([]);
});
