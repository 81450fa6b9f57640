/** The danger: a system is put back to an earlier state, and its old values travel as edits over the current ones, with nothing in the log. */
import { openScene, type Scene } from './kit';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.close());

/** Phones change and are synchronized, after the state to which a system is put back later. */
async function edited(side: 'businessCentral' | 'crm', ...indexes: number[]): Promise<void> {
	for (const index of indexes) {
		if (side === 'businessCentral') scene.inBc(index, { phoneNumber: `new ${index}` });
		else scene.inCrm(index, { telephone1: `new ${index}` });
	}
	const results = await scene.run();
	expect(results.reduce((sum, { job }) => sum + job.modified, 0)).toBe(indexes.length);
	scene.world.minutes(60);
}
const phones = (): string[][] => [
	scene
		.customers()
		.map(({ phoneNumber }) => String(phoneNumber))
		.sort(),
	scene
		.accounts()
		.map(({ telephone1 }) => String(telephone1))
		.sort(),
];

describe.each([
	['crm', 'businessCentral'],
	['crm', 'crm'],
	['businessCentral', 'crm'],
	['businessCentral', 'businessCentral'],
] as const)('%s is put back, after edits in %s', (side, editor) => {
	test('every kind of run stops before it writes, names side, time and number, also a preview', async () => {
		const putBack = scene.keep(side);
		await edited(editor, 1, 2, 3);
		putBack();
		for (const request of [
			{},
			{ preview: true },
			{ fromStart: true, createUncoupled: true },
			{ deletion: 'deleteOther' as const, findDeleted: 'now' as const },
		]) {
			const { message, hint } = await scene.stopped(request);
			expect(message).toMatch(side === 'crm' ? /^CRM seems/ : /^Business Central seems/);
			expect(message).toMatch(/before 2026-03-07 09:\d\d UTC: 3 records as before that time \(C00000/);
			expect(hint).toContain('Settle Restored System');
		}
	});

	test('Send Again: the restored side gets the current values, each replaced one is in the log', async () => {
		const putBack = scene.keep(side);
		await edited(editor, 1, 2, 3);
		const current = phones();
		putBack();
		const preview = await scene.settle('sendAgain', true);
		expect(preview.flatMap(({ changes }) => changes)).toHaveLength(3);
		expect(phones()).not.toEqual(current);
		await scene.settle('sendAgain');
		expect(phones()).toEqual(current);
		expect((await scene.log()).filter(({ code }) => code === 'REPLACED_AT_FIRST')).toHaveLength(3);
		await scene.settled();
	});

	test('Accept: the restored values travel to the other side, each replaced one is in the log', async () => {
		const before = phones();
		const putBack = scene.keep(side);
		await edited(editor, 1, 2, 3);
		putBack();
		await scene.settle('accept');
		expect(phones()).toEqual(before);
		expect((await scene.log()).filter(({ kind }) => kind === 'overwritten')).toHaveLength(3);
		await scene.settled();
	});

	test('one value that was synchronized since is enough, and edits made after the restore change nothing about it', async () => {
		const putBack = scene.keep(side);
		await edited(editor, 5);
		putBack();
		scene.world.minutes(5);
		if (side === 'crm') scene.inCrm(7, { websiteurl: 'https://seven.example' });
		else scene.inBc(7, { website: 'https://seven.example' });
		await scene.stopped();
		await scene.settle('sendAgain');
		await scene.run();
		expect(scene.customer(7)['website']).toBe('https://seven.example');
		expect(scene.account(5)['telephone1']).toBe('new 5');
		await scene.settled();
	});
});

test('a record that was edited after it was put back: nobody can tell old from new, so a person is asked', async () => {
	const putBack = scene.keep('crm');
	await edited('businessCentral', 1, 2);
	putBack();
	scene.world.minutes(5);
	scene.inCrm(1, { websiteurl: 'https://one.example' });
	await scene.stopped();
	const results = await scene.settle('sendAgain');
	expect(results.flatMap(({ failed }) => failed)).toMatchObject([
		{ errorCode: 'CONFLICT', fields: expect.arrayContaining([expect.objectContaining({ name: 'Phone No.' })]) as unknown },
	]);
	expect(scene.account(2)['telephone1']).toBe('new 2');
	expect([scene.account(1)['telephone1'], scene.customer(1)['phoneNumber']]).toEqual(['+44 20 1', 'new 1']);
});

test('both are put back: what both agree on by now is agreed, a field that differs is a conflict', async () => {
	const [bc, crm] = [scene.keep('businessCentral'), scene.keep('crm')];
	await edited('businessCentral', 1, 2, 3);
	bc();
	crm();
	const { message } = await scene.stopped();
	expect(message).toContain('Business Central seems');
	expect(message).toContain('CRM seems');
	await scene.settle('sendAgain');
	expect(scene.account(1)['telephone1']).toBe('+44 20 1');
	await scene.settled();
});

test('It Was Not Restored: what looks like it travels as an edit, and runs go on', async () => {
	const { clock } = scene.world.sandbox;
	scene.inBc(1, { phoneNumber: 'before' });
	await scene.run();
	// The clock of a server on premises is set back by two hours.
	clock.skew.businessCentral = -2 * 60 * 60_000;
	scene.world.minutes(5);
	scene.inBc(1, { phoneNumber: 'after' });
	await scene.stopped({ fromStart: true });
	await scene.settle('notRestored');
	expect(scene.account(1)['telephone1']).toBe('after');
	clock.skew.businessCentral = 0;
	await scene.settled();
});

test('what was created while a clock stood back, with a stamp that no run would read, is found as soon as a person says that nothing was restored', async () => {
	const session = await scene.world.open();
	await session.store.saveSettings('CUSTOMER', { onlyCoupled: false }).finally(() => session.store.close());
	scene.inBc(1, { phoneNumber: 'before' });
	await scene.run();
	const { clock, businessCentral } = scene.world.sandbox;
	clock.skew.businessCentral = -2 * 60 * 60_000;
	scene.world.minutes(5);
	businessCentral.company(scene.world.base.companyName).seed('customers', [{ displayName: 'Made meanwhile' }]);
	scene.inBc(1, { phoneNumber: 'after' });
	await scene.stopped({ fromStart: true });
	await scene.settle('notRestored');
	clock.skew.businessCentral = 0;
	scene.world.minutes(15);
	await scene.run();
	expect(scene.accounts().map(({ name }) => name)).toContain('Made meanwhile');
});

test('A, B, and A again around a restore: the value that comes back by it is none that anybody entered', async () => {
	const putBack = scene.keep('crm');
	await edited('crm', 4);
	scene.inCrm(4, { telephone1: '+44 20 4' });
	await scene.run();
	scene.world.minutes(30);
	putBack();
	await scene.settle('sendAgain');
	expect(scene.customer(4)['phoneNumber']).toBe('+44 20 4');
	await scene.settled();
});

test('a quiet run costs no request more for it, also when the newest record left the filter', async () => {
	await scene.run();
	scene.world.takeRequests();
	scene.world.minutes(30);
	await scene.run();
	expect(scene.world.takeRequests().map(({ method, system }) => `${system} ${method}`)).toHaveLength(QUIET);
	scene.inBc(1, { blocked: 'All' });
	await scene.run();
	scene.world.minutes(30);
	await scene.run();
	scene.world.takeRequests();
	scene.world.minutes(30);
	await scene.run();
	expect(scene.world.takeRequests().length).toBeLessThanOrEqual(QUIET);
});
/** As before runs looked for restores: companies, and the changes of each side. */
const QUIET = 3;
