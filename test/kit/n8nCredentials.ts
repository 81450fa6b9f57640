import './n8nEnvironment';
import {
	ICredentialsHelper,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IRequestOptionsSimplified,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { BusinessCentralApi } from '../../credentials/BusinessCentralApi.credentials';
import { BusinessCentralOAuth2Api } from '../../credentials/BusinessCentralOAuth2Api.credentials';
import { BusinessCentralServicePrincipalApi } from '../../credentials/BusinessCentralServicePrincipalApi.credentials';
import { DataverseOAuth2Api } from '../../credentials/DataverseOAuth2Api.credentials';
import { DataverseRegistrationApi } from '../../credentials/DataverseRegistrationApi.credentials';
import { DataverseServicePrincipalApi } from '../../credentials/DataverseServicePrincipalApi.credentials';
import { SyncStorePostgresApi } from '../../credentials/SyncStorePostgresApi.credentials';
import { emptyNodeTypes } from './n8nNodeTypes';
import { oAuth2Api } from './n8nOAuth2Type';
import { plant } from './secrets/planted';

/** Values of credentials by the name of their type, as a user would fill them in. */
export type CredentialValues = Record<string, ICredentialDataDecryptedObject>;

const types = new Map<string, ICredentialType>(
	[
		oAuth2Api,
		new BusinessCentralApi(),
		new BusinessCentralOAuth2Api(),
		new BusinessCentralServicePrincipalApi(),
		new DataverseOAuth2Api(),
		new DataverseRegistrationApi(),
		new DataverseServicePrincipalApi(),
		new SyncStorePostgresApi(),
	].map((type) => [type.name, type]),
);

/** Adds types of credentials, e.g. those of other packages; later ones replace earlier ones of the same name. */
export function addCredentialTypes(more: readonly ICredentialType[]): void {
	for (const type of more) types.set(type.name, type);
}

export function credentialType(name: string): ICredentialType {
	const type = types.get(name);
	if (!type) throw new Error(`There is no credential type ${name}.`);
	return type;
}

const resolver: INode = { id: 'resolver', name: 'resolver', type: 'resolver', typeVersion: 1, position: [0, 0], parameters: {} };

/**
 * Credentials as n8n keeps them, one per type: expressions and defaults are worked out on every read, tokens that n8n's OAuth2 code fetched or
 * refreshed are kept. Keep one vault for several runs to see what a second run finds.
 */
export class CredentialVault extends ICredentialsHelper {
	private readonly stored = new Map<string, ICredentialDataDecryptedObject>();

	constructor(values: CredentialValues) {
		super();
		for (const [type, data] of Object.entries(values)) this.store(credentialType(type).name, { ...data });
	}

	/** What a node refers to. */
	references(): Record<string, INodeCredentialsDetails> {
		return Object.fromEntries([...this.stored.keys()].map((type) => [type, { id: `id of ${type}`, name: `My ${type}` }]));
	}

	/** As it is stored: what the user filled in, and the token. */
	raw(type: string): ICredentialDataDecryptedObject {
		const data = this.stored.get(type);
		if (!data) throw new Error(`The vault holds no credential of type ${type}.`);
		return data;
	}

	/** Overwrites fields, as a user would in the editor. */
	change(type: string, fields: ICredentialDataDecryptedObject): void {
		this.store(type, { ...this.raw(type), ...fields });
	}

	/** What n8n hides in its editor is a secret from then on, wherever it shows up. */
	private store(type: string, data: ICredentialDataDecryptedObject): void {
		for (const { name, typeOptions } of this.getCredentialsProperties(type)) if (typeOptions?.password) plant(data[name]);
		this.stored.set(type, data);
	}

	override getParentTypes(name: string): string[] {
		return (types.get(name)?.extends ?? []).flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}

	override getCredentialsProperties(name: string): INodeProperties[] {
		const type = credentialType(name);
		const properties: INodeProperties[] = [];
		for (const parent of type.extends ?? []) NodeHelpers.mergeNodeProperties(properties, this.getCredentialsProperties(parent));
		NodeHelpers.mergeNodeProperties(properties, type.properties);
		return properties;
	}

	override async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_reference: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.raw(type);
		return raw ? { ...stored } : this.resolved(type, stored, mode, executeData, values);
	}

	/** The given data with defaults filled in and expressions worked out. */
	resolved(
		type: string,
		data: ICredentialDataDecryptedObject,
		mode: WorkflowExecuteMode = 'internal',
		executeData?: IExecuteData,
		values?: ICredentialsExpressionResolveValues,
	): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const filled = NodeHelpers.getNodeParameters(properties, data as INodeParameters, true, false, null, null) ?? {};
		if (data['oauthTokenData'] !== undefined) filled['oauthTokenData'] = data['oauthTokenData'] as INodeParameters;
		if (values) {
			const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
			return workflow.expression.getParameterValue(
				filled,
				runExecutionData,
				runIndex,
				itemIndex,
				node.name,
				connectionInputData,
				mode,
				{},
				executeData,
				false,
				filled,
			) as ICredentialDataDecryptedObject;
		}
		const workflow = new Workflow({ nodes: [resolver], connections: {}, active: false, nodeTypes: emptyNodeTypes });
		return workflow.expression.getComplexParameterValue(
			resolver,
			filled,
			mode,
			{},
			undefined,
			undefined,
			filled,
		) as ICredentialDataDecryptedObject;
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		type: string,
		options: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = credentialType(type);
		const request = options as IHttpRequestOptions & Record<string, unknown>;
		if (typeof authenticate === 'function') return await authenticate(credentials, request);
		if (authenticate?.type !== 'generic' || !workflow || !node) return request;
		const resolve = (text: string): string =>
			String(workflow.expression.getSimpleParameterValue(node, text, 'internal', { $credentials: credentials }, undefined, '') ?? '');
		for (const [part, fields] of Object.entries(authenticate.properties)) {
			const target = (request[part] ?? {}) as Record<string, string>;
			for (const [name, value] of Object.entries(fields as Record<string, string>)) target[resolve(name)] = resolve(value);
			request[part] = target;
		}
		return request;
	}

	/** As n8n does it: when there is nothing yet, when it was refused, and always while a credential is tested (n8n 2.41, credentials-helper). */
	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication } = credentialType(typeName);
		const expirable = credentialType(typeName).properties.find(({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable);
		if (!preAuthentication || !expirable) return undefined;
		if (credentials[expirable.name] !== '' && !expired && node.type !== 'test') return undefined;
		const output = (await preAuthentication.call(helpers, credentials)) as ICredentialDataDecryptedObject;
		this.change(typeName, output);
		return { ...credentials, ...output };
	}

	override async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	override async getCredentials(): Promise<ICredentials> {
		throw new Error('Encrypted credentials are not part of the harness.');
	}

	override async updateCredentials(_reference: INodeCredentialsDetails, type: string, data: ICredentialDataDecryptedObject): Promise<void> {
		this.stored.set(type, { ...data });
	}

	override async updateCredentialsOauthTokenData(
		_reference: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.change(type, { oauthTokenData: data['oauthTokenData'] ?? {} });
	}
}
