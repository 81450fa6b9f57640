import { synchronizeMapping } from '../../../engine';
import { isRunEnding } from '../../../engine/model/errors';
import { OPERATIONS, type Operation } from '../../crashPoints/operations';
import { createScene, type Outcome } from '../../crashPoints/scene';
import { strikeStages } from '../../convergence/stage';
import { endAt } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { Step } from '../../kit/step';

/** All points of all operations. When they become fewer, something is no longer looked at. */
const POINTS = 600;

const sample = new PointSample('asked');
afterAll(async () => {
	process.stdout.write(`${String(sample)}\n`);
	await strikeStages();
});

interface Ending {
	walked: readonly Step[];
	/** Mappings that are still held, inserts nobody knows the outcome of, and records counted as failed, right after the process was asked to end. */
	left: string[];
	/** What was asked of the services after that, without what was under way. */
	sentAfterwards: number;
	outcome: Outcome;
}

/** The operation in a process that is asked to end at a step, once more a minute later, and the runs that follow anyway. */
async function play(operation: Operation, step: number, when: 'before' | 'after'): Promise<Ending> {
	const scene = await createScene();
	try {
		const work = await operation.prepare(scene);
		const end = endAt(step, when);
		let sentAfterwards = 0;
		const options = {
			...end.options,
			transport: (transport: Parameters<NonNullable<typeof end.options.transport>>[0]) => {
				const counted = end.options.transport!(transport);
				return async (request: Parameters<typeof counted>[0]) => {
					if (end.asked()) sentAfterwards++;
					return await counted(request);
				};
			},
		};
		await scene.use(work, options).catch((error: unknown) => {
			if (!isRunEnding(error)) throw error;
		});
		const left = await scene.use(async ({ store }) => [
			...(await store.runningMappings()),
			// A record that was restored when the page broke off stays open: the run that settles it asks for what went with the record.
			...(await store.intents('CUSTOMER', 'fromCrm', 1000)).filter(({ byHand }) => !byHand).map(({ sourceId }) => `intent of ${sourceId}`),
			...(await store.log({ limit: 1000 })).rows.filter(({ kind }) => kind === 'error').map(({ code }) => code),
			...(await store.jobs({ limit: 1000, status: 'running' })).rows.map(({ type }) => `job ${type} is running`),
			...(await store.jobs({ limit: 1000, status: 'failed' })).rows.map(({ message }) => message),
		]);
		for (const next of [work, synchronize, synchronize]) {
			scene.world.minutes(1);
			await scene.use(next);
		}
		return { walked: end.walked(), left: end.asked() ? left : [], sentAfterwards, outcome: await scene.outcome() };
	} finally {
		await scene.close();
	}
}

const synchronize = (session: Parameters<typeof synchronizeMapping>[0]) =>
	synchronizeMapping(session, { mapping: 'CUSTOMER', findDeleted: 'now' });

test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
	'%s: asked to end at requests and store transactions of every kind, it sends nothing more, gives its lease back at once, tells of no failure, and ends like an undisturbed one when it is run again a minute later',
	async (_, operation) => {
		const undisturbed = await play(operation, Infinity, 'before');
		const { walked } = undisturbed;
		for (const { step, when } of sample.of(walked)) {
			const { walked: _, ...ending } = await play(operation, step, when);
			const at = `${when} step ${step} of ${walked.length}, ${walked[step - 1]!.kind}`;
			expect({ at, ...ending }).toEqual({ at, left: [], sentAfterwards: 0, outcome: undisturbed.outcome });
		}
	},
	300_000,
);

test(`there were at least ${POINTS} points`, () => expect(sample.total).toBeGreaterThanOrEqual(POINTS));
