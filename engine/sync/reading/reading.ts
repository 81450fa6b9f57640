import type { SystemRecord } from '../../model/record';
import type { Watermark } from '../../model/watermark';
import type { Clock } from '../../ports/clock';
import type { ChangeQuery, RecordSystem } from '../../ports/recordSystem';
import { isTrackingLost } from './linkLost';
import { isEarlier, STEADY_MS, type ServiceTime, sinceOf } from './since';
import { TrackedChanges } from './trackedChanges';

/** What is read of a side, and from when on. Equal terms read the same. */
export interface ReadingTerms {
	/** `since`: where a reading begins that begins at no watermark. */
	query: ChangeQuery;
	/** Where it begins; null for a reading that begins at no watermark. */
	mark: Watermark | null;
	/** Milliseconds read again before the watermark. */
	overlapMs: number;
	/**
	 * Rows from this stamp on are listed as well where that is earlier (ISO; null for none): they show whether the system stands as it was seen, and are
	 * no part of what is dealt with.
	 */
	shownFrom: string | null;
	/** Rows are told by id and version, in the service's largest pages: their values are read for those only that are not known. */
	listed: boolean;
	/**
	 * The service notes changes itself, and tells along this link those since the last reading, whatever their stamps say; of the whole table, in the order
	 * in which they were written. Null: changes are read by their stamps, as they are where the link leads nowhere any more.
	 */
	link: string | null;
	/** With a link: rows that are shown as they are now as well, by id, for the same reason as `shownFrom`. */
	shown?: readonly string[];
}

/** Rows of the smaller of the two services' largest pages. */
const FULL_PAGE = 5_000;

/**
 * The records of one side that may have changed, page by page: as the service noted them, or in the order of their stamps. What was looked at ahead is not
 * read twice. Knows when it began by the service's own clock, and begins anew, earlier, where the service's first answer shows that a clock was set since
 * the watermark.
 */
export class Reading {
	/** Of `Date` headers; null while nothing was read, and where the service's answers do not tell the time. */
	private begun: ServiceTime | null = null;
	private started = false;
	private earlier = false;
	/** From when on rows are dealt with; ISO, null for all. */
	private since: string | null = null;
	private ahead: SystemRecord[][] = [];
	private rest: AsyncIterator<SystemRecord[]> | null = null;
	/** Null where changes are read by their stamps. */
	private tracked: TrackedChanges | null = null;

	constructor(
		private readonly system: RecordSystem,
		private readonly clock: Clock,
		readonly terms: ReadingTerms,
	) {}

	/** The first pages with all that they show, as many of them as there are; they are read again by `pages`. */
	async peek(count: number): Promise<readonly SystemRecord[][]> {
		await this.start();
		while (this.ahead.length < count && this.rest) await this.fetch();
		return this.ahead.slice(0, count);
	}

	/** All pages, those looked at before included; once. */
	async *pages(): AsyncGenerator<SystemRecord[]> {
		await this.start();
		for (;;) {
			if (this.ahead.length === 0 && this.rest) await this.fetch();
			const page = this.ahead.shift();
			if (!page) return;
			const due = this.due(page);
			if (due.length > 0 || page.length === 0 || this.isTracked) yield due;
		}
	}

	private due(page: SystemRecord[]): SystemRecord[] {
		const since = this.since;
		if (this.tracked) return page.filter((record) => !this.tracked!.shown.has(record));
		if (since === null || this.terms.shownFrom === null) return page;
		return page.filter(({ modifiedAt }) => modifiedAt === '' || Date.parse(modifiedAt) >= Date.parse(since));
	}

	/** What is read is told by the service itself: in the order in which it was written, and whether the filter selects it or not. */
	get isTracked(): boolean {
		return this.tracked !== null;
	}

	/** Once all pages are read: the link along which the service tells what comes after; null where changes are read by their stamps. */
	get nextLink(): string | null {
		return this.tracked?.link ?? null;
	}

	/** So many requests the service's own notes have taken. */
	get trackedPages(): number {
		return this.tracked?.pages ?? 0;
	}

	/** Ids that the service told as deleted since the last call. */
	takeDeleted(): string[] {
		return this.tracked?.takeDeleted() ?? [];
	}

	/** The watermark that the terms go by tells nothing any more, because a clock was set: what is read begins before it. */
	get beginsEarlier(): boolean {
		return this.earlier;
	}

	/** When the reading began; null where that is not known. */
	get beganAt(): ServiceTime | null {
		return this.begun;
	}

	/**
	 * Until when everything is dealt with once all pages are: when the reading began, in terms of the service's clock as it is now. Null where the
	 * service's answers do not tell the time.
	 */
	doneUntil(): ServiceTime | null {
		const now = this.serviceTime(this.clock.now());
		if (!this.begun || !now) return this.begun;
		// A clock that was set meanwhile: rows edited since are stamped as if it had been before.
		const fellBack = this.begun.ahead - now.ahead;
		const back = fellBack > STEADY_MS ? fellBack : 0;
		return { at: Math.min(this.begun.at - back, now.at), ahead: this.begun.ahead - back };
	}

	private async start(): Promise<void> {
		if (this.started) return;
		this.started = true;
		const { query, link, shown = [] } = this.terms;
		const ours = this.clock.now();
		if (link !== null && this.system.readTracked) {
			this.tracked = new TrackedChanges(this.system, { table: query.table, fields: query.fields, shown }, link);
			this.rest = this.tracked[Symbol.asyncIterator]();
			await this.fetch();
			this.begun = this.serviceTime(ours);
			if (this.isTracked) return;
		}
		await this.startByStamps();
	}

	private async startByStamps(): Promise<void> {
		const { query, mark, overlapMs } = this.terms;
		const ours = this.clock.now();
		const sinceNow = (time: ServiceTime | null) => (mark ? sinceOf(mark, overlapMs, time, this.clock.now()) : null);
		let since = sinceNow(this.serviceTime(ours));
		this.open(since ? since.stamp : query.since);
		await this.fetch();
		this.begun = this.serviceTime(ours);
		const told = this.begun && sinceNow(this.begun);
		if (since && told && isEarlier(told.stamp, since.stamp)) {
			this.ahead = [];
			this.open(told.stamp);
			await this.fetch();
			since = told;
		}
		this.earlier = since?.earlier ?? false;
	}

	private open(since: string | null): void {
		const { query, shownFrom } = this.terms;
		this.since = since;
		const from = shownFrom !== null && isEarlier(shownFrom, since) ? shownFrom : since;
		this.rest = this.system.readChanges({ ...query, since: from })[Symbol.asyncIterator]();
	}

	private async fetch(): Promise<void> {
		let next: IteratorResult<SystemRecord[]>;
		try {
			next = await this.rest!.next();
		} catch (error) {
			if (!this.tracked || !isTrackingLost(error)) throw error;
			// What was read along the link is known when it comes again.
			const midway = this.tracked.pages > 0;
			this.tracked = null;
			this.rest = null;
			if (midway) await this.startByStamps();
			return;
		}
		if (next.done) {
			this.rest = null;
			return;
		}
		this.ahead.push(next.value);
		if (this.tracked) return;
		// Rows that only show something fill a page, and more may follow: one page of them is enough.
		const { query, shownFrom } = this.terms;
		if (shownFrom === null || next.value.length < FULL_PAGE || this.due(next.value).length > 0) return;
		this.rest = this.system.readChanges({ ...query, since: this.since })[Symbol.asyncIterator]();
	}

	/** What time it was at the service when our clock showed `ours`; never later than it is now, whatever happened to our clock since. */
	private serviceTime(ours: number): ServiceTime | null {
		const now = this.system.serviceNow();
		if (now === null) return null;
		const ahead = now - this.clock.now();
		return { at: Math.min(ours + ahead, now), ahead };
	}
}
