import type { WorkerPlace } from './cluster';
import type { StoreLog } from './storeLog';
import type { Kill } from './verdict';

/** A worker that was killed, and what it was in the middle of. */
export interface Hit extends Kill {
	/** Mappings it was running. */
	running: number;
	/** Creations it had announced and not yet recorded as done. */
	intents: number;
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** Nobody creates or runs anything for that long: then whatever the worker is doing has to do. */
const patienceMs = { creation: 15_000, run: 40_000 };
const lookEveryMs = 25;

/**
 * Kills the worker in the middle of a run, where possible between the announcement of a creation and its record: there a careless product makes
 * duplicates. Starts another one in its place.
 */
export async function killAndReplace(worker: WorkerPlace, store: StoreLog, pauseMs: number): Promise<Hit> {
	const { process } = worker;
	const begun = Date.now();
	let running = await store.runningOn(process);
	const intents = () => running.reduce((sum, one) => sum + one.intents, 0);
	const goOn = () => {
		const waited = Date.now() - begun;
		if (waited > patienceMs.run) return false;
		return running.length === 0 || (intents() === 0 && waited < patienceMs.creation);
	};
	while (goOn()) {
		await wait(lookEveryMs);
		running = await store.runningOn(process);
	}
	const kill = await worker.kill();
	await wait(pauseMs);
	await worker.start();
	return { ...kill, running: running.length, intents: intents() };
}
