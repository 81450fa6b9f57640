import type { WriteOutcome } from '../../ports/write';
import type { PartAnswer } from './batch';
import { GROUP_FAILED } from './batchGroups';
import type { NoAnswer } from './transport';

/** What became of a group: all of its operations, or the one that kept it from being carried out. */
export function groupOutcome(answers: ReadonlyArray<PartAnswer | NoAnswer>, outcomes: readonly WriteOutcome[]): WriteOutcome {
	const refused = outcomes.findIndex(({ status }, index) => status !== 'written' && statusOf(answers[index]!) !== GROUP_FAILED);
	if (refused >= 0) return outcomes[refused]!;
	const [first] = outcomes;
	if (first?.status !== 'written') throw new Error('A group holds at least one operation.');
	return { status: 'written', record: first.record, parts: outcomes };
}

const statusOf = (answer: PartAnswer | NoAnswer): number | undefined => ('status' in answer ? answer.status : undefined);
