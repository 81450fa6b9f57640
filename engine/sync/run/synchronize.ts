import { SyncError } from '../../model/errors';
import { findMapping, loadMappings, loadSetup } from '../../defaults/catalog';
import { requireRunnable } from '../../mapping/validation';
import type { SyncSession } from '../../ports/session';
import { isStopping } from '../../ports/stopping';
import { TimeBudget } from '../../ports/timeBudget';
import { ReadAhead } from '../restored/readAhead';
import { sessionFor } from '../../overlay/previewOf';
import { DeletedPartners } from '../comparison/deletedPartners';
import { directionsOf, notServed, serves } from './directions';
import { MassChangeGuard } from '../guard/massChangeGuard';
import { holdLease, isTaken } from '../../jobs/lease';
import { mappingBusy } from '../../jobs/taken';
import { waitForTurn } from '../../jobs/turn';
import { alreadyRunning, failedToStart, notServed as endsAtOnce, withNotBegun } from '../../jobs/withoutJob';
import type { Run } from './openPass';
import { References } from '../references/references';
import { runDirection } from './runDirection';
import { inRunOrder } from './runOrder';
import { idsAsKnown } from '../../mapping/idsAsKnown';
import type { CompanyMapping } from '../../model/mappingStages';
import { pageOf } from '../../model/recordIdentity';
import { settleIdentity } from '../../setup/settleIdentity';
import type { PassDirection } from '../../model/direction';
import type { RunRequest } from '../contract/runRequest';
import type { JobResult } from '../../jobs/jobResult';

/**
 * Synchronizes one table mapping: for each direction it serves (Business Central to CRM first) one job. A mapping that
 * somebody else is running ends as `alreadyRunning`, which is no error, unless the session waits for its turn; one that does not run in the direction
 * asked for gives one finished job that says so.
 * @throws SyncError (setup) when the request itself cannot be carried out: unknown mapping, no fields; (transient) `MAPPING_BUSY`
 * when it waited for its turn in vain
 */
export async function synchronizeMapping(given: SyncSession, request: RunRequest): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const settings = await loadSetup(session);
	let mappings = await loadMappings(session, settings);
	let mapping = findMapping(mappings, request.mapping);
	const directions = directionsOf(mapping, request);
	if (directions.length === 0) {
		const { direction, message } = notServed(mapping, request);
		return [await endsAtOnce(session, mapping, { type: request.type, direction }, message)];
	}
	requireRunnable(mapping, mappings);
	// What is brought in for another run does not wait: that one has its mapping, and two that wait for each other's would hold up both.
	const held = request.pulledFor ? await holdLease(session, mapping.name) : await waitForTurn(session, mapping.name);
	if (isTaken(held)) {
		// Who asked for something by hand and waited in vain must not take it for done.
		const asked = session.waitForTurnMs !== undefined && !request.pulledFor && !request.followsUp;
		if (asked && !isStopping(session)) throw mappingBusy(mapping.name, held);
		return directions.map((direction) => alreadyRunning(session, mapping, { type: request.type, direction }, held));
	}
	const results: JobResult[] = [];
	try {
		if (await settleIdentity(session, mappings, mapping, held)) {
			mappings = await loadMappings(session, settings);
			mapping = findMapping(mappings, request.mapping);
		}
		const asked = await asKnown(session, mapping, request);
		const run = newRun({ session, mapping, mappings, settings, request: asked, held, directions });
		for (const direction of directions) {
			const result = await runDirection(run, direction, (each) => synchronizeMapping(session, each));
			results.push(...run.pulled.splice(0), result);
			if (result.job.status !== 'finished') break;
		}
	} finally {
		await held.release();
	}
	return results;
}

/** The records somebody asked for may have been named before they were known as they are now. */
async function asKnown(session: SyncSession, { bc }: CompanyMapping, request: RunRequest): Promise<RunRequest> {
	const { selected } = request;
	if (selected?.side !== 'businessCentral' || !pageOf(bc)) return request;
	return { ...request, selected: { ...selected, ids: await idsAsKnown(session, bc, selected.ids) } };
}

function newRun(of: Pick<Run, 'session' | 'mapping' | 'mappings' | 'settings' | 'request' | 'held' | 'directions'>): Run {
	const { session, mapping, mappings, request, held } = of;
	return {
		...of,
		references: new References(session, new Map(mappings.map((each) => [each.name, each]))),
		budget: budgetOf(session, request.timeBudgetMs),
		guard: new MassChangeGuard({
			session,
			mapping,
			manner: request.allowMassChanges ? 'open' : 'strict',
			consented: request.consented,
			lease: held.lease,
		}),
		missing: new DeletedPartners(session, mapping.name, held.lease),
		ahead: new ReadAhead(session.clock),
		pulled: [],
	};
}

/**
 * The changes of all enabled mappings, in the order of `runOrder.ts`. A mapping that fails, or cannot even start, does not keep the
 * others from running; the time budget is one for all.
 */
export async function synchronizeAll(given: SyncSession, request: Omit<RunRequest, 'mapping'>): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const results: JobResult[] = [];
	const budget = budgetOf(session, request.timeBudgetMs);
	const all = inRunOrder(await loadMappings(session)).filter(
		(mapping) => mapping.enabled && (!request.direction || serves(mapping, request.direction)),
	);
	for (const [index, mapping] of all.entries()) {
		const left = budget === undefined ? {} : { timeBudgetMs: budget.leftMs };
		try {
			results.push(...(await synchronizeMapping(session, { ...request, ...left, mapping: mapping.name })));
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			results.push(failedToStart(session, mapping, { type: request.type }, error));
		}
		if (!isStopping(session) && !budget?.isSpent) continue;
		return withNotBegun(session, results, all.slice(index + 1), { type: request.type });
	}
	return results;
}

/** Names of enabled mappings that a run of all of them in one direction leaves out, because they do not run that way; in the order of runs. */
export const notServing = async (session: SyncSession, direction: PassDirection): Promise<string[]> =>
	inRunOrder(await loadMappings(session))
		.filter((mapping) => mapping.enabled && !serves(mapping, direction))
		.map(({ name }) => name);

const budgetOf = ({ clock }: SyncSession, ms: number | undefined): TimeBudget | undefined =>
	ms === undefined ? undefined : new TimeBudget(clock, ms);
