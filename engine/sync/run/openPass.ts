import { randomUUID } from 'node:crypto';
import { pairedFields } from '../../defaults/catalog';
import type { CompanySettings } from '../../model/companySettings';
import { sideFilter } from '../../mapping/filter';
import { withFilterFields } from '../../mapping/filters/reading';
import { COMPANY_COLUMN } from '../../model/companyColumn';
import { companyRowOf } from '../../mapping/companyIdentity';
import { mergeColumnsOf } from '../../mapping/mergedRows';
import { fieldSetOf } from '../../mapping/fieldSet';
import type { FieldMapping } from '../../model/fieldMapping';
import type { KnownFieldSets } from '../../model/fieldSet';
import type { CheckedSetup } from '../../setup/checkSetup';
import type { CompanyMapping } from '../../model/mappingStages';
import { filterOn } from '../../model/tableMapping';
import { templateChoice, templateFields } from '../../mapping/templates';
import { derivedSourceFields, withDerivedSources } from '../../mapping/transformations/derivedSources';
import type { SyncSession } from '../../ports/session';
import type { TimeBudget } from '../../ports/timeBudget';
import type { DeletedPartners } from '../comparison/deletedPartners';
import type { ReadAhead } from '../restored/readAhead';
import { serves } from './directions';
import type { MassChangeGuard } from '../guard/massChangeGuard';
import { JobRecorder } from '../../jobs/recorder';
import type { HeldLease } from '../../jobs/lease';
import { type PassContext, passSides } from '../contract/passContext';
import type { References } from '../references/references';
import { rulesWithout } from '../../setup/setupOfRun';
import { recoverInDoubt } from '../recover/inDoubt';
import { InsertsInDoubt } from '../contract/insertsInDoubt';
import type { Pull } from '../contract/pull';
import { newPassState, type Pass, type PassDuties } from '../pass/passState';
import { unitOf } from './unitOf';
import type { RunRequest } from '../contract/runRequest';
import { type PassDirection, sourceSide } from '../../model/direction';
import type { JobResult } from '../../jobs/jobResult';
import { idOn } from '../../model/coupling';

/** What both directions of a run share. */
export interface Run {
	session: SyncSession;
	mapping: CompanyMapping;
	/** The mapping as it can run, and what the systems' metadata say; absent until the first direction has begun. */
	setup?: CheckedSetup;
	/** All mappings of the connection. */
	mappings: readonly CompanyMapping[];
	settings: CompanySettings;
	references: References;
	request: RunRequest;
	held: HeldLease;
	/** When it is spent no further page is begun. */
	budget: TimeBudget | undefined;
	directions: readonly PassDirection[];
	guard: MassChangeGuard;
	missing: DeletedPartners;
	/** Fields that couplings were compared with before; read once for each direction. */
	fieldSets?: KnownFieldSets;
	/** What was read before the first write. */
	ahead: ReadAhead;
	/** Jobs that brought in what records of this run refer to. */
	pulled: JobResult[];
}

/** A run whose mapping was compared with the metadata. */
export type CheckedRun = Run & { setup: CheckedSetup };

/** What one pass of the run is and works with. */
export async function passContext(run: CheckedRun, direction: PassDirection, recorder: JobRecorder): Promise<PassContext> {
	const { session, mappings, settings, references, request, held } = run;
	const mapping = withDerivedSources(run.setup.mapping);
	const rules = rulesWithout(mapping, run.setup.absent);
	// A lookup into a mapping that does not exist would be emptied on every record: it is left alone instead.
	const byName = new Map(mappings.map((each) => [each.name, each]));
	const isUsed = (field: FieldMapping): boolean => !field.mapping || byName.has(field.mapping) || !field.clearOnFailure;
	const fields = pairedFields(mapping).filter(isUsed);
	run.fieldSets ??= await session.store.fieldSets(mapping.name);
	const set = fieldSetOf({ direction: mapping.direction, fields: run.setup.mapping.fields.filter(isUsed) });
	const companyRowId = await companyRowOf(session, mapping);
	const ofRows = [
		...(rules.extraFields?.crm ?? []),
		...(companyRowId === null ? [] : [COMPANY_COLUMN]),
		...(await mergeColumnsOf(session, mapping.crm)),
	];
	const reading = { ...rules, extraFields: { ...rules.extraFields, crm: ofRows } };
	const { source, target } = passSides(session, mapping, reading, fields, direction);
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
			...(request.conflict === undefined ? {} : { conflictOfRun: true as const }),
			deletion: request.deletion ?? mapping.deletion,
			createUncoupled: request.createUncoupled ?? !mapping.onlyCoupled,
			force: (request.force ?? false) || request.selected !== undefined,
			overwrite: request.overwrite ?? false,
			...(request.restored === 'asEdit' ? { rolledBack: 'asEdit' as const } : {}),
			writesTarget: serves(mapping, direction),
			writesSource: serves(mapping, direction === 'toCrm' ? 'fromCrm' : 'toCrm'),
		},
		fieldSets: { current: set, known: run.fieldSets.sets },
		guard: run.guard,
		companyRowId,
		lease: held.lease,
		stillHeld: async () => await held.keep(),
		recorder,
		leaveOut: request.leaveOut?.[sourceSide(direction)] ?? new Set(),
		takesOver: request.traces === 'takeOver' || request.nothingCoupled === 'isNew' || request.selected !== undefined,
		selected: request.selected !== undefined,
		byHand: request.selected !== undefined && request.pulledFor === undefined,
		countUnchanged: (request.fromStart ?? false) || (request.force ?? false),
	};
}

/**
 * Both ways of a mapping, once their inserts in doubt are settled: the pass of a direction, and the one of the opposite direction, whose open
 * inserts may bring about what this one reads.
 */
export async function openPasses(run: Run, context: PassContext, back: PassContext, pull?: Pull): Promise<{ pass: Pass; back: Pass }> {
	const { request } = run;
	const duties: PassDuties = {
		deletedPartners: request.selected || request.findDeleted === 'off' ? null : run.missing,
		...(request.follower ? { follower: request.follower } : {}),
	};
	const doubtsThere = await recoverInDoubt(back);
	const doubts = await recoverInDoubt(context);
	return {
		pass: passOf(context, new InsertsInDoubt(doubts, doubtsThere.open), { ...duties, ...(pull ? { pull } : {}) }),
		back: passOf(back, new InsertsInDoubt(doubtsThere, []), duties),
	};
}

function passOf(context: PassContext, inDoubt: InsertsInDoubt, duties: PassDuties): Pass {
	return { context, unit: unitOf(context, inDoubt), duties, state: newPassState(inDoubt) };
}

/** For a rehearsal: what it counts and says belongs to no job. */
export const silentRecorder = ({ session, mapping }: Run, direction: PassDirection): JobRecorder =>
	new JobRecorder(session, mapping, randomUUID(), direction, {
		type: 'synchronization',
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
