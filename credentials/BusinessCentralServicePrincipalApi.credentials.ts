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
import { businessCentralAddress as address } from './parts/businessCentralAddress';

/**
 * Business Central online, or on-premises with Microsoft Entra ID, as an application that signs in with a certificate or a secret ("Using
 * service-to-service authentication"). Not a child of n8n's OAuth2: see docs/decisions, "Certificates are signed with here, not by n8n's OAuth2".
 */
export class BusinessCentralServicePrincipalApi implements ICredentialType {
	name = 'businessCentralServicePrincipalApi';

	displayName = 'Business Central Service Principal API';

	icon = { light: 'file:../icons/businessCentral.svg', dark: 'file:../icons/businessCentral.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/service-principal.md';

	properties: INodeProperties[] = [
		accessToken,
		address.environmentType,
		address.tenantId,
		address.environmentName,
		address.baseUrl,
		address.audience,
		address.tenant,
		address.defaultCompany,
		address.webClientUrl,
		{
			...application.clientId,
			description:
				'Application (client) ID. Azure portal → App registrations → your application → Overview. It needs the application permission API.ReadWrite.All with admin consent, and a card on the Business Central page Microsoft Entra Applications with state Enabled and permission sets only for the tables you synchronize; it never needs SUPER.',
		},
		...servicePrincipalProof,
		application.authority,
		address.baseUrlOverride,
		address.rootUrl,
		application.accessTokenUrl,
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: '={{ ($self["audience"] || "https://api.businesscentral.dynamics.com").trim().replace(/\\/+$/, "") + "/.default" }}',
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
