import { randomUUID } from 'node:crypto';
import { matchBeforeCreating } from '../coupling/firstSync';
import { RunStopped, SyncError } from '../model/errors';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { isStopping } from '../ports/stopping';
import { TimeBudget } from '../ports/timeBudget';
import { sessionFor } from '../overlay/previewOf';
import { requireOwnEnvironment } from '../environments/requireOwnEnvironment';
import { failedToStart, notServed as endsAtOnce, withNotBegun } from '../jobs/withoutJob';
import { notServed } from '../sync/run/directions';
import { synchronizeMapping } from '../sync/run/synchronize';
import { chosenMappings } from './chosen';
import { missingDependencies } from './missingDependencies';
import { LineFollower } from './follower';
import { asServed, blankLine, openDirections } from './line';
import type { FullSyncOptions, FullSyncRequest, RestartRequest, ResumeRequest } from './types';
import type { FullSyncChoices, FullSyncLine } from '../model/fullSync';
import type { JobResult } from '../jobs/jobResult';

/** Mappings with the lines they start from, in dependency order. */
type Plan = ReadonlyArray<{ mapping: TableMapping; line: FullSyncLine }>;

/**
 * Synchronizes whole tables in dependency order, from the start; partners that are missing are created and coupled. A mapping that ends
 * with failed records does not stop those that depend on it; one that could not run at all does. Mappings that another run is
 * busy with keep their line.
 */
export async function runFullSync(given: SyncSession, request: FullSyncRequest): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const all = await loadMappings(session);
	const chosen = chosenMappings(all, request.mappings);
	const choices: FullSyncChoices = { afterwards: request.afterwards, bothSides: request.bothSides ?? 'matchFirst' };
	const runId = randomUUID();
	const now = new Date(session.clock.now()).toISOString();
	const plan = chosen.map((mapping) => ({ mapping, line: blankLine(mapping, runId, choices, now) }));
	await reset(session, plan);
	return await runPlan(session, all, plan, request);
}

/**
 * Goes on with the full synchronization that was started last: mappings that finished are left alone, interrupted ones read on from
 * their last recorded page, the others start. Empty when there is nothing to go on with.
 */
export async function resumeFullSync(given: SyncSession, request: ResumeRequest): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const all = await loadMappings(session);
	const lines = await session.store.fullSyncLines();
	const plan = chosenMappings(all, request.mappings).flatMap((mapping) => {
		const line = lines.get(mapping.name);
		return line && line.status !== 'finished' ? [{ mapping, line }] : [];
	});
	return await runPlan(session, all, plan, request);
}

/** One mapping from its start, whatever happened to it before. */
export async function restartMapping(given: SyncSession, request: RestartRequest): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const all = await loadMappings(session);
	const [mapping] = chosenMappings(all, [findMapping(all, request.mapping).name]);
	const before = (await session.store.fullSyncLines()).get(request.mapping);
	const choices: FullSyncChoices = {
		afterwards: request.afterwards ?? before?.choices.afterwards ?? 'keep',
		bothSides: request.bothSides ?? before?.choices.bothSides ?? 'matchFirst',
	};
	const line = blankLine(mapping!, before?.runId ?? randomUUID(), choices, new Date(session.clock.now()).toISOString());
	return await runPlan(session, all, [{ mapping: mapping!, line }], request);
}

/** All lines are blank again, except those of mappings that are being run; couplings and data stay. Answers how many were forgotten. */
export async function resetFullSync(session: SyncSession): Promise<number> {
	const lines = await session.store.fullSyncLines();
	const running = await session.store.runningMappings();
	const idle = [...lines.keys()].filter((name) => !running.has(name));
	await session.store.deleteFullSyncLines(idle);
	return idle.length;
}

/** What was there before is forgotten, and all that take part are written down: a crash must not make the last ones drop out. */
async function reset(session: SyncSession, plan: Plan): Promise<void> {
	const running = await session.store.runningMappings();
	await resetFullSync(session);
	await session.store.commit({ fullSync: plan.flatMap(({ mapping, line }) => (running.has(mapping.name) ? [] : [line])) });
}

async function runPlan(session: SyncSession, all: readonly TableMapping[], plan: Plan, options: FullSyncOptions): Promise<JobResult[]> {
	const budget = new TimeBudget(session.clock, options.timeBudgetMs ?? Infinity);
	const lines = await session.store.fullSyncLines();
	const results: JobResult[] = [];
	const cameToEnd = new Map<string, boolean>();
	for (const [index, { mapping, line }] of plan.entries()) {
		const missing = options.ignoreDependencies
			? []
			: await missingDependencies(session, mapping, all, lines, (name) =>
					plan.some((each) => each.mapping.name === name) ? (cameToEnd.get(name) ?? false) : undefined,
				);
		if (missing.length > 0) {
			results.push(failedToStart(session, mapping, { type: 'fullSynchronization' }, notReady(mapping, missing)));
			cameToEnd.set(mapping.name, false);
			continue;
		}
		options.onProgress?.(`Full synchronization: ${mapping.caption}`);
		const done = await runLine(session, mapping, line, options, budget);
		results.push(...done);
		const ended = done.at(-1)?.job.status;
		cameToEnd.set(mapping.name, ended === 'finished');
		if (!isStopping(session) && (ended !== 'stopped' || !budget.isSpent)) continue;
		const left = plan.slice(index + 1).map((each) => each.mapping);
		return withNotBegun(session, results, left, { type: 'fullSynchronization' });
	}
	return results;
}

async function runLine(
	session: SyncSession,
	mapping: TableMapping,
	begun: FullSyncLine,
	options: FullSyncOptions,
	budget: TimeBudget,
): Promise<JobResult[]> {
	const line = asServed(begun, mapping);
	const left = await directionsLeft(session, mapping, begun, line);
	if (left.length > 0 && openDirections(line).length === 0) return left;
	const follower = new LineFollower(line, mapping);
	const open = openDirections(line);
	try {
		const takeOver = options.traces === 'takeOver' || options.nothingCoupled === 'isNew';
		await requireOwnEnvironment(session);
		const first = line.choices.bothSides === 'matchFirst' ? await matchBeforeCreating(session, { mapping: mapping.name, takeOver }) : null;
		if (first && !first.proceed) return [...left, ...first.jobs];
		const results = await synchronizeMapping(session, {
			mapping: mapping.name,
			type: 'fullSynchronization',
			fromStart: true,
			createUncoupled: true,
			nothingCoupled: options.nothingCoupled === 'isNew' ? 'isNew' : first ? 'allowed' : 'createAll',
			allowMassChanges: options.allowMassChanges ?? false,
			...(options.force ? { force: true } : {}),
			consented: ['create', 'replace'],
			...(options.traces ? { traces: options.traces } : {}),
			...(first ? { leaveOut: first.leaveOut } : {}),
			follower,
			...(open.length === 1 ? { direction: open[0]! } : {}),
			...(options.returnChanges === undefined ? {} : { returnChanges: options.returnChanges }),
			...(options.returnFailures === undefined ? {} : { returnFailures: options.returnFailures }),
			...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
			...(options.partRows === undefined ? {} : { partRows: options.partRows }),
			...(options.timeBudgetMs === undefined ? {} : { timeBudgetMs: budget.leftMs }),
		});
		const finished = results.every(({ job }) => job.status === 'finished');
		if (finished && line.choices.afterwards === 'allowCreate') await allowCreate(session, mapping);
		return [...left, ...(first?.jobs ?? []), ...results];
	} catch (error) {
		if (error instanceof RunStopped || !(error instanceof SyncError)) throw error;
		const told = error.code === 'MAPPING_BUSY' ? error.with({ hint: afterBusy(mapping) }) : error;
		return [...left, failedToStart(session, mapping, { type: 'fullSynchronization' }, told)];
	}
}

/** Mappings that had their turn are done; the two operations name those that are left. */
const afterBusy = ({ name }: TableMapping): string =>
	`When that run has ended: Full Sync → Restart Mapping for ${name}, then Full Sync → Resume for those that wait for it. A node waits as long as its option "Wait for Its Turn (Seconds)" says.`;

/** What was begun in a direction that the mapping does not serve any more is over, and its job says so. */
async function directionsLeft(session: SyncSession, mapping: TableMapping, begun: FullSyncLine, line: FullSyncLine): Promise<JobResult[]> {
	const jobs: JobResult[] = [];
	for (const direction of openDirections(begun).filter((each) => line[each] === null)) {
		const { message } = notServed(mapping, { direction });
		jobs.push(await endsAtOnce(session, mapping, { type: 'fullSynchronization', direction }, message));
	}
	const last = jobs.at(-1)?.job;
	if (last && openDirections(line).length === 0)
		await session.store.commit({ fullSync: [{ ...line, status: 'finished', message: last.message, finishedAt: last.finishedAt }] });
	return jobs;
}

async function allowCreate(session: SyncSession, mapping: TableMapping): Promise<void> {
	const settings = (await session.store.settings()).get(mapping.name);
	const definition = settings?.definition ? { definition: { ...settings.definition, onlyCoupled: false } } : { onlyCoupled: false };
	await session.store.saveSettings(mapping.name, { ...settings, ...definition });
}

const notReady = (mapping: TableMapping, missing: readonly string[]): SyncError =>
	new SyncError({
		code: 'DEPENDENCY_NOT_SYNCHRONIZED',
		errorClass: 'setup',
		system: 'engine',
		message: `${mapping.name} was not started, because ${missing.join(' and ')} ${missing.length === 1 ? 'has' : 'have'} not been synchronized, and its records refer to it.`,
		hint: `Let ${missing.join(' and ')} take part too, or see in the log why it did not run. Then resume, or restart ${mapping.name}.`,
	});
