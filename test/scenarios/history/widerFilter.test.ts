import { openScene, type Scene } from '../running/scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const city = (value: string) => ({ bcFilter: { conditions: [{ field: 'city', operator: 'eq' as const, type: 'text' as const, value }] } });
/** A record inside every filter of these tests is edited, so that what was read reaches beyond all that was edited before. */
async function lifeGoesOn(): Promise<void> {
	scene.world.minutes(60);
	scene.inBc(3, { city: 'Ghent', phoneNumber: `+44 ${scene.world.clock.now()}` });
	await scene.run();
	scene.world.minutes(60);
}
const accountNames = () => scene.world.sandbox.crm.rows('account').map(({ name }) => String(name));

test('a wider filter: records that nobody touched follow in the next run, once', async () => {
	await scene.change({ onlyCoupled: false, ...city('Ghent') });
	await scene.run();
	scene.newCustomer('In Bath', { city: 'Bath' });
	await lifeGoesOn();
	expect(accountNames()).not.toContain('In Bath');
	await scene.change({ onlyCoupled: false, ...city('Bath') });
	expect((await scene.counted())[0]).toMatchObject({ inserted: 1 });
	expect(accountNames()).toContain('In Bath');
	scene.world.minutes(60);
	await scene.run();
	scene.world.minutes(60);
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.world.takeRequests().length).toBeLessThanOrEqual(4);
});

test('a filter that is taken away lets a coupled record follow that was edited outside of it', async () => {
	await scene.change(city('Ghent'));
	await scene.run();
	scene.inBc(1, { phoneNumber: '+44 outside' });
	await lifeGoesOn();
	expect(scene.account(1)).not.toMatchObject({ telephone1: '+44 outside' });
	await scene.change({ bcFilter: { conditions: [] } });
	await scene.run();
	expect(scene.account(1)).toMatchObject({ telephone1: '+44 outside' });
});

test('only-coupled switched off: records that were left out follow in the next run, though nobody touched them', async () => {
	scene.newCustomer('Left out');
	await scene.run();
	await lifeGoesOn();
	await scene.change({ onlyCoupled: false });
	expect((await scene.counted())[0]).toMatchObject({ inserted: 1 });
	expect(accountNames()).toContain('Left out');
});

test('the reading from the start goes on where it was stopped', async () => {
	for (let number = 1; number <= 30; number++) {
		scene.newCustomer(`Bath ${number}`, { city: 'Bath' });
		scene.world.minutes(1);
	}
	await scene.change({ onlyCoupled: false, ...city('Ghent') });
	await scene.run();
	scene.world.minutes(60);
	await scene.change({ onlyCoupled: false, ...city('Bath') });
	const limited = () => scene.counted({ direction: 'toCrm', pageSize: 10, recordLimit: 10 });
	expect(await limited()).toEqual([{ inserted: 10 }]);
	expect(await limited()).toEqual([{ inserted: 10 }]);
	expect(await limited()).toEqual([{ inserted: 10 }]);
	expect(accountNames().filter((name) => name.startsWith('Bath'))).toHaveLength(30);
});
