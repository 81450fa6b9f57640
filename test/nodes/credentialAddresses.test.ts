import { CredentialVault } from '../kit/workflow';

const application = { clientId: 'app', clientSecret: 'shhh', tenantId: ' tenant ', authority: 'https://login.microsoftonline.com/' };

const resolved = (type: string, data: Record<string, string>): Record<string, unknown> => {
	const vault = new CredentialVault({ [type]: data });
	return vault.resolved(type, vault.raw(type));
};

describe('Business Central OAuth2', () => {
	const type = 'businessCentralOAuth2Api';

	it('builds the online address from tenant and environment', () => {
		expect(resolved(type, { ...application, environmentName: 'Test 1' })).toMatchObject({
			rootUrl: 'https://api.businesscentral.dynamics.com/v2.0/tenant/Test%201',
			accessTokenUrl: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token',
			authUrl: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/authorize',
			scope: 'https://api.businesscentral.dynamics.com/.default',
			authentication: 'body',
			grantType: 'clientCredentials',
		});
	});

	it('calls the override instead, where one is given', () => {
		expect(resolved(type, { ...application, baseUrlOverride: 'http://127.0.0.1:7048/v2.0/sandbox/' })).toMatchObject({
			rootUrl: 'http://127.0.0.1:7048/v2.0/sandbox',
			scope: 'https://api.businesscentral.dynamics.com/.default',
		});
	});

	it('takes address and audience of an own server', () => {
		const data = { ...application, environmentType: 'onPremises', baseUrl: 'https://bc.example.com:7048/BC/', audience: 'api://bc' };
		expect(resolved(type, data)).toMatchObject({ rootUrl: 'https://bc.example.com:7048/BC', scope: 'api://bc/.default' });
	});

	it('asks for a refresh token only when a person signs in', () => {
		expect(resolved(type, { ...application, grantType: 'authorizationCode' })['scope']).toBe(
			'https://api.businesscentral.dynamics.com/.default offline_access',
		);
	});
});

describe('CRM connection', () => {
	const type = 'dataverseOAuth2Api';

	it('asks for the permissions of the environment, without a refresh token for an application', () => {
		expect(resolved(type, { ...application, environmentUrl: ' https://contoso.crm4.dynamics.com/ ' })).toMatchObject({
			rootUrl: 'https://contoso.crm4.dynamics.com',
			scope: 'https://contoso.crm4.dynamics.com/.default',
			ownershipModel: 'team',
		});
	});

	it('asks for a refresh token when a person signs in', () => {
		const data = { ...application, environmentUrl: 'https://contoso.crm4.dynamics.com', grantType: 'authorizationCode' };
		expect(resolved(type, data)['scope']).toBe('https://contoso.crm4.dynamics.com/.default offline_access');
	});
});
