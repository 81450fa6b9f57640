/** Calls the webhook half of a trigger node with n8n's own contexts, as n8n does when a workflow is published, called and taken back. */
import './n8nEnvironment';
import { HookContext, WebhookContext } from 'n8n-core';
import { Workflow, type INodeParameters, type INodeType, type IWebhookResponseData, type WorkflowExecuteMode } from 'n8n-workflow';
import { additionalDataFor } from './n8nAdditionalData';
import type { CredentialVault } from './n8nCredentials';
import { nodeTypesOf } from './n8nNodeTypes';

export interface HookedNode {
	/** The method n8n makes a route for; empty: none. */
	httpMethod(): string;
	create(mode?: WorkflowExecuteMode): Promise<boolean>;
	checkExists(): Promise<boolean>;
	remove(mode?: WorkflowExecuteMode): Promise<boolean>;
	/** What a request to the address is answered. */
	call(request: HookRequest, mode?: WorkflowExecuteMode): Promise<HookAnswer>;
}

export interface HookRequest {
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: object;
}

export interface HookAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
	response: IWebhookResponseData;
}

/** The node is the same as that of `activate`. */
export function hooked(type: new () => INodeType, parameters: INodeParameters, vault: CredentialVault): HookedNode {
	const instance = new type();
	const { name, displayName } = instance.description;
	const node = {
		...{ id: 'node-1', name: displayName, type: name, typeVersion: 1, position: [0, 0] as [number, number], webhookId: '0c9a' },
		...{ parameters, credentials: vault.references() },
	};
	const base = {
		...{ id: '12', name: 'Near real time', active: true, isArchived: false, activeVersionId: null },
		...{ createdAt: new Date(0), updatedAt: new Date(0), nodes: [node], connections: {} },
	};
	const nodeTypes = nodeTypesOf(new Map([[name, instance]]));
	const workflow = new Workflow({ ...base, nodeTypes, settings: { timezone: 'Europe/Amsterdam' } });
	const own = workflow.getNode(displayName)!;
	const webhookData = (mode: WorkflowExecuteMode) =>
		({ isTest: mode === 'manual', webhookDescription: instance.description.webhooks![0]! }) as never;
	const hook = (mode: WorkflowExecuteMode, as: WorkflowExecuteMode = mode) => {
		const data = additionalDataFor(vault, mode, base);
		return new HookContext(workflow, own, data, as, mode === 'manual' ? 'manual' : 'activate', webhookData(mode));
	};
	const { default: methods } = instance.webhookMethods!;
	return {
		httpMethod: () =>
			String(workflow.expression.getSimpleParameterValue(own, instance.description.webhooks![0]!.httpMethod, 'trigger', {})),
		create: async (mode = 'trigger') => await methods!['create']!.call(hook(mode)),
		checkExists: async () => await methods!['checkExists']!.call(hook('trigger')),
		// n8n takes back what a test registered as it does what was published: in the mode `internal`.
		remove: async (mode = 'trigger') => await methods!['delete']!.call(hook(mode, 'internal')),
		call: async ({ query = {}, headers = {}, body = {} }, mode = 'webhook') => {
			const answer: Omit<HookAnswer, 'response'> = { status: 0, headers: {}, body: '' };
			const httpResponse = {
				status: (status: number) => ((answer.status = status), httpResponse),
				type: (value: string) => ((answer.headers['content-type'] = value), httpResponse),
				set: (header: string, value: string) => ((answer.headers[header.toLowerCase()] = value), httpResponse),
				send: (text: string) => ((answer.body = text), httpResponse),
			};
			const data = { ...additionalDataFor(vault, mode, base), httpRequest: { query, headers, body, params: {} }, httpResponse };
			const context = new WebhookContext(workflow, own, data as never, mode, webhookData(mode), [], null);
			const response = await instance.webhook!.call(context);
			return { ...answer, response };
		},
	};
}
