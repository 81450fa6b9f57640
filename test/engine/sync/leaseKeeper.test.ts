import { Pulse } from '../../../engine/ports/pulse';
import { RunStopped } from '../../../engine/model/errors';
import type { SyncSession } from '../../../engine/ports/session';
import { holdLease, type HeldLease } from '../../../engine/jobs/lease';

const MINUTE = 60_000;
const lease = { mapping: 'CUSTOMER', owner: 'run 1', fence: 1 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A run on a store that counts how often its lease was renewed. */
async function run(more: Partial<SyncSession> = {}, renew: () => Promise<boolean> = () => Promise.resolve(true)) {
	const count = { renewed: 0 };
	const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
	const store = {
		acquireLease: () => Promise.resolve(lease),
		renewLease: () => {
			count.renewed++;
			return renew();
		},
		releaseLease: () => Promise.resolve(),
	};
	const pulse = new Pulse(clock);
	const session = { store, clock, pulse, owner: 'run 1', ...more } as unknown as SyncSession;
	const held = (await holdLease(session, 'CUSTOMER')) as HeldLease;
	const pass = async (ms: number): Promise<number> => {
		const before = count.renewed;
		await jest.advanceTimersByTimeAsync(ms);
		return count.renewed - before;
	};
	return { held, pulse, pass };
}

test('a run that waits, for however long it may, is renewed every twenty seconds, until the lease is given back', async () => {
	const { held, pulse, pass } = await run();
	pulse.waiting(30 * MINUTE);
	expect(await pass(30 * MINUTE)).toBe(90);
	await held.release();
	expect(await pass(10 * MINUTE)).toBe(0);
});

test('a run that hangs is not renewed any more, so that its lease runs out', async () => {
	const { held, pulse, pass } = await run();
	pulse.waiting(5 * MINUTE);
	expect(await pass(5 * MINUTE)).toBe(15);
	expect(await pass(60 * MINUTE)).toBe(0);
	await held.release();
});

test('a cancelled run is not renewed any more, whatever it waits for', async () => {
	const cancel = new AbortController();
	const { pulse, pass } = await run({ signal: cancel.signal });
	pulse.waiting(60 * MINUTE);
	expect(await pass(MINUTE)).toBe(3);
	cancel.abort();
	expect(await pass(30 * MINUTE)).toBe(0);
});

test('a run whose process is to end is renewed until it has ended', async () => {
	const ending = new AbortController();
	const { held, pulse, pass } = await run({ ending: ending.signal });
	pulse.waiting(60 * MINUTE);
	ending.abort(new RunStopped('shutdown'));
	expect(await pass(MINUTE)).toBe(3);
	await held.release();
});

test('a store that does not answer is asked once, not again every twenty seconds', async () => {
	const { held, pulse, pass } = await run({}, () => new Promise(() => undefined));
	pulse.waiting(60 * MINUTE);
	expect(await pass(10 * MINUTE)).toBe(1);
	await held.release();
});

test('a store that refuses now and then is asked again; a lease that was lost ends the run at its next page', async () => {
	let answers: Array<boolean | Error> = [new Error('gone for a moment'), true, false];
	const { held, pulse, pass } = await run({}, () => {
		const [next, ...rest] = answers;
		answers = rest;
		return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? true);
	});
	pulse.waiting(60 * MINUTE);
	expect(await pass(40_000)).toBe(2);
	await expect(held.keep()).resolves.toBeUndefined();
	await pass(20_000);
	await expect(held.keep()).rejects.toEqual(new RunStopped('leaseLost'));
	await held.release();
});
