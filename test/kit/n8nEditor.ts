/** What the editor does besides running a workflow: filling pickers, testing credentials, connecting accounts. */
import './n8nEnvironment';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { CredentialTestContext, ExecuteContext, LoadOptionsContext, RoutingNode } from 'n8n-core';
import {
	createRunExecutionData,
	NodeHelpers,
	Workflow,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IDataObject,
	type INode,
	type INodeCredentialTestResult,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
	type IWorkflowBase,
} from 'n8n-workflow';
import { additionalDataFor } from './n8nAdditionalData';
import { credentialType, type CredentialVault } from './n8nCredentials';
import { inputType, nodeTypesOf } from './n8nNodeTypes';
import type { NodeClass } from './workflow';

/** A page of a picker, as the editor asks for it while the node holds the given parameters. */
export async function loadList(
	type: NodeClass,
	method: string,
	parameters: INodeParameters,
	vault: CredentialVault,
	search: { filter?: string; paginationToken?: string } = {},
): Promise<INodeListSearchResult> {
	const { node, context } = editing(type, parameters, vault);
	const fill = node.methods?.listSearch?.[method];
	if (!fill) throw new Error(`${node.description.displayName} has no list ${method}.`);
	return await fill.call(context, search.filter, search.paginationToken);
}

/** A drop-down, as the editor asks for it. */
export async function loadOptions(
	type: NodeClass,
	method: string,
	parameters: INodeParameters,
	vault: CredentialVault,
): Promise<INodePropertyOptions[]> {
	const { node, context } = editing(type, parameters, vault);
	const fill = node.methods?.loadOptions?.[method];
	if (!fill) throw new Error(`${node.description.displayName} has no options ${method}.`);
	return await fill.call(context);
}

function editing(Type: NodeClass, parameters: INodeParameters, vault: CredentialVault): { node: INodeType; context: LoadOptionsContext } {
	const nodeType = new Type();
	const { description } = nodeType;
	const node: INode = { ...temporary(description.name), parameters, credentials: vault.references() };
	const filled = NodeHelpers.getNodeParameters(description.properties, parameters, true, false, node, description) ?? {};
	node.parameters = filled;
	const workflow = workflowOf(node, nodeType);
	const additionalData = { ...additionalDataFor(vault, 'internal', baseOf(node)), currentNodeParameters: filled };
	return { node: nodeType, context: new LoadOptionsContext(workflow, node, additionalData, '') };
}

/** Presses *Test* in a credential: n8n's own way for requests, the node's method otherwise. */
export async function testCredential(vault: CredentialVault, type: string, testedBy?: NodeClass): Promise<INodeCredentialTestResult> {
	const { test, extends: parents = [] } = credentialType(type);
	const data = vault.resolved(type, vault.raw(type));
	const decrypted: ICredentialsDecrypted = { id: `id of ${type}`, name: `My ${type}`, type, data };
	// n8n asks no node about types that extend OAuth2: without a request of their own it only looks whether there is a token.
	if (!test && parents.includes('oAuth2Api'))
		return { status: 'Error', message: 'This OAuth2 credential was not connected to an account.' };
	if (!test) {
		const node: INodeType = new (testedBy ?? SyncMapping)();
		const method = node.description.credentials?.find(({ name }) => name === type)?.testedBy;
		const run = typeof method === 'string' ? node.methods?.credentialTest?.[method] : undefined;
		if (!run) return { status: 'Error', message: 'No testing function found for this credential.' };
		const context = new CredentialTestContext(additionalDataFor(vault, 'internal', baseOf(temporary('test'))));
		return await run.call(context as unknown as ICredentialTestFunctions, decrypted);
	}
	const property: INodeProperties = { displayName: 'Temp', name: 'temp', type: 'string', routing: { request: test.request }, default: '' };
	const nodeType: INodeType = {
		description: { ...inputType([]).description, name: 'test', credentials: [{ name: type, required: true }], properties: [property] },
	};
	const node: INode = { ...temporary('test'), credentials: { [type]: { id: decrypted.id, name: decrypted.name } } };
	const workflow = workflowOf(node, nodeType);
	const context = new ExecuteContext(
		workflow,
		node,
		additionalDataFor(vault, 'internal', baseOf(node)),
		'internal',
		createRunExecutionData({}),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	try {
		await new RoutingNode(context, nodeType, decrypted).runNode();
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		const { message, cause } = error as { message: string; cause?: { response?: { status?: number }; code?: string } };
		const rule = test.rules?.find(
			({ type: kind, properties }) => kind === 'responseCode' && properties['value'] === cause?.response?.status,
		);
		return { status: 'Error', message: String(rule?.properties['message'] ?? cause?.code ?? message) };
	}
}

/**
 * Presses *Connect* in a credential with the grant type Authorization Code: signs the person in at the authorization address and trades the code for
 * a token, which the vault keeps.
 */
export async function connectAccount(vault: CredentialVault, type: string, person: string): Promise<void> {
	const fields = vault.resolved(type, vault.raw(type)) as Record<string, string>;
	const redirect = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
	const authorize = new URL(String(fields['authUrl']));
	const query = {
		client_id: fields['clientId'],
		response_type: 'code',
		redirect_uri: redirect,
		scope: fields['scope'],
		login_hint: person,
	};
	for (const [name, value] of Object.entries(query)) authorize.searchParams.set(name, String(value));
	const answer = await fetch(authorize, { redirect: 'manual' });
	const code = new URL(answer.headers.get('location') ?? 'http://nowhere').searchParams.get('code');
	if (!code) throw new Error(`No code came back from ${authorize.origin}: ${answer.status} ${await answer.text()}`);
	const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, scope: fields['scope'] };
	const body = new URLSearchParams({ ...form, client_id: fields['clientId'], client_secret: fields['clientSecret'] } as Record<
		string,
		string
	>);
	const token = await fetch(String(fields['accessTokenUrl']), { method: 'POST', body });
	const data = (await token.json()) as IDataObject;
	if (!token.ok) throw new Error(`No token came back: ${token.status} ${String(data['error_description'])}`);
	vault.change(type, { oauthTokenData: data as never });
}

const temporary = (type: string): INode => ({ id: 'temp', name: 'Temp-Node', type, typeVersion: 1, position: [0, 0], parameters: {} });

const baseOf = (node: INode): IWorkflowBase => ({
	id: 'local',
	name: 'Editor',
	active: false,
	isArchived: false,
	activeVersionId: null,
	createdAt: new Date(0),
	updatedAt: new Date(0),
	nodes: [node],
	connections: {},
});

const workflowOf = (node: INode, type: INodeType): Workflow =>
	new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: nodeTypesOf(new Map([[node.type, type]])) });
