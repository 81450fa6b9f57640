import { coupleRecords, runFullSync } from '../../../engine';
import { derivedId } from '../../../engine/model/derivedId';
import { codes, counts, openStage, type OtherStore, type Stage } from './kit';

let stage: Stage;
let a: OtherStore;
beforeEach(async () => {
	stage = await openStage();
	a = await stage.store();
});
afterEach(() => stage.close());

const bc = () => stage.world.sandbox.businessCentral.company(stage.world.base.companyName);
const crm = () => stage.world.sandbox.crm;
const idOf = (row: Record<string, unknown>): string => String(row['accountid']).toLowerCase();
const pairs = async (store: OtherStore, mapping = 'CUSTOMER'): Promise<string[]> =>
	(await store.couplings(mapping)).map(({ bcId, crmId }) => `${bcId} ${crmId}`).sort();
const ours = () => ({ bcbi_companyid: { table: 'bcbi_company', id: stage.world.base.companyRowId } });

test('the id of a row is a well-formed UUID of version 5 and always the same', async () => {
	const origin = { companyId: 'ABCDEF00-0000-4000-8000-000000000001', mapping: 'CUSTOMER', bcId: 'x', generation: 0 };
	expect(derivedId(origin)).toBe(derivedId({ ...origin, companyId: origin.companyId.toLowerCase() }));
	expect(derivedId(origin)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	const others = [{ mapping: 'VENDOR' }, { bcId: 'y' }, { generation: 1 }, { companyId: 'abcdef00-0000-4000-8000-000000000002' }];
	expect(new Set([origin, ...others.map((other) => ({ ...origin, ...other }))].map(derivedId)).size).toBe(5);
	const customer = stage.customer('Adatum');
	await stage.run(a);
	const made = { companyId: stage.world.base.companyId, mapping: 'CUSTOMER', bcId: customer.id, generation: 0 };
	expect(idOf(stage.accounts()[0]!)).toBe(derivedId(made));
});

test('records that were there on both sides and were only matched are known again, too: 6 and 6 stay 6 and 6', async () => {
	for (let number = 1; number <= 6; number++) {
		stage.customer(`Customer ${number}`);
		stage.account(`Customer ${number}`, { creditlimit: 0 });
	}
	await a.use((session) => runFullSync(session, { afterwards: 'keep', mappings: ['CUSTOMER'], ignoreDependencies: true }));
	expect(await pairs(a)).toHaveLength(6);
	expect(stage.accounts().every((row) => row['bcbi_companyid'] === stage.world.base.companyRowId)).toBe(true);
	for (const direction of ['toCrm', 'fromCrm'] as const) {
		const lost = await stage.store();
		await stage.run(lost, 'CUSTOMER', { direction });
		expect([stage.customers().length, stage.accounts().length]).toEqual([6, 6]);
		expect(await pairs(lost)).toEqual(await pairs(a));
	}
	stage.world.takeRequests();
	await stage.run(a);
	expect(stage.world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
});

test('a value that grows when its letters are made small does not make the question too long for its field', async () => {
	stage.account('İ'.repeat(100), { emailaddress1: `${'İ'.repeat(68)}@x.example` });
	await stage.run(a);
	const lost = await stage.store();
	await stage.run(lost, 'CUSTOMER', { direction: 'fromCrm' });
	expect(stage.customers()).toHaveLength(1);
});

test('the store is set back to last night: what was created since is found again, on both sides, and coupled', async () => {
	stage.customer('Adatum');
	stage.account('Blue Yonder');
	await stage.run(a);
	const backup = await a.copy();
	stage.customer('Contoso');
	stage.account('Datum');
	await stage.run(a);
	const couples = await pairs(a);
	expect(couples).toHaveLength(4);
	const again = await stage.run(backup);
	expect(again.reduce((sum, { job }) => sum + job.inserted, 0)).toBe(0);
	expect([stage.customers().length, stage.accounts().length]).toEqual([4, 4]);
	expect(await pairs(backup)).toEqual(couples);
});

test('rows that an earlier version gave random ids are known by our company and their number', async () => {
	const customer = stage.customer('Adatum');
	const row = stage.account('Adatum (renamed)', { accountnumber: customer.number, ...ours() });
	expect(counts(await stage.run(a, 'CUSTOMER', { direction: 'toCrm' }))).toEqual(['toCrm: coupled 1']);
	expect((await a.couplings()).map(({ crmId }) => crmId)).toEqual([row.toLowerCase()]);
	expect(stage.accounts()).toHaveLength(1);
});

test('the same in the other direction: a row that carries our company and a number is coupled with the customer of that number', async () => {
	const customer = stage.customer('Adatum');
	stage.account('Adatum (renamed)', { accountnumber: customer.number, ...ours() });
	await stage.run(a, 'CUSTOMER', { direction: 'fromCrm' });
	expect((await a.couplings()).map(({ bcId }) => bcId)).toEqual([customer.id]);
	expect(stage.customers()).toHaveLength(1);
});

test('a row of another company that has the same number is left alone, and so is a row that carries no company', async () => {
	const other = crm().seed('bcbi_company', [{ bcbi_externalid: '0000000f-0000-4000-8000-000000000001', bcbi_name: 'Other' }])[0]!;
	const customer = stage.customer('Adatum');
	const theirs = stage.account('Adatum', { accountnumber: customer.number, bcbi_companyid: { table: 'bcbi_company', id: other } });
	const nobodys = stage.account('Adatum', { accountnumber: customer.number, customertypecode: 1 });
	const before = stage.accounts().map((row) => JSON.stringify(row));
	await stage.run(a, 'CUSTOMER', { direction: 'toCrm' });
	const now = stage.accounts();
	expect(now).toHaveLength(3);
	for (const id of [theirs, nobodys]) expect(before).toContain(JSON.stringify(now.find((row) => row['accountid'] === id)));
});

test('the row made for a customer was given to another company: nothing is created beside it, and the failure names it', async () => {
	stage.customer('Adatum');
	await stage.run(a);
	const other = crm().seed('bcbi_company', [{ bcbi_externalid: '0000000f-0000-4000-8000-000000000001', bcbi_name: 'Other' }])[0]!;
	const id = idOf(stage.accounts()[0]!);
	crm().update('account', id, { bcbi_companyid: { table: 'bcbi_company', id: other } });
	const results = await stage.run(await stage.store(), 'CUSTOMER', { direction: 'toCrm' });
	expect(codes(results)).toEqual(['OTHER_COMPANY']);
	expect(results[0]!.failed[0]!.message).toContain(id);
	expect(stage.accounts()).toHaveLength(1);
});

test('the row made for a customer is inactive, or the customer of a row is blocked: a failure names the record outside the filter', async () => {
	const customer = stage.customer('Adatum');
	await stage.run(a);
	const id = idOf(stage.accounts()[0]!);
	crm().update('account', id, { statecode: 1, statuscode: 2 });
	const toCrm = await stage.run(await stage.store(), 'CUSTOMER', { direction: 'toCrm' });
	expect(codes(toCrm)).toEqual(['PARTNER_OUTSIDE_FILTER']);
	crm().update('account', id, { statecode: 0, statuscode: 1 });
	bc().update('customers', customer.id, { blocked: 'All' });
	const lost = await stage.store();
	const fromCrm = await stage.run(lost, 'CUSTOMER', { direction: 'fromCrm' });
	expect(codes(fromCrm)).toEqual(['PARTNER_OUTSIDE_FILTER']);
	expect([stage.customers().length, stage.accounts().length]).toEqual([1, 1]);
	// What the hint says helps.
	bc().update('customers', customer.id, { blocked: '_x0020_' });
	await stage.run(lost, 'CUSTOMER', { direction: 'fromCrm' });
	expect(await pairs(lost)).toEqual([`${customer.id} ${id}`]);
});

test('several rows of our company carry the number: nothing is created, and the failure names them; coupling one by hand settles it', async () => {
	const customer = stage.customer('Adatum');
	const rows = [1, 2].map((copy) => stage.account(`Adatum ${copy}`, { accountnumber: customer.number, ...ours() }));
	const results = await stage.run(a, 'CUSTOMER', { direction: 'toCrm' });
	expect(codes(results)).toEqual(['PARTNER_UNCLEAR']);
	for (const id of rows) expect(results[0]!.failed[0]!.message).toContain(id);
	expect(stage.accounts()).toHaveLength(2);
	const request = { mapping: 'CUSTOMER', bcId: customer.id, crmId: rows[1]!, initial: 'send' as const };
	await a.use((session) => coupleRecords(session, request));
	await stage.run(a, 'CUSTOMER', { direction: 'toCrm' });
	expect(await pairs(a)).toEqual([`${customer.id} ${rows[1]!}`]);
	expect(stage.accounts()).toHaveLength(2);
});

test('namesakes of which a lost store cannot tell who belongs to whom are failures on both sides, no new records', async () => {
	stage.account('Adatum', { emailaddress1: '' });
	stage.account('Adatum', { emailaddress1: '' });
	await stage.run(a);
	expect(stage.customers()).toHaveLength(2);
	const results = await stage.run(await stage.store());
	expect(codes(results)).toEqual(['PARTNER_UNCLEAR', 'PARTNER_UNCLEAR', 'PARTNER_UNCLEAR', 'PARTNER_UNCLEAR']);
	expect([stage.customers().length, stage.accounts().length]).toEqual([2, 2]);
});

test('a value that identifies, filled and different on both sides, speaks against a row of the same name: it is named, not taken', async () => {
	stage.account('Adatum', { emailaddress1: 'one@adatum.example' });
	await stage.run(a);
	bc().update('customers', String(stage.customers()[0]!['id']), { email: 'two@adatum.example' });
	const lost = await stage.store();
	const results = await stage.run(lost, 'CUSTOMER', { direction: 'toCrm' });
	expect(codes(results)).toEqual(['PARTNER_UNCLEAR']);
	expect([stage.customers().length, stage.accounts().length]).toEqual([1, 1]);
	// The way on that the hint names.
	crm().update('account', idOf(stage.accounts()[0]!), { bcbi_companyid: null });
	await stage.run(lost, 'CUSTOMER', { direction: 'toCrm' });
	await stage.run(lost, 'CUSTOMER', {
		direction: 'toCrm',
		selected: { side: 'businessCentral', ids: [String(stage.customers()[0]!['id'])] },
	});
	expect(stage.accounts()).toHaveLength(2);
});

test('a number that runs write and that a coupled row carries: the record fails and names both, in either direction', async () => {
	await a.use(async ({ store }) => store.saveSettings('CUSTOMER', { fields: { accountnumber: { enabled: true } } }));
	const customer = stage.customer('Adatum');
	await stage.run(a);
	const taken = idOf(stage.accounts()[0]!);
	const stray = stage.customer('Stray');
	crm().update('account', taken, { accountnumber: stray.number });
	const toCrm = await stage.run(a, 'CUSTOMER', { direction: 'toCrm', selected: { side: 'businessCentral', ids: [stray.id] } });
	expect(codes(toCrm)).toEqual(['PARTNER_TAKEN']);
	expect(toCrm[0]!.failed[0]!.message).toContain(`is coupled with ${customer.number} Adatum`);
	expect(stage.accounts()).toHaveLength(1);
	const copied = stage.account('Copied', { accountnumber: customer.number, ...ours() });
	const fromCrm = await stage.run(a, 'CUSTOMER', { direction: 'fromCrm', selected: { side: 'crm', ids: [copied] } });
	expect(codes(fromCrm)).toEqual(['PARTNER_TAKEN']);
	expect(stage.customers()).toHaveLength(2);
});

test('customers deleted and imported again under their numbers take their accounts over, and nothing is there twice', async () => {
	await a.use(async ({ store }) => store.saveSettings('CUSTOMER', { deletion: 'restore', fields: { accountnumber: { enabled: true } } }));
	const old = [1, 2, 3].map((number) => stage.customer(`Customer ${number}`));
	await stage.run(a);
	for (const { id } of old) bc().remove('customers', id);
	for (const { number } of old) stage.customer(`Imported ${number}`, { number });
	for (const findDeleted of ['mapping', 'now'] as const) await stage.run(a, 'CUSTOMER', { findDeleted });
	expect([stage.customers().length, stage.accounts().length]).toEqual([3, 3]);
	expect(stage.names().crm).toEqual(stage.names().businessCentral);
	expect(await pairs(a)).toHaveLength(3);
});

test('a customer imported again under its number was given an account of its own: the old account is not restored into a second customer of that number', async () => {
	const old = stage.customer('Adatum');
	await stage.run(a);
	bc().remove('customers', old.id);
	const again = stage.customer('Imported', { number: old.number });
	const own = stage.account('Imported');
	await a.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: again.id, crmId: own, initial: 'none' }));
	const results = await stage.run(a, 'CUSTOMER', { deletion: 'restore', findDeleted: 'now' });
	expect(codes(results)).toEqual(['PARTNER_TAKEN']);
	expect(results.flatMap(({ failed }) => failed)[0]!.message).toContain(again.number);
	expect(stage.customers()).toHaveLength(1);
});

test('a customer imported again under its number takes the account of the gone one, in a run that knows of no deletion', async () => {
	const old = stage.customer('Adatum');
	await stage.run(a);
	bc().remove('customers', old.id);
	const again = stage.customer('Imported', { number: old.number });
	await stage.run(a, 'CUSTOMER', { direction: 'toCrm', findDeleted: 'off' });
	expect(await pairs(a)).toEqual([`${again.id} ${idOf(stage.accounts()[0]!)}`]);
	expect([stage.customers().length, stage.accounts().length]).toEqual([1, 1]);
});

test('what a creation costs: one batch more for a page that creates in CRM, nothing for new rows of CRM, nothing for a quiet run', async () => {
	await stage.run(a);
	const requests = (): { bc: number; crm: number } => {
		const all = stage.world.takeRequests();
		return {
			bc: all.filter(({ system }) => system === 'businessCentral').length,
			crm: all.filter(({ system }) => system === 'crm').length,
		};
	};
	requests();
	await stage.run(a);
	const quiet = requests();
	stage.customer('Adatum');
	await stage.run(a, 'CUSTOMER', { direction: 'toCrm' });
	const ofAccounts = stage.world
		.takeRequests()
		.filter(({ system, parts }) => system === 'crm' && parts?.some(({ path }) => path.includes('/accounts')));
	expect(ofAccounts.map(({ writes }) => writes)).toEqual([0, 1]);
	stage.account('Blue Yonder');
	requests();
	await stage.run(a, 'CUSTOMER', { direction: 'fromCrm' });
	const ofCustomers = stage.world
		.takeRequests()
		.filter(({ system, parts }) => system === 'businessCentral' && parts?.some(({ path }) => path.includes('/customers')));
	expect(ofCustomers.map(({ writes }) => writes)).toEqual([1]);
	await stage.run(a);
	requests();
	await stage.run(a);
	expect(requests()).toEqual(quiet);
});
