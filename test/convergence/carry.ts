import { RunStopped, SyncError } from '../../engine/model/errors';
import { NoAnswer, type Transport } from '../../engine/systems/odata/transport';
import { dieAt, Killed } from '../kit/killing';
import type { SessionOptions } from '../kit/world';
import type { Action } from './actions';
import { LONGEST_MINUTES } from './faults';
import type { Story } from './story';
import type { JobResult } from '../../engine/jobs/jobResult';

/** How an action ended: with jobs, with an error it explains, or not at all. */
export interface End {
	jobs: JobResult[];
	error?: SyncError | RunStopped;
	died?: true;
}

/** Runs the action in a process of its own. Errors that the engine explains are ends like others; anything else is not. */
export async function perform(story: Story, action: Action, options: SessionOptions, preview = false): Promise<End> {
	const transport = (inner: Transport): Transport => story.late.watch((options.transport ?? ((same) => same))(inner));
	const session = await story.world.open({ ...options, transport });
	try {
		return { jobs: await action.run(session, preview) };
	} catch (error) {
		if (error instanceof SyncError || error instanceof RunStopped) return { jobs: [], error };
		throw error;
	} finally {
		await session.store.close();
	}
}

/** The process dies at its n-th request or commit. */
export async function killed(story: Story, action: Action, step: number, when: 'before' | 'after'): Promise<End> {
	const death = dieAt(step, when);
	return await Promise.race([perform(story, action, death.options), death.happened]).catch((error: unknown) => {
		if (error instanceof Killed) return { jobs: [], died: true as const };
		throw error;
	});
}

/** The user presses Stop at the n-th request: it is given up, before or after the service carried it out. */
export async function cancelled(story: Story, action: Action, step: number, when: 'before' | 'after'): Promise<End> {
	const stop = new AbortController();
	const transport = atRequest(step, when, async () => stop.abort(new Error('stopped')));
	const giveUp = (inner: Transport): Transport => {
		return async (request) => {
			const response = await inner(request);
			if (stop.signal.aborted) throw stop.signal.reason;
			return response;
		};
	};
	return await perform(story, action, { signal: stop.signal, transport: (inner) => giveUp(transport(inner)) });
}

/** Does something at the n-th request, before the service gets it or when it has answered. */
export function atRequest(step: number, when: 'before' | 'after', work: () => Promise<void>): (transport: Transport) => Transport {
	let count = 0;
	return (transport) => async (request) => {
		const mine = ++count === step;
		if (mine && when === 'before') await work();
		const response = await transport(request);
		if (mine && when === 'after') await work();
		return response;
	};
}

/** The run hangs at its n-th request until `meanwhile` is over. What it has not sent by then, no service takes after the longest of requests. */
export async function paused(
	story: Story,
	action: Action,
	step: number,
	when: 'before' | 'after',
	meanwhile: () => Promise<void>,
): Promise<End> {
	const hang = async (): Promise<void> => {
		const began = story.world.clock.now();
		await meanwhile();
		if (when === 'before' && story.world.clock.now() - began > LONGEST_MINUTES * 60_000)
			throw new NoAnswer('The request timed out.', false);
	};
	return await perform(story, action, { transport: atRequest(step, when, hang) });
}
