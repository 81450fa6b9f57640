import { disagreements } from '../../kit/customers';
import { openScene, type Scene } from '../running/scene';

const HOUR = 3_600_000;

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
	await scene.run();
	scene.world.minutes(15);
});
afterEach(() => scene.world.close());

const SIDES = ['businessCentral', 'crm'] as const;
const set = (side: (typeof SIDES)[number], ms: number): void => void (scene.world.sandbox.clock.skew[side] = ms);
const edit = (side: (typeof SIDES)[number], number: number, phone: string): void =>
	side === 'crm' ? scene.inCrm(number, { telephone1: phone }) : scene.inBc(number, { phoneNumber: phone });
const delivered = (side: (typeof SIDES)[number], number: number): unknown =>
	side === 'crm' ? scene.customer(number)!['phoneNumber'] : scene.account(number)!['telephone1'];

test.each(SIDES)(
	'a service whose clock is set back five hours: edits of that time arrive in the next run, and no other twice (%s)',
	async (side) => {
		edit(side, 2, '+44 before');
		await scene.run();
		set(side, -5 * HOUR);
		scene.world.minutes(1);
		edit(side, 1, '+44 back');
		scene.world.minutes(20);
		await scene.run();
		expect(delivered(side, 1)).toBe('+44 back');
		scene.world.takeRequests();
		scene.world.minutes(20);
		edit(side, 3, '+44 still back');
		expect((await scene.counted()).filter(({ modified }) => modified)).toEqual([{ modified: 1 }]);
		expect(await disagreements(scene.world)).toEqual([]);
	},
);

test.each(SIDES)('a clock that was set back and has passed the watermark again: what was edited in between arrives (%s)', async (side) => {
	edit(side, 2, '+44 before');
	await scene.run();
	set(side, -0.5 * HOUR);
	scene.world.minutes(2);
	edit(side, 1, '+44 between');
	// By now the service's clock is later than the watermark again, and nothing but the distance to ours tells.
	scene.world.minutes(60);
	await scene.run();
	expect(delivered(side, 1)).toBe('+44 between');
	expect(await disagreements(scene.world)).toEqual([]);
});

test.each(SIDES)('a clock that is ahead for a while, with runs meanwhile, and right again: every edit arrives (%s)', async (side) => {
	set(side, 5 * HOUR);
	edit(side, 1, '+44 ahead');
	await scene.run();
	expect(delivered(side, 1)).toBe('+44 ahead');
	set(side, 0);
	scene.world.minutes(30);
	edit(side, 2, '+44 right again');
	scene.world.minutes(20);
	await scene.run();
	expect(delivered(side, 2)).toBe('+44 right again');
	scene.world.minutes(30);
	edit(side, 3, '+44 later');
	scene.world.minutes(20);
	await scene.run();
	expect(delivered(side, 3)).toBe('+44 later');
	expect(await disagreements(scene.world)).toEqual([]);
});

test('a clock that was set makes the comparison of the whole table due, for what no stamp tells', async () => {
	// What Dataverse notes itself knows no clock.
	scene.world.sandbox.crm.setChangeTracking('account', false);
	await scene.run();
	const checked = () => scene.with(async ({ store }) => (await store.comparison('CUSTOMER', 'crm'))!.checkedAt);
	expect(await checked()).not.toBeNull();
	set('crm', -5 * HOUR);
	await scene.run();
	expect(await checked()).toBeNull();
});
