/** The danger: records that were created after the state a system is put back to are missing there, and the strategy deletes their living partners. */
import { openScene, type Scene, COUNT } from './kit';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.close());

/** New customers on one side, coupled by a run. */
async function created(side: 'businessCentral' | 'crm', count: number): Promise<void> {
	const { sandbox, base } = scene.world;
	for (let index = 0; index < count; index++) {
		const name = `Newcomer ${index}`;
		if (side === 'crm') sandbox.crm.seed('account', [{ name, telephone1: `9${index}`, customertypecode: 3 }]);
		else sandbox.businessCentral.company(base.companyName).insert('customers', { displayName: name, phoneNumber: `9${index}` });
	}
	await scene.run({ createUncoupled: true });
	expect([scene.customers().length, scene.accounts().length]).toEqual([COUNT + count, COUNT + count]);
	scene.world.minutes(60);
}
const counts = (): number[] => [scene.customers().length, scene.accounts().length];

describe.each(['crm', 'businessCentral'] as const)('%s loses records by a restore', (side) => {
	const destructive = { deletion: 'deleteOther', findDeleted: 'now', allowMassChanges: true } as const;

	test('Delete the Other stops: their partners live on', async () => {
		const putBack = scene.keep(side);
		await created('businessCentral', 3);
		putBack();
		const { message } = await scene.stopped(destructive);
		expect(message).toContain('3 records created since missing');
		expect(counts()).toEqual(side === 'crm' ? [COUNT + 3, COUNT] : [COUNT, COUNT + 3]);
	});

	test('Send Again creates them again from what is left', async () => {
		const putBack = scene.keep(side);
		await created('businessCentral', 3);
		putBack();
		await scene.settle('sendAgain');
		expect(counts()).toEqual([COUNT + 3, COUNT + 3]);
		await scene.settled();
	});

	test('Accept parts them; the records that are left stay', async () => {
		const putBack = scene.keep(side);
		await created('businessCentral', 3);
		scene.inBc(1, { phoneNumber: 'new' });
		await scene.run();
		scene.world.minutes(60);
		putBack();
		await scene.settle('accept');
		expect(counts()).toEqual(side === 'crm' ? [COUNT + 3, COUNT] : [COUNT, COUNT + 3]);
		const results = await scene.run(destructive);
		expect(results.map(({ job }) => [job.status, job.deleted])).toEqual([
			['finished', 0],
			['finished', 0],
		]);
		expect(counts()).toEqual(side === 'crm' ? [COUNT + 3, COUNT] : [COUNT, COUNT + 3]);
	});
});

test('records that were deleted since are back: none is taken for new beside its partner', async () => {
	const putBack = scene.keep('crm');
	scene.world.sandbox.crm.remove('account', String(scene.account(3)['accountid']));
	scene.inBc(5, { phoneNumber: 'new' });
	await scene.run({ deletion: 'restore', findDeleted: 'now' });
	expect(scene.accounts()).toHaveLength(COUNT);
	scene.world.minutes(60);
	putBack();
	await scene.stopped();
	await scene.settle('sendAgain');
	expect(scene.accounts()).toHaveLength(COUNT);
	await scene.settled();
});

test('records that a person deleted one by one are deletions as ever', async () => {
	scene.inBc(1, { phoneNumber: 'new' });
	await scene.run();
	scene.world.minutes(60);
	for (const index of [2, 3, 4]) scene.world.sandbox.crm.remove('account', String(scene.account(index)['accountid']));
	const results = await scene.run({ deletion: 'deleteOther', findDeleted: 'now', allowMassChanges: true });
	expect(results.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
	expect(counts()).toEqual([COUNT - 3, COUNT - 3]);
});

test('couples of which both records are gone, because both systems were put back, end', async () => {
	const [bc, crm] = [scene.keep('businessCentral'), scene.keep('crm')];
	await created('businessCentral', 3);
	scene.inBc(1, { phoneNumber: 'new' });
	await scene.run();
	scene.world.minutes(60);
	bc();
	crm();
	await scene.stopped();
	await scene.settle('accept');
	expect(counts()).toEqual([COUNT, COUNT]);
	await scene.settled();
});
