import type { SyncStore } from '../../../engine/ports/syncStore';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { dieAt, Killed } from '../../kit/killing';
import { type Point, PointSample } from '../../kit/points';
import type { SessionOptions } from '../../kit/world';
import { createScene, range, type Scene } from '../deletions/scene';

let scene: Scene | undefined;
afterEach(() => scene?.world.close());

const run = (more: Partial<RunRequest> = {}, options: SessionOptions = {}) =>
	scene!.world.run({ mapping: 'CUSTOMER', findDeleted: 'now', deletion: 'deleteOther', ...more }, options);

test('killed at requests and commits of every kind, nothing is counted twice and nothing is forgotten', async () => {
	const begin = async (): Promise<Scene> => {
		await scene?.world.close();
		scene = await createScene(6);
		await scene.settings({ massChange: { minimum: 1, share: 1, absolute: 4 } });
		scene.deleteAccounts(...range(3));
		return scene;
	};
	await begin();
	const counting = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	const near: number[] = [];
	const noting = (store: SyncStore): SyncStore => {
		const counted = counting.options.store!(store);
		const commit: SyncStore['commit'] = async (changes, lease) => {
			await counted.commit(changes, lease);
			if (changes.massChanges?.length || changes.uncouple?.length) near.push(counting.steps());
		};
		return new Proxy(counted, { get: (of, name) => (name === 'commit' ? commit : (Reflect.get(of, name) as unknown)) });
	};
	await run({ pageSize: 2 }, { ...counting.options, store: noting });
	// Announced, deleted, recorded: two pages of it.
	expect(near).toHaveLength(4);
	const sample = new PointSample('killed');
	const within = ({ step }: Point): boolean => step >= Math.min(...near) && step <= Math.max(...near);
	for (const { step, when } of sample.of(counting.walked(), within)) {
		await begin();
		const death = dieAt(step, when);
		const dying = run({ pageSize: 2 }, death.options);
		expect(await Promise.race([dying, death.happened]).catch((error: unknown) => error)).toEqual(expect.any(Killed));
		scene!.world.minutes(20);
		expect([step, when, (await run())[0]!.job.status]).toEqual([step, when, 'finished']);
		expect(scene!.customers()).toHaveLength(3);
		// Three of four are used up, whatever the crash came between.
		scene!.deleteAccounts(3);
		expect([step, when, (await run())[0]!.job.status]).toEqual([step, when, 'finished']);
		scene!.deleteAccounts(4);
		expect([step, when, (await run())[0]!.job]).toEqual([step, when, expect.objectContaining({ status: 'stopped', deleted: 0 })]);
		expect(scene!.customers()).toHaveLength(2);
	}
	process.stdout.write(`${String(sample)}\n`);
});
