import type { SyncSession } from '../ports/session';
import { fieldSetOf } from '../mapping/fieldSet';
import type { MappingProblem } from '../mapping/validation';
import { warning } from '../mapping/validation/problem';
import type { FieldMark } from '../model/fieldSet';
import { SyncError } from '../model/errors';
import { type Side, SYSTEM_NAMES } from '../model/side';
import { identifiedBy, identityOf } from '../model/recordIdentity';
import type { TableMapping } from '../model/tableMapping';
import { sidesReadFromStart } from '../sync/reading/scope';

/**
 * What the change of a mapping means for what is there: which fields of couples are compared once more, and of which systems all records are read once
 * because others are selected now. Empty where nothing of it is to be expected.
 */
export async function consequences(
	session: SyncSession,
	before: TableMapping | undefined,
	wanted: TableMapping,
): Promise<MappingProblem[]> {
	if (!before) return [];
	// How records are known does not change with the mapping.
	const after = { ...wanted, bc: identifiedBy(wanted.bc, identityOf(before)) };
	return [...(await comparedAgain(session, before, after)), ...(await readAgain(session, after))];
}

async function comparedAgain({ store }: SyncSession, before: TableMapping, after: TableMapping): Promise<MappingProblem[]> {
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

async function readAgain(session: SyncSession, after: TableMapping): Promise<MappingProblem[]> {
	let sides: readonly Side[];
	try {
		sides = await sidesReadFromStart(session, after);
	} catch (error) {
		// Whose the rows are cannot be told now: runs say so themselves.
		if (error instanceof SyncError) return [];
		throw error;
	}
	return sides.map((side) =>
		warning(
			`The next run reads all records of ${SYSTEM_NAMES[side]} once, because the mapping selects others than before.`,
			'Nothing to do. Run it with Preview first to see what that changes.',
		),
	);
}

/** Fields that went away ask for nothing. */
const isOther = (now: FieldMark, then: FieldMark | undefined): boolean =>
	then === undefined ||
	then.identity !== now.identity ||
	(now.toCrm !== null && now.toCrm !== then.toCrm) ||
	(now.fromCrm !== null && now.fromCrm !== then.fromCrm);
