import type { Workflow } from './n8n/environment';
import { companyName } from './person';

/** A value of a resource locator. */
export const by = (mode: 'id' | 'name' | 'number', value: string) => ({ __rl: true, mode, value });

const trigger = (type: string, typeVersion: number, parameters: Record<string, unknown>) => ({
	...{ id: 'trigger', name: 'Start', type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters },
});

interface Step {
	name: string;
	type: 'syncMapping' | 'fullSync' | 'coupleRecords' | 'readSyncLog';
	parameters: Record<string, unknown>;
}

const manual = trigger('manualTrigger', 1, {});

/** A workflow of one of our nodes behind a trigger. */
function workflow(id: string, name: string, start: ReturnType<typeof trigger>, { name: node, type, parameters }: Step): Workflow {
	const step = {
		id: 'step',
		name: node,
		type: `n8n-nodes-dynamics365-sync.${type}`,
		typeVersion: 1,
		position: [240, 0],
		parameters: { authentication: 'oAuth2', company: by('name', companyName), ...parameters },
	};
	return {
		id,
		name,
		active: false,
		settings: { executionOrder: 'v1' },
		nodes: [start, step],
		connections: { Start: { main: [[{ node, type: 'main', index: 0 }]] } },
	};
}

export const byHand = (id: string, name: string, step: Step): Workflow => workflow(id, name, manual, step);

export const everySeconds = (seconds: number, id: string, name: string, step: Step): Workflow =>
	workflow(id, name, trigger('scheduleTrigger', 1.2, { rule: { interval: [{ field: 'seconds', secondsInterval: seconds }] } }), step);

/** Starts a workflow with an HTTP request to `/webhook/<id>`; the answer does not wait for its end. */
export function byWebhook(workflow: Workflow): Workflow {
	const { id } = workflow;
	const parameters = { httpMethod: 'POST', path: id, responseMode: 'onReceived', options: {} };
	const webhook = {
		id: 'trigger',
		name: 'Start',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position: [0, 0],
		webhookId: id,
		parameters,
	};
	return { ...workflow, nodes: workflow.nodes.map((node) => (node.name === 'Start' ? webhook : node)) };
}
