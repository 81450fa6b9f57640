import { synchronizeMapping } from '../../engine';
import { strikeStages } from '../convergence/stage';
import { dieAt, Killed } from '../kit/killing';
import { PointSample } from '../kit/points';
import type { Step } from '../kit/step';
import { OPERATIONS, type Operation } from './operations';
import { createScene, type Outcome } from './scene';

/** All points of all operations. When they become fewer, something is no longer looked at. */
const POINTS = 650;
/** Dead runs' leases are free, and lost requests have surely ended. */
const MINUTES = 30;

const sample = new PointSample('killed');
afterAll(async () => {
	process.stdout.write(`${String(sample)}\n`);
	await strikeStages();
});

interface Ending {
	walked: readonly Step[];
	died: boolean;
	outcome: Outcome;
}

/** The operation in a process that dies at a step, once more in one that does not, and the two runs that follow anyway. */
async function play(operation: Operation, step: number, when: 'before' | 'after'): Promise<Ending> {
	const scene = await createScene();
	try {
		const work = await operation.prepare(scene);
		const death = dieAt(step, when);
		const died = await Promise.race([scene.use(work, death.options).then(() => false), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return true;
			throw error;
		});
		const walked = [...death.walked()];
		for (const next of [work, synchronize, synchronize]) {
			scene.world.minutes(MINUTES);
			await scene.use(next);
		}
		return { walked, died, outcome: await scene.outcome() };
	} finally {
		await scene.close();
	}
}

const synchronize = (session: Parameters<typeof synchronizeMapping>[0]) =>
	synchronizeMapping(session, { mapping: 'CUSTOMER', findDeleted: 'now' });

test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
	'%s: killed at requests and store transactions of every kind, before and after they take effect, and run again, it ends like an undisturbed one',
	async (_, operation) => {
		const undisturbed = await play(operation, Infinity, 'before');
		expect(undisturbed.outcome.left).toEqual([]);
		const { walked } = undisturbed;
		expect(walked.length).toBeGreaterThanOrEqual(operation.floor);
		for (const { step, when } of sample.of(walked)) {
			const { died, outcome } = await play(operation, step, when);
			const at = `${when} step ${step} of ${walked.length}, ${walked[step - 1]!.kind}`;
			// Where nobody can tell whose value an interrupted run left, what replaces it is told besides.
			const told = expect.arrayContaining(undisturbed.outcome.told) as string[];
			expect({ at, died, ...outcome }).toEqual({ at, died: true, ...undisturbed.outcome, told });
		}
	},
	300_000,
);

test(`there were at least ${POINTS} points`, () => expect(sample.total).toBeGreaterThanOrEqual(POINTS));
