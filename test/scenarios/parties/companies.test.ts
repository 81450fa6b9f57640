import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synchronizeMapping } from '../../../engine';
import { coupleRecords } from '../../../engine/coupling/couple';
import { uncouple } from '../../../engine/coupling/uncouple';
import type { SyncSession } from '../../../engine/ports/session';
import { openSqliteStore } from '../../../engine/store/openStore';
import { createBusinessCentral } from '../../../engine/systems/businessCentral';
import type { BusinessCentralCompany } from '../../../sandbox/businessCentral';
import { BC_ROOT, CRM_ROOT, inProcessTransport } from '../../kit/world';
import { counted, openScene, type Scene } from './scene';

const OTHER_ROW = '00000003-0000-4000-8000-000000000002';

let scene: Scene;
let other: BusinessCentralCompany;
let folder: string;
beforeEach(async () => {
	scene = await openScene();
	other = scene.world.sandbox.businessCentral.addCompany('Second Ltd.');
	scene.world.sandbox.crm.seed('bcbi_company', [{ bcbi_companyid: OTHER_ROW, bcbi_externalid: other.id, bcbi_name: 'Second' }]);
	folder = mkdtempSync(join(tmpdir(), 'd365-companies-'));
});
afterEach(async () => {
	await scene.world.close();
	rmSync(folder, { recursive: true, force: true });
});

/** A session on the second company, with the state of its own connection. */
async function asOther<T>(work: (session: SyncSession) => Promise<T>): Promise<T> {
	const { world } = scene;
	const base = await world.open();
	await base.store.close();
	const connection = { bcAddress: `${BC_ROOT}/api/v2.0`, companyId: other.id, companyName: other.name, crmAddress: CRM_ROOT };
	const store = await openSqliteStore({ file: join(folder, 'other.sqlite'), clock: world.clock, connection });
	const businessCentral = createBusinessCentral({
		transport: inProcessTransport(world.sandbox),
		clock: world.clock,
		log: () => undefined,
		apiRoot: `${BC_ROOT}/api/v2.0`,
		odataRoot: `${BC_ROOT}/ODataV4`,
		companyId: other.id,
		authenticator: {
			header: () => Promise.resolve(`Bearer ${world.sandbox.login.token('businessCentral')}`),
			refresh: () => Promise.resolve(),
		},
	});
	try {
		return await work({ ...base, businessCentral, store, companyId: other.id });
	} finally {
		await store.close();
	}
}

const runOther = () =>
	asOther(async (session) => {
		const counts: string[] = [];
		for (const mapping of ['CUSTOMER', 'VENDOR', 'CONTACT'])
			for (const result of await synchronizeMapping(session, { mapping, createUncoupled: true, nothingCoupled: 'isNew' })) {
				expect([result.job.message, result.job.status]).toEqual([result.job.message, 'finished']);
				counts.push(counted(result));
			}
		return counts.filter((each) => each !== '');
	});

const names = (set: string) => [scene.world.base.companyName, other.name].map((name) => scene.world.sandbox.businessCentral.company(name).rows(set).map(({ displayName }) => displayName)); // prettier-ignore
const stamps = (table: string) =>
	scene.world.sandbox.crm.rows(table).map((row) => [row['name'] ?? row['fullname'], row['bcbi_companyid'] ?? null]);

/** A customer with a contact in each company, and an account of nobody. */
function seedBoth(): void {
	scene.person(scene.enter('customers', { displayName: 'Adatum' }), 'Robert Townes');
	other.insert('customers', { displayName: 'Contoso' });
	const company = other.find('contacts', ({ displayName }) => displayName === 'Contoso')!;
	other.insert('contacts', { type: 'Person', displayName: 'Anna Cruz', companyNumber: String(company['number']) });
}

test('two companies share one Dataverse without touching each other’s rows', async () => {
	seedBoth();
	const own = scene.world.base.companyRowId;
	for (let round = 1; round <= 2; round++) {
		await scene.runAll();
		await runOther();
		scene.world.minutes(1);
	}
	expect(names('customers')).toEqual([['Adatum'], ['Contoso']]);
	expect(stamps('account')).toEqual([
		['Adatum', own],
		['Contoso', OTHER_ROW],
	]);
	expect(stamps('contact')).toEqual([
		['Robert Townes', own],
		['Anna Cruz', OTHER_ROW],
	]);
	scene.writes();
	// An edit is the business of the row's own company only, also where the row is asked for by name.
	const contoso = scene.world.sandbox.crm.rows('account')[1]!;
	const id = String(contoso['accountid']);
	scene.changeRow('account', id, { telephone1: '1' });
	await scene.runAll();
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
	const customer = scene.world.sandbox.businessCentral.company(scene.world.base.companyName).rows('customers')[0]!;
	const take = scene.use((session) =>
		coupleRecords(session, { mapping: 'CUSTOMER', bcId: String(customer['id']), crmId: id, initial: 'get' }),
	);
	await expect(take).rejects.toMatchObject({ code: 'OTHER_COMPANY' });
	// The customer, and the person who had no other number than the company: Business Central gives it the new one.
	expect(await runOther()).toEqual(['M1', 'M1']);
	expect(other.rows('customers')[0]?.['phoneNumber']).toBe('1');
});

test('an account of nobody goes to the company that takes it first, and the other one leaves it alone', async () => {
	scene.row('account', { name: 'Litware', customertypecode: 3 });
	await scene.runAll();
	await runOther();
	expect(names('customers')).toEqual([['Litware'], []]);
	expect(stamps('account')).toEqual([['Litware', scene.world.base.companyRowId]]);
});

describe('multi-company mode', () => {
	beforeEach(async () => {
		await scene.use(({ store }) => store.saveCompanySettings({ multiCompany: true }));
		await asOther(({ store }) => store.saveCompanySettings({ multiCompany: true }));
	});

	test('master data is everybody’s: both companies get all accounts and contacts, which keep the company that came first', async () => {
		seedBoth();
		const own = scene.world.base.companyRowId;
		for (let round = 1; round <= 2; round++) {
			await scene.runAll();
			await runOther();
			scene.world.minutes(1);
		}
		expect(names('customers').map((each) => [...each].sort())).toEqual([
			['Adatum', 'Contoso'],
			['Adatum', 'Contoso'],
		]);
		expect(stamps('account')).toEqual([
			['Adatum', own],
			['Contoso', OTHER_ROW],
		]);
		expect(stamps('contact')).toEqual([
			['Robert Townes', own],
			['Anna Cruz', OTHER_ROW],
		]);
		// An edit reaches both.
		scene.changeRow('account', String(scene.world.sandbox.crm.rows('account')[1]!['accountid']), { telephone1: '1' });
		await scene.runAll();
		await runOther();
		const phones = [scene.world.base.companyName, other.name].map(
			(name) =>
				scene.world.sandbox.businessCentral.company(name).find('customers', ({ displayName }) => displayName === 'Contoso')?.[
					'phoneNumber'
				],
		);
		expect(phones).toEqual(['1', '1']);
		scene.writes();
		for (let round = 1; round <= 2; round++) {
			scene.world.minutes(1);
			await scene.runAll();
			await runOther();
		}
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
	});

	test('a row of the other company may be coupled by hand, and keeps its company when it is uncoupled', async () => {
		other.insert('customers', { displayName: 'Contoso' });
		await runOther();
		const customer = scene.enter('customers', { displayName: 'Contoso' });
		const crmId = String(scene.world.sandbox.crm.rows('account')[0]!['accountid']);
		await scene.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: customer.id, crmId, initial: 'send' }));
		expect(await scene.couplings('CUSTOMER')).toHaveLength(1);
		await scene.use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [customer.id] }));
		expect(stamps('account')).toEqual([['Contoso', OTHER_ROW]]);
	});
});
