import { dieAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { Step } from '../../kit/step';
import { openStage, type OtherStore } from './kit';

const pairs = async (store: OtherStore): Promise<string[]> => (await store.couplings()).map(({ bcId, crmId }) => `${bcId} ${crmId}`).sort();

/** One record of each side was created, one waits to be; a process that knows nothing of it dies, two runs with its store follow, and one with the other. */
async function play(
	step: number,
	when: 'before' | 'after',
): Promise<{ walked: readonly Step[]; died: boolean; counts: number[]; same: boolean }> {
	const stage = await openStage();
	try {
		const first = await stage.store();
		stage.customer('Adatum');
		stage.account('Blue Yonder');
		await stage.run(first);
		stage.customer('Contoso');
		const lost = await stage.store();
		const death = dieAt(step, when);
		const { store: wrap, ...rest } = death.options;
		const options = { ...rest, store: (own: never) => wrap!(lost.options.store!(own)) };
		const doomed = stage.world.run({ mapping: 'CUSTOMER', createUncoupled: true }, options as never).then(() => false);
		const died = await Promise.race([doomed, death.happened]).catch((error: unknown) => {
			if (!(error instanceof Killed)) throw error;
			return true;
		});
		const walked = [...death.walked()];
		stage.world.minutes(16);
		await stage.run(lost);
		await stage.run(lost);
		const counts = [stage.customers().length, stage.accounts().length, (await lost.couplings()).length];
		await stage.run(first);
		counts.push(stage.customers().length, stage.accounts().length);
		return { walked, died, counts, same: String(await pairs(first)) === String(await pairs(lost)) };
	} finally {
		await stage.close();
	}
}

test('a process with a fresh store dies anywhere between the question and the end: the next run ends with n and n', async () => {
	const { walked, ...undisturbed } = await play(Infinity, 'before');
	expect(undisturbed).toEqual({ died: false, counts: [3, 3, 3, 3, 3], same: true });
	const sample = new PointSample('killed');
	// Dying before a step is dying once the one before it was heard of: every second step either way.
	for (const { step, when } of sample.of(walked, (point) => (point.step % 2 === 1) === (point.when === 'before'))) {
		const { walked: _, ...end } = await play(step, when);
		expect({ step, when, ...end }).toEqual({ step, when, ...undisturbed, died: true });
	}
	process.stdout.write(`${String(sample)}\n`);
}, 300_000);
