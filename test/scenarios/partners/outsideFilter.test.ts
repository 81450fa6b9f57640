import { coupleRecords, createAndCouple, matchCouple, retryAll, uncouple } from '../../../engine';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems } from '../../kit/n8nLocalSystems';
import { runNode, useNewState } from '../../kit/workflow';
import { createScene, type Scene } from '../deletions/scene';

let scene: Scene;
beforeEach(async () => (scene = await createScene(3)));
afterEach(() => scene.world.close());

const crm = () => scene.world.sandbox.crm;
const company = () => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
const use = async <T>(work: (session: Awaited<ReturnType<Scene['world']['open']>>) => Promise<T>): Promise<T> => {
	const session = await scene.world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const run = (more = {}) => scene.world.run({ mapping: 'CUSTOMER', ...more });
const codes = (jobs: Awaited<ReturnType<typeof run>>) => jobs.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode));
const daily = { findDeleted: 'now' } as const;

describe('a record outside the filter is to be coupled by hand', () => {
	const free = () => String(company().insert('customers', { displayName: 'Free' })['id']);
	const cases: ReadonlyArray<[string, () => { bcId: string; crmId: string }]> = [
		['the account of a vendor', () => ({ bcId: free(), crmId: crm().insert('account', { name: 'Of a vendor', customertypecode: 11 }) })],
		['an inactive account', () => ({ bcId: free(), crmId: crm().insert('account', { name: 'Inactive', customertypecode: 3, statecode: 1, statuscode: 2 }) })],
		['a blocked customer', () => ({ bcId: String(company().insert('customers', { displayName: 'Blocked', blocked: 'All' })['id']), crmId: crm().insert('account', { name: 'Open', customertypecode: 3 }) })],
	]; // prettier-ignore

	test.each(cases)('%s: refused with a remedy, in either direction; nothing is overwritten', async (_, make) => {
		const pair = make();
		scene.writes();
		const before = JSON.stringify([scene.customers(), scene.accounts()]);
		for (const initial of ['send', 'get', 'none', 'default'] as const)
			for (const from of ['businessCentral', 'crm'] as const)
				await use(async (session) => {
					await expect(coupleRecords(session, { mapping: 'CUSTOMER', ...pair, from, initial })).rejects.toMatchObject({ code: 'OUTSIDE_FILTER', hint: expect.stringContaining('Table Mappings') }); // prettier-ignore
				});
		expect(JSON.stringify([scene.customers(), scene.accounts()])).toBe(before);
		expect(await scene.couplings()).toHaveLength(3);
	});

	test('a couple that moves: the new partner is looked at, too, and the old couple stands', async () => {
		const crmId = crm().insert('account', { name: 'Of a vendor', customertypecode: 11 });
		const bcId = String(scene.customer(0)!['id']);
		await use(async (session) => {
			await expect(coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'send' })).rejects.toMatchObject({
				code: 'OUTSIDE_FILTER',
			});
		});
		expect((await scene.couplings()).map((each) => each.crmId)).not.toContain(crmId);
		expect(await scene.couplings()).toHaveLength(3);
	});

	test('a contact that the mapping passes over, because its company is no customer and no vendor', async () => {
		const firm = company().insert('contacts', { type: 'Company', displayName: 'Nobody Ltd.' });
		const person = company().insert('contacts', { type: 'Person', displayName: 'Ann', companyNumber: String(firm['number']) });
		const account = { table: 'account', id: String(scene.account(0)!['accountid']) };
		const crmId = crm().insert('contact', { lastname: 'Ann', parentcustomerid: account });
		await use(async (session) => {
			await expect(
				coupleRecords(session, { mapping: 'CONTACT', bcId: String(person['id']), crmId, initial: 'send' }),
			).rejects.toMatchObject({ code: 'OUTSIDE_FILTER', message: expect.stringContaining('not a record that CONTACT synchronizes') });
		});
	});

	test('Match-Based Coupling and Create and Couple of records named: neither couples nor creates for one outside', async () => {
		const blocked = String(company().insert('customers', { displayName: 'Blocked', blocked: 'All' })['id']);
		const vendors = crm().insert('account', { name: 'Of a vendor', customertypecode: 11 });
		crm().insert('account', { name: 'Blocked', customertypecode: 3 });
		company().insert('customers', { displayName: 'Of a vendor' });
		const criteria = [{ bcField: 'displayName', crmField: 'name' }];
		for (const [side, id] of [['businessCentral', blocked], ['crm', vendors]] as const) // prettier-ignore
			for (const createWhenNoMatch of [false, true]) {
				const { job, records } = await use((session) => matchCouple(session, { mapping: 'CUSTOMER', side, ids: [id], criteria, createWhenNoMatch }));
				expect([records.length, job.job.coupled, job.job.skipped]).toEqual([0, 0, 1]);
				expect(JSON.stringify(job.warnings)).toContain('outside the filter');
			} // prettier-ignore
		for (const [side, id] of [
			['businessCentral', blocked],
			['crm', vendors],
		] as const)
			// prettier-ignore
			expect((await use((session) => createAndCouple(session, { mapping: 'CUSTOMER', side, ids: [id] }))).job.skipped).toBe(1);
		expect([scene.customers().length, scene.accounts().length, (await scene.couplings()).length]).toEqual([5, 5, 3]);
	});
});

describe('a coupled record leaves the filter', () => {
	const leave = {
		businessCentral: () => scene.editCustomer(0, { blocked: 'All' }),
		crm: () => scene.editAccount(0, { customertypecode: 11 }),
	};
	const back = {
		businessCentral: () => scene.editCustomer(0, { blocked: '_x0020_' }),
		crm: () => scene.editAccount(0, { customertypecode: 3 }),
	};
	const edit = {
		businessCentral: () => scene.editCustomer(0, { city: 'Leeds' }),
		crm: () => scene.editAccount(0, { address1_city: 'Leeds' }),
	};

	test.each([
		['businessCentral', false],
		['crm', false],
		['crm', true],
	] as const)('in %s (change tracking %s): told once, while its edits wait; back again, they travel', async (side, tracking) => {
		if (tracking) {
			crm().setChangeTracking('account', true);
			await run(daily);
		}
		leave[side]();
		scene.world.minutes(24 * 60 + 1);
		const first = await run({ ...(tracking ? {} : daily), preview: true });
		expect(codes(first)).toEqual(['LEFT_FILTER']);
		expect(await scene.failures()).toEqual([]);
		expect(codes(await run(tracking ? {} : daily))).toEqual(['LEFT_FILTER']);
		edit[side]();
		for (let more = 0; more < 3; more++) {
			scene.world.minutes(24 * 60 + 1);
			expect(codes(await run(daily))).toEqual([]);
		}
		// Somebody presses Retry All, and edits the partner: the state stays what it is.
		await use((session) => retryAll(session, { mapping: 'CUSTOMER' }));
		await run();
		if (side === 'crm') scene.editCustomer(0, { phoneNumber: '7' });
		else scene.editAccount(0, { telephone1: '7' });
		scene.world.minutes(1);
		await run();
		expect([scene.customer(0)!['city'], scene.account(0)!['address1_city']].sort()).not.toEqual(['Leeds', 'Leeds']);
		expect([scene.customer(0)!['phoneNumber'], scene.account(0)!['telephone1']]).toEqual(['7', '7']);
		expect((await scene.log()).filter(({ code }) => code === 'LEFT_FILTER')).toHaveLength(1);
		expect(await scene.failures()).toMatchObject([{ errorCode: 'LEFT_FILTER' }]);
		back[side]();
		scene.world.minutes(1);
		await run();
		expect([scene.customer(0)!['city'], scene.account(0)!['address1_city']]).toEqual(['Leeds', 'Leeds']);
		expect(await scene.failures()).toEqual([]);
	});

	test('a filter that is widened again lets it in without an edit; one that is deleted or uncoupled is forgotten', async () => {
		await scene.settings({ bcFilter: { conditions: [{ field: 'number', operator: 'eq', value: 'C000003', type: 'text' }] } });
		expect(codes(await run(daily))).toEqual(['LEFT_FILTER', 'LEFT_FILTER']);
		scene.editCustomer(0, { city: 'Leeds' });
		scene.world.minutes(1);
		await run(daily);
		await scene.settings({});
		await run();
		expect(scene.account(0)!['address1_city']).toBe('Leeds');
		expect(await scene.failures()).toEqual([]);
		await scene.settings({ bcFilter: { conditions: [{ field: 'number', operator: 'eq', value: 'C000003', type: 'text' }] } });
		await run(daily);
		scene.deleteCustomers(1);
		await use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [String(scene.customer(0)!['id'])] }));
		scene.world.minutes(1);
		await run({ ...daily, deletion: 'removeCoupling' });
		expect(await scene.failures()).toEqual([]);
	});

	test('a merged row, and one given to another company, are told by the daily search without any edit', async () => {
		const other = '00000003-0000-4000-8000-00000000000b';
		crm().seed('bcbi_company', [{ bcbi_companyid: other, bcbi_externalid: '00000000-0000-4000-8000-0000000000bb', bcbi_name: 'B' }]);
		crm().update('account', String(scene.account(0)!['accountid']), { bcbi_companyid: { table: 'bcbi_company', id: other } });
		scene.world.minutes(1);
		expect(codes(await run(daily))).toEqual(['OTHER_COMPANY']);
		scene.editCustomer(0, { city: 'Leeds' });
		scene.world.minutes(1);
		await run();
		expect((await scene.log()).filter(({ code }) => code === 'OTHER_COMPANY')).toHaveLength(1);
		expect(scene.account(0)!['address1_city']).not.toBe('Leeds');
	});
});

test('through the nodes: Couple refuses an id outside the filter; a record that left comes out of Failed once', async () => {
	const systems = await startLocalSystems();
	useNewState();
	try {
		const { sandbox, base, company: chosen } = systems;
		const there = sandbox.businessCentral.company(base.companyName);
		const vault = systems.vault();
		const customer = there.insert('customers', { displayName: 'Adatum' });
		const vendors = sandbox.crm.insert('account', { name: 'Of a vendor', customertypecode: 11 });
		const couple = () => runNode(CoupleRecords, { company: chosen, operation: 'couple', mapping: by('name', 'CUSTOMER'), businessCentralRecord: by('id', String(customer['id'])), crmRecord: by('id', vendors) }, { credentials: vault }); // prettier-ignore
		const refused = await couple();
		expect(`${refused.error?.message} ${refused.error?.description}`).toMatch(/leaves it out.*OUTSIDE_FILTER/s);
		const sync = () => runNode(SyncMapping, { company: chosen, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true, findDeleted: 'now' } }, { credentials: vault }); // prettier-ignore
		await sync();
		there.update('customers', String(customer['id']), { blocked: 'All' });
		expect((await sync()).json[1]).toMatchObject([{ errorCode: 'LEFT_FILTER', hint: expect.stringContaining('uncouple') }]);
		expect((await sync()).json[1]).toEqual([]);
	} finally {
		await systems.close();
	}
});
