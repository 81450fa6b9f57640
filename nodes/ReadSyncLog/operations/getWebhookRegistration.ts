import { webhookRegistrations } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';

/** What an administrator registers in Dataverse, so that it calls the triggers of a company. */
export const getWebhookRegistration: Operation = {
	name: 'Get Webhook Registration',
	value: 'getWebhookRegistration',
	action: 'Get the requests that register webhooks in CRM',
	description:
		'Show an administrator of Dataverse the requests that register the webhooks of a Dynamics 365 Sync Trigger, with a secret that is shown once',
	properties: [
		{
			displayName: 'New Secret',
			name: 'newSecret',
			type: 'boolean',
			default: false,
			description:
				'Whether to make another secret although there is one; what was registered with the one before is refused from then on. Without one, a secret is made in any case.',
		},
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				anew: readParameter(context, 'newSecret', 'New Secret', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const found = await webhookRegistrations(session, { anew: first.anew });
					if (found.length === 0)
						return [
							[
								nothingItem(
									'No published Dynamics 365 Sync Trigger of this company has "Webhooks of CRM" set to "Registered by an Administrator", or it has not looked yet.',
									itemIndexes,
								),
							],
						];
					return [found.map((each) => item(JSON.parse(JSON.stringify(each)) as never, itemIndexes))];
				}),
		}),
};
