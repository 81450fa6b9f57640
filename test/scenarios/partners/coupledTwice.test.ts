import { deleteOther } from '../../../engine';
import { compositeId } from '../../../engine/model/compositeId';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems } from '../../kit/n8nLocalSystems';
import { createWorld, type World } from '../../kit/world';
import { runNode, useNewState } from '../../kit/workflow';

/** Mappings that share a table of CRM: whose record is deleted, and whose stays. */
const PAIRS = [
	{ goes: 'CUSTOMER', set: 'customers', stays: 'VENDOR', other: 'vendors', table: 'account', values: { name: 'Fabrikam', customertypecode: 3 } },
	{ goes: 'VENDOR', set: 'vendors', stays: 'CUSTOMER', other: 'customers', table: 'account', values: { name: 'Fabrikam', customertypecode: 11 } },
	{ goes: 'ITEM-PRODUCT', set: 'items', stays: 'RESOURCE-PRODUCT', other: 'ResourceCard', table: 'product', values: { name: 'Fabrikam', productnumber: 'P1', producttypecode: 1 } },
]; // prettier-ignore

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const withStore = async <T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const couplings = (mapping: string) => withStore(async ({ store }) => (await store.findCouplings({ mapping, limit: 10 })).rows.length);

/** One row of CRM, coupled in two mappings. */
async function coupledTwice({
	goes,
	set,
	stays,
	other,
	table,
	values,
}: (typeof PAIRS)[number]): Promise<{ row: string; gone: () => void }> {
	const one = company().insert(set, { displayName: 'Fabrikam' });
	const isPage = other === 'ResourceCard';
	const two = isPage ? company().insert('ResourceCard', { No: 'R1', Name: 'Fabrikam', Type: 'Person' }) : company().insert(other, { displayName: 'Fabrikam' }); // prettier-ignore
	world.sandbox.crm.seed(table, [{ ...values, bcbi_companyid: world.base.companyRowId }]);
	const crmId = String(world.sandbox.crm.rows(table)[0]![`${table}id`]);
	const now = new Date(world.clock.now()).toISOString();
	const bcId = isPage ? compositeId([String(two['No'])]) : String(two['id']);
	await withStore(async (session) => {
		const id = String(one['id']).toLowerCase();
		const blank = { bcNumber: '', bcName: 'Fabrikam', crmName: 'Fabrikam', bcVersion: null, crmVersion: null, bcStamp: null, crmStamp: null, initial: 'send', coupledAt: now, lastSyncedAt: now } as const; // prettier-ignore
		await session.store.commit({
			couplings: [
				{ ...blank, mapping: goes, bcId: id, crmId, baseline: {} },
				{ ...blank, mapping: stays, bcId: isPage ? bcId : bcId.toLowerCase(), crmId, baseline: {} },
			],
		});
	});
	return { row: crmId, gone: () => company().remove(set, String(one['id'])) };
}

test.each(PAIRS)('a row coupled as $goes and as $stays, of which the $goes is deleted, stays with the other and keeps its company', async (pair) => {
	const { row, gone } = await coupledTwice(pair);
	const ours = world.base.companyRowId;
	gone();
	const options = { mapping: pair.goes, deletion: 'deleteOther', findDeleted: 'now', conflict: 'send' } as const;
	const preview = await world.run({ ...options, preview: true });
	const jobs = await world.run(options);
	for (const result of [preview, jobs]) {
		const sum = (name: 'deleted' | 'uncoupled') => result.reduce((total, { job }) => total + job[name], 0);
		expect([sum('deleted'), sum('uncoupled')]).toEqual([0, 1]);
		expect(JSON.stringify(result.map(({ warnings }) => warnings))).toContain(`(${pair.stays})`);
	}
	expect(world.sandbox.crm.row(pair.table, row)).toMatchObject({ bcbi_companyid: ours });
	expect([await couplings(pair.goes), await couplings(pair.stays)]).toEqual([0, 1]);
}); // prettier-ignore

describe('an account of a customer and a vendor', () => {
	const [pair] = PAIRS;

	test('strategy Remove Coupling leaves it its company, too; by hand it is not deleted, and the reason names the vendor', async () => {
		const { row, gone } = await coupledTwice(pair!);
		const ours = world.base.companyRowId;
		gone();
		const { records } = await withStore((session) => deleteOther(session, { mapping: 'CUSTOMER', side: 'crm', ids: [row] }));
		expect(records).toMatchObject([
			{ outcome: 'refused', error: { code: 'COUPLED_ELSEWHERE', message: expect.stringContaining('VENDOR') } },
		]);
		await world.run({ mapping: 'CUSTOMER', deletion: 'removeCoupling', findDeleted: 'now' });
		expect(world.sandbox.crm.row('account', row)).toMatchObject({ bcbi_companyid: ours });
		expect([await couplings('CUSTOMER'), await couplings('VENDOR')]).toEqual([0, 1]);
	});

	test('no second customer comes of it when the vendor is edited later', async () => {
		const { gone } = await coupledTwice(pair!);
		gone();
		await world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther', findDeleted: 'now', conflict: 'send', createUncoupled: true });
		company().update('vendors', String(company().rows('vendors')[0]!['id']), { city: 'Leeds' });
		const runs: JobResult[] = [];
		for (let more = 0; more < 2; more++) {
			world.minutes(20);
			runs.push(...(await world.run({ mapping: 'VENDOR' })), ...(await world.run({ mapping: 'CUSTOMER', createUncoupled: true })));
		}
		expect(world.sandbox.crm.rows('account')).toMatchObject([{ address1_city: 'Leeds' }]);
		expect(company().rows('customers')).toEqual([]);
		expect(runs.map(({ job }) => job.failed)).toEqual(runs.map(() => 0));
	});

	test('the vendor is gone, too: then the account goes', async () => {
		const { gone } = await coupledTwice(pair!);
		gone();
		company().remove('vendors', String(company().rows('vendors')[0]!['id']));
		await world.run({ mapping: 'CUSTOMER', deletion: 'deleteOther', findDeleted: 'now', conflict: 'send' });
		expect(world.sandbox.crm.rows('account')).toEqual([]);
	});
});

test('through the nodes: the run says that the account was kept for the vendor; Delete the Other refuses with the same reason', async () => {
	const systems = await startLocalSystems();
	useNewState();
	try {
		const { sandbox, base, company: chosen } = systems;
		const there = sandbox.businessCentral.company(base.companyName);
		const customer = there.insert('customers', { displayName: 'Adatum' });
		const vendor = there.insert('vendors', { displayName: 'Adatum' });
		const vault = systems.vault();
		const node = (parameters: object) => runNode(CoupleRecords, { company: chosen, ...parameters } as never, { credentials: vault });
		const sync = (mapping: string, options: object) => runNode(SyncMapping, { company: chosen, mapping: by('name', mapping), options } as never, { credentials: vault }); // prettier-ignore
		await sync('CUSTOMER', { createUncoupled: true });
		const id = String(sandbox.crm.rows('account')[0]!['accountid']);
		sandbox.crm.update('account', id, { customertypecode: 11 });
		const coupled = await node({ operation: 'couple', mapping: by('name', 'VENDOR'), businessCentralRecord: by('id', String(vendor['id'])), crmRecord: by('id', id) });
		expect(coupled.error).toBeUndefined();
		there.remove('customers', String(customer['id']));
		const refused = await node({ operation: 'deleteOther', mapping: by('name', 'CUSTOMER'), side: 'crm', crmRecord: by('id', id) });
		expect(JSON.stringify([refused.error?.message, refused.json])).toContain('COUPLED_ELSEWHERE');
		const { json } = await sync('CUSTOMER', { deletion: 'deleteOther', conflict: 'send', findDeleted: 'now' });
		expect(JSON.stringify(json[0])).toContain('coupled in another table mapping as well');
		expect(sandbox.crm.rows('account')).toHaveLength(1);
	} finally {
		await systems.close();
	}
}); // prettier-ignore
