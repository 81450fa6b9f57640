import type { Job } from '../model/job';
import { SIDES } from '../model/side';
import type { TriggerMapping } from '../model/trigger';
import type { SyncStore } from '../ports/syncStore';
import { isComparisonDue } from '../sync/comparison/due';
import type { SyncSession } from '../ports/session';
import { afterRun, effectOf, type RunTerms } from './afterRun';
import { since, waitOf } from './due';
import type { Watched } from './periods';

/** Jobs that are looked through for those of a start. */
const JOBS = 50;
/** Clocks of the process that starts and of those that run differ by no more. A job that was deleted from the log cannot say what came after it. */
const SKEW_MS = 15 * 60_000;
/** A start that no job followed is made again after so long, and each further time after twice as long. */
const UNANSWERED_MS = 5 * 60_000;
const LONGEST_UNANSWERED_MS = 60 * 60_000;

/** Runs that carry records of the mapping; newest first. */
const isRun = ({ preview, type }: Job): boolean => !preview && (type === 'synchronization' || type === 'fullSynchronization');

export const newestJobOf = async (store: SyncStore, mapping: string): Promise<string | null> =>
	(await store.jobs({ mapping, limit: 1 })).rows[0]?.id ?? null;

/**
 * What became of the start that a mapping was given: nothing yet, nothing at all, or a run that is over. A start whose job does not come, or does not end (the process
 * died between noting and starting or in the middle of the run, the execution was lost), is made again; a second run of what was done costs next to nothing.
 * @param running somebody has the mapping right now
 */
export async function settle(
	session: SyncSession,
	watched: Watched,
	known: TriggerMapping,
	{ running, ...terms }: RunTerms & { running: boolean },
): Promise<TriggerMapping> {
	const { emission } = known;
	if (emission === null) return known;
	const { rows } = await session.store.jobs({ mapping: known.mapping, limit: JOBS });
	const before = rows.findIndex(({ id }) => id === emission.afterJob);
	const after = before < 0 ? rows.filter(({ startedAt }) => Date.parse(startedAt) >= emission.atMs - SKEW_MS) : rows.slice(0, before);
	const jobs = after.filter(isRun);
	if (running) return known;
	// A job that is open although nobody has its mapping belongs to a process that died, and no one will ever close it for the trigger; or to one that has just
	// begun, which a second start does no harm.
	const isOpen = jobs.some(({ status }) => status === 'running');
	if (jobs.length > 0 && !isOpen) return afterRun(known, await endOf(session, watched, jobs), terms);
	const wait = Math.min(LONGEST_UNANSWERED_MS, UNANSWERED_MS * 2 ** Math.min(10, known.unanswered));
	if (since(emission.atMs, terms.now) < wait) return known;
	const owed = emission.reason === 'schedule' || emission.reason === 'changed' || emission.reason === 'manual' ? null : emission.reason;
	return { ...known, emission: null, unanswered: known.unanswered + 1, owed };
}

async function endOf(session: SyncSession, { mapping }: Watched, jobs: readonly Job[]) {
	const { store } = session;
	const transient = await store.listFailures({ mapping: mapping.name, skipped: false, errorClass: 'transient', limit: 1 });
	return {
		jobs,
		watermarks: {
			businessCentral: await store.watermarkOf(mapping.name, 'businessCentral'),
			crm: await store.watermarkOf(mapping.name, 'crm'),
		},
		leftOver: await hasLeftOver(store, mapping.name),
		failedForNow: transient.rows.length > 0,
	};
}

/** Something to be done that no change announces: failed records, records to be looked at again, couplings that were never synchronized. */
async function hasLeftOver(store: SyncStore, mapping: string): Promise<boolean> {
	if ((await store.countFailures(mapping)).failed > 0 || (await store.countRequeued(mapping)).length > 0) return true;
	return (await store.findCouplings({ mapping, state: 'pending', limit: 1 })).rows.length > 0;
}

/**
 * A mapping that nobody has started: what others did with it meanwhile, by hand or from another workflow, and what it is left with, may wake it.
 * @param running somebody has the mapping right now
 */
export async function observe(
	session: SyncSession,
	watched: Watched,
	known: TriggerMapping,
	{ running, now }: { running: boolean; now: number },
): Promise<TriggerMapping> {
	if (known.emission !== null || running) return known;
	const { store } = session;
	const awake = (from: TriggerMapping): TriggerMapping => ({ ...from, asleepSinceMs: null });
	const [newest] = (await store.jobs({ mapping: known.mapping, limit: 1 })).rows;
	const seen = { ...known, newestJob: newest?.id ?? known.newestJob };
	if (newest && newest.id !== known.newestJob && newest.status !== 'running') {
		const isActivity = !newest.preview && (!isRun(newest) || effectOf([newest]) > 0 || newest.status !== 'finished');
		if (isActivity) return awake(seen);
	}
	if (known.asleepSinceMs === null) return seen;
	if (await hasLeftOver(store, known.mapping)) return awake(seen);
	// Deletions are found by runs alone.
	if (known.waitsFromMs === null || since(known.waitsFromMs, now) < watched.intervalMs || waitOf(watched, known) <= watched.intervalMs)
		return seen;
	for (const side of SIDES) if (await isComparisonDue(session, watched.mapping, side)) return awake(seen);
	return seen;
}
