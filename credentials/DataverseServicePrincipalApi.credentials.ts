import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { requestToken, servicePrincipalOf } from '../nodes/shared/signIn/requestToken';
import { accessToken, application, servicePrincipalProof } from './parts/application';
import { crmEnvironment as environment } from './parts/crmEnvironment';

/** The CRM connection as an application user that signs in with a certificate or a secret. */
export class DataverseServicePrincipalApi implements ICredentialType {
	name = 'dataverseServicePrincipalApi';

	displayName = 'CRM Connection (Dataverse) Service Principal API';

	icon = { light: 'file:../icons/dataverse.svg', dark: 'file:../icons/dataverse.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/service-principal.md';

	properties: INodeProperties[] = [
		accessToken,
		environment.environmentUrl,
		environment.tenantId,
		{
			...application.clientId,
			description:
				'Application (client) ID. Azure portal → App registrations → your application → Overview. It needs an application user in the environment, with a security role for the tables you synchronize; it never needs System Administrator.',
		},
		...servicePrincipalProof,
		environment.ownershipModel,
		application.authority,
		environment.rootUrl,
		application.accessTokenUrl,
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: '={{ ($self["environmentUrl"] || "").trim().replace(/\\/+$/, "") + "/.default" }}',
		},
	];

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const token = await requestToken(servicePrincipalOf(credentials), (options) => this.helpers.httpRequest(options), Date.now());
		return { accessToken: token.value };
	}

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.accessToken }}' } },
	};
}
