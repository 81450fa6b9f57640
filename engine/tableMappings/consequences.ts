import type { SyncSession } from '../ports/session';
import { fieldSetOf } from '../mapping/fieldSet';
import type { MappingProblem } from '../mapping/validation';
import { warning } from '../mapping/validation/problem';
import type { FieldMark } from '../model/fieldSet';
import type { TableMapping } from '../model/tableMapping';

/**
 * What the change of a mapping means for couplings that are there: which fields are compared once more, so that records follow a mapping that changes in
 * mid-life. Empty where values go on crossing as they did, and where nothing is coupled.
 */
export async function consequences(
	{ store }: SyncSession,
	before: TableMapping | undefined,
	after: TableMapping,
): Promise<MappingProblem[]> {
	if (!before) return [];
	const [then, now] = [fieldSetOf(before), fieldSetOf(after)];
	if (then.hash === now.hash) return [];
	const names = after.fields
		.filter(({ key }) => now.fields[key] && isOther(now.fields[key], then.fields[key]))
		.map(({ caption }) => caption);
	if (names.length === 0) return [];
	const couplings = await store.countCouplings(after.name);
	if (couplings === 0) return [];
	const [couples, are] = couplings === 1 ? ['couple', 'is'] : ['couples', 'are'];
	return [
		warning(
			`${couplings} ${couples} ${are} compared once more by the next run, because it is told otherwise about ${[...new Set(names)].join(', ')}.`,
			'Run it with Preview first to see what that changes. Where both sides hold different values and nobody can tell which one counts, the record fails with CONFLICT.',
		),
	];
}

/** Fields that went away ask for nothing. */
const isOther = (now: FieldMark, then: FieldMark | undefined): boolean =>
	then === undefined ||
	then.identity !== now.identity ||
	(now.toCrm !== null && now.toCrm !== then.toCrm) ||
	(now.fromCrm !== null && now.fromCrm !== then.fromCrm);
