import { reviewMatches } from '../../coupling/firstSync';
import { loadMappings } from '../../mapping/catalog';
import type { SyncSession } from '../../session';
import { chosenMappings, dependenciesOf, wavesOf } from './chosen';
import { countRecords } from './counts';
import { missingDependencies } from './dependencies';
import { progressOf, statusNow } from './line';
import { explain, recommend } from './recommend';
import type { ReviewLine } from './types';

/**
 * What a full synchronisation would meet, and how far the one that was started last has come: one line per mapping, in the order in which they
 * run. Reads counts, and where both systems hold uncoupled records the compared columns of both tables; writes nothing.
 */
export async function reviewFullSync(session: SyncSession, options: { mappings?: readonly string[] }): Promise<ReviewLine[]> {
	const all = await loadMappings(session);
	const chosen = chosenMappings(all, options.mappings);
	const waves = wavesOf(all);
	const known = await session.store.fullSyncLines();
	const running = await session.store.runningMappings();
	// Mappings of one review are meant to run together, in order.
	const takesPart = (name: string): true | undefined => (chosen.some((each) => each.name === name) ? true : undefined);
	const lines: ReviewLine[] = [];
	for (const mapping of chosen) {
		const counts = await countRecords(session, mapping);
		const missing = await missingDependencies(session, mapping, all, known, takesPart);
		const recommendation = recommend(mapping, counts, missing);
		const matches = recommendation === 'coupleFirst' ? await matchesOf(session, mapping.name) : null;
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
			recommendation,
			message: explain(mapping, recommendation, missing, matches),
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

async function matchesOf(session: SyncSession, mapping: string): Promise<ReviewLine['matches']> {
	const { matched, ambiguous, createdInCrm, createdInBusinessCentral, leftAlone } = await reviewMatches(session, mapping);
	return { matched, ambiguous, createdInCrm, createdInBusinessCentral, leftAlone };
}
