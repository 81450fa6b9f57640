import { z } from 'zod/v4';
import { SyncError } from '../../../model/errors';
import type { Connection } from '../../odata/connection';
import { queryString } from '../../odata/literals';
import { serviceError, unreadableError } from '../../odata/errors';
import type { Addresses } from '../address';

/** Under which codeunit 7241 is published (microsoft/BCApps, MasterDataMgtUpgrade.Codeunit.al). */
export const FEED_SERVICE = 'MDMCrossEnvSource';

/** The service gives a request up after 8 minutes ("Operational limits for Business Central online"). */
const TIMEOUT_MS = 480_000;

const capabilities = z.object({ version: z.number().optional().catch(undefined), features: z.array(z.unknown()) });
const answer = z.object({
	consentRequired: z.boolean().optional().catch(undefined),
	tableAvailable: z.boolean().optional().catch(undefined),
	indexed: z.boolean().optional().catch(undefined),
	unavailableFields: z.array(z.number()).optional().catch(undefined),
	records: z.array(z.custom<FeedRecord>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))).optional(),
	hasMore: z.boolean().optional(),
	nextCursor: z.record(z.string(), z.unknown()).optional(),
});

/** As the service sends it; nothing of it is certain. */
export type FeedRecord = Readonly<{ systemId?: unknown; systemModifiedAt?: unknown; fields?: unknown }>;
export type FeedAnswer = z.infer<typeof answer>;

/** What `GetRecords` is asked: fields by number; from a cursor on, or single records. */
export interface FeedQuestion {
	tableNo: number;
	fieldNos: readonly number[];
	/** A cursor as an answer gave it, `{}` for the beginning, or `{ systemIds }`. */
	selector: Readonly<Record<string, unknown>>;
	/** 1,000 at most. */
	pageSize: number;
}

/**
 * Calls the actions of the change feed: JSON goes in as texts, and JSON comes out in the text `value` (microsoft/BCApps, MDMCrossEnvSourceAPI.Codeunit.al
 * and MDMHttpSourceTransport.Codeunit.al). They change nothing.
 */
export class FeedClient {
	/** The company by its name, where the service does not know it by its id. */
	private named: string | null = null;

	constructor(
		private readonly connection: Connection,
		private readonly addresses: Addresses,
	) {}

	/** Names of what the service can do. Throws SyncError. */
	async features(): Promise<ReadonlySet<string>> {
		const found = capabilities.safeParse(await this.call('GetCapabilities', {}));
		if (!found.success) throw this.unreadable();
		return new Set(found.data.features.filter((each) => typeof each === 'string'));
	}

	/** One answer of `GetRecords`, whatever it says. Throws SyncError. */
	async records({ tableNo, fieldNos, selector, pageSize }: FeedQuestion): Promise<FeedAnswer> {
		const found = answer.safeParse(
			await this.call('GetRecords', {
				tableId: tableNo,
				fieldIds: JSON.stringify(fieldNos),
				selector: JSON.stringify(selector),
				pageSize,
				// Rows are chosen here: what the service makes of a view of AL is not documented, and a row it leaves out would count as deleted.
				filter: '',
			}),
		);
		if (!found.success) throw this.unreadable();
		return found.data;
	}

	/** The answer to what should be a success, and cannot be read. */
	unreadable(): SyncError {
		return unreadableError({ status: 200, headers: {}, body: null }, this.connection.context(true, FEED_SERVICE));
	}

	private async call(action: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
		try {
			return await this.post(action, parameters);
		} catch (error) {
			if (this.named !== null || !(error instanceof SyncError) || !/CompanyNotFound/.test(error.message)) throw error;
			// The service's own client names the company; whether its id is taken on every release is not documented.
			const { apiRoot, companyId } = this.addresses;
			const rows = await this.connection.all(`${apiRoot}/companies${queryString({ $select: 'id,name' })}`, { table: 'companies' });
			const name = rows.find(({ id }) => String(id).toLowerCase() === companyId.toLowerCase())?.['name'];
			if (typeof name !== 'string') throw error;
			this.named = name;
			return await this.post(action, parameters);
		}
	}

	private async post(action: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
		const { odataRoot, companyId } = this.addresses;
		const context = this.connection.context(true, FEED_SERVICE);
		const response = await this.connection
			.exchange({
				method: 'POST',
				url: `${odataRoot}/${FEED_SERVICE}_${action}?company=${encodeURIComponent(this.named ?? companyId)}`,
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify(parameters),
				expects: 'json',
				repeatable: true,
				reading: true,
				timeoutMs: TIMEOUT_MS,
			})
			.catch((error: unknown) => {
				throw this.connection.failure(error, true, FEED_SERVICE);
			});
		if (response.status !== 200) throw serviceError(response, context);
		const value = (response.json as { value?: unknown } | null | undefined)?.value;
		if (typeof value !== 'string') return response.json;
		try {
			return JSON.parse(value);
		} catch {
			throw this.unreadable();
		}
	}
}
