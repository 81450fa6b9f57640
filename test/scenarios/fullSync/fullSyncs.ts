import { restartMapping, resumeFullSync, reviewFullSync, type ReviewLine, runFullSync } from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import type { FullSyncRequest, RestartRequest, ResumeRequest } from '../../../engine/fullSync';
import { type SessionOptions, START, type World } from '../../kit/world';
import type { Job } from '../../../engine/model/job';
import type { FullSyncLine } from '../../../engine/model/fullSync';
import type { JobResult } from '../../../engine/jobs/jobResult';

/** Opens a session for one piece of work, as an execution does. */
export async function within<T>(world: World, work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T> {
	const session = await world.open(options);
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
}

/** What these scenarios are told of; that there are more mappings makes no difference to them. */
const TOLD = ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER'];

export const run = (world: World, request: Partial<FullSyncRequest> = {}, options?: SessionOptions): Promise<JobResult[]> =>
	within(world, (session) => runFullSync(session, { afterwards: 'keep', mappings: TOLD, ...request }), options);

export const resume = (world: World, request: ResumeRequest = {}, options?: SessionOptions): Promise<JobResult[]> =>
	within(world, (session) => resumeFullSync(session, request), options);

export const restart = (world: World, request: RestartRequest): Promise<JobResult[]> =>
	within(world, (session) => restartMapping(session, request));

export const review = (world: World, mappings?: string[]): Promise<ReviewLine[]> =>
	within(world, (session) => reviewFullSync(session, mappings ? { mappings } : {}));

export const line = (world: World, mapping: string): Promise<FullSyncLine | undefined> =>
	within(world, async (session) => (await session.store.fullSyncLines()).get(mapping));

export const jobs = (world: World, mapping: string): Promise<Job[]> =>
	within(world, async (session) => (await session.store.jobs({ mapping, limit: 1000 })).rows.reverse());

/** The mappings these scenarios are about; the others take part, and have nothing to do. */
const WATCHED = ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER', 'VENDOR', 'CONTACT'];

/** `CURRENCY toCrm finished`, one text per job of the mappings watched. */
export const outcomes = (results: readonly JobResult[]): string[] =>
	results.filter(({ job }) => WATCHED.includes(job.mapping)).map(({ job }) => `${job.mapping} ${job.direction ?? '-'} ${job.status}`);

/** Rows written on either side, as the services count them. */
export const writes = (requests: ReturnType<World['takeRequests']>): number => requests.reduce((sum, request) => sum + request.writes, 0);

/** Customers that came one minute after the other, all of them days ago: each `perStamp` of them share a stamp. */
export function seedAged(world: World, count: number, perStamp = 1): void {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const now = world.clock.now();
	world.sandbox.clock.set(START - 30 * 24 * 60 * 60_000);
	for (let first = 1; first <= count; first += perStamp) {
		const rows = Array.from({ length: Math.min(perStamp, count - first + 1) }, (_, index) => ({
			number: `A${String(first + index).padStart(6, '0')}`,
			displayName: `Aged customer ${first + index}`,
			type: 'Company',
			email: `aged${first + index}@example.com`,
			blocked: '_x0020_',
		}));
		company.seed('customers', rows);
		world.minutes(1);
	}
	world.sandbox.clock.set(now);
}

/** Requests that read pages of the entity set or table, as paths and queries, decoded. */
export const reads = (requests: ReturnType<World['takeRequests']>, part: string): string[] =>
	requests.map(({ path }) => path).filter((path) => path.includes(part));
