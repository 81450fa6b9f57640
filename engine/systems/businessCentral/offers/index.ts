import type { Clock } from '../../../ports/clock';
import type { CompanionSource, FieldName, TableSource } from '../../../model/record';
import { SyncError } from '../../../model/errors';
import { keyTableOf, pageOf } from '../../../model/recordIdentity';
import type { Log } from '../../../ports/session';
import type { SurfaceMemory } from '../../../ports/surfaceMemory';
import type { Connection } from '../../odata/connection';
import { KNOWN_FIELDS_LIFE_MS } from '../../odata/knownFields';
import { type Addresses, extensionPageOf, extensionRoot } from '../address';
import { withPages } from '../changeFeed/askFeed';
import type { FeedClient } from '../changeFeed/client';
import { type FeedPage, NO_FEED } from '../changeFeed/offer';
import { feedNameOf } from '../changeFeed/serves';
import { EXTENSION_PAGES } from '../extensionPages';
import { clearDocuments, documentAfresh, optionalDocument } from '../metadata';
import { NOTHING_SEEN, type Offered, offerOf, offerText } from './offered';

/** What environments offer, across sessions of one process. */
const seen = new Map<string, Offered>();

/** Forgets the metadata of all environments, and what they offer. */
export function clearBusinessCentralMetadata(): void {
	clearDocuments();
	seen.clear();
}

/** Whether the rows of the table, or any of the fields, could be those of a page of the extension. */
const mayUseExtension = (table: TableSource, fields: readonly FieldName[]): boolean =>
	(pageOf(table) !== undefined && keyTableOf(table) in EXTENSION_PAGES) ||
	(fields.some((field) => field.includes('/')) &&
		(table.companions ?? []).some(({ service, standardName }) => (standardName ?? service) in EXTENSION_PAGES));

const usualName = (source: TableSource | CompanionSource): string =>
	'service' in source ? (source.standardName ?? source.service) : keyTableOf(source);

/**
 * What the environment of a session offers: whether the extension is there, and what of the change feed. Remembered for a day, by the process and in the
 * store, which other processes share; looked at again at once when an answer contradicts it. The addresses of the session are told.
 */
export class Offers {
	private offered: Offered = NOTHING_SEEN;
	private readonly environment: string;
	private recalled: Promise<void> | null = null;
	private looking: Promise<void> | null = null;
	/** It was looked at in this session, so that nothing newer can be had. */
	private fresh = false;

	constructor(
		private readonly connection: Connection,
		private readonly addresses: Addresses,
		private readonly client: FeedClient,
		private readonly tell: { clock: Clock; log: Log; memory: () => SurfaceMemory | null },
	) {
		this.environment = `${connection.addressed(addresses.apiRoot)} ${addresses.odataRoot} ${addresses.companyId.toLowerCase()}`;
	}

	/** Whether what is believed was seen before this session asked, so that it may be out of date. */
	get mayBeOld(): boolean {
		return !this.fresh;
	}

	/** Before rows or fields are asked for: where they are read and written is decided by what there is. */
	async look(table: TableSource, fields: readonly FieldName[]): Promise<void> {
		if (!mayUseExtension(table, fields)) return;
		await this.lookForExtension();
		const name = feedNameOf(this.addresses, table);
		if (name !== null && !extensionPageOf(this.addresses, name)) await this.askFeed([name]);
	}

	/** What the change feed says of pages, by their usual service names. */
	async askFeed(names: readonly string[]): Promise<void> {
		await this.recall();
		const before = this.offered.feed;
		const feed = await withPages(this.client, before, names);
		const seenAt = feed.there === null ? null : (before.seenAt ?? this.tell.clock.now());
		if (feed !== before) await this.keep({ ...this.offered, feed: { ...feed, seenAt } });
	}

	/** The page of a table that mappings write is not there, or it is back. */
	async markAway(service: string, isAway: boolean): Promise<void> {
		const away = new Set(this.offered.away);
		if (isAway) away.add(service);
		else away.delete(service);
		if (away.size !== this.offered.away.size) await this.keep({ ...this.offered, away });
	}

	/** A page of the feed turned out not to be served. */
	async refuse(name: string, refused: 'consent' | 'permission' | 'table' | 'size'): Promise<void> {
		const pages = new Map(this.offered.feed.pages).set(name, { refused });
		await this.keep({ ...this.offered, feed: { ...this.offered.feed, pages } });
	}

	/**
	 * What was remembered of the extension, and of the feed for this table, does not count: it is asked once more, also what was looked at in this session.
	 * `everything`: nothing else that was remembered counts either.
	 */
	async lookAgain(table: TableSource, fields: readonly FieldName[], everything = false): Promise<void> {
		const { feed } = this.offered;
		const away = new Set([...this.offered.away].filter((service) => !everything && service !== table.name));
		const own = new Set([table, ...(table.companions ?? [])].map((each) => usualName(each)));
		// Those that were too large stay so: the feed says it only when it is read.
		const stays = ([name, page]: [string, FeedPage]): boolean =>
			('refused' in page && page.refused === 'size') || (!everything && feed.there === true && !own.has(name));
		const pages = new Map([...feed.pages].filter(stays));
		this.recalled = Promise.resolve();
		this.offered = { ...NOTHING_SEEN, away, feed: feed.there === true && !everything ? { ...feed, pages } : { ...NO_FEED, pages } };
		documentAfresh(this.connection, extensionRoot(this.addresses));
		await this.look(table, fields);
	}

	/** Nothing that was remembered counts from now on: somebody wants to know how it is. */
	forget(): void {
		seen.delete(this.environment);
		this.recalled = Promise.resolve();
		this.fresh = false;
		this.believe(NOTHING_SEEN);
	}

	/** Asks whether the extension is there, unless that is known of today. */
	async lookForExtension(): Promise<void> {
		await this.recall();
		if (this.offered.seenAt !== null) return;
		this.looking ??= this.seeExtension().finally(() => {
			this.looking = null;
		});
		await this.looking;
	}

	/** One request, whatever the answer. Where metadata may not be read the extension counts as not there. */
	private async seeExtension(): Promise<void> {
		const { clock } = this.tell;
		const document = await optionalDocument(this.connection, extensionRoot(this.addresses), clock);
		const extension = new Map<string, ReadonlySet<string>>();
		for (const set of new Set(Object.values(EXTENSION_PAGES).map((page) => page.set))) {
			const properties = document?.propertiesOf(set) ?? null;
			if (properties !== null) extension.set(set, new Set(properties.map(({ name }) => name)));
		}
		this.fresh = true;
		await this.keep({ ...this.offered, seenAt: clock.now(), extension });
	}

	/** What this process, or another one, saw within the day: the newer of both. */
	private recall(): Promise<void> {
		this.recalled ??= this.recallNow();
		return this.recalled;
	}

	private async recallNow(): Promise<void> {
		const known = [seen.get(this.environment), await this.stored()].filter((each) => each && this.holds(each)) as Offered[];
		known.sort((one, other) => other.seenAt! - one.seenAt!);
		const [newest] = known;
		if (newest) this.believe(this.holds(newest.feed) ? newest : { ...newest, feed: NO_FEED });
	}

	private holds({ seenAt }: Pick<Offered, 'seenAt'>): boolean {
		// A moment that is still to come is that of another clock.
		const age = seenAt === null ? Infinity : this.tell.clock.now() - seenAt;
		return age >= 0 && age < KNOWN_FIELDS_LIFE_MS;
	}

	private async stored(): Promise<Offered | null> {
		const found = await this.quietly(async (memory) => await memory.surfaceOffer());
		return found?.environment === this.environment ? offerOf(found.offer, found.seenAt) : null;
	}

	private async keep(offered: Offered): Promise<void> {
		this.believe(offered);
		const { seenAt } = offered;
		if (seenAt === null) return;
		await this.quietly(
			async (memory) => await memory.saveSurfaceOffer({ environment: this.environment, seenAt, offer: offerText(offered) }),
		);
	}

	private believe(offered: Offered): void {
		this.offered = offered;
		this.addresses.offered = offered.extension;
		this.addresses.feed = offered.feed;
		this.addresses.away = offered.away;
		if (offered.seenAt !== null) seen.set(this.environment, offered);
	}

	/** A hint that cannot be read or kept costs requests; what is wrong with the store, the run itself says. */
	private async quietly<T>(task: (memory: SurfaceMemory) => Promise<T>): Promise<T | null> {
		const memory = this.tell.memory();
		if (!memory) return null;
		try {
			return await task(memory);
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			this.tell.log('debug', `What Business Central offers could not be remembered: ${error.message}`);
			return null;
		}
	}
}
