import { createHash } from 'node:crypto';
import { createSandbox, defaultIdentities, tenantId, type Sandbox } from '../../../sandbox';

const { clientId, clientSecret } = defaultIdentities[0]!.application!;
const scope = 'https://api.businesscentral.dynamics.com/.default';

describe('Token endpoint', () => {
	let sandbox: Sandbox;
	beforeEach(() => {
		sandbox = createSandbox({ now: Date.parse('2026-06-01T12:00:00Z') });
	});

	const token = async (form: Record<string, string>, tenant = tenantId) => {
		const url = `http://login.sandbox/${tenant}/oauth2/v2.0/token`;
		const response = await sandbox.handle({ method: 'POST', url, headers: {}, body: new URLSearchParams(form).toString() });
		return { status: response.status, body: JSON.parse(response.body) as Record<string, string> };
	};
	const credentials = { client_id: clientId, client_secret: clientSecret };
	const companies = async (access: string) => {
		const url = 'http://bc.sandbox/v2.0/sandbox/api/v2.0/companies';
		return (await sandbox.handle({ method: 'GET', url, headers: { authorization: `Bearer ${access}` }, body: '' })).status;
	};

	it('gives client credentials a token that expires', async () => {
		const { status, body } = await token({ grant_type: 'client_credentials', scope, ...credentials });
		expect(status).toBe(200);
		expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
		expect(body).not.toHaveProperty('refresh_token');
		expect(await companies(body['access_token']!)).toBe(200);
		sandbox.clock.advance(3600_000);
		expect(await companies(body['access_token']!)).toBe(401);
	});

	it('ends all tokens on expireAll', async () => {
		const { body } = await token({ grant_type: 'client_credentials', scope, ...credentials });
		sandbox.login.expireAll();
		expect(await companies(body['access_token']!)).toBe(401);
	});

	it.each([
		['a wrong secret', { grant_type: 'client_credentials', scope, client_id: clientId, client_secret: 'x' }, 401, 'AADSTS7000215'],
		['an unknown application', { grant_type: 'client_credentials', scope, client_id: 'x', client_secret: 'x' }, 400, 'AADSTS700016'],
		[
			'a scope without /.default',
			{ grant_type: 'client_credentials', scope: 'https://x.example/user', ...credentials },
			400,
			'AADSTS1002012',
		],
		['a missing grant type', { scope, ...credentials }, 400, 'AADSTS900144'],
		['an unknown grant type', { grant_type: 'password', scope, ...credentials }, 400, 'AADSTS70003'],
	])('refuses %s', async (_name, form, status, error) => {
		const reply = await token(form);
		expect(reply.status).toBe(status);
		expect(reply.body['error_description']).toContain(error);
	});

	it('refuses an unknown tenant', async () => {
		expect((await token({ grant_type: 'client_credentials', scope, ...credentials }, 'nowhere')).body['error_description']).toContain(
			'AADSTS90002',
		);
	});

	it('runs the authorization code flow with PKCE and refresh', async () => {
		const verifier = 'v'.repeat(50);
		const challenge = createHash('sha256').update(verifier).digest('base64url');
		const redirect = 'https://client.example/back';
		const all = `${scope} offline_access`;
		const query = new URLSearchParams({
			client_id: clientId,
			redirect_uri: redirect,
			response_type: 'code',
			scope: all,
			state: 's1',
			code_challenge: challenge,
			code_challenge_method: 'S256',
			login_hint: 'ben@cronus.example',
		});
		const url = `http://login.sandbox/${tenantId}/oauth2/v2.0/authorize?${query}`;
		const { status, headers } = await sandbox.handle({ method: 'GET', url, headers: {}, body: '' });
		expect(status).toBe(302);
		const back = new URL(headers['location']!);
		expect(back.searchParams.get('state')).toBe('s1');
		const form = { grant_type: 'authorization_code', code: back.searchParams.get('code')!, redirect_uri: redirect, ...credentials };
		const { body } = await token({ ...form, code_verifier: verifier });
		expect(sandbox.login.identityOf('businessCentral', `Bearer ${body['access_token']}`)?.businessCentralUser).toBe('BEN');
		expect((await token({ ...form, code_verifier: verifier })).body['error']).toBe('invalid_grant');
		const fresh = await token({ grant_type: 'refresh_token', refresh_token: body['refresh_token']!, ...credentials });
		expect(await companies(fresh.body['access_token']!)).toBe(200);
	});
});
