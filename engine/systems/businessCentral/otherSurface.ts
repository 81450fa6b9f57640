import type { FieldName, TableSource } from '../../model/record';
import { pageOf } from '../../model/recordIdentity';
import { SyncError } from '../../model/errors';
import type { Clock } from '../../ports/clock';
import type { Connection } from '../odata/connection';
import type { Addresses } from './address';
import { feedReadOnly, FeedRefused, feedSilent, feedTooLarge } from './changeFeed/errors';
import { feedNameOf } from './changeFeed/serves';
import { FEED_TABLES } from './changeFeed/tables';
import { wasSeen } from './fieldCheck';
import { companionFields } from './fields';
import { forgetPages, missingIn } from './metadata';
import type { Offers } from './offers';
import { surfaceGone } from './pageErrors';
import { primarySet } from './primary';

/**
 * What an environment offers is remembered for a day. An answer that contradicts it – a page, the extension or the change feed is gone – makes it looked at
 * again at once, and the same question is put to the next surface. Once for a question: whatever the second one answers, counts. Records that are known by
 * their SystemIds have no next surface: the run ends, and the next one knows them by their keys again before it reads.
 */
export class OtherSurface {
	/** Tables that answered in this session. */
	private readonly served = new Set<string>();

	constructor(
		private readonly connection: Connection,
		private readonly addresses: Addresses,
		private readonly clock: Clock,
		private readonly offers: Offers,
	) {}

	/** The answer to a question about rows of a table. */
	async once<T>(table: TableSource, fields: readonly FieldName[], question: () => Promise<T>): Promise<T> {
		try {
			const answer = await question();
			this.served.add(table.name);
			return answer;
		} catch (error) {
			await this.turn(table, fields, error);
			return await question().catch((second: unknown) => {
				throw toTell(this.addresses, table, second);
			});
		}
	}

	/** As `once`, for an answer of many parts: it begins anew. */
	async *pages<T>(table: TableSource, fields: readonly FieldName[], question: () => AsyncIterable<T>): AsyncGenerator<T> {
		try {
			yield* question();
			this.served.add(table.name);
		} catch (error) {
			await this.turn(table, fields, error);
			try {
				yield* question();
			} catch (second) {
				throw toTell(this.addresses, table, second);
			}
		}
	}

	/** Whether fields of companions are read elsewhere than before, once it was looked again. */
	async ofFields(table: TableSource, fields: readonly FieldName[]): Promise<boolean> {
		const places = (): string =>
			JSON.stringify(
				companionFields(this.addresses, table, fields).map(({ place, properties }) => [place.kind, place.service, properties]),
			);
		const before = places();
		await this.lookAgain(table, fields);
		return places() !== before;
	}

	/**
	 * Something is to be written after all to a table that is read through the change feed: by hand, for runs of its mapping write nothing. From now on the
	 * session reads and writes it on its published page, whose versions the service knows.
	 * @throws SyncError `BC_CHANGE_FEED_READ_ONLY` where there is none
	 */
	async toWriteOn(table: TableSource): Promise<void> {
		const { connection, addresses, clock, offers } = this;
		addresses.keptOnPages ??= new Set();
		addresses.keptOnPages.add(table.name);
		const found = await missingIn(connection, addresses, clock, { table, fields: [], offers });
		if (!(found instanceof SyncError)) return;
		addresses.keptOnPages.delete(table.name);
		throw feedReadOnly(table.name);
	}

	/** Turns to the next surface, or throws: the error itself where nothing has changed, else that nothing shows the table any more. */
	private async turn(table: TableSource, fields: readonly FieldName[], error: unknown): Promise<void> {
		if (!pageOf(table) || !isContradiction(error)) throw error;
		const before = this.surface(table);
		const wasThere = this.served.has(table.name) || wasSeen(this.connection, this.addresses, table, this.clock);
		if (error instanceof FeedRefused && error.why === 'size') await this.offers.refuse(feedNameOf(this.addresses, table)!, 'size');
		const nothing = await this.lookAgain(table, fields);
		if (nothing) {
			const no = error instanceof FeedRefused && error.why === 'size' ? FEED_TABLES[feedNameOf(this.addresses, table)!]!.tableNo : null;
			if (no !== null) throw feedTooLarge(table.name, no);
			throw wasThere && !SHOWN_OTHERWISE.has(nothing.code) ? surfaceGone(table, before, nothing) : nothing;
		}
		if (this.surface(table) === before && error instanceof SyncError) throw error;
	}

	/** The error where nothing shows the table. */
	private async lookAgain(table: TableSource, fields: readonly FieldName[]): Promise<SyncError | null> {
		const { connection, addresses, clock, offers } = this;
		forgetPages(connection, addresses);
		addresses.keptOnPages?.delete(table.name);
		await offers.lookAgain(table, fields);
		const found = await missingIn(connection, addresses, clock, { table, fields, offers });
		if (!(found instanceof SyncError)) return null;
		// All that is asked here is read; by its keys, which says nothing of records that are known by their SystemIds.
		return found.code === 'BC_CHANGE_FEED_READ_ONLY' && !table.extension ? null : found;
	}

	private surface(table: TableSource): 'extension' | 'changeFeed' | 'publishedPages' {
		const { extension, feed } = primarySet(this.addresses, table);
		return extension ? 'extension' : feed ? 'changeFeed' : 'publishedPages';
	}
}

/** The feed says it serves a table, and does not serve it. */
function toTell(addresses: Addresses, table: TableSource, error: unknown): unknown {
	if (!(error instanceof FeedRefused)) return error;
	const name = feedNameOf(addresses, table);
	return error.why === 'size' && name !== null ? feedTooLarge(table.name, FEED_TABLES[name]!.tableNo) : feedSilent(table.name);
}

/** The table is still shown, but not as this run needs it. */
const SHOWN_OTHERWISE: ReadonlySet<string> = new Set(['BC_EXTENSION_GONE', 'BC_CHANGE_FEED_READ_ONLY']);

/** What stood for the table is not there. */
const isContradiction = (error: unknown): boolean =>
	error instanceof FeedRefused ||
	(error instanceof SyncError &&
		error.httpStatus === 404 &&
		/^BC_(TABLE_NOT_FOUND|ADDRESS_NOT_FOUND|NOT_FOUND|REFUSED)$/.test(error.code)) ||
	(error instanceof SyncError && (error.code === 'BC_PAGE_NOT_PUBLISHED' || error.code === 'BC_EXTENSION_GONE'));
