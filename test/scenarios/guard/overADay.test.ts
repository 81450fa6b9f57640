import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { counters, createScene, range, type Scene } from '../deletions/scene';

/** What runs of a day do together: a mistake that arrives in small portions is a mistake all the same. */

let scene: Scene;
beforeEach(async () => {
	scene = await createScene(60);
});
afterEach(() => scene.world.close());

const HOUR = 60;
const run = (more: Partial<RunRequest> = {}) =>
	scene.world.run({ mapping: 'CUSTOMER', findDeleted: 'now', deletion: 'deleteOther', ...more });
const message = (results: Awaited<ReturnType<typeof run>>): string => results[0]!.job.message;

test('nine deletions a run over six runs stop in the second one, and go on a day later', async () => {
	scene.deleteAccounts(...range(9));
	expect(counters((await run())[0])).toEqual({ deleted: 9 });
	for (const portion of range(5, 1)) {
		scene.world.minutes(HOUR);
		scene.deleteAccounts(...range(9, 9 * portion));
		const before = scene.customers();
		scene.writes();
		const results = await run();
		expect(results.map(({ job }) => [job.status, job.deleted])).toEqual([['stopped', 0]]);
		expect(message(results)).toContain(`delete ${9 * portion} of 60 coupled records of CUSTOMER`);
		expect(message(results)).toContain('9 were deleted in the last 24 hours: C000001 Customer 1 & Söhne, ');
		expect(message(results)).toContain('Nothing was changed.');
		expect([scene.writes(), scene.customers()]).toEqual([0, before]);
	}
	expect(scene.customers()).toHaveLength(51);
});

test('a day later nine more go', async () => {
	scene.deleteAccounts(...range(9));
	await run();
	scene.world.minutes(HOUR);
	scene.deleteAccounts(...range(9, 9));
	expect((await run())[0]!.job).toMatchObject({ status: 'stopped', deleted: 0 });
	scene.world.minutes(24 * HOUR);
	expect(counters((await run())[0])).toEqual({ deleted: 9 });
	expect(scene.customers()).toHaveLength(42);
});

test('the share is of the couplings at the beginning of the day, not of what is left', async () => {
	for (const portion of [0, 1, 2]) {
		scene.deleteAccounts(...range(4, 4 * portion));
		expect(counters((await run())[0])).toEqual({ deleted: 4 });
	}
	scene.deleteAccounts(20);
	expect((await run())[0]!.job).toMatchObject({ status: 'stopped', deleted: 0 });
});

test('uncouplings and overwritten values of a day count with deletions; what is written beside them does not', async () => {
	scene.deleteAccounts(...range(6));
	expect(counters((await run({ deletion: 'removeCoupling' }))[0])).toEqual({ uncoupled: 6 });
	scene.world.minutes(HOUR);
	for (const index of range(6, 20)) {
		scene.editCustomer(index, { phoneNumber: `+44 1 ${index}` });
		scene.editAccount(index, { telephone1: `+44 2 ${index}` });
	}
	scene.editCustomer(40, { phoneNumber: '+44 40' });
	expect((await run({ conflict: 'send' }))[0]!.job).toMatchObject({ status: 'finished', modified: 7 });
	scene.world.minutes(HOUR);
	for (const index of range(2, 50)) {
		scene.editCustomer(index, { phoneNumber: `+44 1 ${index}` });
		scene.editAccount(index, { telephone1: `+44 2 ${index}` });
	}
	scene.editCustomer(41, { phoneNumber: '+44 41' });
	scene.writes();
	const results = await run({ conflict: 'send' });
	expect(message(results)).toContain('overwrite 2 of 60');
	expect(message(results)).toContain('6 were uncoupled and 6 overwritten in the last 24 hours');
	expect(scene.writes()).toBe(0);
	for (const index of range(2, 50)) expect(scene.account(index)).toMatchObject({ telephone1: `+44 2 ${index}` });
	// Without a strategy nothing is overwritten, and what is harmless goes on.
	expect((await run({ conflict: 'none' }))[0]!.job).toMatchObject({ status: 'finished', modified: 1, failed: 2 });
});

test('a record counts once, however often it is overwritten', async () => {
	for (const round of range(5)) {
		for (const index of range(9)) {
			scene.editCustomer(index, { phoneNumber: `+44 1 ${round} ${index}` });
			scene.editAccount(index, { telephone1: `+44 2 ${round} ${index}` });
		}
		expect((await run({ conflict: 'send' }))[0]!.job).toMatchObject({ status: 'finished', modified: 9 });
		scene.world.minutes(HOUR);
	}
});

test('what a person allowed does not count, and clears what counted before', async () => {
	scene.deleteAccounts(...range(9));
	await run();
	scene.deleteAccounts(...range(9, 9));
	expect((await run())[0]!.job.status).toBe('stopped');
	expect(counters((await run({ allowMassChanges: true }))[0])).toEqual({ deleted: 9 });
	scene.deleteAccounts(...range(8, 20));
	expect(counters((await run())[0])).toEqual({ deleted: 8 });
});

test('a preview counts with the day, and counts nothing itself; allowing a preview clears nothing', async () => {
	scene.deleteAccounts(...range(9));
	for (const _ of range(3)) expect(counters((await run({ preview: true }))[0])).toEqual({ deleted: 9 });
	expect(counters((await run())[0])).toEqual({ deleted: 9 });
	scene.deleteAccounts(...range(9, 9));
	const preview = await run({ preview: true });
	expect([preview[0]!.job.status, message(preview)]).toEqual(['stopped', expect.stringContaining('9 were deleted in the last 24 hours')]);
	expect(counters((await run({ preview: true, allowMassChanges: true }))[0])).toEqual({ deleted: 9 });
	expect((await run())[0]!.job).toMatchObject({ status: 'stopped', deleted: 0 });
	expect(scene.customers()).toHaveLength(51);
});

test('a host clock that was a month ahead: what counted then counts for a day, not for a month', async () => {
	const now = scene.world.clock.now();
	scene.world.sandbox.clock.set(now + 30 * 24 * HOUR * 60_000);
	scene.deleteAccounts(...range(9));
	expect(counters((await run())[0])).toEqual({ deleted: 9 });
	scene.world.sandbox.clock.set(now + HOUR * 60_000);
	scene.deleteAccounts(...range(9, 9));
	expect((await run())[0]!.job).toMatchObject({ status: 'stopped', deleted: 0 });
	scene.world.minutes(25 * HOUR);
	expect(counters((await run())[0])).toEqual({ deleted: 9 });
});

test('what a service refused does not count: it was not changed', async () => {
	scene.deleteAccounts(...range(9));
	const refusal = { error: { code: 'Authorization_RequestDenied', message: 'Sorry, the current permissions prevented the action.' } };
	scene.world.sandbox.faults.add({
		system: 'businessCentral',
		method: 'DELETE',
		times: 9,
		fault: { kind: 'answer', status: 403, body: JSON.stringify(refusal) },
	});
	expect(counters((await run())[0])).toEqual({ failed: 9 });
	for (const index of range(9)) scene.editCustomer(index, { addressLine2: 'kept' });
	// The nine are found once more, before it is known that they stay: with these three they are as many as a day allows.
	scene.deleteAccounts(...range(3, 9));
	expect(counters((await run({ findDeleted: 'now', deletion: 'deleteOther' }))[0])).toMatchObject({ deleted: 3 });
});
