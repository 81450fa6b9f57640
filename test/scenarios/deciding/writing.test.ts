import { openStage, type Stage } from './stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const newcomer = (values: Record<string, unknown> = {}): string =>
	stage
		.company()
		.seed('customers', [{ number: 'NEW', displayName: 'Newcomer', type: 'Company', blocked: '_x0020_', currencyCode: '', ...values }])[0]!;
const accountOf = (name: string) => stage.world.sandbox.crm.rows('account').find((row) => row['name'] === name);

describe('a deletion conflict', () => {
	test('towards CRM: is noticed when the customer is processed, not before', async () => {
		stage.world.sandbox.crm.remove('account', stage.accountId(1));
		expect(await stage.counted({ findDeleted: 'off' })).toEqual([{}, {}]);
		stage.inBc(1, { phoneNumber: '+44 1' });
		expect(await stage.counted({ findDeleted: 'off' })).toEqual([{ failed: 1 }, {}]);
		expect((await stage.failures('toCrm')).map(({ errorCode, sourceId }) => [errorCode, sourceId])).toEqual([
			['PARTNER_DELETED', stage.customerId(1)],
		]);
	});
	test('from CRM: is noticed when the account is processed, and when it failed before', async () => {
		stage.company().remove('customers', stage.customerId(1));
		stage.inCrm(1, { telephone1: '+44 1' });
		const account = stage.account(1);
		stage.writes();
		expect(await stage.counted({ findDeleted: 'off' })).toEqual([{}, { failed: 1 }]);
		expect(await stage.counted({ findDeleted: 'off' })).toEqual([{}, { skipped: 1 }]);
		expect(stage.writes()).toBe(0);
		expect(stage.account(1)).toEqual(account);
		expect(await stage.couplings()).toHaveLength(3);
		expect((await stage.log('error')).map(({ code, crm }) => [code, crm?.id])).toEqual([
			['PARTNER_DELETED', stage.accountId(1)],
			['PARTNER_DELETED', stage.accountId(1)],
		]);
	});
	test('a run over the selected record finds it although nobody edited it', async () => {
		stage.company().remove('customers', stage.customerId(1));
		expect(await stage.counted({ direction: 'fromCrm', selected: { side: 'crm', ids: [stage.accountId(1)] } })).toEqual([{ failed: 1 }]);
		expect((await stage.failures('fromCrm')).map(({ errorCode }) => errorCode)).toEqual(['PARTNER_DELETED']);
	});
});

describe('forced runs and overwriting honour the deletion strategy', () => {
	test.each([
		['none', { failed: 1, unchanged: 2 }, 3, 2],
		['removeCoupling', { uncoupled: 1, unchanged: 2 }, 2, 2],
		['restore', { inserted: 1, unchanged: 2 }, 3, 3],
	] as const)('%s', async (deletion, counters, couplings, accounts) => {
		stage.world.sandbox.crm.remove('account', stage.accountId(1));
		const customer = stage.customer(1);
		expect(await stage.counted({ direction: 'toCrm', force: true, overwrite: true, deletion })).toEqual([counters]);
		expect(await stage.couplings()).toHaveLength(couplings);
		expect(stage.world.sandbox.crm.rows('account')).toHaveLength(accounts);
		expect(stage.customer(1)).toEqual(customer);
		expect((await stage.log('error')).map(({ code }) => code)).toEqual(deletion === 'none' ? ['PARTNER_DELETED'] : []);
	});
});

describe('a record that is created', () => {
	test('to CRM: all mapped values, the type of the mapping and the company go in one request, and the coupling starts from what came of it', async () => {
		newcomer({ phoneNumber: '+44 1', creditLimit: 500, addressLine1: 'Street 9' });
		stage.world.takeRequests();
		expect(await stage.counted({ createUncoupled: true })).toEqual([{ inserted: 1 }, {}]);
		expect(accountOf('Newcomer')).toMatchObject({
			telephone1: '+44 1',
			creditlimit: 500,
			address1_line1: 'Street 9',
			customertypecode: 3,
			bcbi_companyid: stage.world.base.companyRowId,
		});
		expect(stage.writes()).toBe(1);
		const coupling = (await stage.couplings()).find(({ bcNumber }) => bcNumber === 'NEW')!;
		expect(coupling).toMatchObject({
			crmId: accountOf('Newcomer')!['accountid'],
			initial: null,
			lastSyncedAt: expect.any(String) as string,
		});
		expect(coupling.crmVersion).not.toBeNull();
		stage.world.minutes(30);
		expect(await stage.counted({ createUncoupled: true })).toEqual([{}, {}]);
		expect(stage.writes()).toBe(0);
	});
	test('a record that cannot be transferred is neither created nor coupled', async () => {
		newcomer({ currencyCode: 'EUR' });
		stage.writes();
		expect(await stage.counted({ createUncoupled: true })).toEqual([{ failed: 1 }, {}]);
		expect(stage.writes()).toBe(0);
		expect(accountOf('Newcomer')).toBeUndefined();
		expect(await stage.couplings()).toHaveLength(3);
		expect((await stage.log('error')).map(({ code, businessCentral, crm }) => [code, businessCentral?.number, crm])).toEqual([
			['DEPENDENCY', 'NEW', null],
		]);
	});
	test('one that the service refuses to create is not coupled, and leaves nothing behind', async () => {
		newcomer();
		stage.world.sandbox.faults.add({
			system: 'crm',
			url: /accounts\(/,
			method: 'PATCH',
			times: 1,
			fault: { kind: 'answer', status: 400, body: JSON.stringify({ error: { code: '0x80040265', message: 'A plug-in said no.' } }) },
		});
		const [toCrm] = await stage.run({ createUncoupled: true });
		stage.world.sandbox.faults.clear();
		expect(toCrm!.job).toMatchObject({ failed: 1, inserted: 0 });
		expect(accountOf('Newcomer')).toBeUndefined();
		expect(await stage.couplings()).toHaveLength(3);
		expect(await stage.with((session) => session.store.intents('CUSTOMER', 'toCrm', 10))).toEqual([]);
		expect(await stage.counted({ createUncoupled: true })).toEqual([{ inserted: 1 }, {}]);
	});
});

describe('a change that the service refuses', () => {
	test('in CRM: one failure with the text of the service, the target unchanged, and the others arrive', async () => {
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.world.sandbox.faults.add({
			system: 'crm',
			method: 'PATCH',
			url: new RegExp(stage.accountId(1)),
			times: 1,
			fault: { kind: 'answer', status: 400, body: JSON.stringify({ error: { code: '0x80040265', message: 'A plug-in said no.' } }) },
		});
		const before = [stage.account(1), await stage.coupling(1)];
		const [toCrm] = await stage.run();
		stage.world.sandbox.faults.clear();
		expect(toCrm!.job).toMatchObject({ failed: 1, modified: 0 });
		expect(toCrm!.failed[0]!.message).toContain('A plug-in said no.');
		const { failure: _before, ...coupling } = before[1] as unknown as Record<string, unknown>;
		expect(stage.account(1)).toEqual(before[0]);
		expect(await stage.coupling(1)).toMatchObject(coupling);
		expect((await stage.log('error')).map(({ message }) => message.includes('A plug-in said no.'))).toEqual([true]);
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
	});
	test('in Business Central: a value that it does not take', async () => {
		stage.inCrm(1, { address1_country: 'Nowhere' });
		stage.inCrm(2, { telephone1: '+44 2' });
		const before = stage.customer(1);
		const [, fromCrm] = await stage.run();
		expect(fromCrm!.job).toMatchObject({ failed: 1, modified: 1 });
		expect(stage.customer(1)).toEqual(before);
		expect(stage.customer(2)).toMatchObject({ phoneNumber: '+44 2' });
		expect((await stage.log('error')).map(({ crm, businessCentral }) => [crm?.id, businessCentral?.number])).toEqual([
			[stage.accountId(1), 'C000001'],
		]);
	});
});

describe('the owner of a new account', () => {
	const code = (user: number): string =>
		String(
			stage
				.company()
				.rows('salespeoplePurchasers')
				.find((row) => row['displayName'] === ['Helena Ray', 'Otis Falk'][user])!['code'],
		);
	const integrationUser = () => stage.world.sandbox.log.requests.find(({ system, user }) => system === 'crm' && user !== null)!.user;

	test('Person model: the user coupled to the salesperson, and the company is stamped', async () => {
		await stage.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
		newcomer({ salespersonCode: code(1) });
		expect(await stage.counted({ createUncoupled: true })).toEqual([{ inserted: 1 }, {}]);
		expect(accountOf('Newcomer')).toMatchObject({ ownerid: stage.world.base.users[1], bcbi_companyid: stage.world.base.companyRowId });
	});
	test('Person model: without a salesperson, the user of the connection', async () => {
		newcomer();
		expect(await stage.counted({ createUncoupled: true })).toEqual([{ inserted: 1 }, {}]);
		expect(accountOf('Newcomer')).toMatchObject({ ownerid: integrationUser(), bcbi_companyid: stage.world.base.companyRowId });
	});
	test('Person model: a salesperson without a coupled user is an error, and no account is created', async () => {
		stage.company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jo' }]);
		newcomer({ salespersonCode: 'JO' });
		const [toCrm] = await stage.run({ createUncoupled: true });
		expect(toCrm!.job).toMatchObject({ failed: 1, inserted: 0 });
		expect(toCrm!.failed).toEqual([expect.objectContaining({ errorCode: 'DEPENDENCY', message: expect.stringContaining('JO') as string })]);
		expect(accountOf('Newcomer')).toBeUndefined();
		expect(await stage.couplings()).toHaveLength(3);
	});
	test('Person model: another salesperson changes the owner, no salesperson leaves it', async () => {
		await stage.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
		stage.inBc(1, { salespersonCode: code(0) });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect(stage.account(1)).toMatchObject({ ownerid: stage.world.base.users[0] });
		stage.inBc(1, { salespersonCode: '' });
		stage.writes();
		expect(await stage.counted()).toEqual([{ unchanged: 1 }, {}]);
		expect(stage.writes()).toBe(0);
		expect(stage.account(1)).toMatchObject({ ownerid: stage.world.base.users[0] });
	});
	test("Team model: the company's owning team, whatever the salesperson, who is not synchronized", async () => {
		const team = '00000009-0000-4000-8000-000000000001';
		stage.world.sandbox.crm.seed('team', [{ teamid: team, name: 'CRONUS' }]);
		stage.world.sandbox.crm.update('bcbi_company', stage.world.base.companyRowId, { bcbi_defaultowningteam: team });
		stage.company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jo' }]);
		newcomer({ salespersonCode: 'JO' });
		const [toCrm] = await stage.world.run({ mapping: 'CUSTOMER', createUncoupled: true }, { ownershipModel: 'team' });
		expect(toCrm!.job).toMatchObject({ inserted: 1, failed: 0 });
		expect(accountOf('Newcomer')).toMatchObject({ ownerid: team, bcbi_companyid: stage.world.base.companyRowId });
		await expect(stage.world.run({ mapping: 'SALESPEOPLE' }, { ownershipModel: 'team' })).rejects.toMatchObject({
			code: 'MAPPING_UNKNOWN',
		});
		stage.inBc(1, { salespersonCode: 'JO', phoneNumber: '+44 1' });
		await stage.world.run({ mapping: 'CUSTOMER' }, { ownershipModel: 'team' });
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1', ownerid: integrationUser() });
	});
});
