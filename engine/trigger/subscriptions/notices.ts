import type { SyncError } from '../../model/errors';
import { type Side, SYSTEM_NAMES } from '../../model/side';
import type { TriggerSubscription } from '../../model/trigger';
import { ENDPOINT } from './dataverse';
import { addressProblem } from './publicAddress';

/** What people should know of webhooks; no error that ends anything. */
export interface WebhookNotice {
	code: string;
	text: string;
}

/** What people should know of the webhooks of a trigger. */
export function noticesOf({
	address,
	sides,
	rows,
	byAdministrator,
}: {
	address: string | null;
	sides: ReadonlyArray<{ side: Side; error: SyncError | null; missed: boolean }>;
	rows: readonly TriggerSubscription[];
	byAdministrator: boolean;
}): WebhookNotice[] {
	if (address === null)
		return [{ code: 'WEBHOOK_ADDRESS_UNKNOWN', text: 'n8n has not said where webhooks arrive. Publish the workflow again.' }];
	const problem = addressProblem(address);
	if (problem) {
		const remedy = 'Set WEBHOOK_URL of n8n, or the option Webhook Base URL, to the public https address, and publish the workflow again.';
		return [{ code: 'WEBHOOK_NOT_PUBLIC', text: `${problem} ${remedy} Until then it is looked every minute.` }];
	}
	return sides.flatMap(({ side, error, missed }) => {
		const name = SYSTEM_NAMES[side];
		if (error)
			return [{ code: 'WEBHOOKS_OFF', text: `Webhooks of ${name} are not registered: ${error.message} ${error.hint} ${IT_IS_LOOKED}` }];
		if (side === 'crm' && byAdministrator && toldOf(rows) === null) {
			const remedy = 'Let an administrator register what Read Sync Log → Get Webhook Registration shows.';
			return [{ code: 'WEBHOOKS_NOT_REGISTERED', text: `No webhook of ${name} has arrived yet. ${remedy} ${IT_IS_LOOKED}` }];
		}
		return missed ? [{ code: 'WEBHOOKS_MISSED', text: `Looks found changes in ${name} that no webhook told of. ${IT_IS_LOOKED}` }] : [];
	});
}

const IT_IS_LOOKED = 'Until that changes it is looked every minute.';

const toldOf = (rows: readonly TriggerSubscription[]): number | null =>
	rows.find(({ side, resource }) => side === 'crm' && resource === ENDPOINT)?.lastToldMs ?? null;
