import { createHash } from 'node:crypto';
import type { ChangeToken } from '../../model/changeToken';
import { idOn, stampOn } from '../../model/coupling';
import type { ChangeQuery } from '../../ports/recordSystem';
import type { PassContext } from '../contract/passContext';
import type { PassRange } from '../contract/passRange';
import { Frontier } from '../reading/frontier';
import { Reading, type ReadingTerms } from '../reading/reading';
import { isOtherScope, scopeOf } from '../reading/scope';
import { WITNESSES } from '../restored/witnesses';

/** The largest page of either service: Business Central 20,000 rows, Dataverse 5,000, which cuts it down itself. */
const LARGEST_PAGE = 20_000;

/** A reading, and what its end will say of the watermark. */
export interface Due {
	terms: ReadingTerms;
	/** Hash of what is read; see `scopeOf`. */
	scope: string;
	/** Of the watermark that the reading's end will make. */
	uncoupledToo: boolean | null;
	/** What is kept of the watermark tells nothing of what is read now: it may move back. */
	anew: boolean;
}

/**
 * What the pass reads: what the service noted since the last reading, where it notes changes; otherwise the filter's records since the watermark, less the
 * overlap, by the service's own clock. From the start where it is asked for, where
 * nothing was read before, and once where the mapping has come to select other records. Costs no request.
 */
export async function dueOf(context: PassContext, range: PassRange): Promise<Due> {
	const { session, mapping, source, options, companyRowId } = context;
	const scope = scopeOf(mapping, source.side, companyRowId);
	const wholeTable = readsWholeTable(context);
	const all = { table: source.table, filter: context.filter.odata, since: null };
	const valuesRead = { ...all, fields: source.fields, pageSize: range.pageSize };
	if (range.fromStart || wholeTable) {
		const at = wholeTable ? undefined : range.resumption;
		const mark = at?.since ? { mapping: mapping.name, side: source.side, stamp: at.since, clockAheadMs: at.clockAheadMs } : null;
		return {
			terms: { query: valuesRead, mark, overlapMs: 0, shownFrom: null, listed: false, link: null },
			scope,
			uncoupledToo: options.createUncoupled,
			anew: false,
		};
	}
	const mark = await session.store.watermarkOf(mapping.name, source.side);
	if (mark === null || mark.stamp === null)
		return {
			terms: { query: valuesRead, mark: null, overlapMs: 0, shownFrom: null, listed: false, link: null },
			scope,
			uncoupledToo: options.createUncoupled,
			anew: false,
		};
	const anew = isOtherScope(mark, scope, !mapping.onlyCoupled && options.createUncoupled);
	const overlapMs = mapping.overlapMs[source.side];
	// A run that leaves records without a partner alone leaves them to one that does not.
	const uncoupledToo = anew || !options.createUncoupled ? options.createUncoupled : (mark.uncoupledToo ?? null);
	const token = anew ? null : await knownToken(context);
	const link = token?.state === 'current' ? token.link : null;
	const reading = { query: listingOf(context), mark: anew ? null : mark, overlapMs, listed: true, link };
	const terms: ReadingTerms =
		link === null
			? { ...reading, shownFrom: anew ? null : await lastSeen(context) }
			: { ...reading, shownFrom: null, shown: await lastSeenIds(context) };
	return { terms, scope, uncoupledToo, anew };
}

/** Rows by id and version. What a rule looks at in records that are known by their version is listed with them. */
export function listingOf({ rules, source, filter }: PassContext): ChangeQuery {
	const looked = rules.needsPartner ? (rules.extraFields?.[source.side === 'crm' ? 'crm' : 'bc'] ?? []) : [];
	const fields = looked.filter((field) => !field.includes('/'));
	return { table: source.table, filter: filter.odata, since: null, fields, pageSize: LARGEST_PAGE };
}

/** The token that the mapping has for what it lists; one for another table or other columns does not count. */
export async function knownToken(context: PassContext): Promise<ChangeToken | null> {
	const { session, mapping, source } = context;
	if (!source.system.readTracked) return null;
	const token = await session.store.changeToken(mapping.name, source.side);
	return token?.scope === tokenScope(listingOf(context)) ? token : null;
}

/** A filter is no part of it: the service tells changes of the whole table. */
export const tokenScope = ({ table, fields }: Pick<ChangeQuery, 'table' | 'fields'>): string =>
	createHash('sha256')
		.update(JSON.stringify([table.name, [...fields].sort()]))
		.digest('base64url')
		.slice(0, 22);

/** Additional pages and choices have neither stamps nor notes of what changed; and where a rule looks at all records in every run, all are read. */
export const readsWholeTable = ({ rules, source: { table } }: PassContext): boolean =>
	Boolean(rules.everyRun) || table.page !== undefined || table.choice !== undefined;

/**
 * The newest stamp that a coupled record was seen with, where few have it: listed with the changes, it proves that the system was not put back, and no
 * request is needed to ask. After a mass edit it would be the whole of it in every run.
 */
async function lastSeen({ session, mapping, source: { side } }: PassContext): Promise<string | null> {
	const newest = await session.store.newestSeen(mapping.name, side, WITNESSES);
	const [first] = newest;
	const alike = newest.filter((coupling) => stampOn(coupling, side) === (first && stampOn(first, side)));
	return first && alike.length < WITNESSES ? stampOn(first, side) : null;
}

/** Records that were seen with the newest stamps: what the service notes shows none that nobody touched. */
const lastSeenIds = async ({ session, mapping, source: { side } }: PassContext): Promise<string[]> =>
	(await session.store.newestSeen(mapping.name, side, WITNESSES)).map((coupling) => idOn(coupling, side));

/** How far the reading is dealt with; null for what has no stamps and is read as a whole each time. */
export const frontierOf = ({ session, mapping, source }: PassContext, due: Due, reading: Reading): Frontier | null =>
	source.table.page !== undefined || source.table.choice !== undefined
		? null
		: new Frontier(reading, { ...due, mapping: mapping.name, side: source.side }, session.clock);

export const readingOf = ({ session, source }: PassContext, { terms }: Due): Reading => new Reading(source.system, session.clock, terms);
