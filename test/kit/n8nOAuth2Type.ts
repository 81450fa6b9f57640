import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * The parent of OAuth2 credentials. n8n has it in n8n-nodes-base, which is too large to install for tests; the engine needs only the names and
 * defaults of its fields, and these are they (n8n 2.41).
 */
class OAuth2Api implements ICredentialType {
	name = 'oAuth2Api';
	displayName = 'OAuth2 API';
	properties: INodeProperties[] = [
		field('grantType', 'authorizationCode'),
		field('authUrl', ''),
		field('accessTokenUrl', ''),
		field('clientId', ''),
		field('clientSecret', ''),
		field('scope', ''),
		field('authQueryParameters', ''),
		field('authentication', 'header'),
		{ displayName: 'Send Additional Body Properties', name: 'sendAdditionalBodyProperties', type: 'boolean', default: false },
		field('additionalBodyProperties', ''),
		{ displayName: 'Ignore SSL Issues', name: 'ignoreSSLIssues', type: 'boolean', default: false },
		{ displayName: 'Token', name: 'oauthTokenData', type: 'json', default: {} },
	];
}

function field(name: string, value: string): INodeProperties {
	return { displayName: name, name, type: 'string', default: value };
}

export const oAuth2Api: ICredentialType = new OAuth2Api();
