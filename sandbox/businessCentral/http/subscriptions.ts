import { randomUUID } from 'node:crypto';
import { badRequest, badToken, changed, notFound } from '../errors';
import { apiViews } from '../model/schema';
import { entityWriter, readQuery } from '../read/entity';
import { etagOf } from '../read/values';
import type { Webhooks } from '../webhooks';
import { parseKey } from './address';
import { answer, type Answer } from './answer';
import type { Operation } from './operation';
import type { ServiceState } from './state';

const table = 'API Webhook Subscription';

/** POST and PATCH of subscriptions: both run the handshake; PATCH renews (facts §10). */
export async function changeSubscription(operation: Operation, state: ServiceState, webhooks: Webhooks): Promise<Answer> {
	const { platform } = state;
	const view = apiViews.get('subscriptions')!;
	const key = operation.address.segments[0]?.key ?? null;
	const id = key === null ? randomUUID() : (parseKey(key).single ?? '').toLowerCase();
	const before = key === null ? undefined : platform.table(table).get(id);
	if (key !== null && !before) throw notFound();
	if (before) {
		const sent = operation.headers['if-match'];
		if (sent === undefined) throw badToken();
		if (sent !== '*' && sent !== etagOf(view, before, platform)) throw changed();
	}
	const fields = await webhooks.confirmed(readBody(operation.body), before, state.companies());
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
