import { coupleRecords, listFailedRecords, retryAll, updateMapping } from '../../../engine';
import { openStage, type Stage } from './kit';

let stage: Stage;
afterEach(() => stage.world.close());

const failed = async () =>
	(await stage.with((session) => listFailedRecords(session, { mapping: 'CUSTOMER', limit: 100 }))).rows.map(
		({ businessCentral, failures }) => [businessCentral?.name, failures[0]!.code],
	);
const bcRefuses = (status: number, message: string, more: { url?: RegExp; times?: number; method?: string } = {}): void =>
	stage.world.sandbox.faults.add({
		...{ system: 'businessCentral', method: 'PATCH', times: 1000, ...more },
		fault: { kind: 'answer', status, body: JSON.stringify({ error: { code: 'Application_DialogException', message } }) },
	});

describe('an owner without a security role', () => {
	beforeEach(async () => {
		stage = await openStage(8);
		await stage.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
	});

	const sellers = (): string[] =>
		stage
			.company()
			.rows('salespeoplePurchasers')
			.map(({ code }) => String(code));

	test('is the failure of the records that are to be theirs, which names the salesperson; all others are delivered', async () => {
		const [first, second] = sellers();
		stage.world.sandbox.crm.setRoles(stage.world.base.users[0]!, false);
		const users = stage.world.sandbox.crm.rows('systemuser');
		const code = sellers().find((each) => {
			const seller = stage
				.company()
				.get('salespeoplePurchasers', String(stage.company().find('salespeoplePurchasers', (row) => row['code'] === each)!['id']))!;
			return users.find((user) => user['internalemailaddress'] === seller['email'])?.['systemuserid'] === stage.world.base.users[0];
		})!;
		for (let number = 1; number <= 8; number++)
			stage.inBc(number, { salespersonCode: number <= 6 ? code : [first, second].find((each) => each !== code)! });
		stage.inCrm(8, { telephone1: '+44 8' });
		stage.world.minutes(1);
		const [toCrm, fromCrm] = await stage.run();
		expect(toCrm!.job).toMatchObject({ status: 'finished', modified: 2, failed: 6 });
		expect(fromCrm!.job).toMatchObject({ status: 'finished', modified: 1 });
		for (const { errorCode, message } of toCrm!.failed) {
			expect(errorCode).toBe('CRM_OWNER_NOT_ALLOWED');
			expect(message).toContain(`Salesperson Code ${code}`);
		}
		stage.world.sandbox.crm.setRoles(stage.world.base.users[0]!, true);
		stage.world.minutes(1);
		await stage.with((session) => retryAll(session, { mapping: 'CUSTOMER' }));
		const [again] = await stage.run();
		expect(again!.job).toMatchObject({ status: 'finished', modified: 6, failed: 0 });
	});

	test('who was deleted in CRM: the customers of that salesperson say so, by the salesperson, and come when it has another user', async () => {
		const seller = stage.company().rows('salespeoplePurchasers')[0]!;
		const users = () => stage.world.sandbox.crm.rows('systemuser');
		const user = users().find((each) => each['internalemailaddress'] === seller['email'])!;
		stage.world.sandbox.crm.remove('systemuser', String(user['systemuserid']));
		stage.company().insert('customers', { displayName: 'New one', salespersonCode: seller['code'] });
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.world.minutes(15);
		const [toCrm] = await stage.run({ createUncoupled: true });
		expect(toCrm!.job).toMatchObject({ status: 'finished', modified: 1, inserted: 0, failed: 1 });
		expect(toCrm!.failed[0]).toMatchObject({
			errorCode: 'CRM_REFERENCE_GONE',
			businessCentral: expect.objectContaining({ name: 'New one' }),
		});
		expect(toCrm!.failed[0]!.message).toContain(`Salesperson Code ${String(seller['code'])}: `);
		expect(toCrm!.failed[0]!.hint).toMatch(/Couple Records.*SALESPEOPLE/);
		// As the hint says.
		const coupling = (await stage.with(({ store }) => store.findCouplings({ mapping: 'SALESPEOPLE', limit: 10 }))).rows.find(
			({ bcNumber }) => bcNumber === seller['code'],
		)!;
		const other = stage.world.sandbox.crm.seed('systemuser', [
			{ fullname: 'Successor', internalemailaddress: 'new@cronus.example', isdisabled: false, islicensed: true, isintegrationuser: false },
		])[0]!;
		await stage.with((session) =>
			coupleRecords(session, { mapping: 'SALESPEOPLE', from: 'businessCentral', bcId: coupling.bcId, crmId: other, initial: 'none' }),
		);
		stage.world.minutes(15);
		expect((await stage.run({ createUncoupled: true }))[0]!.job).toMatchObject({ inserted: 1, failed: 0 });
		expect(stage.world.sandbox.crm.rows('account').find(({ name }) => name === 'New one')).toMatchObject({ ownerid: other });
	});

	test('is no excuse for the user of the credential: what that one lacks stops the mapping, and blames no record', async () => {
		const me = (await stage.with(async ({ crm }) => (crm as unknown as { whoAmI(): Promise<{ userId: string }> }).whoAmI())).userId;
		stage.world.sandbox.crm.revokePrivilege(me, 'prvWriteAccount');
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.world.minutes(1);
		const [toCrm] = await stage.run();
		expect(toCrm!.job).toMatchObject({ status: 'failed', failed: 0 });
		expect(toCrm!.failed.map(({ errorCode }) => errorCode)).toEqual(['CRM_PERMISSION_MISSING']);
		expect(await failed()).toEqual([]);
	});
});

describe('a permission that Business Central says is missing by text', () => {
	const TEXT = 'You do not have the following permissions on TableData Customer: Modify.';
	beforeEach(async () => {
		stage = await openStage(8);
	});

	test('on most writes of a page: one set-up problem, no record fails or is skipped, and all come when it is cured', async () => {
		for (let number = 1; number <= 8; number++) stage.inCrm(number, { telephone1: `+44 ${number}` });
		bcRefuses(400, TEXT);
		for (let run = 0; run < 3; run++) {
			stage.world.minutes(15);
			const fromCrm = (await stage.run())[1]!;
			expect(fromCrm.job).toMatchObject({ status: 'failed', failed: 0, skipped: 0 });
			expect(fromCrm.failed[0]).toMatchObject({ errorCode: 'BC_PERMISSION_MISSING' });
		}
		expect(await failed()).toEqual([]);
		stage.world.sandbox.faults.clear();
		stage.world.minutes(15);
		expect((await stage.run())[1]!.job).toMatchObject({ status: 'finished', modified: 8, failed: 0 });
	});

	test('on one record of many: the failure of that record', async () => {
		for (let number = 1; number <= 8; number++) stage.inCrm(number, { telephone1: `+44 ${number}` });
		bcRefuses(400, TEXT, { url: new RegExp(stage.customerId(3)) });
		stage.world.minutes(15);
		const fromCrm = (await stage.run())[1]!;
		expect(fromCrm.job).toMatchObject({ status: 'finished', modified: 7, failed: 1 });
		expect(fromCrm.failed[0]).toMatchObject({ errorCode: 'BC_PERMISSION_MISSING' });
	});
});

describe('what one record refers to cannot be read', () => {
	const answer = (status: number) => ({
		kind: 'answer' as const,
		status,
		body: JSON.stringify({ error: { code: 'Internal_ServerError', message: 'Boom.' } }),
	});

	test('a currency: the records with it fail, the others go on, and the error names what was read', async () => {
		stage = await openStage(8);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		for (let number = 1; number <= 8; number++)
			stage.inBc(number, { currencyCode: number === 5 ? 'USD' : 'EUR', phoneNumber: `+44 9${number}` });
		stage.world.sandbox.faults.add({
			system: 'businessCentral',
			method: 'GET',
			url: /\/currencies\?.*USD/,
			times: 1000,
			fault: answer(500),
		});
		stage.world.minutes(15);
		const toCrm = (await stage.run())[0]!;
		expect(toCrm.job).toMatchObject({ status: 'finished', modified: 7, failed: 1 });
		expect(toCrm.failed[0]).toMatchObject({
			errorCode: 'BC_INTERNAL_ERROR',
			businessCentral: expect.objectContaining({ id: stage.customerId(5) }),
		});
		expect(toCrm.failed[0]!.message).toContain('currencies');
	});

	test('the only record that changed: it fails, and the other direction still has its turn', async () => {
		stage = await openStage(8);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		stage.inBc(5, { currencyCode: 'USD' });
		stage.inCrm(6, { telephone1: '+44 6' });
		stage.world.sandbox.faults.add({
			...{ system: 'businessCentral', method: 'GET', url: /\/currencies\?.*USD/, times: 1000, fault: answer(500) },
		});
		stage.world.minutes(15);
		const [toCrm, fromCrm] = await stage.run();
		expect(toCrm!.job).toMatchObject({ status: 'finished', failed: 1 });
		expect(fromCrm!.job).toMatchObject({ status: 'finished', modified: 1 });
	});

	test('of most records: the fault is not theirs, the run says so and blames none of them', async () => {
		stage = await openStage(8);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		for (let number = 1; number <= 8; number++) stage.inBc(number, { currencyCode: 'USD' });
		stage.world.sandbox.faults.add({
			system: 'businessCentral',
			method: 'GET',
			url: /\/currencies\?.*USD/,
			times: 1000,
			fault: answer(500),
		});
		stage.world.minutes(15);
		const toCrm = (await stage.run())[0]!;
		expect(toCrm.job).toMatchObject({ status: 'failed', failed: 0 });
		expect(await failed()).toEqual([]);
	});
});

describe('duplicate detection rules of Dataverse', () => {
	const similar = (): void => {
		stage.world.sandbox.crm.insert('account', { name: 'Somebody else', customertypecode: 1, emailaddress1: 'same@similar.example' });
		stage.company().insert('customers', { displayName: 'New one', email: 'same@similar.example' });
		stage.world.minutes(15);
	};
	beforeEach(async () => {
		stage = await openStage(2);
	});

	test('are not asked by default, as by no other client', async () => {
		similar();
		const [toCrm] = await stage.run({ createUncoupled: true });
		expect(toCrm!.job).toMatchObject({ inserted: 1, failed: 0 });
	});

	test('are asked where the mapping says so: the record fails and is named, nothing is created, and once the rule lets it, it comes', async () => {
		await stage.with((session) => updateMapping(session, 'CUSTOMER', { askDuplicateRules: true }));
		similar();
		const [toCrm] = await stage.run({ createUncoupled: true });
		expect(toCrm!.job).toMatchObject({ inserted: 0, failed: 1 });
		expect(toCrm!.failed[0]).toMatchObject({
			errorCode: 'CRM_DUPLICATE_DETECTED',
			businessCentral: expect.objectContaining({ name: 'New one' }),
		});
		expect(stage.world.sandbox.crm.rows('account').filter(({ name }) => name === 'New one')).toEqual([]);
		const other = stage.world.sandbox.crm.rows('account').find(({ name }) => name === 'Somebody else')!;
		stage.world.sandbox.crm.update('account', String(other['accountid']), { emailaddress1: 'other@similar.example' });
		stage.world.minutes(15);
		expect((await stage.run({ createUncoupled: true }))[0]!.job).toMatchObject({ inserted: 1, failed: 0 });
	});
});

test('a customer that one look-up of its contacts fails for: the contacts of all others are delivered', async () => {
	stage = await openStage(1);
	const parties = [1, 2, 3, 4].map((number) => stage.company().insert('customers', { displayName: `Party ${number}` }));
	await stage.run({ createUncoupled: true });
	parties.forEach(({ number }, index) => {
		const [relation] = stage.company().data.table('Contact Business Relation').withField('No.', String(number));
		const companyNumber = String(relation!.fields['Contact No.']);
		stage.company().insert('contacts', { type: 'Person', displayName: `Person ${index + 1}`, companyNumber });
	});
	stage.world.sandbox.faults.add({
		...{ system: 'businessCentral', method: 'GET', url: new RegExp(`contactsInformation.*${String(parties[1]!['id'])}`, 'i'), times: 1000 },
		fault: { kind: 'answer', status: 500, body: JSON.stringify({ error: { code: 'Internal_ServerError', message: 'Boom.' } }) },
	});
	stage.world.minutes(15);
	const [toCrm] = await stage.world.run({ mapping: 'CONTACT', createUncoupled: true });
	expect(toCrm!.job).toMatchObject({ status: 'finished', inserted: 3, failed: 1 });
	expect(toCrm!.failed[0]!.businessCentral).toMatchObject({ name: 'Person 2' });
});
