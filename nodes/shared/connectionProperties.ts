import type { ICredentialsDisplayOptions, INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { companyProperty } from './locators';

/**
 * A condition that always holds. Without one, n8n takes a credential for one of the choices of the parameter *Authentication*, and its drop-down
 * offers the credentials of the other system. (The type of the property knows versions as numbers only; n8n itself also reads conditions.)
 */
const anyVersion: unknown = { show: { '@version': [{ _cnd: { gte: 1 } }] } };
export const always = anyVersion as ICredentialsDisplayOptions;

/** Credentials of both systems, which all nodes take. Which of each system's is used depends on *Authentication* and *CRM Authentication*. */
export const connectionCredentials: INodeCredentialDescription[] = [
	{
		name: 'businessCentralOAuth2Api',
		testedBy: 'businessCentralTest',
		displayName: 'Business Central',
		required: true,
		displayOptions: { show: { authentication: ['oAuth2'] } },
	},
	{
		name: 'businessCentralServicePrincipalApi',
		testedBy: 'businessCentralTest',
		displayName: 'Business Central',
		required: true,
		displayOptions: { show: { authentication: ['servicePrincipal'] } },
	},
	{
		name: 'businessCentralApi',
		testedBy: 'businessCentralTest',
		displayName: 'Business Central',
		required: true,
		displayOptions: { show: { authentication: ['accessKey'] } },
	},
	{
		name: 'dataverseOAuth2Api',
		testedBy: 'crmTest',
		displayName: 'CRM Connection',
		required: true,
		displayOptions: { show: { crmAuthentication: ['oAuth2'] } },
	},
	{
		name: 'dataverseServicePrincipalApi',
		testedBy: 'crmTest',
		displayName: 'CRM Connection',
		required: true,
		displayOptions: { show: { crmAuthentication: ['servicePrincipal'] } },
	},
];

/** First fields of all nodes. */
export const connectionProperties: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'OAuth2', value: 'oAuth2', description: 'Business Central online, or on-premises with Microsoft Entra ID' },
			{
				name: 'Service Principal',
				value: 'servicePrincipal',
				description: 'The same, as an application with a certificate or a secret',
			},
			{
				name: 'User and Web Service Access Key',
				value: 'accessKey',
				description: 'Business Central on-premises with user name and web service access key',
			},
		],
		default: 'oAuth2',
		description: 'How to sign in to Business Central',
	},
	{
		displayName: 'CRM Authentication',
		name: 'crmAuthentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'OAuth2', value: 'oAuth2', description: 'As an application with a secret, or as a person who signs in' },
			{ name: 'Service Principal', value: 'servicePrincipal', description: 'As an application with a certificate or a secret' },
		],
		default: 'oAuth2',
		description: 'How to sign in to CRM',
	},
	companyProperty,
];
