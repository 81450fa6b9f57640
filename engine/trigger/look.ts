import { SyncError } from '../model/errors';
import type { SystemRecord } from '../model/record';
import type { Side } from '../model/side';
import { filterOn, tableOn, type TableMapping } from '../model/tableMapping';
import type { SeenVersion } from '../model/trigger';
import type { Watermark } from '../model/watermark';
import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter, type SideFilter, usesCompany } from '../mapping/filter';
import type { NewestAnswer, NewestQuestion } from '../ports/newest';
import type { SyncSession } from '../ports/session';
import { isEarlier, type ServiceTime, sinceOf } from '../sync/reading/since';
import { unknownRows } from './unknownRows';

/** A mapping whose side is looked at. */
export interface Asked {
	mapping: TableMapping;
	/** Where the last look, or else the last run, came to. */
	mark: Watermark;
	reported: readonly SeenVersion[];
}

/** What a look found out about one mapping; `failed`: what is wrong with its table alone. */
export type Looked =
	| {
			news: readonly SystemRecord[];
			atLeast: boolean;
			/** Rows with stamps from here on were looked at; ISO. */
			from: string;
			mark: Watermark;
			/** When, by the service's clock; ISO. */
			seenAt: string;
	  }
	| { failed: SyncError };

/** Rows that are asked for first: who is told that twenty changed needs no number. */
const GLANCE = 20;
/** Where all of these are known (a run has just written them), as many as the largest page of Dataverse holds; newer ones first. */
const DEEP = 5_000;
/** So many pages deep is looked; what is beyond is found by a run. */
const DEEPEST = 10;

/**
 * Looks at one side of many mappings in one request: which rows are there in a version that nobody knows? Reads ids, versions and stamps, and beside them
 * only what a filter needs that the service cannot be asked for. From the last look on, by the service's own clock, less the overlap of the mapping.
 * @throws SyncError where the system as a whole cannot be asked
 */
export async function lookAt(session: SyncSession, side: Side, asked: readonly Asked[]): Promise<Looked[]> {
	const looks = await Promise.all(asked.map((each) => prepared(session, side, each)));
	const first = await answersTo(session, side, looks, (look) => question(look, { limit: GLANCE }));
	const now = serviceTime(session, side);
	const again = looks.map((look) => {
		const told = look.failed ? null : sinceOf(look.asked.mark, look.asked.mapping.overlapMs[side], now, session.clock.now()).stamp;
		return !look.failed && now !== null && isEarlier(told, look.since) ? told : undefined;
	});
	// A clock was set: what was edited since may bear earlier stamps than those asked for.
	for (const [index, since] of again.entries()) if (since !== undefined) looks[index]!.since = since ?? EVER;
	const second = again.some((since) => since !== undefined)
		? await answersTo(session, side, looks, (look, index) => (again[index] === undefined ? null : question(look, { limit: GLANCE })))
		: [];
	const found: Looked[] = [];
	for (const [index, look] of looks.entries()) {
		const answer = second[index] ?? first[index];
		found.push(look.failed ? { failed: look.failed } : await judged(session, side, look, answer!));
	}
	return found;
}

/** Before all stamps. */
const EVER = '1900-01-01T00:00:00Z';

interface Prepared {
	asked: Asked;
	filter: SideFilter;
	since: string;
	failed: SyncError | null;
}

async function prepared(session: SyncSession, side: Side, asked: Asked): Promise<Prepared> {
	const none: SideFilter = { odata: null, fields: [], accepts: null };
	const { mapping, mark } = asked;
	const since = sinceOf(mark, mapping.overlapMs[side], serviceTime(session, side), session.clock.now()).stamp ?? EVER;
	try {
		const own = filterOn(mapping, side);
		// The other system is not asked for what this side needs not know.
		const company = side === 'crm' || own.conditions.some(usesCompany) ? await companyRowOf(session, mapping) : null;
		return { asked, since, filter: sideFilter(own, side, company, tableOn(mapping, side)), failed: null };
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass !== 'setup') throw error;
		return { asked, since, filter: none, failed: error };
	}
}

function question({ asked, filter, since }: Prepared, { limit, until = null }: { limit: number; until?: string | null }) {
	return (side: Side): NewestQuestion => ({
		table: tableOn(asked.mapping, side),
		fields: readable(filter) ? filter.fields : [],
		filter: filter.odata,
		since,
		until,
		limit,
	});
}

/** Fields of companion pages would take a request of their own: then rows count that the filter may leave out, once in each version. */
const readable = ({ fields }: SideFilter): boolean => !fields.some((field) => field.includes('/'));

/** Answers by position; undefined where nothing was asked. */
async function answersTo(
	session: SyncSession,
	side: Side,
	looks: readonly Prepared[],
	ask: (look: Prepared, index: number) => ReturnType<typeof question> | null,
): Promise<Array<NewestAnswer | undefined>> {
	const asked = looks.flatMap((look, index) => {
		const made = look.failed ? null : ask(look, index);
		return made ? [{ index, question: made(side) }] : [];
	});
	const answers: Array<NewestAnswer | undefined> = looks.map(() => undefined);
	if (asked.length === 0) return answers;
	const given = await session[side].readNewest(asked.map(({ question: each }) => each));
	for (const [position, { index }] of asked.entries()) answers[index] = given[position];
	return answers;
}

async function judged(session: SyncSession, side: Side, look: Prepared, answer: NewestAnswer): Promise<Looked> {
	if ('failed' in answer) return answer;
	const { mapping, mark, reported } = look.asked;
	let page = answer.records;
	let limit = GLANCE;
	const newest = page[0]?.modifiedAt ?? null;
	for (let depth = 0; ; depth++) {
		const inside = page.filter((record) => !look.filter.accepts || !readable(look.filter) || look.filter.accepts(record));
		const news = await unknownRows(session.store, mapping, side, { records: inside, reported });
		const isFull = page.length >= limit;
		if (news.length > 0 || !isFull) return { news, atLeast: isFull, from: look.since, ...dealtWith(session, side, mark, newest) };
		const until = limit === GLANCE ? null : page.at(-1)!.modifiedAt;
		limit = DEEP;
		const deeper = await session[side].readNewest([question(look, { limit, until })(side)]);
		if ('failed' in deeper[0]!) return deeper[0]!;
		const stands = until !== null && deeper[0]!.records.at(-1)?.modifiedAt === until && deeper[0]!.records.length >= limit;
		page = deeper[0]!.records;
		// So many rows of one second, or so many at all: a run finds what is among them.
		if (stands || depth >= DEEPEST) return { news: [], atLeast: true, from: look.since, ...dealtWith(session, side, mark, newest) };
	}
}

/** Where the next look begins, and when this one was, by the service's clock. Without that clock no more is known than the newest stamp. */
function dealtWith(session: SyncSession, side: Side, mark: Watermark, newest: string | null): { mark: Watermark; seenAt: string } {
	const time = serviceTime(session, side);
	const { mapping } = mark;
	if (time === null) {
		const stamp = newest !== null && isEarlier(mark.stamp, newest) ? newest : mark.stamp;
		return { mark: { mapping, side, stamp, clockAheadMs: null }, seenAt: newest ?? mark.stamp ?? EVER };
	}
	const stamp = new Date(time.at).toISOString();
	return { mark: { mapping, side, stamp, clockAheadMs: time.ahead }, seenAt: stamp };
}

function serviceTime(session: SyncSession, side: Side): ServiceTime | null {
	const now = session[side].serviceNow();
	return now === null ? null : { at: now, ahead: now - session.clock.now() };
}
