import { randomUUID } from 'node:crypto';
import { checkSetup } from '../../setup/checkSetup';
import { requireOwnEnvironment } from '../../environments/requireOwnEnvironment';
import { handleDeleted } from '../pass/deletedPartners';
import { DeletedPartners } from '../deletions/deletedPartners';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import { assessRun } from './guardAssessment';
import { recoverInDoubt } from '../recover/inDoubt';
import { endJob, endJobAfter, jobBegins } from '../../jobs/lifecycle';
import { JobRecorder } from '../../jobs/recorder';
import { requireCouples } from './nothingCoupled';
import { lookBack } from './lookBack';
import { openPass, type Run, selectedIds, silentRecorder } from './openPass';
import { changeQuery, runPass } from '../pass/pass';
import type { PassContext } from '../contract/passContext';
import { throwIfStopping } from '../../ports/stopping';
import { pullDependencies } from './pullDependencies';
import { explained } from '../../setup/setupOfRun';
import { describeEnd } from '../../jobs/describeEnd';
import { tellWaiting } from './tellWaiting';
import type { RunRequest } from '../contract/runRequest';
import { opposite, type PassDirection } from '../../model/direction';
import type { JobResult } from '../../jobs/jobResult';
import type { PassRange } from '../contract/passRange';

const PAGE_SIZE = 500;
const FAILURES_RETURNED = 1000;

/**
 * One direction of a run: its job from beginning to end. `synchronize` runs another mapping, for records that are to be brought in first.
 */
export async function runDirection(
	run: Run,
	direction: PassDirection,
	synchronize: (request: RunRequest) => Promise<JobResult[]>,
): Promise<JobResult> {
	const { session, mappings, references, request, held, stopAt } = run;
	const asked = run.mapping;
	const preview = request.preview ?? false;
	const recorder = new JobRecorder(session, asked, randomUUID(), direction, {
		type: request.type ?? 'synchronization',
		preview,
		returnChanges: request.returnChanges ?? 0,
		returnFailures: request.returnFailures ?? FAILURES_RETURNED,
	});
	try {
		if (held) await session.store.commit(jobBegins(session, recorder, request.follower), held.lease);
		if (!run.setup) {
			run.setup = await checkSetup(session, asked);
			run.mapping = run.setup.mapping;
			await requireOwnEnvironment(session);
			for (const warning of await requireCouples(session, run.mapping, { ...request, preview })) recorder.warn(warning);
		}
		const { mapping } = run;
		for (const warning of run.setup.warnings) recorder.warn(warning);
		const checkpoint = async (): Promise<void> => {
			throwIfStopping(session);
			await held?.keep();
		};
		const rangeOf = async (pass: PassContext): Promise<PassRange> => ({
			...(request.selected
				? { ids: await selectedIds(pass, request.selected), outsideFilter: request.selected.outsideFilter ?? false }
				: {}),
			fromStart: (request.fromStart ?? false) || (request.force ?? false),
			...(request.follower ? { resumption: request.follower.resumption(pass.direction) } : {}),
			pageSize: request.pageSize ?? PAGE_SIZE,
			...(request.recordLimit === undefined ? {} : { recordLimit: request.recordLimit }),
			...(stopAt === undefined ? {} : { stopAt }),
			checkpoint,
		});
		const open = (pass: PassDirection) => openPass(run, pass, recorder);
		const rehearse = (pass: PassDirection, guard: MassChangeGuard) => {
			const missing = preview ? run.missing : new DeletedPartners(session, mapping.name, null);
			return openPass({ ...run, request: { ...request, preview: true }, held: null, guard, missing }, pass, silentRecorder(run, pass));
		};
		// Before the first direction writes anything, both are looked at.
		const isFirst = direction === run.directions[0];
		if (isFirst) await lookBack(run, mapping, open, rangeOf);
		const context = await open(direction);
		const ahead = request.selected ? undefined : run.ahead.take(context.source.system, await changeQuery(context, await rangeOf(context)));
		const assessed = { ...run, session, mapping, request, list: run.missing, preview, checkpoint, rehearse, rangeOf };
		const changes = (isFirst ? await assessRun({ ...assessed, ...(ahead ? { alreadyRead: ahead } : {}) }) : undefined) ?? ahead;
		const unasked = !request.pullDependencies && context.rules.bringsIn?.includes(direction);
		if (request.pullDependencies || unasked) {
			const settings = { session, mappings, references, direction, request, jobs: run.pulled, unasked: unasked ?? false };
			context.pull = pullDependencies({ ...settings, run: synchronize });
		}
		const back = await open(opposite(direction));
		await recoverInDoubt(back);
		await recoverInDoubt(context);
		context.opposite = [...back.inDoubt.values()];
		const range = await rangeOf(context);
		// Nobody else looks at what was deleted on the side a one-way mapping reads from.
		if (!request.selected && mapping.direction !== 'bidirectional') await handleDeleted(back, range);
		const end = await runPass(context, changes ? { ...range, changes } : range);
		const wanted = await tellWaiting(session, recorder, mappings);
		const how = end === 'limit' ? 'stopped' : 'finished';
		return await endJob(session, recorder, held, how, `${describeEnd(recorder.job, end)}${wanted}`, request.follower);
	} catch (error) {
		return await endJobAfter(session, recorder, held, await explained(session, asked, error), request.follower);
	}
}
