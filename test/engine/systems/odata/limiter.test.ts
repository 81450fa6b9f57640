import { RunStopped } from '../../../../engine/model/errors';
import { Limiter, limiterFor } from '../../../../engine/systems/odata/limiter';
import { virtualClock } from '../virtualClock';

const options = { concurrent: 5, requestsPerWindow: 6000, windowMs: 300_000 };

/** Runs `count` tasks of `ms` each and reports the most that ran at once. */
async function crowd(limiter: Limiter, clock: ReturnType<typeof virtualClock>, count: number, ms: number): Promise<number> {
	let now = 0;
	let most = 0;
	await Promise.all(
		Array.from({ length: count }, () =>
			limiter.run(async () => {
				most = Math.max(most, ++now);
				await clock.sleep(ms);
				now--;
			}),
		),
	);
	return most;
}

test('never more requests at a time than allowed', async () => {
	const clock = virtualClock();
	expect(await crowd(new Limiter({ clock, ...options }), clock, 40, 10)).toBe(5);
});

test('the budget of a window is kept: what is over it waits until the oldest request is out of the window', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, requestsPerWindow: 10 });
	const start = clock.now();
	const begun: number[] = [];
	await Promise.all(Array.from({ length: 25 }, () => limiter.run(async () => void begun.push(clock.now() - start))));
	expect(begun.filter((at) => at < 300_000)).toHaveLength(10);
	expect(begun.filter((at) => at >= 300_000 && at < 600_000)).toHaveLength(10);
	expect(begun.filter((at) => at >= 600_000)).toHaveLength(5);
});

test('a clock that is set back holds nobody up longer than was asked for', async () => {
	let setBack = 0;
	const steady = virtualClock();
	const clock = { now: () => steady.now() - setBack, sleep: steady.sleep };
	const limiter = new Limiter({ clock, ...options, requestsPerWindow: 2 });
	await limiter.run(async () => limiter.refused(5_000));
	setBack += 86_400_000;
	const start = clock.now();
	await limiter.run(async () => undefined);
	expect(clock.now() - start).toBeLessThanOrEqual(5_000);
	setBack += 86_400_000;
	const later = clock.now();
	await limiter.run(async () => undefined);
	expect(clock.now() - later).toBeLessThanOrEqual(options.windowMs);
});

test('the summed execution time of a window is kept as well', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, concurrent: 1, executionMsPerWindow: 20_000 });
	const start = clock.now();
	const begun: number[] = [];
	for (let request = 0; request < 3; request++) {
		await limiter.run(async () => {
			begun.push(clock.now() - start);
			await clock.sleep(10_000);
		});
	}
	expect(begun[1]).toBe(10_000);
	expect(begun[2]).toBeGreaterThanOrEqual(300_000);
});

test('a refusal halves what may be in flight and holds everything back as long as the service asks; success lets it grow to the limit again', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, concurrent: 8 });
	limiter.refused(30_000);
	expect(limiter.concurrency).toBe(4);
	limiter.refused(0);
	limiter.refused(0);
	limiter.refused(0);
	expect(limiter.concurrency).toBe(1);
	const before = clock.now();
	await limiter.run(async () => undefined);
	expect(clock.now() - before).toBe(30_000);
	for (let success = 0; success < 20; success++) limiter.succeeded();
	expect(limiter.concurrency).toBe(2);
	for (let success = 0; success < 1000; success++) limiter.succeeded();
	expect(limiter.concurrency).toBe(8);
});

test('an aborted run leaves the queue at once and gives its place to nobody twice', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, concurrent: 1 });
	const controller = new AbortController();
	let release = () => {};
	const first = limiter.run(() => new Promise<void>((resolve) => (release = resolve)));
	const second = limiter.run(async () => 'second', controller.signal);
	const third = limiter.run(async () => 'third');
	controller.abort();
	await expect(second).rejects.toBeInstanceOf(RunStopped);
	release();
	await first;
	expect(await third).toBe('third');
});

test('sessions of one user share a budget', () => {
	const clock = virtualClock();
	expect(limiterFor('user', { clock, ...options })).toBe(limiterFor('user', { clock, ...options }));
	expect(limiterFor('user', { clock, ...options })).not.toBe(limiterFor('other', { clock, ...options }));
	expect(limiterFor(undefined, { clock, ...options })).not.toBe(limiterFor(undefined, { clock, ...options }));
});

test('many at a time do not go beyond the execution time together', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, concurrent: 50, executionMsPerWindow: 20_000 });
	await limiter.run(() => clock.sleep(1_000));
	const start = clock.now();
	const begun: number[] = [];
	await Promise.all(
		Array.from({ length: 60 }, () =>
			limiter.run(async () => {
				begun.push(clock.now() - start);
				await clock.sleep(1_000);
			}),
		),
	);
	expect(begun.filter((at) => at < 290_000)).toHaveLength(19);
	expect(begun).toHaveLength(60);
});

test('it tells how many requests are left', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, requestsPerWindow: 3 });
	for (let request = 0; request < 3; request++) await limiter.run(async () => undefined);
	expect(limiter.requestsLeft).toBe(0);
	await clock.sleep(300_001);
	expect(limiter.requestsLeft).toBe(3);
});

test('what the service tells is left makes requests fewer at a time, down to one; with more, or when it was long ago, there are as many as before', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options });
	limiter.noteLeft({ requests: 3 });
	expect([limiter.concurrency, limiter.requestsLeft]).toEqual([3, 3]);
	expect(await crowd(limiter, clock, 2, 10)).toBe(2);
	expect([limiter.concurrency, limiter.requestsLeft]).toEqual([1, 1]);
	limiter.noteLeft({ requests: 0 });
	// Nothing is held back: the service says itself when to come again.
	expect(await crowd(limiter, clock, 4, 10)).toBe(1);
	expect(limiter.requestsLeft).toBe(0);
	limiter.noteLeft({ requests: 5_000 });
	expect(await crowd(limiter, clock, 40, 10)).toBe(5);
	limiter.noteLeft({ requests: 0 });
	await clock.sleep(61_000);
	expect(await crowd(limiter, clock, 40, 10)).toBe(5);
});

test('with little time of execution left, as many go at a time as fit in', async () => {
	const clock = virtualClock();
	const limiter = new Limiter({ clock, ...options, executionMsPerWindow: 1_200_000 });
	await crowd(limiter, clock, 5, 1_000);
	limiter.noteLeft({ requests: 6_000, executionMs: 2_500 });
	expect(limiter.concurrency).toBe(2);
	limiter.noteLeft({ requests: 6_000, executionMs: 900_000 });
	expect(limiter.concurrency).toBe(5);
});
