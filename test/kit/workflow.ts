/**
 * Runs nodes in n8n's own execution engine, without an n8n: expressions, credentials with real OAuth2, item linking, error outputs, hints and
 * cancellation are n8n's. Knows nothing of jest, so scripts can use it too.
 */
import './n8nEnvironment';
import { WorkflowExecute } from 'n8n-core';
import {
	Workflow,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IRun,
	type IWorkflowBase,
	type NodeExecutionHint,
	type OnError,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { additionalDataFor } from './n8nAdditionalData';
import { CredentialVault, type CredentialValues } from './n8nCredentials';
import { INPUT, inputType, nodeTypesOf } from './n8nNodeTypes';
import './secrets/n8nLog';
import { jsonOf, watchText } from './secrets/watch';

export { useNewState, userFolder } from './n8nEnvironment';
export { CredentialVault, type CredentialValues } from './n8nCredentials';
export { connectAccount, loadList, loadOptions, testCredential } from './n8nEditor';
export { sandboxCredentials } from './n8nSandboxCredentials';

export type NodeClass = new () => INodeType;

export interface NodeSetup {
	name: string;
	type: NodeClass;
	/** Those left out have their defaults, as in the editor. */
	parameters?: INodeParameters;
	onError?: OnError;
	retryOnFail?: boolean;
	/** Version of the node type; default 1, as in workflows that were saved with the first release. */
	typeVersion?: number;
}

export interface Link {
	from: string;
	/** Output of `from`, from 0. */
	output?: number;
	to: string;
}

export interface RunSettings {
	/** Credentials for all nodes: a vault keeps tokens from run to run. */
	credentials: CredentialVault | CredentialValues;
	/** Items of the first node; default one empty item, as a Schedule Trigger gives. */
	items?: Array<IDataObject | INodeExecutionData>;
	/** `manual` as with *Execute workflow* in the editor, `trigger` as scheduled. Default `trigger`. */
	mode?: WorkflowExecuteMode;
	/** What n8n keeps for the workflow between production executions; changed by the run. */
	staticData?: IDataObject;
	/** Cancels the execution when it is aborted. */
	signal?: AbortSignal;
}

export interface NodeOutcome {
	/** Items per output. */
	outputs: INodeExecutionData[][];
	/** The JSON of the items per output. */
	json: IDataObject[][];
	error: (Error & { description?: string | null; httpCode?: string | null; context?: IDataObject }) | undefined;
	hints: NodeExecutionHint[];
}

export interface WorkflowOutcome {
	status: IRun['status'];
	error: NodeOutcome['error'];
	/** By name; a node that did not run is absent. */
	nodes: Map<string, NodeOutcome>;
	/** What the nodes told the editor (manual runs only). */
	messages: string[];
	credentials: CredentialVault;
	run: IRun;
}

/** Runs a workflow whose first node hands on `items`. Nodes without a link to them follow that first node. */
export async function runWorkflow(settings: RunSettings & { nodes: NodeSetup[]; links?: Link[] }): Promise<WorkflowOutcome> {
	const { nodes, links = [], mode = 'trigger' } = settings;
	const vault = settings.credentials instanceof CredentialVault ? settings.credentials : new CredentialVault(settings.credentials);
	const types = new Map<string, INodeType>([[INPUT, inputType(asItems(settings.items ?? [{}]))]]);
	const workflowNodes: INode[] = [node(INPUT, INPUT, {})];
	for (const { name, type: Type, parameters = {}, ...rest } of nodes) {
		const type = new Type();
		types.set(type.description.name, type);
		workflowNodes.push({ ...node(name, type.description.name, parameters), credentials: vault.references(), ...rest });
	}
	const base: IWorkflowBase = {
		id: 'local',
		name: 'Local run',
		active: false,
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		nodes: workflowNodes,
		connections: connections(nodes, links),
	};
	const workflow = new Workflow({
		...base,
		nodeTypes: nodeTypesOf(types),
		settings: { timezone: 'Europe/Amsterdam' },
		...(settings.staticData ? { staticData: settings.staticData } : {}),
	});
	const messages: string[] = [];
	const additionalData = additionalDataFor(vault, mode, base, (message) => messages.push(message));
	const start = workflow.getNode(INPUT) ?? undefined;
	const execution = new WorkflowExecute(additionalData, mode).run({ workflow, startNode: start });
	settings.signal?.addEventListener('abort', () => execution.cancel(), { once: true });
	const run = await execution;
	watchText('an item, error or hint of a node', jsonOf(run.data.resultData));
	watchText('a message to the editor', messages.join('\n'));
	watchBinaries(run);
	return {
		status: run.status,
		error: run.data.resultData.error as NodeOutcome['error'],
		nodes: outcomes(run),
		messages,
		credentials: vault,
		run,
	};
}

/** Runs one node on the given items. */
export async function runNode(
	type: NodeClass,
	parameters: INodeParameters,
	settings: RunSettings & { onError?: OnError; typeVersion?: number },
): Promise<NodeOutcome & Pick<WorkflowOutcome, 'status' | 'messages' | 'credentials'>> {
	const { onError, typeVersion, ...rest } = settings;
	const { description } = new type();
	// As the editor names the first node of a type.
	const name = String(description.defaults.name ?? description.displayName);
	const outcome = await runWorkflow({
		...rest,
		nodes: [{ name, type, parameters, ...(onError ? { onError } : {}), ...(typeVersion ? { typeVersion } : {}) }],
	});
	const own = outcome.nodes.get(name) ?? { outputs: [], json: [], error: outcome.error, hints: [] };
	const { status, messages, credentials } = outcome;
	return { ...own, error: own.error ?? outcome.error, status, messages, credentials };
}

/** Files among the items (reports) hold their text packed. */
function watchBinaries(run: IRun): void {
	for (const task of Object.values(run.data.resultData.runData).flat()) {
		for (const { binary = {} } of (task.data?.['main'] ?? []).flatMap((items) => items ?? [])) {
			for (const { data } of Object.values(binary)) watchText('a file among the items', Buffer.from(data, 'base64').toString('utf8'));
		}
	}
}

const node = (name: string, type: string, parameters: INodeParameters): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

const asItems = (items: Array<IDataObject | INodeExecutionData>): INodeExecutionData[] =>
	items.map((item) => ('json' in item && typeof item.json === 'object' ? (item as INodeExecutionData) : { json: item as IDataObject }));

function connections(nodes: readonly NodeSetup[], links: readonly Link[]): IConnections {
	const linked = new Set(links.map(({ to }) => to));
	const all: Link[] = [...nodes.filter(({ name }) => !linked.has(name)).map(({ name }) => ({ from: INPUT, to: name })), ...links];
	const result: IConnections = {};
	for (const { from, output = 0, to } of all) {
		const main = ((result[from] ??= {})['main'] ??= []);
		while (main.length <= output) main.push([]);
		main[output]?.push({ node: to, type: 'main', index: 0 });
	}
	return result;
}

function outcomes(run: IRun): Map<string, NodeOutcome> {
	const nodes = new Map<string, NodeOutcome>();
	for (const [name, tasks] of Object.entries(run.data.resultData.runData)) {
		const task = tasks.at(-1);
		if (!task || name === INPUT) continue;
		const outputs = (task.data?.['main'] ?? []).map((items) => items ?? []);
		nodes.set(name, {
			outputs,
			json: outputs.map((items) => items.map(({ json }) => json)),
			error: task.error as NodeOutcome['error'],
			hints: task.hints ?? [],
		});
	}
	return nodes;
}
