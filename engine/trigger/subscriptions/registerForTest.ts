import type { Side } from '../../model/side';
import type { SyncSession } from '../../ports/session';
import { watchedMappings } from '../periods';
import type { TriggerSettings } from '../triggerSettings';
import { sidesOfWebhooks, WebhookAccelerator, type WebhookHost, type WebhookSettings } from './accelerator';
import { resourceOf } from './wanted';

/** Registers for a test in the editor: the first mapping of each side that webhooks can tell of. What the services refuse is logged. */
export async function registerForTest(
	session: SyncSession,
	settings: TriggerSettings,
	webhooks: WebhookSettings,
	host: WebhookHost,
): Promise<void> {
	const { watched } = await watchedMappings(session, settings);
	const firstOf = async (side: Side): Promise<string[]> => {
		for (const each of watched)
			if (each.sources.includes(side) && (await resourceOf(session, side, each)) !== null) return [each.mapping.name];
		return [];
	};
	const names: string[] = [];
	for (const side of sidesOfWebhooks(webhooks)) names.push(...(await firstOf(side)));
	const accelerator = new WebhookAccelerator(host, { ...settings, mappings: [...new Set(names)] }, webhooks);
	await accelerator.keep(session, session.clock.now());
}
