import { openStage, type Stage } from './stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

/** A quiet run: no counter, no write, no change of the coupling. */
async function nothingLeft(): Promise<void> {
	stage.world.minutes(30);
	stage.writes();
	expect(await stage.counted()).toEqual([{}, {}]);
	expect(stage.writes()).toBe(0);
}

describe('a record that is skipped', () => {
	test('is left alone although it is read again: S when every record is counted, no write, no row in the log', async () => {
		stage.quarrel(1);
		await stage.run();
		await stage.run();
		const [coupling, errors] = [await stage.coupling(1), (await stage.log('error')).length];
		stage.writes();
		expect(await stage.counted({ fromStart: true })).toEqual([
			{ unchanged: 2, skipped: 1 },
			{ unchanged: 2, skipped: 1 },
		]);
		expect(stage.writes()).toBe(0);
		expect(await stage.coupling(1)).toEqual(coupling);
		expect(await stage.log('error')).toHaveLength(errors);
		expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual(['+44 1', '+44 2']);
	});
});

describe('the partner', () => {
	test('is found through the coupling, whatever its name has become, and not searched for', async () => {
		stage.inCrm(1, { name: 'Renamed' });
		stage.inBc(1, { phoneNumber: '+44 1' });
		expect(await stage.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ name: 'Renamed', telephone1: '+44 1' });
		expect(stage.customer(1)).toMatchObject({ displayName: 'Renamed', phoneNumber: '+44 1' });
		expect(stage.world.sandbox.crm.rows('account')).toHaveLength(3);
		expect(await stage.couplings()).toHaveLength(3);
		await nothingLeft();
	});

	test('a currency finds the transaction currency of its code, couples it and brings it up to date instead of creating another one', async () => {
		stage.world.sandbox.crm.seed('transactioncurrency', [
			{ isocurrencycode: 'EUR', currencyname: 'Old name', currencysymbol: 'E', exchangerate: 9, currencyprecision: 2 },
		]);
		const [job] = await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		expect(job!.job).toMatchObject({ modified: 1, inserted: 1, coupled: 0, failed: 0 });
		expect(stage.world.sandbox.crm.rows('transactioncurrency').filter((row) => row['isocurrencycode'] === 'EUR')).toEqual([
			expect.objectContaining({ currencyname: 'Euro', currencysymbol: '€', exchangerate: 1.25 }),
		]);
		const couplings = await stage.couplings('CURRENCY');
		expect(couplings.map(({ bcNumber }) => bcNumber).sort()).toEqual(['EUR', 'USD']);
		expect(couplings.every(({ lastSyncedAt, baseline }) => lastSyncedAt !== null && baseline !== null)).toBe(true);
		// The code is written once: it leaves nothing to be settled by later runs.
		expect(couplings.every(({ initial, crmVersion }) => initial === null && crmVersion !== null)).toBe(true);
		expect(await stage.log('error')).toEqual([]);
		stage.writes();
		await stage.world.run({ mapping: 'CURRENCY' });
		expect(stage.writes()).toBe(0);
	});

	test('a coupled record whose partner is missing is a deletion conflict: one failure, and the coupling is kept', async () => {
		const before = await stage.coupling(1);
		stage.world.sandbox.crm.remove('account', stage.accountId(1));
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.writes();
		const [toCrm, fromCrm] = await stage.run({ findDeleted: 'off' });
		expect([toCrm!.job, fromCrm!.job].map(({ failed, inserted, modified }) => [failed, inserted, modified])).toEqual([
			[1, 0, 0],
			[0, 0, 0],
		]);
		expect(stage.writes()).toBe(0);
		expect(await stage.coupling(1)).toMatchObject({ bcId: before.bcId, crmId: before.crmId, baseline: before.baseline });
		expect((await stage.log('error')).map(({ code, businessCentral }) => [code, businessCentral?.id])).toEqual([
			['PARTNER_DELETED', stage.customerId(1)],
		]);
		expect(stage.world.sandbox.crm.rows('account')).toHaveLength(2);
	});
});

describe('a record without a partner', () => {
	beforeEach(() => {
		stage.company().seed('customers', [{ number: 'NEW', displayName: 'Newcomer', type: 'Company', blocked: '_x0020_', currencyCode: '' }]);
		stage.writes();
	});

	test('only coupled: ignored without any counter, write, coupling or row in the log', async () => {
		expect(await stage.counted()).toEqual([{}, {}]);
		expect(stage.writes()).toBe(0);
		expect(await stage.couplings()).toHaveLength(3);
		expect(stage.world.sandbox.crm.rows('account')).toHaveLength(3);
		expect(await stage.log()).toEqual([]);
	});
	test('only coupled, asked for by name: skipped, and a warning says why', async () => {
		const id = String(
			stage
				.company()
				.rows('customers')
				.find((row) => row['number'] === 'NEW')!['id'],
		);
		const [job] = await stage.run({ direction: 'toCrm', selected: { side: 'businessCentral', ids: [id] } });
		expect(job!.job).toMatchObject({ skipped: 1, inserted: 0, failed: 0 });
		expect(job!.warnings.join(' ')).toContain('NEW Newcomer is not coupled');
		expect(stage.writes()).toBe(0);
		expect(await stage.couplings()).toHaveLength(3);
	});
	test('where creating is allowed it is inserted and coupled, and the other pass leaves it alone', async () => {
		expect(await stage.counted({ createUncoupled: true })).toEqual([{ inserted: 1 }, {}]);
		expect(stage.world.sandbox.crm.rows('account').map((row) => row['name'])).toContain('Newcomer');
		expect((await stage.couplings()).map(({ bcNumber }) => bcNumber)).toContain('NEW');
		await nothingLeft();
	});
});

describe('a coupled record', () => {
	test('that did not change costs neither counter nor write, even when its partner changed', async () => {
		stage.inCrm(1, { emailaddress1: 'new@example.com' });
		const before = await stage.coupling(1);
		stage.writes();
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{}]);
		expect(stage.writes()).toBe(0);
		expect(await stage.coupling(1)).toEqual({ ...before, failure: null });
		expect(stage.account(1)).toMatchObject({ emailaddress1: 'new@example.com' });
		expect(await stage.counted({ direction: 'fromCrm' })).toEqual([{ modified: 1 }]);
		expect(stage.customer(1)).toMatchObject({ email: 'new@example.com' });
	});

	test('that changed alone is written: one field, one write, in one direction', async () => {
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.writes();
		const [toCrm, fromCrm] = await stage.run({ returnChanges: 10 });
		expect([toCrm!.job.modified, fromCrm!.job.modified]).toEqual([1, 0]);
		expect(toCrm!.changes.map(({ fields }) => fields.map(({ field }) => field))).toEqual([['telephone1']]);
		expect(stage.changes()).toEqual(['PATCH accounts']);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		await nothingLeft();
	});

	test('that was changed in a field which is not mapped counts as unchanged', async () => {
		stage.company().update('customers', stage.customerId(1), { taxLiable: true });
		stage.writes();
		expect(await stage.counted()).toEqual([{ unchanged: 1 }, {}]);
		expect(stage.writes()).toBe(0);
		await nothingLeft();
	});

	test('changed on both sides under a mapping of one direction overwrites the partner and never writes the source', async () => {
		await stage.settings({ direction: 'toCrm' });
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.inCrm(1, { telephone1: '+44 2' });
		expect(await stage.counted()).toEqual([{ modified: 1 }]);
		expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual(['+44 1', '+44 1']);
		expect((await stage.log('overwritten')).map(({ fields }) => fields)).toEqual([
			[{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }],
		]);
		expect(await stage.log('error')).toEqual([]);
	});

	test('and from CRM likewise', async () => {
		await stage.settings({ direction: 'fromCrm' });
		stage.quarrel(1);
		expect(await stage.counted()).toEqual([{ modified: 1 }]);
		expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual(['+44 2', '+44 2']);
		expect(await stage.log('error')).toEqual([]);
	});

	test('what only the partner changed under a mapping of one direction waits for the next change of the source, and then gives way', async () => {
		await stage.settings({ direction: 'toCrm' });
		stage.inCrm(1, { telephone1: '+44 2' });
		stage.writes();
		expect(await stage.counted()).toEqual([{}]);
		expect(stage.writes()).toBe(0);
		stage.inBc(1, { city: 'Leeds' });
		expect(await stage.counted()).toEqual([{ modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ address1_city: 'Leeds', telephone1: stage.customer(1)!['phoneNumber'] });
		expect((await stage.log('overwritten')).map(({ fields }) => fields)).toEqual([
			[{ name: 'Phone No.', businessCentral: '+44 20 1', crm: '+44 2' }],
		]);
		expect(await stage.counted()).toEqual([{}]);
	});

	test('both changed, but only a field of one direction differs: it is written that way, without a conflict', async () => {
		stage.inBc(1, { creditLimit: 4711 });
		stage.inCrm(1, { creditlimit: 815 });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
		expect(stage.account(1)).toMatchObject({ creditlimit: 4711 });
		expect(stage.customer(1)).toMatchObject({ creditLimit: 4711 });
		expect(await stage.log('error')).toEqual([]);
		expect((await stage.log('overwritten')).map(({ fields }) => fields)).toEqual([
			[{ name: 'Credit Limit (LCY)', businessCentral: 4711, crm: 815 }],
		]);
		await nothingLeft();
	});

	test('both changed, but only in fields that are not mapped: unchanged in both passes, and nothing is written', async () => {
		stage.company().update('customers', stage.customerId(1), { taxLiable: true });
		stage.inCrm(1, { description: 'Not mapped' });
		stage.writes();
		expect(await stage.counted()).toEqual([{ unchanged: 1 }, { unchanged: 1 }]);
		expect(stage.writes()).toBe(0);
		expect(await stage.log()).toEqual([]);
		await nothingLeft();
	});

	test('both changed the same two-way field to different values: a conflict in both passes, and nothing is written', async () => {
		stage.quarrel(1);
		stage.writes();
		expect(await stage.counted()).toEqual([{ failed: 1 }, { failed: 1 }]);
		expect(stage.writes()).toBe(0);
		expect((await stage.log('error')).map(({ code, direction }) => [code, direction])).toEqual([
			['CONFLICT', 'fromCrm'],
			['CONFLICT', 'toCrm'],
		]);
		expect((await stage.failures('toCrm')).map(({ sourceId }) => sourceId)).toEqual([stage.customerId(1)]);
		expect((await stage.failures('fromCrm')).map(({ sourceId }) => sourceId)).toEqual([stage.accountId(1)]);
	});

	test('both changed a two-way field to the same value: no conflict, they agree', async () => {
		stage.quarrel(1, ['+44 7', '+44 7']);
		stage.writes();
		expect(await stage.counted()).toEqual([{ unchanged: 1 }, {}]);
		expect(stage.writes()).toBe(0);
		expect(await stage.log()).toEqual([]);
		await nothingLeft();
	});
});

describe('the transfer', () => {
	test('names only the columns that differ; all others stay out of the request', async () => {
		stage.inBc(1, { phoneNumber: '+44 1', addressLine1: 'New Street 1' });
		stage.world.takeRequests();
		await stage.run();
		const sent = stage.world
			.takeRequests()
			.filter(({ writes }) => writes > 0)
			.flatMap(({ requestBody }) => requestBody.split(/\r?\n/).filter((line) => line.startsWith('{')));
		expect(sent.map((body) => JSON.parse(body) as unknown)).toEqual([{ address1_line1: 'New Street 1', telephone1: '+44 1' }]);
	});

	test('a value that cannot be transferred fails the record, and none of its fields is written', async () => {
		stage.inBc(1, { phoneNumber: '+44 1', currencyCode: 'EUR' });
		const before = stage.account(1);
		stage.writes();
		expect(await stage.counted()).toEqual([{ failed: 1 }, {}]);
		expect(stage.writes()).toBe(0);
		expect(stage.account(1)).toEqual(before);
		expect((await stage.log('error')).map(({ code, message }) => [code, message.includes('EUR')])).toEqual([['DEPENDENCY', true]]);
	});
});

test('an edit of a field that is not mapped is absorbed: stamp and version of the coupling move, so that it is not looked at again', async () => {
	const before = await stage.coupling(1);
	stage.world.minutes(30);
	stage.inCrm(1, { description: 'Not mapped' });
	expect(await stage.counted()).toEqual([{}, { unchanged: 1 }]);
	const after = await stage.coupling(1);
	expect(after.crmStamp! > before.crmStamp!).toBe(true);
	expect(after.crmVersion).not.toBe(before.crmVersion);
	expect(after.baseline).toEqual(before.baseline);
	await nothingLeft();
});

test('a coupling that failed and then finds both sides equal counts as unchanged, and its failures are forgotten', async () => {
	stage.quarrel(1);
	await stage.run();
	stage.inBc(1, { phoneNumber: '+44 2' });
	expect(await stage.counted()).toEqual([{ unchanged: 1 }, {}]);
	expect([await stage.failures('toCrm'), await stage.failures('fromCrm')]).toEqual([[], []]);
	await nothingLeft();
});

describe('a forced run compares before it writes', () => {
	test('records that agree are unchanged, and nothing is written', async () => {
		stage.writes();
		expect(await stage.counted({ force: true })).toEqual([{ unchanged: 3 }, { unchanged: 3 }]);
		expect(stage.writes()).toBe(0);
	});
	test('with overwriting, the source wins in every field, without a conflict, and what it replaced is in the log', async () => {
		stage.quarrel(1);
		const [job] = await stage.run({ force: true, overwrite: true, direction: 'toCrm' });
		expect(job!.job).toMatchObject({ modified: 1, unchanged: 2, failed: 0 });
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		expect((await stage.log('overwritten')).map(({ fields }) => fields)).toEqual([
			[{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }],
		]);
		await nothingLeft();
	});
});

test('what only CRM changed travels back in the pass after a write of the same record, without touching stamps', async () => {
	stage.inBc(1, { creditLimit: 4711, city: 'Leeds' });
	stage.inCrm(1, { emailaddress1: 'new@example.com', fax: '+44 9' });
	stage.world.takeRequests();
	expect(await stage.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
	expect(stage.account(1)).toMatchObject({ creditlimit: 4711, address1_city: 'Leeds', emailaddress1: 'new@example.com', fax: '+44 9' });
	expect(stage.customer(1)).toMatchObject({ creditLimit: 4711, city: 'Leeds', email: 'new@example.com' });
	const { baseline, bcStamp, crmStamp } = await stage.coupling(1);
	expect(baseline).not.toBeNull();
	expect(Date.parse(bcStamp!)).toBe(Date.parse(String(stage.customer(1)!['lastModifiedDateTime'])));
	expect(Date.parse(crmStamp!)).toBe(Date.parse(String(stage.account(1)!['modifiedon'])));
	await nothingLeft();
});
