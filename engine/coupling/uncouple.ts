import { findMapping, loadMappings, rulesOf } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { sessionFor } from '../overlay/previewOf';
import { isStopping } from '../ports/stopping';
import { withNotBegun } from '../jobs/withoutJob';
import { carriesCompany, clearCompany, type ClearedCompanies, clearStuckCompanies } from './companyOfRows';
import type { RunningJob } from '../jobs/jobPlan';
import type { HeldLease } from '../jobs/lease';
import { takeTurn } from '../jobs/turn';
import { runJob } from '../jobs/runJob';
import { recordsForgotten } from './initialSync';
import type { Coupling } from '../model/coupling';
import type { JobResult } from '../jobs/jobResult';
import { partedByHand } from '../sync/record/tombstones';

export interface UncoupleRequest {
	mapping: string;
	side: 'businessCentral' | 'crm';
	/** Records of that side; omitted = the whole mapping. */
	ids?: readonly string[];
	preview?: boolean;
}

const PAGE_SIZE = 1000;

/**
 * Couplings of other mappings that end with those just removed, by mapping (rule `alsoUncouple`), with the right to change that mapping. It is taken before
 * the first coupling is removed: afterwards nobody could tell any more what was to end with it.
 */
type Dependents = Map<string, { held: HeldLease; couplings: Map<string, Coupling> }>;

/**
 * Removes couplings; no record is deleted. Where the CRM row carries the identity of the company, it is cleared, for a
 * whole mapping also on rows that kept it without being coupled: a row that is gone, or that cannot be written, does not keep the
 * coupling alive — the latter is reported. The first job is the mapping's own; jobs of mappings whose couplings end with it follow. Where another run
 * is busy with one of those, nothing is uncoupled, and the job says so (`MAPPING_BUSY`).
 */
export async function uncouple(given: SyncSession, request: UncoupleRequest): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const dependents: Dependents = new Map();
	try {
		const own = await uncoupleJob(session, { mapping }, async (job) => {
			if (request.ids) await uncoupleNamed(session, mapping, { side: request.side, named: request.ids }, job, dependents);
			else await uncoupleAll(session, mapping, job, dependents);
		});
		const results = [own];
		for (const [name, { held, couplings }] of dependents) {
			if (own.job.status !== 'finished') break;
			const dependent = findMapping(await loadMappings(session), name);
			const work = (job: RunningJob) => uncouplePage(session, dependent, [...couplings.values()], job, new Map());
			results.push(await uncoupleJob(session, { mapping: dependent, held }, work));
		}
		return results;
	} finally {
		for (const { held } of dependents.values()) await held.release();
	}
}

/** As `uncouple`; answers the job of the mapping itself. */
export async function uncoupleRecords(session: SyncSession, request: UncoupleRequest): Promise<JobResult> {
	return (await uncouple(session, request))[0]!;
}

/** Whole mappings, one job each; those whose records refer to others come first. */
export async function uncoupleMappings(
	given: SyncSession,
	request: { mappings: readonly string[]; preview?: boolean },
): Promise<JobResult[]> {
	const session = sessionFor(given, request.preview);
	const all = await loadMappings(session);
	const wanted = new Set(request.mappings.map((name) => findMapping(all, name).name));
	const results: JobResult[] = [];
	const chosen = [...all].reverse().filter(({ name }) => wanted.has(name));
	for (const [index, mapping] of chosen.entries()) {
		results.push(...(await uncouple(session, { mapping: mapping.name, side: 'businessCentral' })));
		if (isStopping(session)) return withNotBegun(session, results, chosen.slice(index + 1), { type: 'uncoupling' });
	}
	return results;
}

async function uncoupleJob(
	session: SyncSession,
	plan: { mapping: TableMapping; held?: HeldLease },
	work: (job: RunningJob) => Promise<void>,
): Promise<JobResult> {
	const options = { type: 'uncoupling' as const, returnChanges: PAGE_SIZE, returnFailures: PAGE_SIZE };
	return await runJob(session, { ...plan, ...options }, async (job) => {
		await work(job);
		const { uncoupled, modified, preview } = job.recorder.job;
		const cleared =
			modified > 0
				? `; ${preview ? 'would clear' : 'cleared'} the company of ${modified} CRM ${modified === 1 ? 'record' : 'records'}`
				: '';
		if (uncoupled === 0 && modified === 0) return 'Nothing was coupled.';
		return `${preview ? 'Would uncouple' : 'Uncoupled'} ${uncoupled}${cleared}.`;
	});
}

async function uncoupleNamed(
	session: SyncSession,
	mapping: TableMapping,
	{ side, named }: { side: UncoupleRequest['side']; named: readonly string[] },
	job: RunningJob,
	dependents: Dependents,
): Promise<void> {
	const ids = [...new Set(named.map((id) => id.toLowerCase()))];
	for (let start = 0; start < ids.length; start += PAGE_SIZE) {
		const part = ids.slice(start, start + PAGE_SIZE);
		const found = await session.store.couplingsOf(mapping.name, side, part);
		await job.checkpoint();
		await uncouplePage(session, mapping, [...found.values()], job, dependents);
		// Removing a coupling that does not exist is no error, any number of times.
		for (const id of part) if (!found.has(id)) job.recorder.warn(`${id} is not coupled; nothing to do.`);
	}
}

async function uncoupleAll(session: SyncSession, mapping: TableMapping, job: RunningJob, dependents: Dependents): Promise<void> {
	let next: string | undefined;
	do {
		const page = await session.store.findCouplings({ mapping: mapping.name, limit: PAGE_SIZE, ...(next ? { next } : {}) });
		await job.checkpoint();
		await uncouplePage(session, mapping, page.rows, job, dependents);
		next = page.next;
	} while (next);
	// Whatever was said of the mapping before: from now on it is one whose couples a person removed.
	if (job.recorder.job.uncoupled > 0) await job.commit({ origins: [{ mapping: mapping.name, kind: 'uncoupled', at: job.recorder.now() }] });
	if (carriesCompany(mapping)) take(job, await clearStuckCompanies(session, mapping, job.checkpoint));
}

async function uncouplePage(
	session: SyncSession,
	mapping: TableMapping,
	couplings: readonly Coupling[],
	job: RunningJob,
	dependents: Dependents,
): Promise<void> {
	if (couplings.length === 0) return;
	for (const ending of (await rulesOf(mapping.name).alsoUncouple?.(session, mapping, couplings)) ?? []) {
		const known = dependents.get(ending.mapping) ?? {
			held: await takeTurn(session, ending.mapping),
			couplings: new Map<string, Coupling>(),
		};
		for (const coupling of ending.couplings) known.couplings.set(coupling.bcId, coupling);
		dependents.set(ending.mapping, known);
	}
	for (const coupling of couplings) {
		job.recorder.count('uncoupled');
		job.recorder.change({ action: 'uncouple', written: 'crm', fields: [] }, { businessCentral: null, crm: null, coupling });
	}
	// The company goes first: a crash in between leaves a coupling, and uncoupling once more does the rest. The other way round, nobody would know
	// any more which row still carries a company it no longer belongs to.
	let gone: readonly string[] = [];
	if (carriesCompany(mapping)) {
		const ids = couplings.map((coupling) => coupling.crmId);
		const cleared = await clearCompany(session, mapping, ids);
		take(job, cleared);
		gone = cleared.gone;
	}
	const former = partedByHand(couplings, gone, job.recorder.now());
	await job.commit({ uncouple: couplings, tombstones: former, ...recordsForgotten(couplings) });
}

function take(job: RunningJob, { cleared, problems }: ClearedCompanies): void {
	for (let count = 0; count < cleared; count++) job.recorder.count('modified');
	for (const problem of problems) job.recorder.warn(problem);
}
