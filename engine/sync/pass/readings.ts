import type { ChangeToken } from '../../model/changeToken';
import type { PassContext } from '../contract/passContext';
import type { PassRange } from '../contract/passRange';
import { Reading, type ReadingTerms } from '../reading/reading';
import { STEADY_MS } from '../reading/since';
import { tokenAtHand } from './changeTokens';
import { type Due, listingOf, readingOf } from './due';

/** So many writes of a pass to its own source fill a good part of a page of what the service notes. */
const MANY_WRITES = 1_000;

/**
 * What a pass reads, one reading after the other. By stamps, and then along the mapping's link, which leads on from before that; or along the link alone. Where
 * the service's notes took more than a page, nobody says to which page its next link belongs: what was written meanwhile is read by its stamp as well. And
 * after many writes to its own source a pass reads on until it has met them, so that the next one is not busy with them.
 */
export class Readings {
	/** Where the next pass goes on; null where changes are read by their stamps. */
	private link: string | null = null;

	private constructor(
		private readonly context: PassContext,
		private readonly due: Due,
		/** By which the watermark is told. */
		readonly first: Reading,
		private readonly token: ChangeToken | null,
	) {}

	/** @param ahead what was read of it already */
	static async open(context: PassContext, range: PassRange, due: Due, ahead: Reading | undefined): Promise<Readings> {
		const first = ahead ?? readingOf(context, due);
		const followsLink = due.terms.link !== null;
		if (followsLink) await first.peek(1);
		const { token, begunNow } = await tokenAtHand(context, range, followsLink && !first.isTracked);
		const byStamps = { ...due, terms: { ...due.terms, link: null } };
		const reading = begunNow ? readingOf(context, byStamps) : first;
		await reading.peek(1);
		return new Readings(context, due, reading, token);
	}

	async *all(): AsyncGenerator<Reading> {
		const { system } = this.context.source;
		const writes = system.counts.writes;
		yield this.first;
		let last = this.first;
		if (!last.isTracked) {
			if (!this.token) return;
			yield (last = this.along(this.token.link));
		}
		yield* this.meanwhile(last);
		this.link = last.nextLink;
		if (this.link === null || system.counts.writes - writes < MANY_WRITES) return;
		yield (last = this.along(this.link));
		yield* this.meanwhile(last);
		this.link = last.nextLink;
	}

	/** Once all are read: the token that the mapping is to have, with what was known of it; undefined where nothing changes. */
	tokenAtEnd(): ChangeToken | (Pick<ChangeToken, 'mapping' | 'side'> & { link: null }) | undefined {
		if (!this.token) return undefined;
		const { mapping, side } = this.token;
		return this.link === null ? { mapping, side, link: null } : { ...this.token, link: this.link, state: 'current' };
	}

	private along(link: string): Reading {
		const terms: ReadingTerms = { ...this.due.terms, query: listingOf(this.context), shownFrom: null, shown: [], listed: true, link };
		return new Reading(this.context.source.system, this.context.session.clock, terms);
	}

	private *meanwhile(tracked: Reading): Generator<Reading> {
		if (tracked.trackedPages < 2 || tracked.beganAt === null) return;
		const since = new Date(tracked.beganAt.at - STEADY_MS).toISOString();
		const query = { ...listingOf(this.context), since };
		const terms: ReadingTerms = { query, mark: null, overlapMs: 0, shownFrom: null, listed: true, link: null };
		yield new Reading(this.context.source.system, this.context.session.clock, terms);
	}
}
