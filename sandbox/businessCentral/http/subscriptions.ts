import { randomUUID } from 'node:crypto';
import { badRequest, badToken, changed, notAllowed, notFound, readOnly, unknownProperty } from '../errors';
import { apiViews } from '../model/schema';
import { typeName } from '../model/view';
import { entityWriter, readQuery } from '../read/entity';
import { etagOf } from '../read/values';
import type { Webhooks } from '../webhooks';
import { parseKey, unquote } from './address';
import { answer, type Answer } from './answer';
import { isEtag } from './etag';
import { checkHeaders } from './headers';
import type { Operation } from './operation';
import { checkOptions } from './queryOptions';
import type { ServiceState } from './state';

const writable = new Set(['notificationUrl', 'resource', 'clientState']);
const table = 'API Webhook Subscription';

/** POST and PATCH of subscriptions: both run the handshake; PATCH renews. */
export async function changeSubscription(operation: Operation, state: ServiceState, webhooks: Webhooks): Promise<Answer> {
	const { platform } = state;
	const view = apiViews.get('subscriptions')!;
	const key = operation.address.segments[0]?.key ?? null;
	if ((operation.method === 'POST') !== (key === null) || operation.address.segments.length > 1) throw notAllowed(operation.method);
	state.permissions.require(operation.user, key === null ? 'Insert' : 'Modify', view);
	const id = key === null ? randomUUID().replaceAll('-', '') : unquote(parseKey(key).single ?? '').toLowerCase();
	const before = key === null ? undefined : platform.table(table).get(id);
	if (key !== null && !before) throw notFound();
	if (before) {
		const sent = operation.headers['if-match']?.trim();
		if (!isEtag(sent)) throw badToken();
		if (sent !== '*' && sent !== etagOf(view, before, platform)) throw changed();
	}
	checkHeaders(operation.method, operation.headers, false);
	checkOptions(operation.address.query, 'written');
	const body = readBody(operation.body);
	for (const name of Object.keys(body)) {
		if (!view.byName.has(name)) throw unknownProperty(name, typeName(view));
		if (!writable.has(name)) throw readOnly(name);
	}
	const fields = await webhooks.confirmed(body, before, state.companies());
	const all = { ...fields, 'Subscription Id': id };
	const row = before ? platform.modify(table, before, all, operation.user) : platform.insert(table, all, operation.user, id);
	const entity = {
		'@odata.context': `${operation.address.root}/$metadata#subscriptions/$entity`,
		...entityWriter(view, readQuery(operation.address.query), platform, operation.address.root)(row),
	};
	return answer(before ? 200 : 201, entity, 1);
}

function readBody(text: string): Record<string, unknown> {
	try {
		const body: unknown = JSON.parse(text || '{}');
		if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
	} catch {
		// Refused below.
	}
	throw badRequest('The request body is not well formed JSON.');
}
