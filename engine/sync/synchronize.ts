import { randomUUID } from 'node:crypto';
import { RunStopped, SyncError } from '../errors';
import { findMapping, loadMappings, pairedFields, rulesOf } from '../mapping/catalog';
import { companyRow } from '../mapping/companyIdentity';
import { sourceSide, type PassDirection, type TableMapping } from '../mapping/tableMapping';
import type { SyncSession } from '../session';
import type { StoreChanges } from '../store/store';
import { handleDeleted } from './deletions/handleDeleted';
import { MissingList } from './deletions/missingList';
import { Announced } from './announced';
import { failedToStart } from './failedToStart';
import { isMassChange, MassChangeGuard } from './guard';
import { assessRun } from './guardAssessment';
import { JobRecorder } from './jobRecorder';
import { recoverIntents } from './intents';
import { holdLease, type HeldLease } from './leaseKeeper';
import { runPass, type PassRange } from './pass';
import { passSides, type PassContext } from './passContext';
import { pulling } from './pulling';
import { References } from './references';
import { inRunOrder } from './runOrder';
import { describeEnd } from './summary';
import { tellWaiting } from './tellWaiting';
import type { JobResult, RunFollower, RunRequest } from './types';

const PAGE_SIZE = 500;
const FAILURES_RETURNED = 1000;

/**
 * Synchronises one table mapping: for each direction it serves (Business Central to CRM first, sync-semantics 4.2) one job. A mapping that
 * somebody else is running ends as `alreadyRunning`, which is no error.
 * @throws SyncError (setup) when the request itself cannot be carried out: unknown mapping, direction it does not serve.
 */
export async function synchronizeMapping(session: SyncSession, request: RunRequest): Promise<JobResult[]> {
	const mappings = await loadMappings(session);
	const mapping = findMapping(mappings, request.mapping);
	const directions = directionsOf(mapping, request);
	const held = request.preview ? null : await holdLease(session, mapping.name);
	if (held === 'taken') return directions.map((direction) => alreadyRunning(session, mapping, direction, request));
	const stopAt = request.timeBudgetMs === undefined ? undefined : session.clock.now() + request.timeBudgetMs;
	if (request.announced && (request.createUncoupled ?? !mapping.onlyCoupled)) request.announced.begin(mapping);
	const references = new References(session, new Map(mappings.map((each) => [each.name, each])), request.announced);
	const results: JobResult[] = [];
	const run: Run = {
		directions,
		guard: new MassChangeGuard(session, mapping, request.allowMassChanges ? 'open' : 'strict'),
		missing: new MissingList(session, mapping.name, held?.lease ?? null),
		pulled: [],
	};
	try {
		for (const direction of directions) {
			const result = await runDirection(session, mapping, mappings, references, direction, request, held, stopAt, run);
			results.push(...run.pulled.splice(0), result);
			if (result.job.status !== 'finished') break;
		}
	} finally {
		if (held) await held.release();
	}
	return results;
}

/**
 * The changes of all enabled mappings, in the order of sync-semantics 19.12. A mapping that fails, or cannot even start, does not keep the
 * others from running; the time budget is one for all.
 */
export async function synchronizeAll(session: SyncSession, request: Omit<RunRequest, 'mapping'>): Promise<JobResult[]> {
	const results: JobResult[] = [];
	const stopAt = request.timeBudgetMs === undefined ? undefined : session.clock.now() + request.timeBudgetMs;
	const announced = request.preview ? { announced: new Announced() } : {};
	for (const mapping of inRunOrder(await loadMappings(session))) {
		if (!mapping.enabled) continue;
		if (request.direction && !serves(mapping, request.direction)) continue;
		const left = stopAt === undefined ? {} : { timeBudgetMs: Math.max(0, stopAt - session.clock.now()) };
		try {
			results.push(...(await synchronizeMapping(session, { ...request, ...left, ...announced, mapping: mapping.name })));
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			results.push(failedToStart(session, mapping, request.type ?? 'synchronization', error, request.preview));
		}
		if (session.signal?.aborted || (stopAt !== undefined && session.clock.now() >= stopAt)) break;
	}
	return results;
}

const serves = (mapping: TableMapping, direction: PassDirection): boolean =>
	mapping.direction === 'bidirectional' || mapping.direction === direction;

function directionsOf(mapping: TableMapping, request: RunRequest): PassDirection[] {
	const both: PassDirection[] = ['toCrm', 'fromCrm'];
	const wanted = request.direction
		? [request.direction]
		: request.selected
			? [request.selected.side === 'crm' ? 'fromCrm' : 'toCrm']
			: both;
	const served = (wanted as PassDirection[]).filter((direction) => serves(mapping, direction));
	const words = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central', bidirectional: 'both directions' };
	if (served.length === 0) {
		throw new SyncError({
			code: 'DIRECTION',
			errorClass: 'setup',
			system: 'engine',
			message: `The table mapping ${mapping.name} runs from ${words[mapping.direction]} only.`,
			hint: 'Choose the direction "As the mapping says", or change the direction of the table mapping.',
		});
	}
	for (const direction of served) {
		if (mapping.fields.some((field) => field.enabled && (field.direction === 'bidirectional' || field.direction === direction))) continue;
		throw new SyncError({
			code: 'NO_FIELDS',
			errorClass: 'setup',
			system: 'engine',
			message: `The table mapping ${mapping.name} has no enabled field mapping from ${words[direction]}.`,
			hint: 'Enable at least one field mapping for this direction, or change the direction of the table mapping.',
		});
	}
	return served;
}

/** What both directions of a run share. */
interface Run {
	directions: readonly PassDirection[];
	guard: MassChangeGuard;
	missing: MissingList;
	/** Jobs that brought in what records of this run refer to. */
	pulled: JobResult[];
}

async function runDirection(
	session: SyncSession,
	mapping: TableMapping,
	mappings: readonly TableMapping[],
	references: References,
	direction: PassDirection,
	request: RunRequest,
	held: HeldLease | null,
	stopAt: number | undefined,
	run: Run,
): Promise<JobResult> {
	const preview = request.preview ?? false;
	const recorder = new JobRecorder(session, mapping, randomUUID(), direction, {
		type: request.type ?? 'synchronization',
		preview,
		returnChanges: request.returnChanges ?? 0,
		returnFailures: request.returnFailures ?? FAILURES_RETURNED,
	});
	try {
		if (held) await session.store.commit(beginning(session, recorder, request.follower), held.lease);
		const checkpoint = async (): Promise<void> => {
			if (session.signal?.aborted) throw new RunStopped('cancelled');
			await held?.keep();
		};
		const rangeOf = async (pass: PassContext): Promise<PassRange> => ({
			...(request.selected ? { ids: await selectedIds(pass, request.selected) } : {}),
			fromStart: (request.fromStart ?? false) || (request.force ?? false),
			...(request.follower ? { resumption: request.follower.resumption(pass.direction) } : {}),
			pageSize: request.pageSize ?? PAGE_SIZE,
			...(request.recordLimit === undefined ? {} : { recordLimit: request.recordLimit }),
			...(stopAt === undefined ? {} : { stopAt }),
			checkpoint,
		});
		const open = (pass: PassDirection) => openPass(session, mapping, mappings, references, pass, request, held, recorder, run);
		const rehearse = (pass: PassDirection, guard: MassChangeGuard) =>
			openPass(session, mapping, mappings, references, pass, { ...request, preview: true }, null, silentRecorder(session, mapping, pass), {
				...run,
				guard,
				missing: preview ? run.missing : new MissingList(session, mapping.name, null),
			});
		// Before the first direction writes anything, both are looked at.
		const changes =
			direction === run.directions[0]
				? await assessRun({ ...run, session, mapping, request, list: run.missing, preview, checkpoint, rehearse, rangeOf })
				: undefined;
		const context = await open(direction);
		if (request.pullDependencies) {
			const settings = { session, mappings, references, direction, request, jobs: run.pulled };
			context.pull = pulling({ ...settings, run: (each) => synchronizeMapping(session, each) });
		}
		const back = await open(direction === 'toCrm' ? 'fromCrm' : 'toCrm');
		await recoverIntents(back);
		await recoverIntents(context);
		context.opposite = [...back.openIntents.values()];
		const range = await rangeOf(context);
		// Nobody else looks at what was deleted on the side a one-way mapping reads from.
		if (!request.selected && mapping.direction !== 'bidirectional') await handleDeleted(back, range);
		const end = await runPass(context, changes ? { ...range, changes } : range);
		const wanted = await tellWaiting(session, recorder, mappings);
		const how = end === 'limit' ? 'stopped' : 'finished';
		return await close(session, recorder, held, how, `${describeEnd(recorder.job, end)}${wanted}`, request.follower);
	} catch (error) {
		return await closeAfter(session, recorder, held, error, request.follower);
	}
}

async function openPass(
	session: SyncSession,
	mapping: TableMapping,
	mappings: readonly TableMapping[],
	references: References,
	direction: PassDirection,
	request: RunRequest,
	held: HeldLease | null,
	recorder: JobRecorder,
	run: Run,
): Promise<PassContext> {
	const rules = rulesOf(mapping.name);
	// A lookup into a mapping that does not exist would be emptied on every record: it is left alone instead.
	const known = new Set(mappings.map((each) => each.name));
	const fields = pairedFields(mapping).filter((field) => !field.mapping || known.has(field.mapping) || !field.clearOnFailure);
	return {
		session,
		mapping,
		rules,
		direction,
		...passSides(session, mapping, rules, fields, direction),
		fields,
		references,
		options: {
			direction,
			conflict: request.conflict ?? mapping.conflict,
			deletion: request.deletion ?? mapping.deletion,
			createUncoupled: request.createUncoupled ?? !mapping.onlyCoupled,
			force: (request.force ?? false) || request.selected !== undefined,
			overwrite: request.overwrite ?? false,
			writesTarget: serves(mapping, direction),
			writesSource: serves(mapping, direction === 'toCrm' ? 'fromCrm' : 'toCrm'),
		},
		missing: request.selected || request.findDeleted === 'off' ? null : run.missing,
		guard: run.guard,
		preview: request.preview ?? false,
		...(request.announced ? { announced: request.announced } : {}),
		companyRowId: mapping.companyStamp ? await companyRow(session) : null,
		lease: held?.lease ?? null,
		recorder,
		openIntents: new Map(),
		opposite: [],
		blocked: new Map(),
		leaveOut: request.leaveOut?.[sourceSide(direction)] ?? new Set(),
		seen: new Set(),
		due: new Set(),
		pulled: new Set(),
		selected: request.selected !== undefined,
		progress: null,
		...(request.follower ? { follower: request.follower } : {}),
		countUnchanged: (request.fromStart ?? false) || (request.force ?? false),
	};
}

/** For a rehearsal: what it counts and says is nobody's job. */
const silentRecorder = (session: SyncSession, mapping: TableMapping, direction: PassDirection): JobRecorder =>
	new JobRecorder(session, mapping, randomUUID(), direction, {
		type: 'synchronization',
		preview: true,
		returnChanges: 0,
		returnFailures: 0,
	});

/** Records named on the other side are found through their couplings. */
async function selectedIds(context: PassContext, selected: NonNullable<RunRequest['selected']>): Promise<string[]> {
	const ids = selected.ids.map((id) => id.toLowerCase());
	if (selected.side === context.source.side) return [...new Set(ids)];
	const couplings = await context.session.store.couplingsOf(context.mapping.name, selected.side, ids);
	for (const id of ids) {
		if (couplings.has(id)) continue;
		context.recorder.count('skipped');
		context.recorder.warn(`${id} is not coupled, so there is nothing to synchronize it from.`);
	}
	return [...couplings.values()].map((coupling) => (context.source.side === 'crm' ? coupling.crmId : coupling.bcId));
}

async function close(
	session: SyncSession,
	recorder: JobRecorder,
	held: HeldLease | null,
	status: 'finished' | 'stopped' | 'failed',
	message: string,
	follower: RunFollower | undefined,
): Promise<JobResult> {
	const log = recorder.takeLog();
	const result = recorder.finish(status, message);
	if (!held) return result;
	try {
		await session.store.commit({ job: result.job, log, ...(follower ? { fullSync: [follower.ends(result.job)] } : {}) }, held.lease);
	} catch (error) {
		// The run that took over ends this job in the log.
		if (isLeaseLost(error)) return recorder.finish('stopped', STOPPED.leaseLost);
		throw error;
	}
	return result;
}

/** The lease proves that no other job of the mapping is alive. */
function beginning(session: SyncSession, recorder: JobRecorder, follower: RunFollower | undefined): StoreChanges {
	const job = recorder.snapshot();
	const message = 'The process was stopped or crashed before the run ended. What was done is kept; the next run went on from there.';
	return {
		endDeadJobs: { mapping: job.mapping, at: new Date(session.clock.now()).toISOString(), message },
		job,
		...(follower ? { fullSync: [follower.begins(job)] } : {}),
	};
}

const STOPPED = {
	cancelled: 'The run was cancelled. What was done is kept; the next run goes on from there.',
	timeBudget: 'The time limit was reached. The next run goes on from there.',
	leaseLost: 'The run was stopped because another run took the table mapping over.',
};

const isLeaseLost = (error: unknown): boolean => error instanceof SyncError && error.code === 'LEASE_LOST';

/** What was written is kept; the job says why it ended early, and the next run goes on from there. */
async function closeAfter(
	session: SyncSession,
	recorder: JobRecorder,
	held: HeldLease | null,
	error: unknown,
	follower: RunFollower | undefined,
): Promise<JobResult> {
	if (error instanceof RunStopped || isLeaseLost(error) || session.signal?.aborted) {
		const reason = isLeaseLost(error) ? 'leaseLost' : error instanceof RunStopped ? error.reason : 'cancelled';
		return await close(session, recorder, reason === 'leaseLost' ? null : held, 'stopped', STOPPED[reason], follower);
	}
	if (!(error instanceof SyncError)) throw error;
	recorder.stoppedBy(error);
	const how = isMassChange(error) ? 'stopped' : 'failed';
	return await close(session, recorder, held, how, `${error.message} ${error.hint}`, follower);
}

function alreadyRunning(session: SyncSession, mapping: TableMapping, direction: PassDirection, request: RunRequest): JobResult {
	const recorder = new JobRecorder(session, mapping, randomUUID(), direction, {
		type: request.type ?? 'synchronization',
		preview: false,
		returnChanges: 0,
		returnFailures: 0,
	});
	return recorder.finish(
		'alreadyRunning',
		`${mapping.name} is being synchronized by another run. Nothing was done; the next run catches up.`,
	);
}
