import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter, type SideFilter } from '../mapping/filter';
import { changesInside, idsInside } from '../mapping/filters/reading';
import { filterOn, type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { closedAmong, ownerColumns } from './pair';
import { criteriaFields, type MatchCriteria } from './matchCriteria';
import { MatchRecords, type Mention, ValueNumbers } from './matchIndex';
import { otherSide, type Side } from '../model/side';
import type { SystemRecord } from '../model/record';
import type { Coupling } from '../model/coupling';

export interface MatchScope {
	/** Records that look for a partner are of this side. */
	side: Side;
	/** Only these of them; omitted = all in the filter of the mapping. */
	ids?: readonly string[];
	/** Without a single uncoupled candidate the records are not read: the plan is empty then. */
	onlyWithCandidates?: boolean;
	/** At every page border. */
	checkpoint(): Promise<void>;
}

/** Why a record found no partner. */
export interface Unmatched {
	record: Mention;
	/** `alreadyCoupled`: its only candidate belongs to another record. `namesake`: the two hold different values in what identifies records. */
	outcome: 'noMatch' | 'severalMatches' | 'alreadyCoupled' | 'namesake';
	/** Records of the other side that fit: the first few, and how many there are. */
	candidates: Mention[];
	candidateCount: number;
	/** Records of the own side that fit the same, only candidate: the first few, and how many there are. */
	rivals: Mention[];
	rivalCount: number;
	/** Every criterion of the record is blank. */
	blank: boolean;
	/** Captions of the criteria that decided. */
	by: string[];
	/** Captions of the fields by which the only candidate is another one. */
	differs: string[];
}

export interface MatchPlan {
	pairs: Array<{ record: Mention; partner: Mention; by: string[] }>;
	unmatched: Unmatched[];
	/** Of the records asked for by id: those that have a partner already. */
	coupled: Coupling[];
	/** Of the records asked for by id: those that do not exist. */
	missing: string[];
	/** Of the records asked for by id: those outside the filter, or closed: merged, or of another company. */
	outside: string[];
	/** Uncoupled candidates in the filter. */
	openCandidates: number;
	/** Uncoupled candidates that fit a record which fits several, by id. */
	ambiguousCandidates: Set<string>;
}

/** Somebody has to tell which record it belongs to, so nothing is created for it either. */
export const isUnclear = ({ outcome }: Pick<Unmatched, 'outcome'>): boolean => outcome === 'severalMatches' || outcome === 'namesake';

const PAGE_SIZE = 5000;
const NAMED = 10;

/** What a group said about a record that it could not couple; the first group that found anything counts. */
interface Verdict {
	candidates: readonly number[];
	rivals: readonly number[];
	by: string[];
	differs: string[];
}

/**
 * Matches uncoupled records against the other side in memory: the candidates are read once, then the records, and
 * each group of criteria is a search of its own. A record is matched when exactly one candidate fits, that candidate is uncoupled, and no other
 * record fits it within the group. Two that agree in nothing that identifies a record, but differ in it (their e-mail, their number), are namesakes.
 * Writes nothing.
 */
export async function planMatches(
	session: SyncSession,
	mapping: TableMapping,
	criteria: MatchCriteria,
	scope: MatchScope,
): Promise<MatchPlan> {
	const candidateSide = otherSide(scope.side);
	const unsettled = await unsettledIds(session, mapping);
	const numbers = criteria.comparisons.map(() => new ValueNumbers());
	const taken: boolean[] = [];
	const candidates = new MatchRecords(criteria.comparisons.length);
	for await (const page of recordsOf(session, mapping, criteria, candidateSide)) {
		await scope.checkpoint();
		const coupled = await session.store.couplingsOf(
			mapping.name,
			candidateSide,
			page.map(({ id }) => id),
		);
		for (const record of page) {
			if (unsettled.has(record.id)) continue;
			if (!candidates.has(record.id)) taken.push(coupled.has(record.id));
			candidates.add(
				record,
				criteria.comparisons.map((comparison, index) => numbers[index]!.learn(comparison.keyOf(candidateSide, record))),
			);
		}
	}
	const openCandidates = taken.filter((each) => !each).length;
	const plan: MatchPlan = {
		pairs: [],
		unmatched: [],
		coupled: [],
		missing: [],
		outside: [],
		openCandidates,
		ambiguousCandidates: new Set(),
	};
	if (scope.onlyWithCandidates && openCandidates === 0) return plan;
	const seekers = new MatchRecords(criteria.comparisons.length);
	for await (const page of recordsOf(session, mapping, criteria, scope.side, { ids: scope.ids, plan })) {
		await scope.checkpoint();
		const ids = page.map(({ id }) => id);
		const coupled = await session.store.couplingsOf(mapping.name, scope.side, ids);
		if (scope.ids) plan.coupled.push(...coupled.values());
		for (const record of page) {
			if (coupled.has(record.id) || unsettled.has(record.id)) continue;
			seekers.add(
				record,
				criteria.comparisons.map((comparison, index) => numbers[index]!.find(comparison.keyOf(scope.side, record))),
			);
		}
	}
	match(criteria, seekers, candidates, taken, plan);
	return plan;
}

function match(criteria: MatchCriteria, seekers: MatchRecords, candidates: MatchRecords, taken: boolean[], plan: MatchPlan): void {
	const verdicts = new Map<number, Verdict>();
	let open = Array.from({ length: seekers.size }, (_, position) => position);
	const named = (positions: readonly number[]): string[] => positions.map((position) => criteria.comparisons[position]!.caption);
	for (const group of criteria.groups) {
		const claims = new Map<number, Array<{ seeker: number; by: string[] }>>();
		for (const [columns, members] of byFilledColumns(seekers, open, group)) {
			const index = candidates.index(columns);
			const by = named(columns);
			for (const seeker of members) {
				const key = seekers.key(seeker, columns);
				const found = (key === null ? undefined : index.get(key)) ?? [];
				const differs =
					found.length === 1 && !columns.some((column) => criteria.identifying.includes(column))
						? named(seekers.differing(seeker, candidates, found[0]!, criteria.identifying))
						: [];
				if (found.length === 1 && !taken[found[0]!] && differs.length === 0) {
					const claimants = claims.get(found[0]!);
					if (claimants) claimants.push({ seeker, by });
					else claims.set(found[0]!, [{ seeker, by }]);
				} else if (found.length > 0 && !verdicts.has(seeker)) verdicts.set(seeker, { candidates: found, rivals: [], by, differs });
			}
		}
		const coupled = new Set<number>();
		for (const [candidate, claimants] of claims) {
			const [first] = claimants;
			if (claimants.length === 1) {
				taken[candidate] = true;
				coupled.add(first!.seeker);
				plan.pairs.push({ record: seekers.mentions[first!.seeker]!, partner: candidates.mentions[candidate]!, by: first!.by });
				continue;
			}
			// Nobody can tell which of them it is, so none is coupled. (The built-in integration takes the one that comes first.)
			const rivals = claimants.map(({ seeker }) => seeker);
			for (const { seeker, by } of claimants) {
				if (!verdicts.has(seeker)) verdicts.set(seeker, { candidates: [candidate], rivals, by, differs: [] });
			}
		}
		open = open.filter((seeker) => !coupled.has(seeker));
	}
	const allColumns = [...new Set(criteria.groups.flat())];
	for (const seeker of open) {
		plan.unmatched.push(
			explain({ seekers, candidates, taken, plan }, seeker, verdicts.get(seeker), seekers.filled(seeker, allColumns).length === 0),
		);
	}
}

/** A blank value adds no condition: records are searched by the columns they fill; one that fills none of the group is no match. */
function byFilledColumns(seekers: MatchRecords, open: readonly number[], group: readonly number[]): Array<[number[], number[]]> {
	const byColumns = new Map<string, [number[], number[]]>();
	for (const seeker of open) {
		const columns = seekers.filled(seeker, group);
		if (columns.length === 0) continue;
		const known = byColumns.get(columns.join(' '));
		if (known) known[1].push(seeker);
		else byColumns.set(columns.join(' '), [columns, [seeker]]);
	}
	return [...byColumns.values()];
}

function explain(
	{ seekers, candidates, taken, plan }: { seekers: MatchRecords; candidates: MatchRecords; taken: readonly boolean[]; plan: MatchPlan },
	seeker: number,
	verdict: Verdict | undefined,
	blank: boolean,
): Unmatched {
	const record = seekers.mentions[seeker]!;
	if (!verdict)
		return { record, outcome: 'noMatch', candidates: [], candidateCount: 0, rivals: [], rivalCount: 0, blank, by: [], differs: [] };
	const free = verdict.candidates.filter((candidate) => !taken[candidate]);
	const rivals = verdict.rivals.filter((rival) => rival !== seeker);
	for (const candidate of free) plan.ambiguousCandidates.add(candidates.mentions[candidate]!.id);
	return {
		record,
		outcome: free.length === 0 ? 'alreadyCoupled' : verdict.differs.length > 0 ? 'namesake' : 'severalMatches',
		candidates: verdict.candidates.slice(0, NAMED).map((candidate) => candidates.mentions[candidate]!),
		candidateCount: verdict.candidates.length,
		rivals: rivals.slice(0, NAMED).map((rival) => seekers.mentions[rival]!),
		rivalCount: rivals.length,
		blank,
		by: verdict.by,
		differs: verdict.differs,
	};
}

/** Both ends of inserts whose answer was lost: the next run finds out what became of them, nobody else may couple them meanwhile. */
async function unsettledIds(session: SyncSession, mapping: TableMapping): Promise<Set<string>> {
	const intents = [
		...(await session.store.intents(mapping.name, 'toCrm', PAGE_SIZE)),
		...(await session.store.intents(mapping.name, 'fromCrm', PAGE_SIZE)),
	];
	return new Set(intents.flatMap(({ sourceId, targetId }) => (targetId ? [sourceId, targetId] : [sourceId])));
}

/** Pages of one side with the fields the criteria look at; CRM rows of another company are left out. */
async function* recordsOf(
	session: SyncSession,
	mapping: TableMapping,
	criteria: MatchCriteria,
	side: Side,
	{ ids, plan }: { ids?: readonly string[] | undefined; plan?: Pick<MatchPlan, 'missing' | 'outside'> } = {},
): AsyncGenerator<SystemRecord[]> {
	const table = tableOn(mapping, side);
	const company = await companyRowOf(session, mapping);
	const fields = [...criteriaFields(criteria, side), ...(side === 'crm' ? await ownerColumns(session, mapping) : [])];
	const filter = sideFilter(filterOn(mapping, side), side, company, table);
	const pages = ids
		? byId({ session, mapping, side, filter, plan: plan ?? { missing: [], outside: [] } }, ids, fields)
		: changesInside(session[side], { table, fields, since: null, pageSize: PAGE_SIZE }, filter);
	for await (const page of pages) {
		const records = ids ? page : await session[side].complete(table, page, fields);
		const closed = side === 'crm' ? await closedAmong(session, mapping, records) : new Map<string, unknown>();
		const ours = records.filter(({ id }) => !closed.has(id));
		if (ids) plan?.outside.push(...closed.keys());
		await criteria.prepare(side, ours);
		yield ours;
	}
}

/** Records named by id that are inside the filter, or coupled already. */
async function* byId(
	{ session, mapping, side, filter, plan }: Named,
	ids: readonly string[],
	fields: readonly string[],
): AsyncGenerator<SystemRecord[]> {
	const [system, table] = [session[side], tableOn(mapping, side)];
	for (let start = 0; start < ids.length; start += PAGE_SIZE) {
		const part = ids.slice(start, start + PAGE_SIZE);
		const inside = await idsInside(system, table, part, fields, filter);
		const rest = part.filter((id) => !inside.has(id));
		const found = rest.length > 0 ? await system.readByIds(table, rest, fields) : new Map<string, SystemRecord>();
		const coupled = await session.store.couplingsOf(mapping.name, side, rest);
		plan.missing.push(...rest.filter((id) => !found.has(id)));
		plan.outside.push(...[...found.keys()].filter((id) => !coupled.has(id)));
		yield [...inside.values(), ...[...found.values()].filter(({ id }) => coupled.has(id))];
	}
}

interface Named {
	session: SyncSession;
	mapping: TableMapping;
	side: Side;
	filter: SideFilter;
	plan: Pick<MatchPlan, 'missing' | 'outside'>;
}
