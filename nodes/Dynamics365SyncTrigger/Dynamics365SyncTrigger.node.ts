import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { lookOnce, TriggerLoop, WebhookAccelerator } from '../../engine';
import { always, connectionCredentials, connectionProperties } from '../shared/connectionProperties';
import { toNodeError } from '../shared/errors';
import { connectionMethods } from '../shared/methods';
import { triggerProperties } from './properties';
import { itemsOf, triggerHost } from './triggerHost';
import { readTriggerParameters, type TriggerParameters } from './triggerParameters';
import { answerWebhook } from './webhooks/answer';
import { takeOver } from './webhooks/handOver';
import { announce, hostOf, withdraw } from './webhooks/lifecycle';
import { testTrigger } from './webhooks/triggerId';

/** A loop that was closed has so long to come to its end (milliseconds); what it leaves behind runs out by itself. */
const CLOSE_MS = 5_000;

/** Starts the mappings whose records changed, or whose interval is over. */
export class Dynamics365SyncTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Sync Trigger',
		name: 'dynamics365SyncTrigger',
		icon: { light: 'file:../../icons/syncTrigger.svg', dark: 'file:../../icons/syncTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ ($parameter["mappings"].length ? $parameter["mappings"].length + " mappings" : "all mappings") + ($parameter["startWhen"] === "schedule" ? ", on schedule" : $parameter["startWhen"] === "webhooks" ? ", webhooks" : ", every " + $parameter["lookEverySeconds"] + " s") }}',
		description: 'Start the table mappings whose records changed in Business Central or CRM, or whose interval is over',
		eventTriggerDescription: '',
		activationMessage: 'Both systems are looked at from now on.',
		defaults: { name: 'Dynamics 365 Sync Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			...connectionCredentials,
			{
				name: 'syncStorePostgresApi',
				displayOptions: always,
				displayName: 'Sync Store (PostgreSQL), Optional',
				required: false,
				testedBy: 'syncStorePostgresTest',
			},
			{
				name: 'dataverseRegistrationApi',
				displayName: 'CRM Registration of Webhooks',
				required: true,
				testedBy: 'crmTest',
				displayOptions: { show: { startWhen: ['webhooks'], webhooksFrom: ['both', 'crm'], crmWebhooks: ['register'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				// Without a method n8n makes no route. Which one the handshake of Business Central has is not documented; n8n makes the routes one after
				// another, and in the editor registers after the first, which therefore is that of the handshakes that were seen.
				httpMethod: '={{ $parameter["startWhen"] === "webhooks" ? "POST,GET" : "" }}',
				responseMode: 'onReceived',
				path: 'changes',
				ndvHideUrl: '={{ $parameter["startWhen"] !== "webhooks" }}',
			},
		],
		properties: [...connectionProperties, ...triggerProperties],
	};

	methods = connectionMethods;

	// The loop makes, renews and looks after what is registered: nothing that needs a network may make an activation fail.
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await announce(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				try {
					await withdraw(this);
				} catch (error) {
					throw toNodeError(this.getNode(), error);
				}
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await answerWebhook(this);
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const parameters = parametersOf(this);
		const { connection, settings, webhooks } = parameters;
		const abort = new AbortController();
		const host = triggerHost(this, connection, { name: settings.name, settings, signal: abort.signal });
		if (this.getMode() === 'manual') {
			return {
				manualTriggerFunction: async () => {
					try {
						const told = takeOver(testTrigger(settings.trigger));
						this.emit([told ?? itemsOf(await lookOnce(host, settings))]);
					} catch (error) {
						throw toNodeError(this.getNode(), error);
					}
				},
				closeFunction: () => Promise.resolve(abort.abort()),
			};
		}
		// Never awaited: an activation that waits for a service, or fails with it, is given up by n8n.
		const hooked =
			settings.startWhen === 'webhooks'
				? new WebhookAccelerator(await hostOf(this, parameters, settings.trigger), settings, webhooks)
				: null;
		const done = new TriggerLoop(host, settings, hooked).run(abort.signal);
		return await Promise.resolve({
			closeFunction: async () => {
				abort.abort();
				const ended = new AbortController();
				const limit = host.clock.sleep(CLOSE_MS, ended.signal).catch(() => undefined);
				await Promise.race([done, limit]);
				// What is left of the limit keeps no process alive.
				ended.abort();
			},
		});
	}
}

function parametersOf(context: ITriggerFunctions): TriggerParameters {
	try {
		return readTriggerParameters(context);
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}
