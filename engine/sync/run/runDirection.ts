import { checkSetup } from '../../setup/checkSetup';
import { requireOwnEnvironment } from '../../environments/requireOwnEnvironment';
import { handleDeleted } from '../pass/deletedPartners';
import { DeletedPartners } from '../comparison/deletedPartners';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import { assessRun } from './guardAssessment';
import type { Pass } from '../pass/passState';
import type { JobPlan } from '../../jobs/jobPlan';
import { runJob } from '../../jobs/runJob';
import { notCoupledInWords, type UncoupledRecords } from '../../jobs/uncoupledRecords';
import { requireCouples } from './nothingCoupled';
import { lookBack } from './lookBack';
import { type CheckedRun, openPasses, passContext, type Run, selectedIds, silentRecorder } from './openPass';
import { dueOf } from '../pass/due';
import { runPass } from '../pass/pass';
import type { PassContext } from '../contract/passContext';
import { overlayOf } from '../../overlay/previewOf';
import { pullDependencies } from './pullDependencies';
import type { Pull } from '../contract/pull';
import { explained } from '../../setup/setupOfRun';
import { describeEnd } from '../../jobs/describeEnd';
import { readingOf } from './sideReading';
import { tellLeft } from './tellLeft';
import { overlooked } from './tellOverlooked';
import { tellWaiting } from './tellWaiting';
import type { CoupledPair } from '../../model/coupling';
import type { Side } from '../../model/side';
import type { RunRequest } from '../contract/runRequest';
import { opposite, type PassDirection } from '../../model/direction';
import type { JobResult } from '../../jobs/jobResult';
import type { PassRange } from '../contract/passRange';

const PAGE_SIZE = 1000;
/** A run with a limit stops at the border of a page: smaller ones let it stop nearer to what was asked for. */
const PAGE_OF_LIMITED_RUN = 500;
/** What fills the lanes of a service with requests of sixty rows. */
const PART_ROWS = 3 * PAGE_SIZE;
const FAILURES_RETURNED = 1000;

/**
 * One direction of a run: its job from beginning to end. `synchronize` runs another mapping, for records that are to be brought in first.
 */
export async function runDirection(
	run: Run,
	direction: PassDirection,
	synchronize: (request: RunRequest) => Promise<JobResult[]>,
): Promise<JobResult> {
	const { session, mappings, request, held, budget } = run;
	const asked = run.mapping;
	const plan: JobPlan = {
		mapping: asked,
		type: request.type ?? 'synchronization',
		returnChanges: request.returnChanges ?? 0,
		returnFailures: request.returnFailures ?? FAILURES_RETURNED,
		pass: { direction, held, follower: request.follower },
		explain: async (error) => await explained(session, asked, error, run.setup?.hidden),
	};
	return await runJob(session, plan, async ({ recorder, checkpoint }) => {
		run.guard.follow(recorder.job);
		const first = run.setup === undefined;
		run.setup ??= await checkSetup(session, asked);
		const checked: CheckedRun = { ...run, setup: run.setup };
		const { mapping, warnings } = checked.setup;
		if (first) {
			await requireOwnEnvironment(session);
			for (const warning of await requireCouples(session, mapping, request)) recorder.warn(warning);
		}
		for (const warning of warnings) recorder.warn(warning);
		const rangeOf = async (pass: PassContext): Promise<PassRange> => ({
			...(request.selected
				? { ids: await selectedIds(pass, request.selected), outsideFilter: request.selected.outsideFilter ?? false }
				: {}),
			fromStart: (request.fromStart ?? false) || (request.force ?? false),
			...(request.follower ? { resumption: request.follower.resumption(pass.direction) } : {}),
			pageSize: request.pageSize ?? (request.recordLimit === undefined ? PAGE_SIZE : PAGE_OF_LIMITED_RUN),
			...partRowsOf(request),
			...(request.recordLimit === undefined ? {} : { recordLimit: request.recordLimit }),
			...(budget === undefined ? {} : { budget }),
			checkpoint,
		});
		const open = (way: PassDirection) => passContext(checked, way, recorder);
		const look = (way: PassDirection) => passContext(checked, way, silentRecorder(checked, way));
		let rehearsed: CheckedRun | undefined;
		const rehearse = async (way: PassDirection, guard: MassChangeGuard): Promise<Pass> => {
			const run = (rehearsed ??= inMemory(checked));
			const at = (each: PassDirection) => passContext({ ...run, guard }, each, silentRecorder(run, each));
			return (await openPasses(run, await at(way), await at(opposite(way)))).pass;
		};
		const left = (side: Side, pairs: readonly CoupledPair[]) =>
			tellLeft({ session, mapping, settings: run.settings, recorder, held }, side, pairs);
		// Before the first direction writes anything, both are looked at.
		const isFirst = direction === run.directions[0];
		if (isFirst) await lookBack(run, mapping, look, rangeOf);
		const context = await open(direction);
		const ahead = request.selected
			? undefined
			: run.ahead.take(context.source.system, (await dueOf(context, await rangeOf(context))).terms);
		const sideReading = (side: Side) => readingOf({ request, directions: run.directions, mapping, look, rangeOf }, side);
		const tellOverlooked = (side: Side, count: number) => overlooked(recorder, side, count);
		const compared = { lease: held.lease, list: run.missing, checkpoint, left, readingOf: sideReading, tellOverlooked };
		const assessed = { ...run, ...compared, session, mapping, request, look, rehearse, rangeOf };
		const reading = (isFirst ? await assessRun({ ...assessed, ...(ahead ? { alreadyRead: ahead } : {}) }) : undefined) ?? ahead;
		let pull: Pull | undefined;
		const unasked = !request.pullDependencies && context.rules.bringsIn?.includes(direction);
		if (request.pullDependencies || unasked) {
			const settings = { session, mappings, direction, request, jobs: run.pulled, unasked: unasked ?? false };
			pull = pullDependencies({ ...settings, run: synchronize });
		}
		const { pass, back } = await openPasses(run, context, await open(opposite(direction)), pull);
		const range = await rangeOf(context);
		// Nobody else looks at what was deleted on the side a one-way mapping reads from.
		if (!request.selected && mapping.direction !== 'bidirectional') await handleDeleted(back, range);
		const end = await runPass(pass, reading ? { ...range, reading } : range);
		const wanted = tellWaiting(recorder, mappings);
		const { failed, skipped } = await session.store.countFailures(asked.name);
		recorder.leftOpen = failed + skipped;
		const message = `${describeEnd(recorder.job, end)}${tellNotCoupled(recorder.notCoupled)}${wanted}`;
		return { status: end === 'limit' ? 'stopped' : 'finished', message };
	});
}

/** A run with a limit looks at each page whether it is reached. */
function partRowsOf({ partRows, pageSize, recordLimit }: RunRequest): Pick<PassRange, 'partRows'> {
	if (recordLimit !== undefined) return {};
	if (partRows !== undefined) return { partRows };
	return pageSize === undefined ? { partRows: PART_ROWS } : {};
}

function tellNotCoupled({ count, atLeast }: UncoupledRecords): string {
	const words = notCoupledInWords(count, atLeast);
	return words === '' ? '' : ` ${words}, so nothing was done about ${count === 1 && !atLeast ? 'it' : 'them'}.`;
}

/**
 * The run as it is rehearsed: nothing of it is written, and nobody who follows the run is told how far it came. References are those of the systems as
 * they are, so that they are looked up once for both.
 */
function inMemory(run: CheckedRun): CheckedRun {
	const { follower: _told, ...request } = run.request;
	const session = overlayOf(run.session);
	return { ...run, session, request, missing: new DeletedPartners(session, run.mapping.name, run.held.lease) };
}
