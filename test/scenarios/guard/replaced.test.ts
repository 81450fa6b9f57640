import { coupleRecords } from '../../../engine';
import { itIsNew } from '../../kit/world';
import { createScene, range, type Scene } from '../deletions/scene';

/** Values that the first synchronization of a couple replaces: a person who chose the side has agreed to it, a schedule has not. */

let scene: Scene;
afterEach(() => scene.world.close());

/** Couples without a baseline, whose phone numbers differ; `initial`: who wins. */
const beginAgain = async (count: number, initial: 'send' | 'get' | 'none'): Promise<void> => {
	const couplings = (await scene.couplings()).sort((a, b) => (a.bcNumber < b.bcNumber ? -1 : 1)).slice(0, count);
	for (const index of range(count)) scene.editAccount(index, { telephone1: `+44 2 ${index}` });
	const { store } = await scene.world.open();
	await store.commit({
		couplings: couplings.map((each) => ({ ...each, initial, baseline: null, bcVersion: null, crmVersion: null, lastSyncedAt: null })),
	});
	await store.close();
	scene.world.takeRequests();
};

test('a scheduled run brings couples to agree that a person made before, however many', async () => {
	scene = await createScene(40);
	await beginAgain(12, 'send');
	const [job] = await scene.world.run({ mapping: 'CUSTOMER' });
	expect(job!.job).toMatchObject({ status: 'finished', modified: 12 });
	expect(scene.account(0)).toMatchObject({ telephone1: '+44 20 1' });
});

test('couples made by a person with a side are synchronized at once, however many on a day', async () => {
	scene = await createScene(12);
	await itIsNew(scene.world, 'CUSTOMER');
	const session = await scene.world.open();
	await session.store.commit({ uncouple: await scene.couplings() });
	for (const index of range(12)) {
		scene.editAccount(index, { telephone1: `+44 2 ${index}` });
		const pair = { bcId: String(scene.customer(index)!['id']), crmId: String(scene.account(index)!['accountid']) };
		const { job } = await coupleRecords(session, { mapping: 'CUSTOMER', ...pair, initial: 'send' });
		expect(job!.job).toMatchObject({ status: 'finished', modified: 1 });
		expect(scene.account(index)).toMatchObject({ telephone1: `+44 20 ${index + 1}` });
	}
	await session.store.close();
	// And they count for nothing: nine losses are what a day allows.
	for (const index of range(9)) scene.editCustomer(index, { email: '' });
	expect((await scene.world.run({ mapping: 'CUSTOMER' }))[0]!.job).toMatchObject({ status: 'finished', modified: 9 });
});
