import type { INodeProperties } from 'n8n-workflow';

/** Fields of an application that is registered in Microsoft Entra ID, as credentials of both systems have them. */
export const application = {
	clientId: {
		displayName: 'Client ID',
		name: 'clientId',
		type: 'string',
		default: '',
		required: true,
		description: 'Application (client) ID. Azure portal → App registrations → your application → Overview.',
	},
	clientSecret: {
		displayName: 'Client Secret',
		name: 'clientSecret',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		description: 'Value (not the ID) of a client secret. Azure portal → App registrations → your application → Certificates & secrets.',
	},
	authority: {
		displayName: 'Authority',
		name: 'authority',
		type: 'string',
		default: 'https://login.microsoftonline.com',
		description: 'Address of the sign-in service. Change it only for national clouds, or for a local token endpoint.',
	},
	accessTokenUrl: {
		displayName: 'Access Token URL',
		name: 'accessTokenUrl',
		type: 'hidden',
		default:
			'={{ ($self["authority"] || "").trim().replace(/\\/+$/, "") + "/" + ($self["tenantId"] || "").trim() + "/oauth2/v2.0/token" }}',
	},
} satisfies Record<string, INodeProperties>;

/** How an application proves who it is, without n8n's OAuth2: with a certificate or with a secret. */
export const servicePrincipalProof: INodeProperties[] = [
	{
		displayName: 'Client Authentication',
		name: 'clientAuthentication',
		type: 'options',
		options: [
			{
				name: 'Certificate',
				value: 'certificate',
				description: 'A private key that never leaves n8n signs each sign-in (recommended)',
			},
			{ name: 'Client Secret', value: 'clientSecret', description: 'A secret that is sent with each sign-in' },
		],
		default: 'certificate',
		description: 'How the application proves who it is. The app registration lists both under Certificates & secrets.',
	},
	{
		displayName: 'Private Key',
		name: 'privateKey',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		displayOptions: { show: { clientAuthentication: ['certificate'] } },
		default: '',
		required: true,
		placeholder: '-----BEGIN PRIVATE KEY----- …',
		description: 'RSA key as PEM, without a passphrase. It belongs to the certificate; it is only used to sign, and is never sent.',
	},
	{
		displayName: 'Certificate or Thumbprint',
		name: 'certificate',
		type: 'string',
		typeOptions: { rows: 4 },
		displayOptions: { show: { clientAuthentication: ['certificate'] } },
		default: '',
		required: true,
		placeholder: '-----BEGIN CERTIFICATE----- …',
		description:
			'The certificate that was uploaded to the app registration, as PEM; it is checked against key and date before each sign-in. Or only its thumbprint, as the Azure portal shows it (SHA-1 or SHA-256).',
	},
	{ ...application.clientSecret, displayOptions: { show: { clientAuthentication: ['clientSecret'] } } },
];

/** Kept by n8n for its own requests, the connection test first of all. Runs have their tokens in memory. */
export const accessToken: INodeProperties = {
	displayName: 'Access Token',
	name: 'accessToken',
	type: 'hidden',
	typeOptions: { expirable: true },
	default: '',
};
