import { bcTitle } from '../model/coupling';
import { SyncError } from '../model/errors';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { Mention } from './matchIndex';
import type { Unmatched } from './matchPlan';
import { otherSide, type Side } from '../model/side';
import type { SystemRecord } from '../model/record';

/** Records whose owners are looked up at a time. */
const PAGE_SIZE = 1000;

/** An unmatched record with the reason in words; `error` is what the log keeps. */
export interface UnmatchedReport {
	unmatched: Unmatched;
	error: SyncError;
}

/** Puts into words why records found no partner; who owns a candidate that is taken is looked up in the couplings. */
export async function explainUnmatched(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	all: readonly Unmatched[],
): Promise<UnmatchedReport[]> {
	const reports: UnmatchedReport[] = [];
	for (let start = 0; start < all.length; start += PAGE_SIZE) {
		const part = all.slice(start, start + PAGE_SIZE);
		const candidates = part.filter(({ outcome }) => outcome === 'alreadyCoupled').flatMap(({ candidates: [first] }) => first?.id ?? []);
		const owners = await session.store.couplingsOf(mapping.name, otherSide(side), candidates);
		for (const unmatched of part) {
			const owner = owners.get(unmatched.candidates[0]?.id ?? '');
			const name = owner && (side === 'crm' ? owner.crmName || owner.crmId : bcTitle(owner));
			reports.push({ unmatched, error: errorOf(unmatched, side, name ?? 'another record') });
		}
	}
	return reports;
}

const systems: Record<Side, string> = { businessCentral: 'Business Central', crm: 'CRM' };

function errorOf(unmatched: Unmatched, side: Side, owner: string): SyncError {
	const other = systems[otherSide(side)];
	const same = `the same ${list(unmatched.by)}`;
	const common = { errorClass: 'data' as const, system: side, recordId: unmatched.record.id };
	switch (unmatched.outcome) {
		case 'noMatch':
			return new SyncError({
				...common,
				code: 'NO_MATCH',
				message: unmatched.blank
					? 'All fields used for matching are blank.'
					: `No uncoupled record of ${other} fits the criteria for matching.`,
				hint: 'Couple the record by hand, create its partner (Create and Couple, or the option "Create When No Match"), or use other criteria.',
			});
		case 'namesake':
			return new SyncError({
				...common,
				code: 'NAMESAKE',
				message: `${mention(unmatched.candidates[0]!)} in ${other} has ${same}, but another ${list(unmatched.differs)}: the two may only bear the same name. They were not coupled.`,
				hint: 'If they belong together, couple them by hand (or make the values equal). If not, create a partner for this one with Create and Couple.',
			});
		case 'severalMatches': {
			const rivals = unmatched.rivals.length > 0;
			return new SyncError({
				...common,
				code: 'SEVERAL_MATCHES',
				message: rivals
					? `${mention(unmatched.candidates[0]!)} in ${other} has ${same} as several records of ${systems[side]}: this one and ${mentions(unmatched.rivals, unmatched.rivalCount)}.`
					: `${unmatched.candidateCount} records of ${other} have ${same}: ${mentions(unmatched.candidates, unmatched.candidateCount)}.`,
				hint: 'Couple the right two by hand, make the values differ, or add a criterion that tells them apart.',
			});
		}
		case 'alreadyCoupled':
			return new SyncError({
				...common,
				code: 'MATCH_TAKEN',
				message:
					unmatched.candidateCount > 1
						? `All ${unmatched.candidateCount} records of ${other} that have ${same} are coupled already: ${mentions(unmatched.candidates, unmatched.candidateCount)}.`
						: `The only record of ${other} that has ${same}, ${mention(unmatched.candidates[0]!)}, is already coupled to ${owner}.`,
				hint: 'If they belong together after all, uncouple the other record first; otherwise create a partner for this one.',
			});
	}
}

const list = (names: readonly string[]): string =>
	names.length <= 1 ? (names[0] ?? 'values') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const mention = ({ number, name, id }: Mention): string => `${`${number} ${name}`.trim() || 'a record without a name'} (${id})`;

const SHOWN = 5;
function mentions(all: readonly Mention[], count: number): string {
	const shown = all.slice(0, SHOWN).map(mention);
	return count > shown.length ? `${shown.join(', ')} and ${count - shown.length} more` : list(shown);
}

/** A mention as the log's pair wants it. */
export const recordOf = ({ id, number, name }: Mention): SystemRecord => ({ id, number, name, modifiedAt: '', version: '', values: {} });
