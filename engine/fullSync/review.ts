import { reviewMatches } from '../coupling/firstSync';
import { SyncError } from '../model/errors';
import { loadMappings } from '../defaults/catalog';
import { checkSetup, type CheckedSetup } from '../setup/checkSetup';
import type { CompanyMapping } from '../model/mappingStages';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { earlierStoreOf, newStore } from '../sync/run/nothingCoupled';
import { chosenMappings, dependenciesOf, wavesOf } from './chosen';
import { countRecords, type MappingCounts } from './counts';
import { missingDependencies } from './missingDependencies';
import { progressOf, statusNow } from './line';
import { explain, recommend } from './recommend';
import type { ReviewLine } from './types';

/**
 * What a full synchronization would meet, and how far the one that was started last has come: one line per mapping, in the order in which
 * they run. Reads counts, and where both systems hold uncoupled records the compared columns of both tables; writes nothing.
 */
export async function reviewFullSync(session: SyncSession, options: { mappings?: readonly string[] }): Promise<ReviewLine[]> {
	const all = await loadMappings(session);
	const chosen = chosenMappings(all, options.mappings);
	const waves = wavesOf(all);
	const known = await session.store.fullSyncLines();
	const running = await session.store.runningMappings();
	// Mappings of one review are meant to run together, in order.
	const takesPart = (name: string): true | undefined => (chosen.some((each) => each.name === name) ? true : undefined);
	const earlier = await earlierStoreOf(session);
	const lines: ReviewLine[] = [];
	for (const mapping of chosen) {
		const setup = await setupOf(session, mapping);
		const incomplete = setup instanceof SyncError ? setup : null;
		const counts = await (setup instanceof SyncError ? couplingsOnly(session, mapping) : countRecords(session, setup.mapping));
		const missing = await missingDependencies(session, mapping, all, known, takesPart);
		const advice = recommend(mapping, counts, missing);
		const matches = !incomplete && advice === 'coupleFirst' ? await matchesOf(session, mapping.name) : null;
		const line = known.get(mapping.name);
		lines.push({
			mapping: mapping.name,
			caption: mapping.caption,
			order: lines.length + 1,
			wave: waves.get(mapping.name)!,
			dependsOn: dependenciesOf(mapping, all),
			direction: mapping.direction,
			recordsBusinessCentral: counts.businessCentral,
			recordsCrm: counts.crm,
			atLeast: counts.atLeast,
			coupled: counts.coupled,
			recommendation: incomplete ? 'setupIncomplete' : advice,
			message: incomplete
				? `${incomplete.message} ${incomplete.hint}`
				: [explain(mapping, advice, missing, matches), ...warningsOf(setup), ...(earlier ? [newStore(session, earlier)] : [])].join(' '),
			surfaces: setup instanceof SyncError ? [] : setup.surfaces,
			matches,
			status: statusNow(line, running),
			toCrm: line?.toCrm ?? null,
			fromCrm: line?.fromCrm ?? null,
			progress: progressOf(line),
			startedAt: line?.startedAt ?? null,
			finishedAt: line?.finishedAt ?? null,
		});
	}
	return lines;
}

/** A mapping that cannot run as the systems are set up does not keep the others from being reviewed. */
async function setupOf(session: SyncSession, mapping: CompanyMapping): Promise<CheckedSetup | SyncError> {
	try {
		return await checkSetup(session, mapping);
	} catch (error) {
		if (error instanceof SyncError && error.errorClass === 'setup') return error;
		throw error;
	}
}

const warningsOf = (setup: CheckedSetup | SyncError): string[] => (setup instanceof SyncError ? [] : setup.warnings);

/** Where the records cannot be counted. */
const couplingsOnly = async (session: SyncSession, mapping: TableMapping): Promise<MappingCounts> => ({
	businessCentral: 0,
	crm: 0,
	atLeast: true,
	coupled: await session.store.countCouplings(mapping.name),
});

async function matchesOf(session: SyncSession, mapping: string): Promise<ReviewLine['matches']> {
	const { matched, ambiguous, createdInCrm, createdInBusinessCentral, leftAlone } = await reviewMatches(session, mapping);
	return { matched, ambiguous, createdInCrm, createdInBusinessCentral, leftAlone };
}
