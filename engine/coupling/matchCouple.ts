import { requireDirection, serves } from '../sync/run/directions';
import { findMapping } from '../defaults/catalog';
import { idsAsKnown } from '../mapping/idsAsKnown';
import { loadSettled } from '../setup/settleIdentity';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { RunningJob } from '../jobs/jobPlan';
import { runJob } from '../jobs/runJob';
import { sessionFor } from '../overlay/previewOf';
import { directionOf, recordsForgotten, namedPair, initialByStrategy, type InitialSync, pendingInitial } from './initialSync';
import { firstSyncCriteria, flaggedCriteria, type MatchCriterion, prepareCriteria } from './matchCriteria';
import { createPartners, synchronizeCoupled } from './matchFollowUps';
import { isUnclear, type MatchPlan, planMatches } from './matchPlan';
import { explainUnmatched, recordOf, type UnmatchedReport } from './matchReport';
import { type MatchedRecord, recordsOf } from './matchRecords';
import { otherSide, type Side } from '../model/side';
import { directionFrom, type PassDirection } from '../model/direction';
import { type Coupling, newCoupling } from '../model/coupling';
import type { JobResult } from '../jobs/jobResult';

export interface MatchRequest {
	mapping: string;
	/** The records that look for a partner; default Business Central. */
	side?: Side;
	/** Only these of them; default all in the filter of the mapping that are not coupled. */
	ids?: readonly string[];
	/** Default: the fields of the mapping that are flagged for matching. `firstSync`: what a full synchronization matches by. */
	criteria?: readonly MatchCriterion[] | 'firstSync';
	/** Records without a candidate, or whose only candidate belongs to another record, get a new partner. Those with several never do. */
	createWhenNoMatch?: boolean;
	/** What follows for the records just coupled: nothing (the next run delivers them), or a run now. Default no. */
	synchronizeAfterwards?: 'no' | 'send' | 'get' | 'byStrategy';
	preview?: boolean;
	/** Upper limit of `records`; default 1,000. */
	returnRecords?: number;
	/** Upper limit of failed records in each job; default 1,000. */
	returnFailures?: number;
}

export interface MatchResult {
	/** The coupling job: C = coupled, F = without a partner. Records that get a new partner count in the job that creates it. */
	job: JobResult;
	/** Creation and synchronization that followed. */
	followUps: JobResult[];
	records: MatchedRecord[];
	/** Records beyond the limit. */
	moreRecords: number;
}

const CHUNK = 1000;
const RETURNED = 1000;

/**
 * Couples records that hold the same values. Coupled records are left exactly as they are and not mentioned; every other one
 * has one outcome, and one log entry when it found no partner. See `planMatches` for what counts as a match.
 * Where the mapping creates nothing in the direction that `createWhenNoMatch` needs, what fits is coupled, and each other record says why it got no partner.
 * @throws SyncError `DIRECTION` (setup) when the mapping does not run the way the synchronization afterwards needs; nothing is changed then. Wrong criteria
 * end the job as failed.
 */
export async function matchCouple(given: SyncSession, request: MatchRequest): Promise<MatchResult> {
	const session = sessionFor(given, request.preview);
	const mappings = await loadSettled(session, request.mapping);
	const mapping = findMapping(mappings, request.mapping);
	const side = request.side ?? 'businessCentral';
	const after = request.synchronizeAfterwards ?? 'no';
	if (after === 'send' || after === 'get')
		requireDirection(mapping, directionOf(after), 'Choose another synchronization afterwards, or none.');
	const creating = directionFrom(side);
	const create = (request.createWhenNoMatch ?? false) && serves(mapping, creating);
	const told =
		request.createWhenNoMatch && !create ? (reports: readonly UnmatchedReport[]) => notCreated(reports, mapping, creating) : asTheyAre;
	const named = request.ids && [...new Set(request.ids.map((id) => id.toLowerCase()))];
	const ids = named && side === 'businessCentral' ? await idsAsKnown(session, mapping.bc, named) : named;

	const found: { plan: MatchPlan | null; reports: UnmatchedReport[]; couplings: Coupling[] } = { plan: null, reports: [], couplings: [] };
	const returnFailures = request.returnFailures ?? RETURNED;
	const job = await runJob(session, { mapping, type: 'coupling', returnChanges: RETURNED, returnFailures }, async (run) => {
		const criteria = await prepareCriteria(session, mapping, mappings, criteriaOf(mapping, request));
		const plan = await planMatches(session, mapping, criteria, { side, checkpoint: run.checkpoint, ...(ids ? { ids } : {}) });
		found.plan = plan;
		for (const id of plan.missing) run.recorder.warn(`There is no record ${id} (any more).`);
		for (const id of plan.outside)
			run.recorder.warn(
				`${id} is outside the filter of the table mapping ${mapping.name}, merged, or of another company, so it was left alone.`,
			);
		for (const _ of [...plan.missing, ...plan.outside]) run.recorder.count('skipped');
		for (const _ of plan.coupled) run.recorder.count('unchanged');
		found.couplings = await couplePairs(session, { mapping, side }, plan, initialOf(mapping, after), run);
		found.reports = told(await explainUnmatched(session, mapping, side, plan.unmatched));
		await logUnmatched(
			side,
			found.reports.filter((report) => !(create && mayCreate(report))),
			run,
		);
		return describe(run, found.reports.filter((report) => create && mayCreate(report)).length);
	});

	const followUps: JobResult[] = [];
	let created = new Map<string, Coupling>();
	if (job.job.status === 'finished') {
		const open = create
			? [...found.reports.filter(mayCreate).map(({ unmatched }) => unmatched.record.id), ...(await begun(session, mapping, creating, ids))]
			: [];
		if (open.length > 0) {
			const creation = await createPartners(session, mapping, creating, open, returnFailures);
			followUps.push(creation.result);
			created = creation.created;
		}
		if (after !== 'no' && found.couplings.length > 0)
			followUps.push(...(await synchronizeCoupled(session, mapping, after, found.couplings, returnFailures)));
	}
	const { plan, reports } = found;
	if (!plan) return { job, followUps, records: [], moreRecords: 0 };
	// A run that was stopped has stored only some of the pairs.
	const done = { ...plan, pairs: plan.pairs.slice(0, job.job.coupled) };
	return { job, followUps, ...recordsOf(session, { mapping, side }, { plan: done, reports, created }, request.returnRecords ?? RETURNED) };
}

/** Records whose creation a dead run began. They are not matched, because a partner may exist that nobody has seen; creating finds out. */
async function begun(
	session: SyncSession,
	mapping: TableMapping,
	direction: PassDirection,
	ids: readonly string[] | undefined,
): Promise<string[]> {
	const intents = await session.store.intents(mapping.name, direction, Number.MAX_SAFE_INTEGER);
	return intents.flatMap(({ sourceId }) => (!ids || ids.includes(sourceId) ? [sourceId] : []));
}

const asTheyAre = (reports: UnmatchedReport[]): UnmatchedReport[] => reports;

/** Where no partner can be created, the records that would have got one say so. */
const notCreated = (reports: readonly UnmatchedReport[], mapping: TableMapping, direction: PassDirection): UnmatchedReport[] =>
	reports.map((report) => {
		if (!mayCreate(report)) return report;
		const { unmatched, error } = report;
		const why = `No partner was created, because the table mapping ${mapping.name} does not synchronize to ${direction === 'toCrm' ? 'CRM' : 'Business Central'}.`;
		const hint = `Couple the record by hand, use other criteria, or create its partner in ${direction === 'toCrm' ? 'CRM' : 'Business Central'} by hand and couple the two.`;
		return { unmatched, error: error.with({ message: `${error.message} ${why}`, hint }) };
	});

const criteriaOf = (mapping: TableMapping, { criteria }: MatchRequest): readonly MatchCriterion[] =>
	criteria === 'firstSync' ? firstSyncCriteria(mapping) : (criteria ?? flaggedCriteria(mapping));

const mayCreate = ({ unmatched }: UnmatchedReport): boolean => !isUnclear(unmatched);

/** Who wins where the two differ, at the run that follows or, without one, at the next. */
function initialOf(mapping: TableMapping, after: NonNullable<MatchRequest['synchronizeAfterwards']>): InitialSync {
	if (after === 'no') return pendingInitial(mapping);
	return after === 'byStrategy' ? initialByStrategy(mapping) : after;
}

/** Stores the pairs chunk by chunk; answers the couplings. */
export async function couplePairs(
	session: SyncSession,
	{ mapping, side }: { mapping: TableMapping; side: Side },
	{ pairs }: Pick<MatchPlan, 'pairs'>,
	initial: InitialSync,
	run: RunningJob,
): Promise<Coupling[]> {
	const now = new Date(session.clock.now()).toISOString();
	const couplings = pairs.map(({ record, partner }) =>
		newCoupling(mapping.name, side === 'crm' ? namedPair(partner, record) : namedPair(record, partner), initial, now),
	);
	for (let start = 0; start < couplings.length; start += CHUNK) {
		const part = couplings.slice(start, start + CHUNK);
		await run.checkpoint();
		for (const coupling of part) {
			run.recorder.count('coupled');
			run.recorder.change({ action: 'couple', written: otherSide(side), fields: [] }, { businessCentral: null, crm: null, coupling });
		}
		await run.commit({ couplings: part, ...recordsForgotten(part) });
	}
	return couplings;
}

/** One entry per record, with its reason; the records are no failures of synchronization and are not retried. */
export async function logUnmatched(side: Side, reports: readonly UnmatchedReport[], run: RunningJob): Promise<void> {
	for (const [index, { unmatched, error }] of reports.entries()) {
		const record = recordOf(unmatched.record);
		const [only] = unmatched.candidateCount === 1 ? unmatched.candidates : [];
		const candidate = only ? recordOf(only) : null;
		const pair =
			side === 'crm'
				? { businessCentral: candidate, crm: record, coupling: null }
				: { businessCentral: record, crm: candidate, coupling: null };
		run.recorder.fail({ direction: directionFrom(side), sourceId: record.id, sourceVersion: null }, pair, error);
		if (index % CHUNK === CHUNK - 1) await run.commit({});
	}
}

function describe({ recorder }: RunningJob, left: number): string {
	const { coupled, failed, preview } = recorder.job;
	if (coupled + failed + left === 0) return 'No uncoupled records to match.';
	const parts = [`${coupled} ${preview ? 'would be coupled' : 'coupled'}`];
	if (failed > 0) parts.push(`${failed} without a clear match`);
	if (left > 0) parts.push(`${left} to be created`);
	return `${parts.join(', ')}.`;
}
