import { createStage, editAccount, HOUR, MINUTE, reasonsOf, SECOND, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

/** A column that is not mapped: a run has nothing to do about it. */
const touch = (index: number) => editAccount(stage.world, index, { description: `touched ${stage.world.clock.now()}` });

test('changes that have no effect start fewer and fewer runs, and one that has an effect ends that', async () => {
	const trigger = stage.loop();
	await stage.pass(SECOND);
	const touches = Array.from({ length: 60 }, (_, index) => [index * 25 * SECOND, () => touch(index % 4)] as const);
	await stage.pass(25 * MINUTE, touches);
	const changed = reasonsOf(trigger).filter((reason) => reason === 'changed').length;
	expect(changed).toBeGreaterThanOrEqual(4);
	expect(changed).toBeLessThanOrEqual(8);
	expect(trigger.logged.some((line) => line.includes('had no effect'))).toBe(true);
	editAccount(stage.world, 1);
	await stage.pass(HOUR / 2);
	expect((await stage.stored())!.mappings[0]).toMatchObject({ brakeMs: 0, idleRuns: 0 });
});
