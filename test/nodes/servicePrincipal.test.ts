import { inspect } from 'node:util';
import { X509Certificate } from 'node:crypto';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { forgetTokens } from '../../nodes/shared/signIn/heldTokens';
import { defaultIdentities, type LoggedRequest } from '../../sandbox';
import { selfSigned, type TestCertificate } from '../kit/certificate';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { loadList, runNode, testCredential, useNewState, type CredentialVault } from '../kit/workflow';

const bc = 'businessCentralServicePrincipalApi';
const crm = 'dataverseServicePrincipalApi';
const { clientId } = defaultIdentities[0]!.application!;
const DAY = 24 * 3600_000;

let systems: LocalSystems;
let pair: TestCertificate;
let vault: CredentialVault;

beforeAll(async () => {
	systems = await startLocalSystems();
	pair = selfSigned();
	systems.sandbox.login.registerCertificate(clientId, pair.certificate);
});
afterAll(async () => await systems.close());
beforeEach(() => {
	useNewState();
	forgetTokens();
	vault = systems.vault();
	withCertificate(pair);
	systems.sandbox.log.clear();
	systems.sandbox.faults.clear();
});

const withCertificate = ({ privateKey, certificate }: TestCertificate, ...types: string[]): void => {
	for (const type of types.length > 0 ? types : [bc, crm]) {
		vault.change(type, { clientAuthentication: 'certificate', privateKey, certificate, clientSecret: '' });
	}
};
const principals = { authentication: 'servicePrincipal', crmAuthentication: 'servicePrincipal' };
const synchronize = async (parameters = {}) =>
	await runNode(
		SyncMapping,
		{ company: systems.company, mapping: by('name', 'CUSTOMER'), ...principals, ...parameters },
		{ credentials: vault },
	);
const requests = (system: LoggedRequest['system']): LoggedRequest[] => systems.sandbox.log.requests.filter((one) => one.system === system);
const companies = async () => await loadList(ReadSyncLog, 'searchCompanies', principals, vault);

describe('signing in with a certificate', () => {
	it('synchronizes both systems as the application; one token for each serves all runs of the process', async () => {
		const { error, json } = await synchronize();
		expect(error).toBeUndefined();
		expect(json[0]?.every(({ status }) => status === 'finished')).toBe(true);
		expect(requests('login')).toHaveLength(2);
		for (const { requestBody } of requests('login')) {
			const form = new URLSearchParams(requestBody);
			expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
			expect(form.has('client_secret')).toBe(false);
		}
		expect(new Set(requests('crm').map(({ user }) => user))).toEqual(new Set(['5a1d0c1e-0001-4000-8000-000000000001']));
		systems.sandbox.log.clear();
		expect((await synchronize()).error).toBeUndefined();
		expect((await companies()).results).toHaveLength(1);
		expect(requests('login')).toEqual([]);
	});

	it('needs the thumbprint only, where there is no certificate at hand', async () => {
		withCertificate({ ...pair, certificate: new X509Certificate(pair.certificate).fingerprint }, bc);
		withCertificate({ ...pair, certificate: new X509Certificate(pair.certificate).fingerprint256 }, crm);
		expect((await synchronize()).error).toBeUndefined();
	});

	it('renews a token that is refused, once for all requests, and goes on', async () => {
		await synchronize();
		systems.sandbox.login.expireAll();
		systems.sandbox.log.clear();
		const { error, json } = await synchronize();
		expect(error).toBeUndefined();
		expect(json[0]?.every(({ status }) => status === 'finished')).toBe(true);
		expect(requests('login')).toHaveLength(2);
		systems.sandbox.login.expireAll();
		expect((await companies()).results).toHaveLength(1);
	});

	it('renews a token shortly before its end, without being refused', async () => {
		systems.sandbox.login.tokens.lifeSeconds = 60;
		try {
			await synchronize();
		} finally {
			systems.sandbox.login.tokens.lifeSeconds = 3599;
		}
		systems.sandbox.log.clear();
		expect((await synchronize()).error).toBeUndefined();
		expect(requests('login')).toHaveLength(2);
		expect(requests('crm').filter(({ status }) => status === 401)).toEqual([]);
	});

	it('asks again after a credential was changed', async () => {
		await synchronize();
		vault.change(crm, { clientAuthentication: 'clientSecret', clientSecret: 'not-the-right-secret' });
		expect((await synchronize()).error?.message).toBe('Signing in to CRM failed: The client secret is wrong.');
	});

	it('leaves OAuth2 to the other system', async () => {
		expect((await synchronize({ crmAuthentication: 'oAuth2' })).error).toBeUndefined();
		expect((await synchronize({ authentication: 'accessKey' })).error).toBeUndefined();
		expect(new Set(requests('businessCentral').map(({ user }) => user))).toEqual(new Set(['SYNC']));
	});
});

it('signing in with a secret works as well', async () => {
	vault = systems.vault();
	expect((await synchronize()).error).toBeUndefined();
	expect(requests('login').every(({ requestBody }) => new URLSearchParams(requestBody).has('client_secret'))).toBe(true);
});

interface Mistake {
	fields: Record<string, string>;
	code: string;
	says: RegExp;
	remedy: RegExp;
}

const mistakes = (): Record<string, Mistake> => {
	const unknown = selfSigned();
	const expired = selfSigned({ from: Date.now() - 400 * DAY, until: Date.now() - DAY });
	systems.sandbox.login.registerCertificate(clientId, expired.certificate);
	const thumbprint = (certificate: string): string => new X509Certificate(certificate).fingerprint256;
	const certificate = { clientAuthentication: 'certificate', ...pair };
	return {
		'a key that does not belong to the certificate': {
			fields: { ...certificate, privateKey: unknown.privateKey },
			code: 'CERTIFICATE_UNUSABLE',
			says: /private key does not belong to the certificate/,
			remedy: /one pair/,
		},
		'a key that does not belong to the thumbprint': {
			fields: { ...certificate, privateKey: unknown.privateKey, certificate: thumbprint(pair.certificate) },
			code: 'CERTIFICATE_REFUSED',
			says: /refused the signature/,
			remedy: /one pair/,
		},
		'a certificate that was never uploaded': {
			fields: { ...certificate, ...unknown },
			code: 'CERTIFICATE_REFUSED',
			says: /no certificate with this thumbprint/,
			remedy: /Upload the certificate/,
		},
		'a certificate that has expired': {
			fields: { ...certificate, ...expired },
			code: 'CERTIFICATE_EXPIRED',
			says: /The certificate expired on \d{4}-\d\d-\d\d/,
			remedy: /Make a new one/,
		},
		'the thumbprint of a certificate that has expired': {
			fields: { ...certificate, privateKey: expired.privateKey, certificate: thumbprint(expired.certificate) },
			code: 'CERTIFICATE_EXPIRED',
			says: /says that the certificate has expired/,
			remedy: /Make a new one/,
		},
		'no key': {
			fields: { ...certificate, privateKey: '' },
			code: 'CERTIFICATE_UNUSABLE',
			says: /private key is missing/,
			remedy: /BEGIN PRIVATE KEY/,
		},
		'a wrong secret': {
			fields: { clientAuthentication: 'clientSecret', clientSecret: 'a-wrong-secret-value' },
			code: 'SIGN_IN_FAILED',
			says: /client secret is wrong/,
			remedy: /value of the secret, not its ID/,
		},
		'no secret': {
			fields: { clientAuthentication: 'clientSecret', clientSecret: '' },
			code: 'SIGN_IN_FAILED',
			says: /no client secret/,
			remedy: /fill it in/,
		},
		'an application nobody registered': {
			fields: { clientId: '99999999-0000-4000-8000-000000000000' },
			code: 'SIGN_IN_FAILED',
			says: /no application with this client ID/,
			remedy: /Client ID and Tenant ID/,
		},
		'the tenant of somebody else': {
			fields: { tenantId: '99999999-0000-4000-8000-000000000000' },
			code: 'SIGN_IN_FAILED',
			says: /knows no such tenant/,
			remedy: /Tenant ID/,
		},
		'no tenant': { fields: { tenantId: '' }, code: 'SIGN_IN_FAILED', says: /no usable tenant ID/, remedy: /fill it in/ },
		'a sign-in service that is not there': {
			fields: { authority: 'http://127.0.0.1:9' },
			code: 'NO_ANSWER',
			says: /sign-in service cannot be reached/,
			remedy: /Authority/,
		},
		'a sign-in service that would be called unencrypted': {
			fields: { authority: 'http://login.microsoftonline.com' },
			code: 'SIGN_IN_FAILED',
			says: /unencrypted to login\.microsoftonline\.com/,
			remedy: /https:/,
		},
	};
};

describe.each([
	[bc, 'Business Central'],
	[crm, 'CRM'],
])('what is wrong with %s', (type, name) => {
	it('is told in words by a run, by lists and by the connection test, with a remedy, and without a secret', async () => {
		for (const [what, { fields, code, says, remedy }] of Object.entries(mistakes())) {
			vault = systems.vault();
			withCertificate(pair);
			vault.change(type, fields);
			const run = await synchronize();
			expect([what, run.error?.message]).toEqual([what, expect.stringMatching(new RegExp(`^Signing in to ${name} failed: `))]);
			expect([what, run.error?.message]).toEqual([what, expect.stringMatching(says)]);
			expect([what, run.error?.description]).toEqual([what, expect.stringMatching(remedy)]);
			expect([what, run.error?.description]).toEqual([what, expect.stringContaining(`(${code})`)]);
			const test = await testCredential(vault, type);
			expect([what, test]).toEqual([what, { status: 'Error', message: expect.stringMatching(says) as string }]);
			expect([what, test.message]).toEqual([what, expect.stringMatching(remedy)]);
			if (type === bc) await expect(companies()).rejects.toThrow(says);
			const told = inspect([run.error, run.outputs, run.messages, test], { depth: 12, showHidden: true });
			for (const secret of [fields['privateKey'], fields['clientSecret']]) if (secret) expect(told.includes(secret)).toBe(false);
			expect(told).not.toMatch(/client_assertion|BEGIN PRIVATE KEY-----\n/);
		}
	});

	it('is nothing when it is right, with certificate and with secret', async () => {
		const ok = { status: 'OK', message: 'Connection successful!' };
		expect(await testCredential(vault, type)).toEqual(ok);
		expect(await testCredential(systems.vault(), type)).toEqual(ok);
	});

	it('is what the service says, once the sign-in is right', async () => {
		const system = type === crm ? 'crm' : 'businessCentral';
		systems.sandbox.faults.add({ system, times: 9, fault: { kind: 'answer', status: 403 } });
		expect((await testCredential(vault, type)).message).toMatch(/Signed in, but/);
	});
});

it('a sign-in service that is busy is asked again by the next run, and the error says so', async () => {
	systems.sandbox.faults.add({ system: 'login', times: 99, fault: { kind: 'answer', status: 503 } });
	const { error } = await synchronize();
	expect(error?.message).toMatch(/busy or out of order \(status 503\)/);
	systems.sandbox.faults.clear();
	expect((await synchronize()).error).toBeUndefined();
});
