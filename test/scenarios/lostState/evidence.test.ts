import type { INodeExecutionData } from 'n8n-workflow';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../../nodes/FullSync/FullSync.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { runNode } from '../../kit/workflow';
import { by } from '../../kit/n8nLocalSystems';
import { startPostgres, type RunningPostgres } from '../../kit/postgres';
import { CUSTOMERS, expectNothingCoupled, jobsOf, openOffice, type Office } from './kit';

let office: Office;
beforeEach(async () => (office = await openOffice()));
afterEach(() => office.close());

const company = () => office.systems.sandbox.businessCentral.company(office.systems.base.companyName);
const accounts = () => office.systems.sandbox.crm.rows('account');

test('Take Over: rows that carry this company and a number are coupled by them, whatever they are called by now; namesakes without are left to the name', async () => {
	await office.fullSync();
	const [first, second] = company().rows('customers');
	const accountOf = (name: unknown) => String(accounts().find((row) => row['name'] === name)!['accountid']);
	const { crm } = office.systems.sandbox;
	// Renamed on one side while nobody looked; and one whose name now is that of another customer.
	crm.update('account', accountOf(first!['displayName']), { name: 'Renamed in CRM', accountnumber: String(first!['number']) });
	crm.update('account', accountOf(second!['displayName']), { name: 'Customer 0', accountnumber: String(second!['number']).toLowerCase() });
	office.deleteFile();
	const preview = await office.fullSync({ preview: true });
	expect(preview.json[0]![0]).toMatchObject({ mapping: 'CUSTOMER', type: 'coupling', coupled: CUSTOMERS, preview: true });
	expect(jobsOf(await office.fullSync()).map((job) => job.split(' ')[1])).toEqual(['I0', 'I0', 'I0']);
	expect(accounts()).toHaveLength(CUSTOMERS);
	expect(company().rows('customers')).toHaveLength(CUSTOMERS);
	expect(office.names().accounts).toEqual(office.names().customers);
});

test('a full sync that matches first tells in its warnings that another store was used', async () => {
	await office.fullSync();
	office.newFile();
	const { json } = await office.fullSync();
	expect(JSON.stringify(json[0]!.map(({ warnings }) => warnings))).toMatch(
		/the one used last for this connection is embedded file .*12 couplings/,
	);
});

test('people who work in the editor see it above the output: a review, and a list of couples', async () => {
	await office.fullSync();
	office.newFile();
	const { staticData } = office.workflow;
	for (const [type, parameters] of [
		[FullSync, { operation: 'review', mappingSelection: 'selection', mappings: ['CUSTOMER'] }],
		[CoupleRecords, { operation: 'getMany', mapping: by('name', 'CUSTOMER') }],
	] as const) {
		const settings = { credentials: office.embedded, mode: 'manual', staticData } as const;
		const { hints, json } = await runNode(type, { company: office.systems.company, ...parameters } as never, settings);
		expect(JSON.stringify(hints)).toContain('This state store is new');
		if (type === FullSync) expect(json[0]![0]!['message']).toContain('Another one was used before: embedded file');
	}
});

test('a mapping that nobody would double is kept from running, too, where another store was used: one side is empty, or codes tell', async () => {
	await office.fullSync();
	office.newFile();
	office.writes();
	for (const mapping of ['VENDOR', 'CURRENCY']) {
		const { error } = await office.run(SyncMapping, { mapping: by('name', mapping), options: { createUncoupled: true } });
		expect(`${error?.message} ${error?.description}`).toMatch(/This state store is new.*Another one was used before.*\(STORE_IS_NEW\)/s);
	}
	expect(office.writes()).toBe(0);
	const said = { options: { createUncoupled: true, nothingCoupled: 'isNew' } };
	expect((await office.run(SyncMapping, { mapping: by('name', 'CURRENCY'), ...said })).error).toBeUndefined();
	expect((await office.run(SyncMapping, { mapping: by('name', 'VENDOR'), options: { createUncoupled: true } })).error).toBeUndefined();
	// What was said of currencies is nothing that holds for customers.
	await expectNothingCoupled(office, () => office.schedule());
});

test('nobody is kept from a first synchronization: both sides filled, a full sync that creates all, and a fresh store on one filled side', async () => {
	expect(jobsOf(await office.schedule())).toEqual([`toCrm I${CUSTOMERS} M0 F0 finished`, 'fromCrm I0 M0 F0 finished']);
	await office.close();
	office = await openOffice();
	office.systems.sandbox.crm.insert('account', { name: 'Own', customertypecode: 3 });
	await expectNothingCoupled(office, () => office.schedule());
	expect(jobsOf(await office.fullSync({ bothSides: 'createAll' }))).toEqual([
		`toCrm I${CUSTOMERS} M0 F0 finished`,
		'fromCrm I1 M0 F0 finished',
	]);
	// Currencies find each other by their code.
	const currencies = await office.run(SyncMapping, { mapping: by('name', 'CURRENCY'), options: { createUncoupled: true } });
	expect(jobsOf(currencies)[0]).toMatch(/finished$/);
});

test('couples that a person removed are no lost state: the message says when, and both ways on work', async () => {
	await office.fullSync();
	const uncouple = () => office.run(CoupleRecords, { operation: 'uncouple', scope: 'mapping', mapping: by('name', 'CUSTOMER') });
	const done = await uncouple();
	expect(done.error).toBeUndefined();
	const text = await expectPartedMessage();
	expect(text).toMatch(/Its couplings were removed here, the last one 20/);
	expect(text).not.toContain('attach that store');
	await office.fullSync();
	expect(office.names().accounts).toHaveLength(CUSTOMERS);
	await uncouple();
	expect(jobsOf(await office.schedule({ options: { nothingCoupled: 'isNew' } }))).toEqual([
		`toCrm I${CUSTOMERS} M0 F0 finished`,
		// Dataverse tells what changed since; these rows did not.
		'fromCrm I0 M0 F0 finished',
	]);
});

async function expectPartedMessage(): Promise<string> {
	const before = office.snapshot();
	const { error } = await office.schedule();
	expect(office.snapshot()).toBe(before);
	const text = `${error?.message} ${error?.description}`;
	expect(text).toContain('(NOTHING_COUPLED)');
	return text;
}

test('a full sync that could couple and create nobody is no lost state: schedules go on trying', async () => {
	for (const row of company().rows('customers').slice(1)) company().remove('customers', String(row['id']));
	company().insert('customers', { displayName: 'Customer 0' });
	for (let index = 0; index < 2; index++) office.systems.sandbox.crm.insert('account', { name: 'Customer 0', customertypecode: 3 });
	await expectNothingCoupled(office, () => office.schedule({ options: { createUncoupled: false } }));
	const { json } = await office.fullSync();
	expect(json[1]!.map(({ errorCode }) => errorCode)).toEqual(['SEVERAL_MATCHES', 'SEVERAL_MATCHES']);
	expect(jobsOf(await office.schedule({ options: { createUncoupled: false } }))).toEqual([
		'toCrm I0 M0 F0 finished',
		'fromCrm I0 M0 F0 finished',
	]);
	expect(accounts()).toHaveLength(2);
});

test('a record that a person names is created and coupled, whatever is known of the others', async () => {
	office.systems.sandbox.crm.insert('account', { name: 'Own', customertypecode: 3 });
	const number = String(company().rows('customers')[0]!['number']);
	const outcome = await office.run(CoupleRecords, {
		operation: 'createAndCouple',
		mapping: by('name', 'CUSTOMER'),
		side: 'businessCentral',
		businessCentralRecord: by('number', number),
	});
	expect(outcome.error).toBeUndefined();
	expect(accounts()).toHaveLength(2);
});

describe('two stores in use', () => {
	let postgres: RunningPostgres;
	beforeAll(async () => {
		postgres = await startPostgres();
	});
	afterAll(() => postgres.stop());

	test('after a move one node still has the old store: every run on it says which one was used last', async () => {
		await office.fullSync();
		const kept: INodeExecutionData = await office.exportState();
		office.use(office.withPostgres(postgres));
		await office.importState(kept);
		expect((await office.schedule()).json[0]![0]!['warnings']).toBeUndefined();
		office.use(office.embedded);
		for (let turn = 0; turn < 2; turn++) {
			office.use(office.embedded);
			expect(JSON.stringify((await office.schedule()).json[0]![0]!['warnings'])).toMatch(
				/uses the state store embedded file .* the one used last .* is PostgreSQL database/,
			);
			office.use(office.withPostgres(postgres));
			expect(JSON.stringify((await office.schedule()).json[0]![0]!['warnings'])).toContain('is embedded file');
		}
	});
});
