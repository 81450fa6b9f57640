import type { JobResult } from '../../../engine';
import { dieAt, endAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { SessionOptions } from '../../kit/world';
import { createScene, MIRRORED, TERMS, type Scene } from './scene';

/** A dead run's lease is free after two minutes. */
const LEASE_MINUTES = 3;

/** Checks after runs that died, and others that were asked to end, before and after steps of every kind took effect. */
async function everywhere(
	prepare: (scene: Scene) => Promise<void>,
	run: (scene: Scene, options?: SessionOptions) => Promise<unknown>,
	check: (scene: Scene, at: string) => Promise<void>,
): Promise<number> {
	const rehearsal = await createScene();
	await prepare(rehearsal);
	const whole = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	await run(rehearsal, whole.options);
	await rehearsal.world.close();
	const killed = new PointSample('killed');
	for (const { step, when } of killed.of(whole.walked())) {
		const scene = await createScene();
		await prepare(scene);
		const death = dieAt(step, when);
		await expect(Promise.race([run(scene, death.options), death.happened])).rejects.toBeInstanceOf(Killed);
		scene.world.minutes(LEASE_MINUTES);
		await run(scene);
		await check(scene, `${when} step ${step} of ${whole.steps()}`);
		await scene.world.close();
	}
	const asked = new PointSample('asked');
	for (const { step, when } of asked.of(whole.walked())) {
		const scene = await createScene();
		await prepare(scene);
		const stopped = (await run(scene, endAt(step, when).options)) as JobResult[];
		expect(stopped.flatMap(({ failed }) => failed)).toEqual([]);
		scene.world.minutes(1);
		await run(scene);
		await check(scene, `asked to end ${when} step ${step} of ${whole.steps()}`);
		await scene.world.close();
	}
	process.stdout.write(`${String(killed)}\n${String(asked)}\n`);
	return whole.steps();
}

const run = (scene: Scene, options?: SessionOptions) => scene.world.run({ mapping: TERMS, createUncoupled: true }, options);

test('new and renamed choices, killed or asked to end at steps of every kind: each code has one choice, the same in all columns, and one coupling', async () => {
	const steps = await everywhere(
		async (scene) => {
			const renamed = scene.addTerms('NET 14');
			await run(scene);
			scene.world.minutes(30);
			scene.renameTerms(renamed, '14 DAYS');
			scene.addTerms('NET 21');
			scene.addTerms('NET 28');
		},
		run,
		async (scene, at) => {
			expect([at, await scene.pairs()]).toEqual([at, ['14 DAYS ↔ 5', expect.stringMatching(/^NET 21 ↔ [67]$/), expect.stringMatching(/^NET 28 ↔ [67]$/), 'NET 30 ↔ 1', 'NET 60 ↔ 4']]); // prettier-ignore
			for (const table of MIRRORED) {
				const labels = scene.options(table).map((option) => option.replace(/^\d+ /, ''));
				expect([at, table, labels.slice(4).sort()]).toEqual([at, table, ['14 DAYS', 'NET 21', 'NET 28']]);
				expect([at, table, scene.options(table)]).toEqual([at, table, scene.options()]);
			}
		},
	);
	expect(steps).toBeGreaterThan(8);
}, 120_000);

test('from CRM, killed or asked to end at steps of every kind: each choice has one code and one coupling', async () => {
	await everywhere(
		async (scene) => {
			await scene.change(TERMS, { direction: 'fromCrm' });
			scene.define({ '1': 'Net 30', '4': 'Net 60', '5': 'Prepaid' });
			await run(scene);
			scene.world.minutes(30);
			scene.define({ '1': 'Net 30', '4': 'Net 60', '5': 'In advance', '6': 'On receipt', '7': 'Current month' });
		},
		run,
		async (scene, at) => {
			const codes = ['CURRENT MO', 'IN ADVANCE', 'NET 30', 'NET 60', 'ON RECEIPT'];
			expect([at, scene.codes()]).toEqual([at, codes]);
			expect([at, await scene.pairs()]).toEqual([at, ['CURRENT MO ↔ 7', 'IN ADVANCE ↔ 5', 'NET 30 ↔ 1', 'NET 60 ↔ 4', 'ON RECEIPT ↔ 6']]);
		},
	);
}, 120_000);
