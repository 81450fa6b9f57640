import { constants, createHash, sign, X509Certificate } from 'node:crypto';
import { createSandbox, defaultIdentities, tenantId, type Sandbox } from '../../../sandbox';
import { selfSigned, type TestCertificate } from '../../kit/certificate';

const { clientId } = defaultIdentities[0]!.application!;
const now = Date.parse('2026-06-01T12:00:00Z');
const day = 24 * 3600_000;
const url = `http://login.sandbox/${tenantId}/oauth2/v2.0/token`;
const registered = selfSigned({ from: now - day, until: now + 2 * day });
const stranger = selfSigned({ from: now - day, until: now + day });
const claims = { aud: url, iss: clientId, sub: clientId, jti: 'one', nbf: now / 1000, exp: now / 1000 + 300 };

/** Made without the product: by the words of Microsoft's documentation. */
function assertion(by: TestCertificate, named: TestCertificate, { alg = 'PS256', claimed = {} as object } = {}): string {
	const der = new X509Certificate(named.certificate).raw;
	const header =
		alg === 'PS256'
			? { alg, typ: 'JWT', 'x5t#S256': createHash('sha256').update(der).digest('base64url') }
			: { alg, typ: 'JWT', x5t: createHash('sha1').update(der).digest('base64url') };
	const text = [header, { ...claims, ...claimed }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
	const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
	return `${text}.${sign('sha256', Buffer.from(text), { key: by.privateKey, padding, saltLength: 32 }).toString('base64url')}`;
}

describe('the token endpoint and assertions of applications', () => {
	let sandbox: Sandbox;
	beforeEach(() => {
		sandbox = createSandbox({ now });
		sandbox.login.registerCertificate(clientId, stranger.certificate.replace(stranger.certificate, selfSigned().certificate));
		sandbox.login.registerCertificate(clientId, registered.certificate);
	});

	const ask = async (clientAssertion: string, form: Record<string, string> = {}) => {
		const body = new URLSearchParams({
			grant_type: 'client_credentials',
			scope: 'https://api.businesscentral.dynamics.com/.default',
			client_id: clientId,
			client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
			client_assertion: clientAssertion,
			...form,
		});
		const response = await sandbox.handle({ method: 'POST', url, headers: {}, body: body.toString() });
		return { status: response.status, body: JSON.parse(response.body) as Record<string, unknown> };
	};

	it.each(['PS256', 'RS256'])('give a token for one that is signed by %s', async (alg) => {
		const { status, body } = await ask(assertion(registered, registered, { alg }));
		expect(status).toBe(200);
		expect(sandbox.login.identityOf('businessCentral', `Bearer ${String(body['access_token'])}`)?.businessCentralUser).toBe('SYNC');
	});

	it.each<[string, string, number, RegExp]>([
		[
			'of a certificate that was never uploaded',
			assertion(stranger, stranger),
			700027,
			/key was not found.*Thumbprint of key used by client: '[0-9A-F]{64}'/,
		],
		['signed with another key', assertion(stranger, registered), 700027, /verify the signature failed/],
		[
			'signed in another way than it says',
			assertion(registered, registered, { alg: 'RS256' }).replace(/^[^.]+/, assertion(registered, registered).split('.')[0]!),
			700027,
			/verify the signature failed/,
		],
		['for another application', assertion(registered, registered, { claimed: { sub: 'other' } }), 700021, /doesn't match/],
		['for another address', assertion(registered, registered, { claimed: { aud: 'https://elsewhere.example' } }), 700023, /audience/],
		[
			'that is over',
			assertion(registered, registered, { claimed: { nbf: now / 1000 - 900, exp: now / 1000 - 600 } }),
			700024,
			/valid time range/,
		],
		[
			'of tomorrow',
			assertion(registered, registered, { claimed: { nbf: now / 1000 + 900, exp: now / 1000 + 1200 } }),
			700024,
			/valid time range/,
		],
		['without an id', assertion(registered, registered, { claimed: { jti: undefined } }), 50027, /malformed/],
		['that is no JWT', 'abc', 50027, /malformed/],
	])('refuse one %s', async (_what, text, number, words) => {
		const { status, body } = await ask(text);
		expect(status).toBe(401);
		expect(body).toMatchObject({ error: 'invalid_client', error_codes: [number] });
		expect(body['error_description']).toMatch(words);
	});

	it('refuse a certificate that has expired', async () => {
		sandbox.clock.advance(3 * day);
		const later = now / 1000 + 3 * 86_400;
		const { body } = await ask(assertion(registered, registered, { claimed: { nbf: later, exp: later + 300 } }));
		expect(body).toMatchObject({ error_codes: [700027], error_description: expect.stringMatching(/key used is expired/) as string });
	});

	it('want the type of the assertion said', async () => {
		expect((await ask(assertion(registered, registered), { client_assertion_type: '' })).body).toMatchObject({ error_codes: [900144] });
	});
});
