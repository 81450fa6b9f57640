import { openStage, type Stage } from './kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const euro = { currencyCode: 'EUR' };

test('the second identical failure counts as skipped, from then on the record costs nothing, and the others go on', async () => {
	stage.quarrel(1);
	stage.inCrm(2, { fax: '+44 9' });
	expect(await stage.counted()).toEqual([{ failed: 1 }, { modified: 1, failed: 1 }]);
	expect(await stage.counted()).toEqual([{ skipped: 1 }, { skipped: 1 }]);
	expect((await stage.failures('toCrm')).map(({ skipped, attempts, errorCode }) => [skipped, attempts, errorCode])).toEqual([
		[true, 2, 'CONFLICT'],
	]);
	const errors = await stage.log('error');
	expect(errors.map(({ skipped, attempts }) => [skipped, attempts]).reverse()).toEqual([
		[false, 1],
		[false, 1],
		[true, 2],
		[true, 2],
	]);
	stage.world.minutes(30);
	stage.world.takeRequests();
	expect(await stage.counted()).toEqual([{}, {}]);
	expect(stage.writes()).toBe(0);
	expect(await stage.log('error')).toHaveLength(4);
	expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 1' });
	expect(stage.account(1)).toMatchObject({ telephone1: '+44 2' });
});

test('different codes do not add up, however often the record fails', async () => {
	stage.inBc(1, euro);
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ failed: 1 }]);
	stage.inBc(1, { currencyCode: '' });
	stage.quarrel(1);
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ failed: 1 }]);
	stage.inBc(1, euro);
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ failed: 1 }]);
	expect((await stage.failures('toCrm')).map(({ attempts, skipped }) => [attempts, skipped])).toEqual([[1, false]]);
});

test('a success in between starts the count anew', async () => {
	stage.inBc(1, euro);
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ failed: 1 }]);
	stage.inBc(1, { currencyCode: '', phoneNumber: '+44 5' });
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ modified: 1 }]);
	expect(await stage.failures('toCrm')).toEqual([]);
	stage.inBc(1, euro);
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ failed: 1 }]);
	expect((await stage.failures('toCrm')).map(({ attempts, skipped }) => [attempts, skipped])).toEqual([[1, false]]);
});

test('transient errors never count and never skip; the record is delivered as soon as the service answers', async () => {
	const answer = JSON.stringify({ error: { code: '0x80044150', message: 'Generic SQL error: deadlock.' } });
	stage.inBc(1, { phoneNumber: '+44 7' });
	for (let run = 0; run < 4; run++) {
		stage.world.sandbox.faults.add({
			system: 'crm',
			method: 'PATCH',
			times: 1000,
			fault: { kind: 'answer', status: 503, body: answer },
		});
		await stage.run({ direction: 'toCrm' });
		stage.world.sandbox.faults.clear();
		expect((await stage.failures('toCrm')).filter(({ skipped }) => skipped)).toEqual([]);
	}
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ modified: 1 }]);
	expect(stage.account(1)).toMatchObject({ telephone1: '+44 7' });
	expect(await stage.failures('toCrm')).toEqual([]);
});

test('skipping is per direction: what cannot go to CRM does not keep edits of CRM from arriving', async () => {
	stage.inBc(1, euro);
	await stage.run();
	await stage.run();
	expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([true]);
	stage.world.minutes(30);
	stage.inCrm(1, { emailaddress1: 'still@example.com' });
	const [, fromCrm] = await stage.counted();
	expect(fromCrm).toEqual({ modified: 1 });
	expect(stage.customer(1)).toMatchObject({ email: 'still@example.com', currencyCode: 'EUR' });
	expect(await stage.failures('fromCrm')).toEqual([]);
});

test('a skipped record is tried once when it changes, and delivered when the change cures it', async () => {
	stage.quarrel(1);
	await stage.run();
	await stage.run();
	stage.world.minutes(30);
	stage.inBc(1, { addressLine1: 'New Street 1' });
	expect((await stage.counted())[0]).toEqual({ skipped: 1 });
	expect((await stage.failures('toCrm')).map(({ attempts, skipped }) => [attempts, skipped])).toEqual([[3, true]]);
	stage.world.minutes(30);
	stage.inBc(1, { phoneNumber: '+44 2' });
	await stage.run();
	expect(stage.account(1)).toMatchObject({ address1_line1: 'New Street 1', telephone1: '+44 2' });
	expect([await stage.failures('toCrm'), await stage.failures('fromCrm')]).toEqual([[], []]);
	expect(await stage.counted()).toEqual([{}, {}]);
});

test('a skipped record also comes back by a change of its partner: the conflict settled in CRM frees both directions', async () => {
	stage.quarrel(1);
	await stage.run();
	await stage.run();
	stage.world.minutes(30);
	stage.inCrm(1, { telephone1: '+44 1' });
	await stage.run();
	expect([await stage.failures('toCrm'), await stage.failures('fromCrm')]).toEqual([[], []]);
	stage.world.minutes(30);
	stage.inBc(1, { phoneNumber: '+44 3' });
	expect((await stage.counted())[0]).toEqual({ modified: 1 });
	expect(stage.account(1)).toMatchObject({ telephone1: '+44 3' });
});

test('a partner that changed otherwise makes the other direction due once, and not again', async () => {
	stage.quarrel(1);
	await stage.run();
	await stage.run();
	stage.world.minutes(30);
	stage.inCrm(1, { telephone1: '+44 8' });
	await stage.run();
	expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([false]);
	await stage.run();
	expect((await stage.failures('toCrm')).map(({ skipped, attempts }) => [skipped, attempts])).toEqual([[true, 3]]);
	stage.world.minutes(30);
	stage.world.takeRequests();
	expect(await stage.counted()).toEqual([{}, {}]);
	expect(await stage.counted()).toEqual([{}, {}]);
});

test('a skipped record that changed is tried although it left the filter', async () => {
	stage.quarrel(1);
	await stage.run();
	await stage.run();
	stage.world.minutes(30);
	stage.inBc(1, { blocked: 'All', phoneNumber: '+44 2' });
	await stage.run({ direction: 'toCrm' });
	expect(await stage.failures('toCrm')).toEqual([]);
});

test('a failure of a deleted record vanishes, skipped or not', async () => {
	stage.inBc(1, euro);
	stage.inBc(2, euro);
	await stage.run({ direction: 'toCrm' });
	await stage.run({ direction: 'toCrm' });
	stage.inBc(3, euro);
	await stage.run({ direction: 'toCrm' });
	expect((await stage.failures('toCrm')).map(({ skipped }) => skipped).sort()).toEqual([false, true, true]);
	stage.company().remove('customers', stage.customerId(1));
	stage.company().remove('customers', stage.customerId(3));
	await stage.run({ direction: 'toCrm' });
	expect((await stage.failures('toCrm')).map(({ sourceId }) => sourceId)).toEqual([stage.customerId(2)]);
});

test('a preview leaves failures as they are', async () => {
	stage.quarrel(1);
	await stage.run();
	const before = await stage.failures('toCrm');
	const [job] = await stage.run({ preview: true });
	expect(job!.job).toMatchObject({ skipped: 1, preview: true });
	expect(await stage.failures('toCrm')).toEqual(before);
});

test('a record that could not be created stays known, also while runs create nothing, and is created by the next run that may', async () => {
	const [id] = stage
		.company()
		.seed('customers', [{ number: 'NEW', displayName: 'New', type: 'Company', blocked: '_x0020_', currencyCode: 'EUR' }]);
	expect(await stage.counted({ direction: 'toCrm', createUncoupled: true })).toEqual([{ failed: 1 }]);
	expect(await stage.counted({ direction: 'toCrm' })).toEqual([{}]);
	expect((await stage.failures('toCrm')).map(({ sourceId, attempts }) => [sourceId, attempts])).toEqual([[id, 1]]);
	await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	expect(await stage.counted({ direction: 'toCrm', createUncoupled: true })).toEqual([{ inserted: 1 }]);
	expect(await stage.failures('toCrm')).toEqual([]);
});

test('a set-up error stops the run early with one message and is not recorded per record', async () => {
	for (const number of [1, 2, 3]) stage.inBc(number, { phoneNumber: `+44 ${number}` });
	const user = stage.world.sandbox.log.requests.find(({ system, user: who }) => system === 'crm' && who !== null)!.user!;
	stage.world.sandbox.crm.revokePrivilege(user, 'prvWriteAccount');
	stage.world.takeRequests();
	const results = await stage.run();
	expect(results).toHaveLength(1);
	expect(results[0]!.job).toMatchObject({
		status: 'failed',
		failed: 0,
		skipped: 0,
		message: expect.stringContaining('prvWriteAccount') as string,
	});
	expect(results[0]!.failed).toEqual([expect.objectContaining({ errorClass: 'setup', businessCentral: null, crm: null })]);
	expect(await stage.failures('toCrm')).toEqual([]);
	expect(await stage.log('error')).toHaveLength(1);
	expect(stage.writes()).toBe(0);
	stage.world.sandbox.crm.grantPrivilege(user, 'prvWriteAccount');
	expect((await stage.counted())[0]).toEqual({ modified: 3 });
});

test('a currency without an exchange rate fails alone; the others are created', async () => {
	stage.company().seed('currencies', [{ code: 'XXX', displayName: 'No rate', symbol: 'X' }]);
	const [job] = await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	expect(job!.job).toMatchObject({ status: 'finished', inserted: 2, failed: 1 });
	expect(job!.failed).toEqual([
		expect.objectContaining({ errorCode: 'EXCHANGE_RATE_MISSING', businessCentral: expect.objectContaining({ number: 'XXX' }) as unknown }),
	]);
});
