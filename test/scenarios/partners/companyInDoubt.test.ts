import {
	coupleRecords,
	createAndCouple,
	deleteOther,
	matchCouple,
	retryRecords,
	runFullSync,
	synchronizeWithSide,
	uncouple,
} from '../../../engine';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems } from '../../kit/n8nLocalSystems';
import { runNode, useNewState } from '../../kit/workflow';
import { clearDataverseMetadata } from '../../../engine/systems/dataverse';
import { counters, createScene, type Scene } from '../deletions/scene';

const OTHER = '00000003-0000-4000-8000-00000000000b';
const ofOther = { bcbi_companyid: { table: 'bcbi_company', id: OTHER } };

let scene: Scene;
beforeEach(async () => {
	scene = await createScene(3);
	scene.world.sandbox.crm.seed('bcbi_company', [{ bcbi_companyid: OTHER, bcbi_externalid: '00000000-0000-4000-8000-0000000000bb', bcbi_name: 'B' }]);
}); // prettier-ignore
afterEach(() => scene.world.close());

const crm = () => scene.world.sandbox.crm;
const use = async <T>(work: (session: Awaited<ReturnType<Scene['world']['open']>>) => Promise<T>): Promise<T> => {
	const session = await scene.world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const run = (more = {}) => scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true, ...more });
const strangers = () => {
	for (let index = 0; index < 30; index++) crm().insert('account', { name: `Of B ${index}`, customertypecode: 3, ...ofOther });
};
const codes = (jobs: Awaited<ReturnType<typeof run>>) => jobs.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode));

describe('nobody can tell which company is ours', () => {
	test.each(['deleted', 'not shown'] as const)('its row is %s: no account of another company becomes a customer, and no row is written', async (how) => {
		strangers();
		const { companyRowId } = scene.world.base;
		if (how === 'deleted') crm().remove('bcbi_company', companyRowId);
		else crm().update('bcbi_company', companyRowId, { bcbi_externalid: '00000000-0000-4000-8000-0000000000cc' });
		scene.editCustomer(0, { phoneNumber: '1' });
		scene.writes();
		const jobs = await run();
		expect(jobs.map(({ job }) => job.status)).toEqual(['failed']);
		expect(codes(jobs)).toEqual(['COMPANY_ROW_MISSING']);
		const full = await use((session) => runFullSync(session, { mappings: ['CUSTOMER'], ignoreDependencies: true, afterwards: 'keep' }));
		expect(codes(full)).toContain('COMPANY_ROW_MISSING');
		await use(async (session) => {
			await expect(matchCouple(session, { mapping: 'CUSTOMER', criteria: [{ bcField: 'displayName', crmField: 'name' }] })).resolves.toMatchObject({ job: { failed: [{ errorCode: 'COMPANY_ROW_MISSING' }] } });
			const stranger = crm().rows('account').find(({ name }) => name === 'Of B 1')!;
			const ids = [String(stranger['accountid'])];
			await expect(createAndCouple(session, { mapping: 'CUSTOMER', side: 'crm', ids })).rejects.toMatchObject({ code: 'COMPANY_ROW_MISSING' });
		});
		expect(scene.customers()).toHaveLength(3);
		expect(scene.writes()).toBe(0);
	}); // prettier-ignore

	test('uncoupling goes on: the rows keep their company, and a warning says so', async () => {
		crm().remove('bcbi_company', scene.world.base.companyRowId);
		const [job] = await use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral' }));
		expect(job!.job.uncoupled).toBe(3);
		expect(JSON.stringify(job!.warnings)).toContain('CRM rows kept their company');
	});

	test('without the solution, and for a mapping without company, all goes on as before', async () => {
		crm().removeColumn('account', 'bcbi_companyid');
		crm().remove('bcbi_company', scene.world.base.companyRowId);
		clearDataverseMetadata();
		crm().insert('account', { name: 'New', customertypecode: 3 });
		scene.editCustomer(0, { phoneNumber: '1' });
		expect((await run()).map(counters)).toEqual([{ modified: 1 }, { inserted: 1 }]);
		scene.world.sandbox.businessCentral.company(scene.world.base.companyName).insert('paymentTerms', { code: 'X1', displayName: 'x' });
		expect((await scene.world.run({ mapping: 'CURRENCY' })).at(-1)!.job.status).toBe('finished');
	});
});

describe('column security hides the company', () => {
	test.each(['before the process looked at the table', 'since'] as const)(
		'%s: no account of another company becomes a customer',
		async (when) => {
			strangers();
			scene.writes();
			crm().secureColumn('account', 'bcbi_companyid');
			if (when === 'before the process looked at the table') clearDataverseMetadata();
			const jobs = await run();
			expect(jobs.at(-1)!.job.status).toBe('failed');
			expect(codes(jobs)).toEqual(['COMPANY_HIDDEN']);
			expect(scene.customers()).toHaveLength(3);
			expect(scene.writes()).toBe(0);
		},
	);

	test('a user whose profile shows it goes on', async () => {
		crm().secureColumn('account', 'bcbi_companyid');
		clearDataverseMetadata();
		const { systems } = { systems: scene.world.sandbox };
		const user = systems.log.requests.find(({ system, user: name }) => system === 'crm' && name)!.user!;
		crm().grantColumn(user, 'account', 'bcbi_companyid', { read: true, create: true, update: true });
		strangers();
		scene.editCustomer(0, { phoneNumber: '1' });
		expect((await run()).map(counters)).toEqual([{ modified: 1 }, {}]);
	});
});

describe('a coupled account is given to another company', () => {
	const give = (index: number) => crm().update('account', String(scene.account(index)!['accountid']), ofOther);

	test.each(['none', 'send', 'get', 'newest'] as const)('strategy %s: edits of either side stay where they are, told once; it is given back, and they travel', async (conflict) => {
		give(0);
		scene.editCustomer(0, { phoneNumber: '+44 A' });
		scene.editAccount(0, { websiteurl: 'https://b.example' });
		scene.writes();
		const first = await run({ conflict });
		expect(codes(first)).toEqual(['OTHER_COMPANY']);
		for (let more = 0; more < 3; more++) {
			scene.world.minutes(20);
			expect(codes(await run({ conflict }))).toEqual([]);
		}
		scene.editCustomer(0, { city: 'Leeds' });
		scene.world.minutes(1);
		await run({ conflict });
		expect(scene.writes()).toBe(0);
		expect((await scene.log()).filter(({ code }) => code === 'OTHER_COMPANY')).toHaveLength(1);
		expect([scene.customer(0)!['website'], scene.account(0)!['telephone1']]).toEqual(['', '+44 20 1']);
		crm().update('account', String(scene.account(0)!['accountid']), { bcbi_companyid: { table: 'bcbi_company', id: scene.world.base.companyRowId } });
		for (let more = 0; more < 2; more++) {
			scene.world.minutes(1);
			await run({ conflict });
		}
		expect([scene.customer(0)!['website'], scene.account(0)!['telephone1'], scene.account(0)!['address1_city']]).toEqual(['https://b.example', '+44 A', 'Leeds']);
		expect(await scene.failures()).toEqual([]);
	}); // prettier-ignore

	test('whatever people ask for by hand: synchronize, a side wins, retry, delete, restore, create anew — the account stays as it is', async () => {
		give(0);
		give(1);
		scene.editCustomer(0, { phoneNumber: '+44 A' });
		scene.deleteCustomers(1);
		scene.writes();
		const [bcId, crmId] = [String(scene.customer(0)!['id']), String(scene.account(0)!['accountid'])];
		const lost = String(scene.account(1)!['accountid']);
		expect(codes(await run({ selected: { side: 'businessCentral', ids: [bcId] } }))).toContain('OTHER_COMPANY');
		expect(codes(await run({ selected: { side: 'crm', ids: [crmId], outsideFilter: true }, direction: 'fromCrm' }))).toContain('OTHER_COMPANY');
		await use(async (session) => {
			for (const winner of ['businessCentral', 'crm'] as const)
				expect((await synchronizeWithSide(session, { mapping: 'CUSTOMER', side: 'crm', ids: [crmId], winner })).records).toMatchObject([{ outcome: 'failed', error: { code: 'OTHER_COMPANY' } }]);
			await retryRecords(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [bcId] });
			expect((await deleteOther(session, { mapping: 'CUSTOMER', side: 'crm', ids: [lost] })).records).toMatchObject([{ outcome: 'refused', error: { code: 'OTHER_COMPANY' } }]);
			await expect(coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId: lost, initial: 'send' })).rejects.toMatchObject({ code: 'OTHER_COMPANY' });
		});
		for (const deletion of ['restore', 'deleteOther', 'none'] as const) await run({ deletion, findDeleted: 'now' });
		expect(scene.writes()).toBe(0);
		expect([scene.customers().length, scene.accounts().length]).toEqual([2, 3]);
		await use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [crmId, lost] }));
		expect(crm().row('account', crmId)!['bcbi_companyid']).toBe(OTHER);
		expect(scene.writes()).toBe(0);
	}); // prettier-ignore

	test('a preview says so, too, and counts it', async () => {
		give(0);
		scene.editCustomer(0, { phoneNumber: '+44 A' });
		const [job] = await run({ preview: true });
		expect(counters(job)).toEqual({ failed: 1 });
		expect(codes([job!])).toEqual(['OTHER_COMPANY']);
		expect(await scene.failures()).toEqual([]);
	});
});

test('through the nodes: the run stops with a remedy; an account of another company comes out of Failed, once, and Uncouple leaves it its company', async () => {
	const systems = await startLocalSystems();
	useNewState();
	try {
		const { sandbox, base, company } = systems;
		const there = sandbox.businessCentral.company(base.companyName);
		const customer = there.insert('customers', { displayName: 'Adatum' });
		const vault = systems.vault();
		const sync = () => runNode(SyncMapping, { company, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true } }, { credentials: vault }); // prettier-ignore
		await sync();
		const id = String(sandbox.crm.rows('account')[0]!['accountid']);
		sandbox.crm.seed('bcbi_company', [{ bcbi_companyid: OTHER, bcbi_externalid: '00000000-0000-4000-8000-0000000000bb', bcbi_name: 'B' }]);
		sandbox.crm.update('account', id, ofOther);
		there.update('customers', String(customer['id']), { phoneNumber: '1' });
		const [told, silent] = [await sync(), await sync()];
		expect(told.json[1]).toMatchObject([{ errorCode: 'OTHER_COMPANY', hint: expect.stringContaining('uncouple it') }]);
		expect(silent.json[1]).toEqual([]);
		const uncoupled = await runNode(
			CoupleRecords,
			{ company, operation: 'uncouple', mapping: by('name', 'CUSTOMER'), side: 'crm', crmRecord: by('id', id) },
			{ credentials: vault },
		);
		expect(uncoupled.error).toBeUndefined();
		expect(sandbox.crm.row('account', id)).toMatchObject({ bcbi_companyid: OTHER });
		sandbox.crm.remove('bcbi_company', base.companyRowId);
		const { error } = await sync();
		expect(`${error?.message} ${error?.description}`).toMatch(/COMPANY_ROW_MISSING/);
		expect(`${error?.message} ${error?.description}`).toMatch(/External ID/);
	} finally {
		await systems.close();
	}
});
