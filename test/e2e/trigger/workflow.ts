import type { Workflow } from '../n8n/environment';
import { companyName } from '../person';
import { by } from '../workflows';

export const workflowId = 'started-by-trigger';

/** Where the services are told to call n8n; the sandbox takes it to the n8n of this machine. */
export const publicBase = 'https://n8n.example';

export const triggerNode = 'When records change';
export const syncNode = 'Synchronize what is due';

const company = by('name', companyName);

/** How the trigger is set; what is left out as the node begins with it. */
export type TriggerParameters = Record<string, unknown>;

/** The shortest period of looks. */
export const looking: TriggerParameters = { startWhen: 'looking', lookEverySeconds: 15 };
export const onSchedule: TriggerParameters = { startWhen: 'schedule' };
/** Looks beside the webhooks are so seldom that no run of these checks comes of one. */
export const webhooks: TriggerParameters = {
	...{ startWhen: 'webhooks', lookEverySeconds: 3600, webhooksFrom: 'both', crmWebhooks: 'register' },
	options: { webhookBaseUrl: publicBase, startAtActivation: false },
};

/** Sync Trigger → Sync Mapping, as in the examples; a record without a partner gets one. */
export function startedByTrigger(parameters: TriggerParameters, id = workflowId): Workflow {
	const common = { authentication: 'oAuth2', company };
	const trigger = {
		id: 'c7b7f4b0-9a5b-4d35-8d67-3c3e9e0b6f11',
		name: triggerNode,
		type: 'n8n-nodes-dynamics365-sync.dynamics365SyncTrigger',
		typeVersion: 1,
		position: [0, 0],
		webhookId: '0c9a2f54-77d1-4a5e-8f3a-d1f0b1a6c0de',
		parameters: { ...common, mappings: ['CUSTOMER'], options: {}, ...parameters },
	};
	const sync = {
		id: 'a1d9a1a6-4a52-4a3e-9a3d-5f2f5f8f7c22',
		name: syncNode,
		type: 'n8n-nodes-dynamics365-sync.syncMapping',
		typeVersion: 1,
		position: [240, 0],
		parameters: {
			...common,
			operation: 'synchronizeModified',
			mapping: by('name', '={{ $json.mapping }}'),
			direction: 'mapping',
			preview: false,
			options: { createUncoupled: true, nothingCoupled: 'isNew' },
		},
	};
	return {
		id,
		name: 'Started by the trigger',
		active: false,
		settings: { executionOrder: 'v1' },
		nodes: [trigger, sync],
		connections: { [triggerNode]: { main: [[{ node: syncNode, type: 'main', index: 0 }]] } },
	};
}
