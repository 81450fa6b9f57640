import { coupleRecords, createAndCouple, matchCouple, restoreRecords, runFullSync, uncouple } from '../../../engine';
import { compositeId } from '../../../engine/model/compositeId';
import { pluginRefusal } from '../../../sandbox/dataverse/plugins';
import { openShared, type Shared, TABLES } from './tables';

let shared: Shared;
afterEach(() => shared.world.close());

const row = (table: string, id: string) => shared.world.sandbox.crm.get(table, id)!;
const ours = () => shared.world.base.companyRowId;

describe.each(TABLES.map((table) => [table.mapping, table] as const))('%s: the row of a couple carries the company', (mapping, table) => {
	const { crmTable, bcSet, before } = table;
	const company = async () => {
		const { crmId } = await shared.couple(mapping);
		return row(crmTable, crmId)['bcbi_companyid'];
	};

	beforeEach(async () => {
		shared = await openShared(table.settings);
	});

	/** A couple that was parted: two records that hold the same, and nothing tells whose the row is. */
	async function parted() {
		table.enter(shared);
		await shared.run(...before, mapping);
		const couple = await shared.couple(mapping);
		await shared.use((session) => uncouple(session, { mapping, side: 'businessCentral', ids: [couple.bcId] }));
		shared.world.minutes(30);
		expect(row(crmTable, couple.crmId)['bcbi_companyid'] ?? null).toBeNull();
		return couple;
	}

	test('created from Business Central, by a run or by hand', async () => {
		table.enter(shared);
		await shared.run(...before);
		const { id, No, Code } = shared.company().rows(bcSet).at(-1)!;
		const ids = [id === undefined ? compositeId([String(No ?? Code)]) : String(id)];
		await shared.use((session) => createAndCouple(session, { mapping, side: 'businessCentral', ids }));
		expect(await company()).toBe(ours());
	});

	(table.row ? test : test.skip)('created from CRM', async () => {
		table.row!(shared);
		await shared.run(...before, mapping);
		expect(await company()).toBe(ours());
		shared.world.minutes(30);
		shared.world.takeRequests();
		await shared.run(mapping);
		expect(shared.world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
	});

	test.each(['no', 'byStrategy', 'send'] as const)('matched without a difference, synchronized afterwards: %s', async (after) => {
		await parted();
		const number = shared.world.sandbox.crm.rows(crmTable).length;
		await shared.use((session) => matchCouple(session, { mapping, criteria: [table.match], synchronizeAfterwards: after }));
		if (after === 'no') await shared.run(mapping);
		expect(shared.world.sandbox.crm.rows(crmTable)).toHaveLength(number);
		expect(await company()).toBe(ours());
	});

	test('matched by a full synchronization', async () => {
		const { crmId } = await parted();
		await shared.use((session) => runFullSync(session, { mappings: [mapping], afterwards: 'keep', ignoreDependencies: true }));
		expect((await shared.couple(mapping)).crmId).toBe(crmId);
		expect(await company()).toBe(ours());
	});

	test.each(['none', 'send', 'get', 'default'] as const)('coupled by hand, and again, with first synchronization %s', async (initial) => {
		if (initial === 'get' && !table.row) return;
		const { bcId, crmId } = await parted();
		for (let time = 1; time <= 2; time++) {
			await shared.use((session) => coupleRecords(session, { mapping, bcId, crmId, initial }));
			if (initial === 'none') await shared.run(mapping);
			expect(row(crmTable, crmId)['bcbi_companyid']).toBe(ours());
			await shared.use((session) => uncouple(session, { mapping, side: 'businessCentral', ids: [bcId] }));
			shared.world.minutes(1);
		}
	});

	test('restored in CRM', async () => {
		table.enter(shared);
		await shared.run(...before, mapping);
		const { crmId } = await shared.couple(mapping);
		shared.world.sandbox.crm.remove(crmTable, crmId);
		shared.world.minutes(1);
		await shared.use((session) => restoreRecords(session, { mapping, side: 'crm', ids: [crmId] }));
		expect(await company()).toBe(ours());
	});
});

describe.each(TABLES.map((table) => [table.mapping, table] as const))('%s: a company that is not written', (mapping, table) => {
	const { crmTable, before } = table;

	test.each(['Business Central', 'CRM'] as const)('is a failure, is tried again, and is counted, from %s', async (from) => {
		if (from === 'CRM' && !table.row) return;
		shared = await openShared(table.settings);
		const { crm } = shared.world.sandbox;
		if (from === 'CRM') table.row!(shared);
		else table.enter(shared);
		await shared.run(...before);
		let refusing = true;
		const close = () =>
			crm.addPlugin({
				table: crmTable,
				messages: ['Update'],
				when: 'before',
				run: (changed) => {
					if (refusing && changed['bcbi_companyid']) throw pluginRefusal('Companies are closed.');
					return null;
				},
			});
		if (from === 'CRM') close();
		else {
			await shared.run(mapping);
			const { crmId, bcId } = await shared.couple(mapping);
			await shared.use((session) => uncouple(session, { mapping, side: 'businessCentral', ids: [bcId] }));
			shared.world.minutes(30);
			close();
			await shared.use((session) => coupleRecords(session, { mapping, bcId, crmId, initial: 'none' }));
		}
		const first = await shared.run(mapping);
		const codes = (results: typeof first) => results.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode));
		expect(codes(first)).toContain('COMPANY_NOT_WRITTEN');
		const { crmId } = await shared.couple(mapping);
		expect(row(crmTable, crmId)['bcbi_companyid'] ?? null).toBeNull();
		refusing = false;
		shared.world.minutes(30);
		const [again] = (await shared.run(mapping)).filter(({ job }) => job.modified > 0);
		expect(again?.job).toMatchObject({ modified: 1, failed: 0 });
		expect(row(crmTable, crmId)['bcbi_companyid']).toBe(ours());
	});
});

describe('couples of all kinds', () => {
	beforeEach(async () => {
		shared = await openShared();
	});

	const customer = () => String(shared.company().rows('customers')[0]!['id']);
	const account = (values = {}) => shared.world.sandbox.crm.insert('account', { name: 'Adatum', customertypecode: 3, ...values });
	const companyOf = (id: string) => row('account', id)['bcbi_companyid'] ?? null;

	test('of a mapping that only brings data from CRM', async () => {
		await shared.use(({ store }) => store.saveSettings('CUSTOMER', { direction: 'fromCrm' }));
		const id = account();
		await shared.run('CUSTOMER');
		expect(companyOf(id)).toBe(ours());
	});

	test('whose values are in conflict', async () => {
		shared.insert('customers', { displayName: 'Adatum', phoneNumber: '1' });
		const id = account({ telephone1: '2' });
		await shared.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: customer(), crmId: id, initial: 'none' }));
		const results = await shared.run('CUSTOMER');
		expect(results.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode))).toContain('CONFLICT');
		expect(companyOf(id)).toBe(ours());
		shared.world.takeRequests();
		shared.world.minutes(30);
		await shared.run('CUSTOMER');
		expect(shared.world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
	});

	test('that somebody took the company from, asked for by name: the write is counted', async () => {
		shared.insert('customers', { displayName: 'Adatum' });
		await shared.run('CUSTOMER');
		const { bcId, crmId } = await shared.couple('CUSTOMER');
		for (const side of ['businessCentral', 'crm'] as const) {
			shared.world.minutes(1);
			shared.world.sandbox.crm.update('account', crmId, { bcbi_companyid: null });
			const direction = side === 'crm' ? ('fromCrm' as const) : ('toCrm' as const);
			const selected = { side, ids: [side === 'crm' ? crmId : bcId] };
			const [result] = await shared.world.run({ mapping: 'CUSTOMER', direction, selected, returnChanges: 5 });
			expect(result!.job).toMatchObject({ modified: 1, unchanged: 0, writes: { crm: 1, businessCentral: 0 } });
			expect(companyOf(crmId)).toBe(ours());
		}
	});
});
