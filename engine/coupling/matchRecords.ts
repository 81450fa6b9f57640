import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { Mention } from './matchIndex';
import type { MatchPlan } from './matchPlan';
import type { UnmatchedReport } from './matchReport';
import { otherSide, type Side } from '../model/side';
import type { Coupling } from '../model/coupling';
import type { LogRecordRef } from '../model/logEntry';

export type MatchOutcome = 'coupled' | 'created' | 'noMatch' | 'severalMatches' | 'alreadyCoupled' | 'namesake';

export interface MatchedRecord {
	mapping: string;
	/** The record, and its partner where it has one. */
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	/** `alreadyCoupled`: the only candidate belongs to another record, or the record asked for has a partner. */
	outcome: MatchOutcome;
	/** Why, in words; empty for coupled and created ones. */
	message: string;
	/** Records of the other side that fit, the first ten. */
	candidates: LogRecordRef[];
	candidateCount: number;
}

/**
 * One line per record that was looked at, up to a limit: coupled ones first, then those without a partner, then those asked for that do not
 * exist.
 */
export function recordsOf(
	session: SyncSession,
	{ mapping, side }: { mapping: TableMapping; side: Side },
	{ plan, reports, created }: { plan: MatchPlan; reports: readonly UnmatchedReport[]; created: ReadonlyMap<string, Coupling> },
	limit: number,
): { records: MatchedRecord[]; moreRecords: number } {
	const ref = (of: Side, { id, number, name }: Mention): LogRecordRef => {
		const table = tableOn(mapping, of);
		return { id, number, name, url: session[of].link(table, id, number || undefined, name) };
	};
	const sides = (own: Mention, partner: Mention | null) => ({
		businessCentral: side === 'crm' ? partner && ref('businessCentral', partner) : ref('businessCentral', own),
		crm: side === 'crm' ? ref('crm', own) : partner && ref('crm', partner),
	});
	const records: MatchedRecord[] = [];
	const add = (make: () => MatchedRecord): void => {
		if (records.length < limit) records.push(make());
	};
	const settled = (own: Mention, partner: Mention | null, outcome: MatchOutcome, message = ''): MatchedRecord => {
		return { mapping: mapping.name, ...sides(own, partner), outcome, message, candidates: [], candidateCount: 0 };
	};
	for (const { record, partner } of plan.pairs) add(() => settled(record, partner, 'coupled'));
	for (const { unmatched, error } of reports) {
		const { record, outcome, candidates, candidateCount } = unmatched;
		const coupling = created.get(record.id);
		if (coupling) {
			add(() => settled(record, mentionsOf(coupling)[otherSide(side)], 'created'));
			continue;
		}
		const other = otherSide(side);
		add(() => ({
			...{ mapping: mapping.name, ...sides(record, null), outcome, message: error.message },
			...{ candidates: candidates.map((candidate) => ref(other, candidate)), candidateCount },
		}));
	}
	for (const coupling of plan.coupled) {
		const both = mentionsOf(coupling);
		add(() => settled(both[side], both[otherSide(side)], 'alreadyCoupled', 'The record is coupled already and was left as it is.'));
	}
	const total = plan.pairs.length + reports.length + plan.coupled.length;
	return { records, moreRecords: total - records.length };
}

const mentionsOf = (coupling: Coupling): Record<Side, Mention> => ({
	businessCentral: { id: coupling.bcId, number: coupling.bcNumber, name: coupling.bcName },
	crm: { id: coupling.crmId, number: '', name: coupling.crmName },
});
