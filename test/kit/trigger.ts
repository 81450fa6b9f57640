/** Activates a trigger node with n8n's own context, as a leading process of n8n does, without an n8n. */
import './n8nEnvironment';
import { TriggerContext } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type INodeParameters,
	type INodeType,
	type ITriggerResponse,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { additionalDataFor } from './n8nAdditionalData';
import { CredentialVault, type CredentialValues } from './n8nCredentials';
import { nodeTypesOf } from './n8nNodeTypes';
import { jsonOf, watchText } from './secrets/watch';

export interface ActivationSettings {
	credentials: CredentialVault | CredentialValues;
	/** Default `trigger`; `manual` as *Execute step* in the editor. */
	mode?: WorkflowExecuteMode;
	/** Default `activate`: somebody published the workflow. */
	activation?: WorkflowActivateMode;
	/** Without these credentials, by type. */
	without?: readonly string[];
}

export interface ActivatedTrigger {
	response: ITriggerResponse;
	/** Items of each execution that was started. */
	started: IDataObject[][];
	/** Failed executions that were stored. */
	failed: Array<Error & { description?: string | null }>;
	/** Resolves once so many executions were started or stored as failed, or after `ms`. */
	until(count: number, ms?: number): Promise<void>;
	close(): Promise<void>;
}

/** @throws what `trigger()` throws: then n8n counts the activation as failed */
export async function activate(
	type: new () => INodeType,
	parameters: INodeParameters,
	settings: ActivationSettings,
): Promise<ActivatedTrigger> {
	const { mode = 'trigger', activation = 'activate', without = [] } = settings;
	const vault = settings.credentials instanceof CredentialVault ? settings.credentials : new CredentialVault(settings.credentials);
	const instance = new type();
	const { name, displayName } = instance.description;
	const references = Object.fromEntries(Object.entries(vault.references()).filter(([credential]) => !without.includes(credential)));
	const node = {
		id: 'node-1',
		name: displayName,
		type: name,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
		credentials: references,
	};
	const base = {
		...{ id: '12', name: 'Near real time', active: true, isArchived: false, activeVersionId: null },
		...{ createdAt: new Date(0), updatedAt: new Date(0), nodes: [node], connections: {} },
	};
	const workflow = new Workflow({
		...base,
		nodeTypes: nodeTypesOf(new Map([[name, instance]])),
		settings: { timezone: 'Europe/Amsterdam' },
	});
	const started: IDataObject[][] = [];
	const failed: ActivatedTrigger['failed'] = [];
	const context = new TriggerContext(
		workflow,
		workflow.getNode(displayName)!,
		additionalDataFor(vault, mode, base),
		mode,
		activation,
		(data) => {
			watchText('items of a trigger', jsonOf(data));
			started.push(...data.map((items) => items.map(({ json }) => json)));
		},
		() => {
			throw new Error('A trigger that reports an error this way is closed by n8n.');
		},
		(error) => void failed.push(error),
	);
	const response = (await instance.trigger!.call(context))!;
	return {
		response,
		started,
		failed,
		until: async (count, ms = 10_000) => {
			const end = Date.now() + ms;
			while (started.length + failed.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
		},
		close: async () => await response.closeFunction?.(),
	};
}
