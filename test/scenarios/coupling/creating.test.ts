import { coupleRecords } from '../../../engine/coupling/couple';
import { createAndCouple, type CreateAndCoupleRequest } from '../../../engine/coupling/createAndCouple';
import { partnerByBeginning } from '../../../engine/coupling/partnerByName';
import { createSetting, type Setting } from './setting';

let setting: Setting;
beforeEach(async () => {
	setting = await createSetting();
});
afterEach(() => setting.world.close());

const create = (ids: readonly string[], more: Partial<CreateAndCoupleRequest> = {}) =>
	setting.use((session) => createAndCouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids, ...more }));
const couple = (bcId: string, crmId: string) =>
	setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'none' }));

describe('create new', () => {
	test('one job for many customers, however old they are', async () => {
		const ids = [1, 2, 3].map((number) => setting.customer(`C${number}`));
		setting.world.minutes(600);
		await setting.world.run({ mapping: 'CUSTOMER' });
		const result = await create(ids);
		expect(result.job).toMatchObject({ direction: 'toCrm', inserted: 3, skipped: 0, failed: 0 });
		expect(await setting.pairs()).toEqual(['C1 – Customer C1', 'C2 – Customer C2', 'C3 – Customer C3']);
		expect((await setting.jobs()).filter(({ inserted }) => inserted > 0)).toHaveLength(1);
	});
	test('and from CRM', async () => {
		const ids = [setting.account('One'), setting.account('Two')];
		expect((await create(ids, { side: 'crm' })).job).toMatchObject({ direction: 'fromCrm', inserted: 2 });
		expect((await setting.couplings()).map(({ crmName }) => crmName).sort()).toEqual(['One', 'Two']);
	});
	test('coupled ones are left out untouched, counted as skipped and named', async () => {
		const [c1, c2, a1] = [
			setting.customer('C1', { city: 'London' }),
			setting.customer('C2'),
			setting.account('One', { address1_city: 'Paris' }),
		];
		await couple(c1, a1);
		const result = await create([c1, c2]);
		expect(result.job).toMatchObject({ inserted: 1, skipped: 1, modified: 0, message: expect.stringContaining('C1 Customer C1') });
		expect(setting.crm(a1)).toMatchObject({ name: 'One', address1_city: 'Paris' });
		expect((await setting.jobs())[0]).toMatchObject({ inserted: 1, skipped: 1 });
	});
	test('when none remains, nothing is written and there is no job', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		await couple(c1, a1);
		setting.world.takeRequests();
		expect((await create([c1])).job).toMatchObject({ inserted: 0, skipped: 1, status: 'finished' });
		expect(setting.writes()).toBe(0);
		expect(await setting.jobs()).toEqual([]);
	});
	test('a coupling whose partner is gone gives way, and the record is created anew', async () => {
		const [c1, a1] = [setting.customer('C1'), setting.account('One')];
		await couple(c1, a1);
		setting.world.sandbox.crm.remove('account', a1);
		expect((await create([c1])).job).toMatchObject({ inserted: 1, failed: 0, skipped: 0 });
		expect(await setting.pairs()).toEqual(['C1 – Customer C1']);
		expect(setting.world.sandbox.crm.row('account', a1)).toMatchObject({ name: 'Customer C1' });
	});
	test('records outside the filter of the mapping are left out, and so are those that do not exist', async () => {
		const blocked = setting.customer('C1', { blocked: 'All' });
		const result = await create([blocked, setting.customer('C2'), '00000000-0000-4000-8000-00000000dead']);
		expect(result.job).toMatchObject({ inserted: 1, skipped: 2, message: expect.stringContaining('outside the filter') });
		expect(setting.world.sandbox.crm.rows('account')).toHaveLength(1);
	});
	test('a direction that the mapping does not run is refused', async () => {
		await expect(create([setting.customer('C1')], { mapping: 'SALESPEOPLE' })).rejects.toMatchObject({ code: 'DIRECTION' });
	});
	test('a preview announces what the real run then does', async () => {
		const [c1, c2, a1] = [setting.customer('C1'), setting.customer('C2'), setting.account('One')];
		await couple(c1, a1);
		setting.world.takeRequests();
		const announced = await create([c1, c2], { preview: true });
		expect(setting.writes()).toBe(0);
		expect(await setting.couplings()).toHaveLength(1);
		const done = await create([c1, c2]);
		const fields = (result: typeof done) => result.changes.map(({ action, fields: written }) => [action, written]);
		expect([announced.job.inserted, announced.job.skipped]).toEqual([done.job.inserted, done.job.skipped]);
		expect(fields(announced)).toEqual(fields(done));
	});
});

describe('a partner by the beginning of its name', () => {
	const find = (side: 'businessCentral' | 'crm', text: string) =>
		setting.use((session) => partnerByBeginning(session, 'CUSTOMER', side, text));
	test('"C" finds "CC" before "CCCC", in CRM and in Business Central, whatever the letter case', async () => {
		for (const name of ['CCCC', 'ACC', 'CC']) setting.account(name);
		for (const [index, displayName] of ['CCCC', 'ACC', 'CC'].entries()) setting.customer(`9${index}`, { displayName });
		for (const side of ['crm', 'businessCentral'] as const) {
			expect((await find(side, 'C'))?.name).toBe('CC');
			expect((await find(side, 'ccc'))?.name).toBe('CCCC');
			expect(await find(side, 'x')).toBeNull();
		}
	});
	test('only inside the filter of the mapping', async () => {
		setting.account('CC', { customertypecode: 1 });
		setting.account('CCCC');
		setting.customer('91', { displayName: 'CC', blocked: 'All' });
		setting.customer('92', { displayName: 'CCCC' });
		expect([(await find('crm', 'C'))?.name, (await find('businessCentral', 'C'))?.name]).toEqual(['CCCC', 'CCCC']);
	});
	test("letters that mean something to the services' queries stand for themselves", async () => {
		setting.account("C%_'[A]");
		setting.account('CXX');
		expect((await find('crm', "C%_'"))?.name).toBe("C%_'[A]");
	});
});
