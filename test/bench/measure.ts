import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Measured } from './messages';

const RSS_EVERY_MS = 20;
const LOOP_EVERY_MS = 10;

export type Counted = Pick<Measured, 'inserted' | 'modified' | 'unchanged' | 'failed' | 'finished'>;

const COLLECT_EVERY_MS = 250;

/**
 * Runs the work and looks at time, resident memory (every 20 ms) and the event loop meanwhile. `collecting`: garbage is collected four times a second;
 * time and pauses mean nothing then.
 */
export async function measure(work: () => Promise<Counted>, collecting = false): Promise<Measured> {
	globalThis.gc?.();
	const idleRss = process.memoryUsage.rss();
	let peakRss = idleRss;
	const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), RSS_EVERY_MS);
	const collector = collecting ? setInterval(() => globalThis.gc?.(), COLLECT_EVERY_MS) : undefined;
	const loop = monitorEventLoopDelay({ resolution: LOOP_EVERY_MS });
	loop.enable();
	const stopProfile = await profiled();
	const cpu = process.cpuUsage();
	const started = performance.now();
	try {
		const counted = await work();
		const durationMs = performance.now() - started;
		const { user, system } = process.cpuUsage(cpu);
		await stopProfile();
		peakRss = Math.max(peakRss, process.memoryUsage.rss());
		// The histogram holds the time between two looks, so an undisturbed loop shows the resolution itself.
		return {
			...counted,
			durationMs,
			cpuMs: (user + system) / 1000,
			idleRss,
			peakRss,
			eventLoopMaxMs: Math.max(0, loop.max / 1e6 - LOOP_EVERY_MS),
		};
	} finally {
		clearInterval(sampler);
		clearInterval(collector);
		loop.disable();
	}
}

let profiles = 0;

/** Writes where the time goes as `<process>-<n>.cpuprofile`, for the developer tools of a browser, when BENCH_PROFILE names a folder. Profiling itself costs time. */
async function profiled(): Promise<() => Promise<void>> {
	const folder = process.env['BENCH_PROFILE'];
	if (folder === undefined) return () => Promise.resolve();
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.start');
	return async () => {
		const { profile } = await session.post('Profiler.stop');
		session.disconnect();
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, `${process.pid}-${++profiles}.cpuprofile`), JSON.stringify(profile));
	};
}
