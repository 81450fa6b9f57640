import { coupleRecords, matchCouple } from '../../../engine';
import { openStage, type Stage } from '../deciding/stage';
import { createSetting, type Setting } from '../coupling/setting';
import { leads, openScene, own, type Scene } from '../ownMappings/scene';

/** A name that fills the 100 characters of Business Central; accounts have room for 160. */
const HEAD = `${'Northwind Traders '.repeat(4)}and Sons Limited`.padEnd(100, 'x');
const LONG = `${HEAD} of London`;

describe('a coupled account with a name of which Business Central holds the beginning', () => {
	let stage: Stage;
	beforeEach(async () => {
		stage = await openStage();
		stage.inCrm(1, { name: LONG });
		await stage.run();
		stage.world.minutes(30);
		expect(stage.customer(1)).toMatchObject({ displayName: HEAD });
		stage.writes();
	});
	afterEach(() => stage.world.close());

	const quiet = async (): Promise<void> => {
		stage.world.minutes(30);
		stage.writes();
		expect(await stage.counted()).toEqual([{}, {}]);
		expect(stage.writes()).toBe(0);
	};

	test('is told once, with the record, the field and its length; not again in a quiet run', async () => {
		const told = async () => (await stage.log('warning')).filter(({ code }) => code === 'TEXT_CUT');
		expect((await told()).map(({ crm, message }) => [crm?.id, message])).toEqual([
			[stage.accountId(1), `${LONG}: Business Central holds only the beginning of Name (100 characters).`],
		]);
		await quiet();
		expect(await told()).toHaveLength(1);
	});
	test('another tail is no update, in no direction, and leaves the couple quiet', async () => {
		stage.inCrm(1, { name: `${HEAD} of Leeds` });
		expect(await stage.counted()).toEqual([{}, { unchanged: 1 }]);
		expect(stage.writes()).toBe(0);
		expect((await stage.log('warning')).filter(({ code }) => code === 'TEXT_CUT')).toHaveLength(1);
		await quiet();
		expect(stage.account(1)).toMatchObject({ name: `${HEAD} of Leeds` });
	});
	test('an edit of another field in Business Central keeps the tail', async () => {
		stage.inBc(1, { city: 'York' });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect(stage.account(1)).toMatchObject({ name: LONG, address1_city: 'York' });
		await quiet();
	});
	test('an edit of the beginning travels, cut', async () => {
		stage.inCrm(1, { name: `A ${LONG}` });
		expect(await stage.counted()).toEqual([{}, { modified: 1 }]);
		expect(stage.customer(1)).toMatchObject({ displayName: `A ${LONG}`.slice(0, 100) });
		expect((await stage.log('warning')).filter(({ code }) => code === 'TEXT_CUT')).toHaveLength(2);
		await quiet();
	});
	test('a new tail against an edited beginning is no conflict', async () => {
		stage.inCrm(1, { name: `${HEAD} of Leeds` });
		stage.inBc(1, { displayName: 'Northwind' });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect(stage.account(1)).toMatchObject({ name: 'Northwind' });
		await quiet();
	});
	test('neither a forced run nor one side’s values take the tail away', async () => {
		for (const request of [{ force: true }, { force: true, overwrite: true, direction: 'toCrm' as const }]) {
			await stage.run(request);
			expect(stage.account(1)).toMatchObject({ name: LONG });
		}
		expect(stage.writes()).toBe(0);
	});
	test('a new tail is no edit that keeps the account when its customer was deleted', async () => {
		stage.inCrm(1, { name: `${HEAD} of Leeds` });
		stage.company().remove('customers', stage.customerId(1));
		expect(await stage.counted({ deletion: 'deleteOther', findDeleted: 'now' })).toContainEqual({ deleted: 1 });
		expect(stage.account(1)).toBeUndefined();
	});
	test('the longer text of Business Central is dealt with in the same way', async () => {
		const site = `https://northwind.example/${'x'.repeat(174)}`;
		stage.inBc(2, { website: `${site}/home` });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect(stage.account(2)).toMatchObject({ websiteurl: site });
		stage.world.minutes(30);
		stage.inBc(2, { website: `${site}/shop` });
		expect(await stage.counted()).toEqual([{ unchanged: 1 }, {}]);
		stage.world.minutes(30);
		stage.inCrm(2, { telephone1: '+44 7' });
		expect(await stage.counted()).toEqual([{}, { modified: 1 }]);
		expect(stage.customer(2)).toMatchObject({ website: `${site}/shop`, phoneNumber: '+44 7' });
		await quiet();
	});
	test.each([
		['half of a surrogate pair', `${HEAD.slice(0, 99)}\u{1F600} of London`, HEAD.slice(0, 99)],
		['blanks', `${HEAD.slice(0, 98)}   of London`, HEAD.slice(0, 98)],
	])('%s at the cut leave nothing to do', async (_, long, head) => {
		stage.inCrm(2, { name: long });
		await stage.run();
		expect(stage.customer(2)).toMatchObject({ displayName: head });
		await quiet();
		stage.inCrm(2, { name: `${long}!` });
		expect(await stage.counted()).toEqual([{}, { unchanged: 1 }]);
		stage.inBc(2, { city: 'York' });
		stage.world.minutes(30);
		await stage.run({ force: true });
		expect(stage.account(2)).toMatchObject({ name: `${long}!`, address1_city: 'York' });
	});
});

describe('records that meet', () => {
	let setting: Setting;
	beforeEach(async () => {
		setting = await createSetting();
	});
	afterEach(() => setting.world.close());

	test.each(['none', 'send', 'get'] as const)('coupling with a longer name keeps it (%s)', async (initial) => {
		const [bcId, crmId] = [setting.customer('C1', { displayName: HEAD }), setting.account(LONG)];
		await setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial }));
		await setting.world.run({ mapping: 'CUSTOMER' });
		expect(setting.crm(crmId)).toMatchObject({ name: LONG });
		expect(setting.bc(bcId)).toMatchObject({ displayName: HEAD });
		const log = await setting.log();
		expect(log.filter(({ kind }) => kind !== 'warning')).toEqual([]);
		expect(log.filter(({ code }) => code === 'TEXT_CUT')).toEqual([]);
	});
	test('one that begins otherwise is replaced, and said to be', async () => {
		const [bcId, crmId] = [setting.customer('C1', { displayName: `Y${HEAD.slice(1)}` }), setting.account(LONG)];
		await setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'send' }));
		await setting.world.run({ mapping: 'CUSTOMER' });
		expect(setting.crm(crmId)).toMatchObject({ name: `Y${HEAD.slice(1)}` });
		expect((await setting.log()).map(({ code }) => code)).toContain('REPLACED_AT_FIRST');
	});
	test.each([
		['a whole character', LONG, HEAD],
		['a surrogate pair', `${HEAD.slice(0, 99)}\u{1F600} of London`, HEAD.slice(0, 99)],
		['blanks', `${HEAD.slice(0, 98)}   of London`, HEAD.slice(0, 98)],
	])('%s at the cut: a match', async (_, long, head) => {
		const [bcId, crmId] = [setting.customer('C1', { displayName: head }), setting.account(long)];
		await setting.use((session) => matchCouple(session, { mapping: 'CUSTOMER', criteria: [{ bcField: 'displayName', crmField: 'name' }] }));
		expect((await setting.couplings()).map((each) => [each.bcId, each.crmId])).toEqual([[bcId, crmId]]);
	});
});

describe('transformed on its way', () => {
	let scene: Scene;
	beforeEach(async () => (scene = await openScene()));
	afterEach(async () => await scene.close());

	const name = (transform: NonNullable<ReturnType<typeof own>['transform']>) =>
		leads({
			fields: [own('Name', 'displayName', 'fullname', { bcLength: 100, crmLength: 160, transform }), own('City', 'city', 'address1_city')],
		});
	const tailOf = (text: string): void => {
		const lead = scene.world.sandbox.crm.rows('lead')[0]!;
		scene.world.sandbox.crm.update('lead', String(lead['leadid']), { fullname: text });
	};

	test.each([
		['towards CRM', { toCrm: [{ rule: 'uppercase', parameters: {} }] }],
		['and back', { toCrm: [{ rule: 'uppercase', parameters: {} }], fromCrm: [{ rule: 'lowercase', parameters: {} }] }],
	])('a tail is no edit %s', async (_, transform) => {
		await scene.save(name(transform));
		const own = HEAD.toLowerCase();
		const id = scene.customer({ displayName: own, city: 'Bath' });
		expect(await scene.run()).toBe('I1 M0 U0 F0 / I0 M0 U0 F0');
		if (!('fromCrm' in transform)) {
			// Without a way back the lead's name comes as it stands there.
			tailOf(`${own.toUpperCase()} OF LONDON`);
			await scene.run({ direction: 'fromCrm' });
			expect(scene.customerRow(id)).toMatchObject({ displayName: own.toUpperCase() });
		} else {
			tailOf(`${own.toUpperCase()} OF LONDON`);
			expect(await scene.run()).toBe('I0 M0 U0 F0 / I0 M0 U1 F0');
			expect(scene.customerRow(id)).toMatchObject({ displayName: own });
		}
		scene.writes();
		expect(await scene.run({ force: true })).toMatch(/M0 U1 F0 \/ I0 M0 U1 F0/);
		expect(scene.writes()).toBe(0);
		expect(scene.leadBy('address1_city', 'Bath')).toMatchObject({ fullname: `${own.toUpperCase()} OF LONDON` });
	});
	test('one way, a value with a tail is left as it is; a shorter result is not', async () => {
		const short = { toCrm: [{ rule: 'substring', parameters: { start: 1, length: 10 } }] };
		await scene.save({ ...name({ toCrm: [{ rule: 'uppercase', parameters: {} }] }), direction: 'toCrm' });
		const id = scene.customer({ displayName: HEAD, city: 'Bath' });
		await scene.run();
		tailOf(`${HEAD.toUpperCase()} OF LONDON`);
		await scene.run({ force: true });
		expect(scene.leadBy('address1_city', 'Bath')).toMatchObject({ fullname: `${HEAD.toUpperCase()} OF LONDON` });
		await scene.save({ ...name(short), direction: 'toCrm' });
		scene.world.sandbox.businessCentral
			.company(scene.world.base.companyName)
			.update('customers', id, { displayName: `${HEAD.slice(0, 99)}y` });
		expect(await scene.run()).toBe('I0 M1 U0 F0');
		expect(scene.leadBy('address1_city', 'Bath')).toMatchObject({ fullname: HEAD.slice(0, 10).trim() });
	});
});
