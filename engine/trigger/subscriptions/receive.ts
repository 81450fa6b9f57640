import type { TriggerSignal, TriggerSubscription } from '../../model/trigger';
import type { TriggerMailbox } from '../../ports/triggerMailbox';
import { ENDPOINT } from './dataverse';
import { hashOf, isSameHash, SECRET_HEADER } from './secret';
import { mappingsOf } from './wanted';

/** A request to the address of a trigger, as it came. */
export interface WebhookRequest {
	/** Names in lower case. */
	headers: Readonly<Record<string, unknown>>;
	query: Readonly<Record<string, unknown>>;
	/** Parsed, where it was JSON. */
	body: unknown;
}

export interface WebhookAnswer {
	status: 200 | 401 | 503;
	/** Text; empty in all answers but that of a handshake. */
	body: string;
	/** What was told and believed; empty where nothing was. */
	signals: readonly TriggerSignal[];
}

/** Longer tokens are nobody's. */
const LONGEST_TOKEN = 512;
/** Business Central has no more subscriptions than this in an environment; who sends more is somebody else. */
const MOST_STATES = 200;

/**
 * Answers a request to the address of a trigger. Nothing is fetched or run: what is believed is noted as a signal, one row for each mapping and side however
 * often it is told. The body decides nothing but which mapping that is.
 *
 * 401 lets Business Central delete a subscription that nobody knows any more, and 503 lets both services try again
 * (https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/dynamics-subscriptions).
 * @param now epoch milliseconds
 */
export async function receiveWebhook(mailbox: TriggerMailbox, request: WebhookRequest, now: number): Promise<WebhookAnswer> {
	const rows = await mailbox.subscriptions();
	const token = request.query['validationToken'];
	if (token !== undefined) return handshake(rows, token, now);
	const told = toldBy(rows, request);
	if (told.length === 0) return { status: 401, body: '', signals: [] };
	const signals = signalsOf(told, now);
	await mailbox.note(signals, told, now);
	return { status: 200, body: '', signals };
}

/** Only while one is expected: an address that echoes at any time could be made to say anything. */
function handshake(rows: readonly TriggerSubscription[], token: unknown, now: number): WebhookAnswer {
	const isOpen = rows.some(({ handshakeUntilMs }) => handshakeUntilMs !== null && handshakeUntilMs >= now);
	const isToken = typeof token === 'string' && token.length > 0 && token.length <= LONGEST_TOKEN;
	return isOpen && isToken ? { status: 200, body: token, signals: [] } : { status: 401, body: '', signals: [] };
}

/** The subscriptions that the request proves to come from. */
function toldBy(rows: readonly TriggerSubscription[], { headers, body }: WebhookRequest): TriggerSubscription[] {
	const secret = headers[SECRET_HEADER];
	if (typeof secret === 'string') {
		const endpoint = rows.find(({ side, resource }) => side === 'crm' && resource === ENDPOINT);
		if (!endpoint || !isSameHash(hashOf(secret), endpoint.secretHash)) return [];
		const table = textOf(body, 'PrimaryEntityName') ?? textOf(headers, 'x-ms-dynamics-entity-name');
		const row = rows.find(({ side, resource }) => side === 'crm' && resource !== ENDPOINT && resource === table);
		return row ? [endpoint, row] : [endpoint];
	}
	const hashes = [...statesIn(body)].map(hashOf);
	return rows.filter(({ side, secretHash }) => side === 'businessCentral' && hashes.some((hash) => isSameHash(hash, secretHash)));
}

/** Notifications of several subscriptions come together. */
function statesIn(body: unknown): Set<string> {
	const states = new Set<string>();
	const entries: unknown[] = isObject(body) && Array.isArray(body['value']) ? body['value'] : [];
	for (const entry of entries) {
		const state = textOf(entry, 'clientState');
		if (state !== null) states.add(state);
		if (states.size >= MOST_STATES) break;
	}
	return states;
}

/** The endpoint alone stands for all mappings; where a table is known, for those of that table. */
function signalsOf(told: readonly TriggerSubscription[], now: number): TriggerSignal[] {
	const tables = told.filter(({ resource }) => resource !== ENDPOINT);
	const named = tables.length > 0 ? tables : told;
	return named.flatMap(({ side, mapping }) =>
		mappingsOf(mapping).map((each) => ({ mapping: each, side, count: 1, firstMs: now, lastMs: now })),
	);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const textOf = (value: unknown, name: string): string | null => {
	const text = isObject(value) ? value[name] : null;
	return typeof text === 'string' ? text : null;
};
