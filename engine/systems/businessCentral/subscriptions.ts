import type { TableSource } from '../../model/record';
import type { RemoteSubscription, Subscriptions } from '../../ports/webhooks';
import type { Connection } from '../odata/connection';
import { readRow, type Row } from '../odata/envelope';
import { serviceError, unreadableError } from '../odata/errors';
import type { ServiceResponse } from '../odata/pipeline';
import type { HttpRequest } from '../odata/transport';
import type { Addresses } from './address';
import { primarySet } from './primary';

const TABLE = 'subscriptions';
/** The service answers once the address has answered it, which may take 5 s. */
const TIMEOUT_MS = 60_000;
/** What may be wrong has nothing to do with records. */
const REMEDY =
	'Where the address did not answer: Business Central must reach it from outside, and a proxy must let POST and GET through. Where all subscriptions of the environment are used up: delete those that nobody needs.';

/**
 * See `Subscriptions`. Each API has subscriptions of its own pages under its own root.
 * Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/dynamics-subscriptions
 * @param look finds out, where it matters, whether the extension shows the table
 */
export class BusinessCentralSubscriptions implements Subscriptions {
	constructor(
		private readonly connection: Connection,
		private readonly addresses: Addresses,
		private readonly look: (table: TableSource) => Promise<void>,
	) {}

	async resourceOf(table: TableSource): Promise<string | null> {
		await this.look(table);
		const { root, path, stamped, extension } = primarySet(this.addresses, table);
		return stamped || extension ? apiPath(`${root}/${path}`) : null;
	}

	async list(resources: readonly string[]): Promise<RemoteSubscription[]> {
		const found = new Map<string, RemoteSubscription>();
		for (const root of new Set([this.addresses.apiRoot, ...resources.map((resource) => this.rootOf(resource))]))
			for (const row of await this.connection.all(`${root}/${TABLE}`, { table: TABLE })) {
				const one = remoteOf(row);
				if (one) found.set(one.id, one);
			}
		return [...found.values()];
	}

	async create({ url, resource, clientState }: { url: string; resource: string; clientState: string }): Promise<RemoteSubscription> {
		const body = { notificationUrl: url, resource, clientState };
		const response = await this.send('POST', `${this.rootOf(resource)}/${TABLE}`, { body });
		return this.read(response);
	}

	async renew(
		{ id, resource, etag }: { id: string; resource: string; etag: string | null },
		{ url, clientState }: { url?: string; clientState?: string },
	): Promise<RemoteSubscription | null> {
		const body = { ...(url === undefined ? {} : { notificationUrl: url }), ...(clientState === undefined ? {} : { clientState }) };
		const send = (version: string) => this.send('PATCH', this.addressOf(id, resource), { body, version, missing: true });
		let response = await send(etag ?? '*');
		// Somebody else renewed it meanwhile, or the service counts up by itself: that it lasts is all that matters.
		if ((response.status === 409 || response.status === 412) && etag !== null) response = await send('*');
		return response.status === 404 ? null : this.read(response);
	}

	async remove({ id, resource }: { id: string; resource: string }): Promise<void> {
		await this.send('DELETE', this.addressOf(id, resource), { version: '*', missing: true });
	}

	/** Where the API of a resource is; that of another place than the credential's is never asked. */
	private rootOf(resource: string): string {
		const [, route] = /\/api\/(.+?)\/companies\(/i.exec(resource) ?? [];
		const base = this.addresses.apiRoot.replace(/\/api\/.*$/i, '');
		return route === undefined ? this.addresses.apiRoot : `${base}/api/${route}`;
	}

	private addressOf(id: string, resource: string): string {
		return `${this.rootOf(resource)}/${TABLE}('${encodeURIComponent(id.replaceAll("'", "''"))}')`;
	}

	private async send(
		method: HttpRequest['method'],
		url: string,
		{ body, version, missing = false }: { body?: object; version?: string; missing?: boolean },
	): Promise<ServiceResponse> {
		const headers = { ...(body ? { 'Content-Type': 'application/json' } : {}), ...(version === undefined ? {} : { 'If-Match': version }) };
		let response: ServiceResponse;
		try {
			response = await this.connection.exchange({
				method,
				url,
				headers,
				...(body ? { body: JSON.stringify(body) } : {}),
				expects: method === 'DELETE' ? 'text' : 'json',
				// A second POST would make a second subscription; it is found and removed by comparison.
				repeatable: method !== 'POST',
				timeoutMs: TIMEOUT_MS,
			});
		} catch (error) {
			throw this.connection.failure(error, false, TABLE);
		}
		const isFine = (response.status >= 200 && response.status < 300) || (missing && response.status === 404);
		const isStale = version !== undefined && version !== '*' && (response.status === 409 || response.status === 412);
		if (isFine || isStale) return response;
		const error = serviceError(response, this.connection.context(true, TABLE));
		throw error.code === 'BC_BAD_REQUEST' ? error.with({ hint: REMEDY }) : error;
	}

	private read(response: ServiceResponse): RemoteSubscription {
		const row = readRow(response.json);
		const read = row === null ? null : remoteOf(row);
		if (read === null) throw unreadableError(response, this.connection.context(true, TABLE));
		return read;
	}
}

function remoteOf(row: Row): RemoteSubscription | null {
	const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '');
	const id = text('subscriptionId');
	if (id === '') return null;
	const expires = Date.parse(text('expirationDateTime'));
	return {
		id,
		resource: apiPath(text('resource')),
		url: text('notificationUrl'),
		clientState: text('clientState'),
		etag: text('@odata.etag') || null,
		expiresMs: Number.isNaN(expires) ? null : expires,
	};
}

/** The service takes and shows resources as whole addresses and as paths; from `/api/` on they are alike. */
function apiPath(address: string): string {
	const at = `/${address}`.search(/\/api\//i);
	return at < 0 ? address : `/${address}`.slice(at);
}
