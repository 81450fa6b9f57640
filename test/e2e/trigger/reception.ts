import type { Sandbox } from '../../../sandbox';
import { publicBase } from './workflow';

/** Takes what the services call at n8n's public address to the n8n of this machine, as a proxy does: while nobody answers there, with 503. */
export function receive({ businessCentral, crm }: Sandbox, origin: () => string): void {
	const forward = async (url: string, init: RequestInit): Promise<{ status: number; body: string }> => {
		if (!url.startsWith(`${publicBase}/`)) throw new Error(`Nobody is at ${url}.`);
		const response = await fetch(origin() + url.slice(publicBase.length), init).catch(() => null);
		// What n8n answers while it starts is not its own word either.
		const ready = response?.status === 404 ? await fetch(`${origin()}/healthz/readiness`).catch(() => null) : response;
		if (response === null || ready === null || (response.status === 404 && ready.status !== 200)) return { status: 503, body: '' };
		return { status: response.status, body: await response.text() };
	};
	businessCentral.webhooks.deliver = (url, { method, headers, body }) =>
		forward(url, { method, headers, ...(method === 'GET' ? {} : { body }) });
	crm.webhooks.deliver = async (url, { headers, body }) => (await forward(url, { method: 'POST', headers, body })).status;
	// The checks wait for what is told, and not for the service's habit of gathering.
	businessCentral.webhooks.mergeMs = 2_000;
}

/** What the services have registered. */
export const registered = ({ businessCentral, crm }: Sandbox) => ({
	subscriptions: [...businessCentral.platform.table('API Webhook Subscription').rows()].map(({ fields }) =>
		String(fields['Notification Url']),
	),
	endpoints: crm.rows('serviceendpoint').map((row) => String(row['url'])),
	steps: crm.rows('sdkmessageprocessingstep').length,
});

/** Customers are one subscription, and three steps of accounts at one endpoint. */
export const isRegistered = (sandbox: Sandbox, path: '/webhook/' | '/webhook-test/'): boolean => {
	const { subscriptions, endpoints } = registered(sandbox);
	const here = (urls: readonly string[]) => urls.filter((url) => url.startsWith(publicBase + path)).length;
	return here(subscriptions) === 1 && here(endpoints) === 1;
};
