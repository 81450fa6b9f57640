import type { StoredTrigger } from '../../model/trigger';
import type { SyncSession } from '../../ports/session';
import type { RegistrationRequest } from '../../ports/webhooks';
import { watchedMappings } from '../periods';
import { ENDPOINT, stepsOf } from './dataverse';
import { hashOf, markOf, newSecret, SECRET_HEADER } from './secret';
import { blankSubscription } from './tools';
import { wantedOn } from './wanted';

/** What an administrator registers in Dataverse for a trigger: the requests of the Web API, in order. */
export interface WebhookRegistration {
	/** Workflow and node. */
	trigger: string;
	url: string;
	/** Header that proves who calls. */
	header: string;
	/** Shown once, when it is made; null where one is in use. */
	secret: string | null;
	requests: readonly RegistrationRequest[];
}

/**
 * For triggers whose webhooks of CRM an administrator registers. Makes a secret where there is none; only its hash is kept.
 * @param anew makes another secret in any case: what is registered with the one before is refused from then on
 */
export async function webhookRegistrations(session: SyncSession, { anew }: { anew: boolean }): Promise<WebhookRegistration[]> {
	const found: WebhookRegistration[] = [];
	for (const trigger of await session.store.triggers()) {
		const rows = (await session.store.subscriptions(trigger.trigger)).filter(({ side }) => side === 'crm');
		const endpoint = rows.find(({ resource }) => resource === ENDPOINT);
		const url = rows[0]?.url;
		// What the trigger registers itself is no administrator's.
		if (url === undefined || (endpoint && endpoint.remoteId !== null)) continue;
		const isNew = anew || !endpoint || endpoint.secretHash === '';
		const secret = isNew ? newSecret() : null;
		if (secret !== null) {
			const row = endpoint ?? blankSubscription({ trigger: trigger.trigger, url }, { side: 'crm', resource: ENDPOINT, mapping: '*' });
			await session.store.saveSubscription({ ...row, url, secretHash: hashOf(secret), lastToldMs: null });
		}
		found.push({
			trigger: trigger.state.name,
			url,
			header: SECRET_HEADER,
			secret,
			requests: await requestsOf(session, trigger, { url, secret }),
		});
	}
	return found;
}

async function requestsOf(
	session: SyncSession,
	{ trigger, state }: StoredTrigger,
	{ url, secret }: { url: string; secret: string | null },
): Promise<readonly RegistrationRequest[]> {
	const { watched } = await watchedMappings(session, { mappings: state.chosen });
	const steps = stepsOf(trigger, await wantedOn(session, 'crm', watched));
	const header = [SECRET_HEADER, secret ?? '{secret}'] as const;
	return session.crm.serviceEndpoints?.requests({ name: markOf(trigger), url, header }, steps) ?? [];
}
