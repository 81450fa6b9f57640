/**
 * The danger: a copy of Business Central (a sandbox made from production) is synchronized with the productive CRM, or a copy of CRM with the
 * productive Business Central, and a full synchronization overwrites every current value with an old one.
 */
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../../nodes/FullSync/FullSync.node';
import { TableMappings } from '../../../nodes/TableMappings/TableMappings.node';
import { forgetKnownSystems } from '../../../nodes/shared/knownSystems';
import { sandboxCredentials } from '../../kit/n8nSandboxCredentials';
import { CredentialVault, type NodeOutcome } from '../../kit/workflow';
import { CUSTOMERS, jobsOf, openOffice, type Office } from '../lostState/kit';

let office: Office;
beforeEach(async () => {
	forgetKnownSystems();
	office = await openOffice();
	await office.schedule();
});
afterEach(() => office.close());

const said = ({ error, json }: NodeOutcome): string => {
	const failed = json[1]?.[0];
	return error
		? `${error.message} ${error.description ?? ''}`
		: `${String(failed?.['message'])} ${String(failed?.['hint'])} (${String(failed?.['errorCode'])})`;
};

/** Every phone is changed and synchronized; whoever was copied before holds old ones. */
async function editAll(): Promise<void> {
	const { sandbox, base } = office.systems;
	// An hour later in Business Central.
	sandbox.clock.skew.businessCentral += 60 * 60_000;
	const company = sandbox.businessCentral.company(base.companyName);
	for (const [index, row] of company.rows('customers').entries())
		company.update('customers', String(row['id']), { phoneNumber: `current ${index}` });
	await office.schedule();
}

const credentialsOf = (environment: string): CredentialVault => {
	const values = sandboxCredentials(office.systems.addresses);
	const { businessCentral } = office.systems.addresses;
	const online = {
		...values['businessCentralOAuth2Api'],
		environmentName: environment,
		baseUrlOverride: `${businessCentral}/v2.0/${environment}`,
	};
	return new CredentialVault({ ...values, businessCentralOAuth2Api: online });
};

/** Nothing is written by any kind of run, and each tells why. */
async function expectStopped(code: string, ...words: RegExp[]): Promise<void> {
	const before = office.snapshot();
	const kinds = [
		() => office.schedule(),
		() => office.schedule({ preview: true }),
		() => office.fullSync(),
		() => office.fullSync({ bothSides: 'createAll', options: { allowMassChanges: true } }),
	];
	for (const run of kinds) {
		const text = said(await run());
		expect(text).toContain(`(${code})`);
		for (const word of words) expect(text).toMatch(word);
	}
	expect(office.snapshot()).toBe(before);
}

describe('a copy of Business Central under another name, with the productive CRM', () => {
	beforeEach(async () => {
		office.systems.sandbox.businessCentral.copyEnvironment('copy');
		await editAll();
		office.use(credentialsOf('copy'));
	});

	test('every run stops before its first write and names the other environment, its couplings and both ways on', async () => {
		await expectStopped(
			'ENVIRONMENT_COPIED',
			/v2\.0\/sandbox/,
			new RegExp(`${CUSTOMERS} couplings`),
			/Take Over the Couplings/,
			/It Is a New Environment/,
		);
		expect(office.phones().accounts).toEqual(office.phones().customers);
	});

	test('Take Over: the couplings are those of the copy now, and its old values are noticed before they travel', async () => {
		const settled = await office.run(FullSync, { operation: 'settleCopied', copiedWay: 'takeOver' });
		expect(settled.json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
		const current = office.phones().accounts;
		await expectStopped('RESTORED', /Business Central seems to have been put back/);
		expect(office.phones().accounts).toEqual(current);
	});

	test('It Is a New Environment: remembered, and what CRM tells of the other one stops a full synchronization until somebody takes it over', async () => {
		await office.run(FullSync, { operation: 'settleCopied', copiedWay: 'isNew' });
		const before = office.snapshot();
		expect(said(await office.schedule())).toContain('(NOTHING_COUPLED)');
		expect(office.snapshot()).toBe(before);
	});
});

test('an environment that was renamed goes on with its couplings after Take Over', async () => {
	office.systems.sandbox.businessCentral.copyEnvironment('renamed');
	office.use(credentialsOf('renamed'));
	expect(said(await office.schedule())).toContain('(ENVIRONMENT_COPIED)');
	await office.run(FullSync, { operation: 'settleCopied', copiedWay: 'takeOver' });
	expect(jobsOf(await office.schedule())).toEqual(['toCrm I0 M0 F0 finished', 'fromCrm I0 M0 F0 finished']);
	expect(office.names().accounts).toHaveLength(CUSTOMERS);
});

test('settings made for the new environment do not hinder Take Over; those the couplings were synchronized with count, and are told', async () => {
	const CUSTOMER = { mapping: { __rl: true, mode: 'list', value: 'CUSTOMER' } };
	const change = (conflict: string) => office.run(TableMappings, { operation: 'update', ...CUSTOMER, settings: { conflict } });
	await change('send');
	office.systems.sandbox.businessCentral.copyEnvironment('renamed');
	office.use(credentialsOf('renamed'));
	await change('newest');
	const [[settled]] = (await office.run(FullSync, { operation: 'settleCopied', copiedWay: 'takeOver' })).json as [[{ message: string }]];
	expect(settled).toMatchObject({ couplings: CUSTOMERS });
	expect(settled.message).toContain('the settings of CUSTOMER differ');
	const mapping = await office.run(TableMappings, { operation: 'get', ...CUSTOMER });
	expect(mapping.json[0]![0]).toMatchObject({ conflict: 'send' });
});

test('couplings of its own that contradict those of the other environment are named, nothing is changed, and the way that is named leads on', async () => {
	const CUSTOMER = { mapping: { __rl: true, mode: 'list', value: 'CUSTOMER' } };
	const [customer] = office.systems.sandbox.businessCentral.company(office.systems.base.companyName).rows('customers');
	const number = String(customer!['number']);
	const other = office.systems.sandbox.crm.insert('account', { name: 'Somebody else', customertypecode: 3 } as never);
	office.systems.sandbox.businessCentral.copyEnvironment('renamed');
	office.use(credentialsOf('renamed'));
	await office.run(FullSync, { operation: 'settleCopied', copiedWay: 'isNew' });
	const record = (mode: string, value: string) => ({ __rl: true, mode, value });
	const coupled = await office.run(CoupleRecords, {
		...{ operation: 'couple', ...CUSTOMER, initial: 'none', businessCentralRecord: record('number', number) },
		crmRecord: record('id', String(other)),
	});
	expect(coupled.error).toBeUndefined();
	expect(coupled.json[1] ?? []).toEqual([]);
	const takeOver = () => office.run(FullSync, { operation: 'settleCopied', copiedWay: 'takeOver' });
	expect(said(await takeOver())).toMatch(new RegExp(`${number}.*Uncouple these records here.*\\(ENVIRONMENTS_CONTRADICT\\)`, 's'));
	await office.run(CoupleRecords, {
		...{ operation: 'uncouple', ...CUSTOMER, side: 'businessCentral', businessCentralRecord: record('number', number) },
	});
	expect((await takeOver()).json[0]![0]).toMatchObject({ couplings: CUSTOMERS });
});

describe('a copy of CRM takes the place of the productive one under its address', () => {
	beforeEach(async () => {
		const { crm } = office.systems.sandbox;
		const kept = crm.snapshot();
		await editAll();
		crm.restore(kept);
		crm.becomeCopy();
		forgetKnownSystems();
	});

	test('every run stops before its first write', async () => {
		await expectStopped('ENVIRONMENT_COPIED', /environment of CRM/, new RegExp(`${CUSTOMERS} couplings`));
	});

	test('Take Over: its old values are noticed before they travel', async () => {
		await office.run(FullSync, { operation: 'settleCopied', copiedWay: 'takeOver' });
		const current = office.phones().customers;
		await expectStopped('RESTORED', /CRM seems to have been put back/);
		expect(office.phones().customers).toEqual(current);
	});
});

describe('a store that knows nothing of the other one', () => {
	test('the traces in CRM stop a full synchronization with Match First, named with their number; Take Over couples them', async () => {
		await editAll();
		office.newFile();
		office.workflow.staticData = {};
		const before = office.snapshot();
		for (const preview of [true, false]) {
			const text = said(await office.fullSync({ preview, options: { traces: 'stop' } }));
			expect(text).toMatch(new RegExp(`^${CUSTOMERS} CRM records of CUSTOMER were synchronized with this company before`));
			expect(text).toMatch(/Take Over.*\(TRACES_FOUND\)/s);
		}
		expect(office.snapshot()).toBe(before);
		expect(jobsOf(await office.fullSync({ options: { traces: 'takeOver' } })).slice(-2)).toEqual([
			'toCrm I0 M0 F0 finished',
			'fromCrm I0 M0 F0 finished',
		]);
		expect(office.names().accounts).toHaveLength(CUSTOMERS);
	});

	test('a run that creates stops as well where the store has couplings of its own, but an older state of them', async () => {
		const { sandbox, base } = office.systems;
		const old = await office.exportState();
		const company = sandbox.businessCentral.company(base.companyName);
		for (let index = 0; index < 8; index++) company.insert('customers', { displayName: `Later ${index}` });
		await office.schedule();
		office.newFile();
		office.workflow.staticData = {};
		await office.importState(old);
		const before = office.snapshot();
		const text = said(await office.schedule());
		expect(text).toMatch(/^8 CRM records of CUSTOMER were synchronized.*\(TRACES_FOUND\)/s);
		expect(office.snapshot()).toBe(before);
		expect(jobsOf(await office.schedule({ options: { traces: 'takeOver' } }))).toEqual([
			'toCrm I0 M0 F0 finished',
			'fromCrm I0 M0 F0 finished',
		]);
		expect(office.names().accounts).toHaveLength(CUSTOMERS + 8);
	});
});
