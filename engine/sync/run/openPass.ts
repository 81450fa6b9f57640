import { randomUUID } from 'node:crypto';
import { pairedFields } from '../../defaults/catalog';
import type { CompanySettings } from '../../model/companySettings';
import { sideFilter } from '../../mapping/filter';
import { withFilterFields } from '../../mapping/filters/reading';
import { companyRow } from '../../mapping/companyIdentity';
import type { CheckedSetup } from '../../setup/checkSetup';
import { filterOn, type TableMapping } from '../../model/tableMapping';
import { templateChoice, templateFields } from '../../mapping/templates';
import { derivedSourceFields, withDerivedSources } from '../../mapping/transformations/derivedSources';
import type { SyncSession } from '../../ports/session';
import type { DeletedPartners } from '../deletions/deletedPartners';
import type { ReadAhead } from '../restored/readAhead';
import { serves } from './directions';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import { JobRecorder } from '../../jobs/recorder';
import type { HeldLease } from '../../jobs/lease';
import { type PassContext, passSides } from '../contract/passContext';
import type { References } from '../references/references';
import { rulesWithout } from '../../setup/setupOfRun';
import type { RunRequest } from '../contract/runRequest';
import { type PassDirection, sourceSide } from '../../model/direction';
import type { JobResult } from '../../jobs/jobResult';
import { idOn } from '../../model/coupling';

/** What both directions of a run share. */
export interface Run {
	session: SyncSession;
	/** As it can run: see `setup`. */
	mapping: TableMapping;
	/** What the systems' metadata say; absent until the first direction has begun. */
	setup?: CheckedSetup;
	/** All mappings of the connection. */
	mappings: readonly TableMapping[];
	settings: CompanySettings;
	references: References;
	request: RunRequest;
	/** Null in a preview. */
	held: HeldLease | null;
	/** Epoch milliseconds after which no further page is begun. */
	stopAt: number | undefined;
	directions: readonly PassDirection[];
	guard: MassChangeGuard;
	missing: DeletedPartners;
	/** What was read before the first write. */
	ahead: ReadAhead;
	/** Jobs that brought in what records of this run refer to. */
	pulled: JobResult[];
}

/** Everything one pass of the run works with. */
export async function openPass(run: Run, direction: PassDirection, recorder: JobRecorder): Promise<PassContext> {
	const { session, mappings, settings, references, request, held } = run;
	const mapping = withDerivedSources(run.mapping);
	const rules = rulesWithout(mapping, run.setup?.absent);
	// A lookup into a mapping that does not exist would be emptied on every record: it is left alone instead.
	const byName = new Map(mappings.map((each) => [each.name, each]));
	const fields = pairedFields(mapping).filter((field) => !field.mapping || byName.has(field.mapping) || !field.clearOnFailure);
	const companyRowId = mapping.companyStamp ? await companyRow(session) : null;
	const { source, target } = passSides(session, mapping, rules, fields, direction);
	const filter = sideFilter(filterOn(mapping, source.side), source.side, companyRowId, source.table);
	const moreFields = [...source.fields, ...derivedSourceFields(mapping, direction), ...templateFields(mapping, direction)];
	return {
		session,
		mapping,
		mappings: byName,
		settings,
		rules,
		direction,
		source: { ...source, fields: withFilterFields(moreFields, filter) },
		target,
		filter,
		templateOf: templateChoice(mapping, direction, companyRowId),
		fields,
		references,
		options: {
			direction,
			conflict: request.conflict ?? mapping.conflict,
			deletion: request.deletion ?? mapping.deletion,
			createUncoupled: request.createUncoupled ?? !mapping.onlyCoupled,
			force: (request.force ?? false) || request.selected !== undefined,
			overwrite: request.overwrite ?? false,
			...(request.restored === 'asEdit' ? { rolledBack: 'asEdit' as const } : {}),
			writesTarget: serves(mapping, direction),
			writesSource: serves(mapping, direction === 'toCrm' ? 'fromCrm' : 'toCrm'),
		},
		deletedPartners: request.selected || request.findDeleted === 'off' ? null : run.missing,
		guard: run.guard,
		preview: request.preview ?? false,
		...(request.plannedRecords ? { plannedRecords: request.plannedRecords } : {}),
		companyRowId,
		lease: held?.lease ?? null,
		stillHeld: async () => await held?.keep(),
		recorder,
		inDoubt: new Map(),
		opposite: [],
		blocked: new Map(),
		leaveOut: request.leaveOut?.[sourceSide(direction)] ?? new Set(),
		processed: new Set(),
		retryNow: new Set(),
		pulled: new Set(),
		takesOver: request.traces === 'takeOver' || request.nothingCoupled === 'isNew' || request.selected !== undefined,
		selected: request.selected !== undefined,
		progress: null,
		...(request.follower ? { follower: request.follower } : {}),
		countUnchanged: (request.fromStart ?? false) || (request.force ?? false),
	};
}

/** For a rehearsal: what it counts and says belongs to no job. */
export const silentRecorder = ({ session, mapping }: Run, direction: PassDirection): JobRecorder =>
	new JobRecorder(session, mapping, randomUUID(), direction, {
		type: 'synchronization',
		preview: true,
		returnChanges: 0,
		returnFailures: 0,
	});

/** Records named on the other side are found through their couplings. */
export async function selectedIds(context: PassContext, selected: NonNullable<RunRequest['selected']>): Promise<string[]> {
	const ids = selected.ids.map((id) => id.toLowerCase());
	if (selected.side === context.source.side) return [...new Set(ids)];
	const couplings = await context.session.store.couplingsOf(context.mapping.name, selected.side, ids);
	for (const id of ids) {
		if (couplings.has(id)) continue;
		context.recorder.count('skipped');
		context.recorder.warn(`${id} is not coupled, so there is nothing to synchronize it from.`);
	}
	return [...couplings.values()].map((coupling) => idOn(coupling, context.source.side));
}
