import { z } from 'zod/v4';
import { SyncError } from '../../model/errors';
import type { BatchPart, PartAnswer } from '../odata/batch';
import { type BatchRunner, fixedSize } from '../odata/batchRunner';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError, serviceText, unreadableError } from '../odata/errors';
import { queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';
import type { Reader } from './reader';
import { speaksOf } from './speaksOf';
import type { TableSource } from '../../model/record';

/** 5,000 rows are the largest page of the service. */
const HEADERS = { Prefer: 'odata.track-changes,odata.maxpagesize=5000' };
const PARTS_PER_REQUEST = 500;
/** ObjectDoesNotExist ("Web service error codes"). */
const ROW_MISSING = /^0x80040217$/i;
/** ExpiredVersionStamp, also said of tokens it cannot read. */
const TOKEN_EXPIRED = /\(0x80044352\)/i;

const page = z.object({
	value: z.array(z.record(z.string(), z.unknown())),
	'@odata.nextLink': z.string().optional(),
	'@odata.deltaLink': z.string().optional(),
});

/**
 * What Dataverse tells about rows that are gone: by asking for them, and by its change tracking
 * ("Use change tracking to synchronize data with external systems").
 */
export class Deletions {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly reader: Reader,
		private readonly root: string,
	) {}

	/**
	 * Those of the rows that exist. A query leaves out rows the user may not see, so each row it does not show is asked for by itself: a deleted
	 * one is 404, one that is merely hidden is refused with 403.
	 */
	async existing(table: TableSource, ids: readonly string[], filter: string | null): Promise<Set<string>> {
		const found = await this.reader.idsAmong(table, ids, filter);
		if (filter !== null) return found;
		const hidden = ids.filter((id) => !found.has(id));
		if (hidden.length === 0) return found;
		const { set, primaryId } = await this.reader.shape(table, []);
		const path = `${new URL(this.root).pathname}/${set}`;
		const parts = hidden.map((id): BatchPart => ({
			method: 'GET',
			url: `${path}(${id})${queryString({ $select: primaryId })}`,
			headers: PART_HEADERS,
			rowId: id,
		}));
		const call = { url: `${this.root}/$batch`, table: table.name, repeatable: true, reading: true, sizer: fixedSize(PARTS_PER_REQUEST) };
		const answers = await this.runner.run(parts, call);
		hidden.forEach((id, index) => {
			if (!this.isGone(table, id, answers[index]!)) found.add(id);
		});
		return found;
	}

	/** Walks over the ids of the table once, which is what the service asks for before it gives a token; null when it gives none. */
	async startTracking(table: TableSource, mostPages: number): Promise<string | null> {
		const { set, primaryId } = await this.reader.shape(table, []);
		let link: string | null = `${this.root}/${set}${queryString({ $select: primaryId })}`;
		try {
			for (let pages = 0; link !== null && pages < mostPages; pages++) {
				const read = await this.page(link, table);
				if (read.deltaLink !== null) return this.token(read.deltaLink);
				link = read.nextLink;
			}
			return null;
		} catch (error) {
			// Not switched on for the table, or the user lacks the organization-wide right to read it: then there are other ways.
			if (error instanceof SyncError && [400, 403, 405, 501].includes(error.httpStatus ?? 0)) return null;
			throw error;
		}
	}

	async *since(table: TableSource, token: string): AsyncGenerator<string[], string | null> {
		let link: string | null = this.root + token;
		while (link !== null) {
			let read;
			try {
				read = await this.page(link, table);
			} catch (error) {
				if (error instanceof SyncError && isUseless(error)) return null;
				throw error;
			}
			if (read.deleted.length > 0) yield read.deleted;
			if (read.deltaLink !== null) return this.token(read.deltaLink);
			link = read.nextLink;
		}
		return null;
	}

	private isGone(table: TableSource, id: string, answer: PartAnswer | NoAnswer): boolean {
		const context = this.connection.context(true, table.name);
		if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
		if (answer.status === 200 || answer.status === 403) return false;
		// Code that runs with the read may miss another row.
		if (answer.status === 404 && ROW_MISSING.test(serviceText(answer.body).code)) return speaksOf(answer, id);
		throw serviceError(answer, context);
	}

	private async page(link: string, table: TableSource): Promise<{ deleted: string[]; nextLink: string | null; deltaLink: string | null }> {
		this.connection.assertOwn(link, table.name);
		const parsed = page.safeParse(await this.connection.getJson(link, { table: table.name, headers: HEADERS }));
		if (!parsed.success || parsed.data['@odata.nextLink'] === link) {
			throw unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, table.name));
		}
		const deleted = parsed.data.value.flatMap((row) =>
			row['reason'] === 'deleted' && typeof row['id'] === 'string' && String(row['@odata.context'] ?? '').endsWith('/$deletedEntity')
				? [row['id'].toLowerCase()]
				: [],
		);
		return { deleted, nextLink: parsed.data['@odata.nextLink'] ?? null, deltaLink: parsed.data['@odata.deltaLink'] ?? null };
	}

	/** Kept without the address, which the connection knows; a link of another address is refused. */
	private token(deltaLink: string): string | null {
		this.connection.assertOwn(deltaLink);
		return deltaLink.startsWith(this.root) ? deltaLink.slice(this.root.length) : null;
	}
}

/** The token is too old, or tracking was taken from the table or the user since it was given. */
const isUseless = (error: SyncError): boolean => TOKEN_EXPIRED.test(error.message) || [400, 403].includes(error.httpStatus ?? 0);
