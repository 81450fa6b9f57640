import type { IExecuteFunctions, IHookFunctions, ILoadOptionsFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';
import { type Side, SyncError } from '../../engine';
import { mayTravel } from './privateNetwork';

export type NodeContext = IExecuteFunctions | ILoadOptionsFunctions | ITriggerFunctions | IHookFunctions | IWebhookFunctions;

export type BusinessCentralCredential = 'businessCentralOAuth2Api' | 'businessCentralServicePrincipalApi' | 'businessCentralApi';
export type CrmCredential = 'dataverseOAuth2Api' | 'dataverseServicePrincipalApi';
/** How to sign in to Business Central. */
export type Authentication = 'oAuth2' | 'servicePrincipal' | 'accessKey';
/** How to sign in to CRM. */
export type CrmAuthentication = 'oAuth2' | 'servicePrincipal';

/** Where Business Central answers, taken from the credential; nothing secret in it. */
export interface BusinessCentralAddress {
	credentialType: BusinessCentralCredential;
	/** Up to and including environment or server instance, without a slash at the end. */
	rootUrl: string;
	apiRoot: string;
	odataRoot: string;
	/** Company of nodes that name none, by id or name; empty where the credential names none. */
	defaultCompany: string;
	/** Tenant of a multitenant server on premises. */
	tenant: string | null;
	/** The environment by its names, for Business Central online. */
	online?: { tenant: string; environment: string; authority: string };
	/** Where people open records in a browser; undefined when not known. */
	webClient?: { baseUrl: string; tenant: string | null; environment: string | null };
}

export interface CrmAddress {
	credentialType: CrmCredential;
	rootUrl: string;
	ownershipModel: 'person' | 'team';
}

export function businessCentralCredential(authentication: Authentication): BusinessCentralCredential {
	if (authentication === 'accessKey') return 'businessCentralApi';
	return authentication === 'servicePrincipal' ? 'businessCentralServicePrincipalApi' : 'businessCentralOAuth2Api';
}

export const crmCredential = (authentication: CrmAuthentication): CrmCredential =>
	authentication === 'servicePrincipal' ? 'dataverseServicePrincipalApi' : 'dataverseOAuth2Api';

const businessCentralFields = z.object({
	rootUrl: z.string(),
	webClientUrl: z.string().optional(),
	environmentType: z.string().optional(),
	tenantId: z.string().optional(),
	tenant: z.string().optional(),
	environmentName: z.string().optional(),
	authority: z.string().optional(),
	defaultCompany: z.string().optional(),
});

/** @throws SyncError of class setup when the credential is missing or holds no usable address */
export async function businessCentralAddress(context: NodeContext, authentication: Authentication): Promise<BusinessCentralAddress> {
	const credentialType = businessCentralCredential(authentication);
	const fields = businessCentralFields.parse(await credentialsOf(context, credentialType, 'businessCentral'));
	const rootUrl = webAddress(fields.rootUrl, 'businessCentral', 'Base URL');
	return {
		credentialType,
		rootUrl,
		apiRoot: `${rootUrl}/api/v2.0`,
		odataRoot: `${rootUrl}/ODataV4`,
		defaultCompany: fields.defaultCompany?.trim() ?? '',
		tenant: ownTenant(fields),
		online: onlineOf(fields),
		webClient: webClientOf(fields),
	};
}

/** A field that the form no longer shows does not count. */
const ownTenant = ({ environmentType, tenant }: z.infer<typeof businessCentralFields>): string | null =>
	(environmentType !== 'online' && tenant?.trim()) || null;

function onlineOf({
	environmentType,
	tenantId,
	environmentName,
	authority,
}: z.infer<typeof businessCentralFields>): BusinessCentralAddress['online'] {
	const [tenant, environment] = [tenantId?.trim(), environmentName?.trim()];
	if (environmentType !== 'online' || !tenant || !environment) return undefined;
	return { tenant, environment, authority: authority?.trim().replace(/\/+$/, '') || 'https://login.microsoftonline.com' };
}

function webClientOf(fields: z.infer<typeof businessCentralFields>): BusinessCentralAddress['webClient'] {
	const own = fields.webClientUrl?.trim().replace(/\/+$/, '');
	if (own) return { baseUrl: own, tenant: ownTenant(fields), environment: null };
	const tenant = fields.tenantId?.trim();
	const environment = fields.environmentName?.trim();
	if (fields.environmentType !== 'online' || !tenant || !environment) return undefined;
	return { baseUrl: 'https://businesscentral.dynamics.com', tenant, environment };
}

const crmFields = z.object({ rootUrl: z.string(), ownershipModel: z.enum(['person', 'team']).catch('team') });

/** @throws SyncError of class setup when the credential is missing or holds no usable address */
export async function crmAddress(context: NodeContext, authentication: CrmAuthentication): Promise<CrmAddress> {
	const credentialType = crmCredential(authentication);
	const fields = crmFields.parse(await credentialsOf(context, credentialType, 'crm'));
	return { credentialType, rootUrl: webAddress(fields.rootUrl, 'crm', 'Environment URL'), ownershipModel: fields.ownershipModel };
}

/** Where another credential for CRM leads. @throws SyncError of class setup when it is missing or holds no usable address */
export async function crmAddressOf(context: NodeContext, credentialType: string, name: string): Promise<{ rootUrl: string }> {
	requireCredential(context, credentialType, 'crm', name);
	const fields = crmFields.parse(await context.getCredentials(credentialType));
	return { rootUrl: webAddress(fields.rootUrl, 'crm', 'Environment URL') };
}

async function credentialsOf(context: NodeContext, type: string, system: Side): Promise<object> {
	requireCredential(context, type, system);
	return await context.getCredentials(type);
}

/** @throws SyncError `CREDENTIAL_MISSING` (setup) when none is chosen in the node; nothing is read */
export function requireCredential(
	context: Pick<NodeContext, 'getNode'>,
	type: string,
	system: Side,
	name = system === 'crm' ? 'CRM Connection' : 'Business Central',
): void {
	if (!context.getNode().credentials?.[type]) {
		throw new SyncError({
			code: 'CREDENTIAL_MISSING',
			errorClass: 'setup',
			system,
			message: `No credential is chosen for ${name}.`,
			hint: `Choose or create one in the field "${name}" at the top of the node.`,
		});
	}
}

/** What the package adds by itself; people copy it from documentation along with the address. */
const SERVICE_PATH: Record<Side, RegExp> = { businessCentral: /\/(api\/v\d|odatav4)/i, crm: /\/(api\/data|main\.aspx)/i };
const examples: Record<Side, string> = { businessCentral: 'https://bc.example.com:7048/BC', crm: 'https://contoso.crm4.dynamics.com' };

function webAddress(text: string, system: Side, field: string): string {
	const address = text.trim().replace(/\/+$/, '');
	if (
		/^https?:$/.test(parsedProtocol(address)) &&
		!/\/\/[^/]*@/.test(address) &&
		!/[?#\s]/.test(address) &&
		!SERVICE_PATH[system].test(address)
	) {
		if (mayTravel(new URL(address))) return address;
		throw new SyncError({
			code: 'ADDRESS_NOT_ENCRYPTED',
			errorClass: 'setup',
			system,
			message: `The credential for ${system === 'crm' ? 'CRM' : 'Business Central'} would send the password or token unencrypted to ${new URL(address).hostname}.`,
			hint: `Open the credential and let "${field}" begin with https://. Addresses with http:// are called within a private network only.`,
		});
	}
	throw new SyncError({
		code: 'ADDRESS_INVALID',
		errorClass: 'setup',
		system,
		message: `The credential for ${system === 'crm' ? 'CRM' : 'Business Central'} holds no usable address.`,
		hint: `Open the credential and fill in "${field}" with an address that begins with https:// and has no page or service behind it, for instance ${examples[system]}.`,
	});
}

function parsedProtocol(address: string): string {
	try {
		return new URL(address).protocol;
	} catch {
		return '';
	}
}
