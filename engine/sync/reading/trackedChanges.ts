import type { SystemRecord } from '../../model/record';
import type { RecordSystem, TrackedQuery } from '../../ports/recordSystem';
import { EndlessLinks } from './linkLost';

/** What a service noted by itself since it gave a link, page by page. */
export class TrackedChanges implements AsyncIterable<SystemRecord[]> {
	/** Where the next page is; at the end, what changes from then on. */
	link: string;
	/** Read so far. */
	pages = 0;
	/** Rows of the first page that are only shown. */
	shown: ReadonlySet<SystemRecord> = new Set();
	private deleted: string[] = [];

	constructor(
		private readonly system: RecordSystem,
		private readonly question: Pick<TrackedQuery, 'table' | 'fields' | 'shown'>,
		link: string,
	) {
		this.link = link;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<SystemRecord[]> {
		const seen = new Set<string>();
		for (let more = true; more;) {
			if (seen.has(this.link)) throw new EndlessLinks();
			seen.add(this.link);
			const { table, fields, shown = [] } = this.question;
			const page = await this.system.readTracked!({ table, fields, from: this.link, shown: this.pages === 0 ? shown : [] });
			this.pages++;
			this.link = page.link;
			this.deleted.push(...page.deleted);
			more = page.more;
			if (page.shown.length > 0) this.shown = new Set(page.shown);
			yield [...page.records, ...page.shown];
		}
	}

	/** Ids told as deleted since the last call. */
	takeDeleted(): string[] {
		const taken = this.deleted;
		this.deleted = [];
		return taken;
	}
}
