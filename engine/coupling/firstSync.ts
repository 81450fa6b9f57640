/**
 * Match first, then create: what a full synchronization does where both systems hold records already.
 *
 * A run that creates partners calls `matchBeforeCreating` for each mapping and hands its answer on:
 *
 *     const first = await matchBeforeCreating(session, { mapping: 'CUSTOMER' });
 *     if (!first.proceed) return first.jobs;
 *     const jobs = await synchronizeMapping(session, { …, leaveOut: first.leaveOut });
 *     return [...first.jobs, ...jobs];
 *
 * In a preview all of it happens in the session that `previewOf` answers.
 */
import { findMapping, loadMappings, recognizesPartners } from '../defaults/catalog';
import { noteKeys } from '../jobs/noteKeys';
import { keyTableOf } from '../model/recordIdentity';
import { loadSettled } from '../setup/settleIdentity';
import { derivedId } from '../model/derivedId';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { LeaveOut } from '../sync/contract/runRequest';
import { requireNoTraces, type Trace } from '../environments/traces';
import { runJob } from '../jobs/runJob';
import { initialByStrategy } from './initialSync';
import { couplePairs, logUnmatched } from './matchCouple';
import { firstSyncCriteria, type MatchCriterion, prepareCriteria } from './matchCriteria';
import { isUnclear, type MatchPlan, planMatches } from './matchPlan';
import { explainUnmatched } from './matchReport';
import { TAKEN_OVER, withTakeOver } from './takeOver';
import type { Side } from '../model/side';
import type { Coupling } from '../model/coupling';
import type { JobResult } from '../jobs/jobResult';
import { directionFrom } from '../model/direction';

/** What matching first and creating the rest would come to. */
export interface MatchReview {
	mapping: string;
	/** Pairs that would be coupled. */
	matched: number;
	/** Records that fit several of the other side, or of their own: named in the log, coupled by hand. */
	ambiguous: number;
	createdInCrm: number;
	createdInBusinessCentral: number;
	/** Uncoupled records of both sides that stay as they are: ambiguous ones, and those the direction of the mapping creates nothing from. */
	leftAlone: number;
}

export interface FirstMatchRequest {
	mapping: string;
	/** Default: the flagged fields of the mapping, else its rule for first matches, else the name. */
	criteria?: readonly MatchCriterion[];
	returnFailures?: number;
	returnChanges?: number;
	/** Couples that another state store made are taken over however many they are. */
	takeOver?: boolean;
}

export interface FirstMatch {
	/** The coupling job; none when there was nothing to match. */
	jobs: JobResult[];
	/** False when matching did not finish: creating now would make duplicates. */
	proceed: boolean;
	leaveOut: LeaveOut;
}

/** Counts what a first synchronization that matches first would do. Reads both tables with the compared columns only, writes nothing. */
export async function reviewMatches(
	session: SyncSession,
	name: string,
	options: { criteria?: readonly MatchCriterion[] } = {},
): Promise<MatchReview> {
	const mappings = await loadMappings(session);
	const mapping = findMapping(mappings, name);
	const own = await prepareCriteria(session, mapping, mappings, options.criteria ?? firstSyncCriteria(mapping));
	const criteria = await withTakeOver(session, mapping, own);
	const plan = await planMatches(session, mapping, criteria, { side: seekingSide(mapping), checkpoint: () => Promise.resolve() });
	const matched = plan.pairs.length;
	const ambiguous = plan.unmatched.filter(isUnclear).length;
	const ownNew = plan.unmatched.length - ambiguous;
	const otherNew = plan.openCandidates - matched - plan.ambiguousCandidates.size;
	const [newFromBc, newFromCrm] = seekingSide(mapping) === 'businessCentral' ? [ownNew, otherNew] : [otherNew, ownNew];
	const createdInCrm = mapping.direction === 'fromCrm' ? 0 : newFromBc;
	const createdInBusinessCentral = mapping.direction === 'toCrm' ? 0 : newFromCrm;
	const leftAlone = plan.unmatched.length + plan.openCandidates - matched - createdInCrm - createdInBusinessCentral;
	return { mapping: mapping.name, matched, ambiguous, createdInCrm, createdInBusinessCentral, leftAlone };
}

/**
 * Couples what belongs together before the rest is created, first of all what an earlier state had coupled (`withTakeOver`). Records that fit several are not coupled: they are reported one by one, and
 * `leaveOut` names them and their candidates, so that the run creates no partner for either. Mappings that recognize partners by themselves
 * while they create (rules `matchBeforeCreate` and `findPartner`) are left to that.
 */
export async function matchBeforeCreating(session: SyncSession, request: FirstMatchRequest): Promise<FirstMatch> {
	const mappings = await loadSettled(session, request.mapping);
	const mapping = findMapping(mappings, request.mapping);
	const nothing: FirstMatch = { jobs: [], proceed: true, leaveOut: { businessCentral: new Set(), crm: new Set() } };
	if (recognizesPartners(mapping) && !request.criteria) return nothing;
	const side = seekingSide(mapping);
	const found: { plan: MatchPlan | null; couplings: Coupling[] } = { plan: null, couplings: [] };
	const options = {
		type: 'coupling' as const,
		returnChanges: request.returnChanges ?? 0,
		returnFailures: request.returnFailures ?? 1000,
		keepWhen: () => found.plan !== null && isEventful(found.plan),
	};
	const job = await runJob(session, { mapping, ...options }, async (run) => {
		const own = await prepareCriteria(session, mapping, mappings, request.criteria ?? firstSyncCriteria(mapping));
		const criteria = await withTakeOver(session, mapping, own);
		const plan = await planMatches(session, mapping, criteria, { side, checkpoint: run.checkpoint, onlyWithCandidates: true });
		if (!request.takeOver) await requireNoTraces(session, mapping, await tracesIn(session, mapping, plan));
		found.couplings = await couplePairs(session, { mapping, side }, plan, initialByStrategy(mapping), run);
		const unclear = plan.unmatched.filter(isUnclear);
		await logUnmatched(side, await explainUnmatched(session, mapping, side, unclear), run);
		found.plan = plan;
		const { coupled, failed } = run.recorder.job;
		return `Before creating: ${coupled} matched${failed > 0 ? `, ${failed} fit several records or only by name, and are left alone` : ''}.`;
	});
	// What did not start is the mapping's first pass; the job of it tells so.
	const direction = directionFrom(side);
	if (job.job.status === 'alreadyRunning') return { ...nothing, jobs: [{ ...job, job: { ...job.job, direction } }], proceed: false };
	if (job.job.status !== 'finished') return { ...nothing, jobs: [job], proceed: false };
	const plan = found.plan!;
	if (!isEventful(plan)) return nothing;
	return {
		jobs: [job],
		proceed: true,
		leaveOut: leftOut(plan, side),
	};
}

/** Pairs that another state store had coupled: by company and number, or because the row's id is made of the record. */
async function tracesIn(session: SyncSession, mapping: TableMapping, { pairs }: MatchPlan): Promise<Trace[]> {
	const { companyId, store } = session;
	const both = pairs.map(({ record, partner, by }) => {
		const [bc, crm] = seekingSide(mapping) === 'crm' ? [partner, record] : [record, partner];
		return { record, by, bc, crm };
	});
	await noteKeys(session);
	const keys = mapping.bc.extension ? await store.keysOf(keyTableOf(mapping.bc), both.map(({ bc }) => bc.id)) : new Map<string, string>(); // prettier-ignore
	return both
		.filter(({ by, bc, crm }) => {
			const names = [bc.id, keys.get(bc.id) ?? bc.id];
			const made = names.some((bcId) =>
				GENERATIONS.some((generation) => derivedId({ companyId, mapping: mapping.name, bcId, generation }) === crm.id),
			);
			return made || by.includes(TAKEN_OVER);
		})
		.map(({ record: { number, name } }) => ({ record: [number, name].filter(Boolean).join(' ') }));
}

/** Rows that a record had after people parted it from the first one; more than these are rare. */
const GENERATIONS = [0, 1, 2];

/** The side whose records would be created elsewhere looks for partners. */
const seekingSide = (mapping: TableMapping): Side => (mapping.direction === 'fromCrm' ? 'crm' : 'businessCentral');

const isEventful = ({ pairs, unmatched }: MatchPlan): boolean => pairs.length > 0 || unmatched.some(isUnclear);

function leftOut({ unmatched, ambiguousCandidates }: MatchPlan, side: Side): LeaveOut {
	const own = new Set(unmatched.filter(isUnclear).map(({ record }) => record.id));
	return side === 'crm' ? { businessCentral: ambiguousCandidates, crm: own } : { businessCentral: own, crm: ambiguousCandidates };
}
