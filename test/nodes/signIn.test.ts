import { inspect } from 'node:util';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import type { LoggedRequest } from '../../sandbox';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { connectAccount, runNode, useNewState, type CredentialVault } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;

beforeAll(async () => {
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());
beforeEach(() => {
	useNewState();
	vault = systems.vault();
	systems.sandbox.log.clear();
	systems.sandbox.faults.clear();
});

const synchronize = async (parameters = {}) =>
	await runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CUSTOMER'), ...parameters }, { credentials: vault });
const requests = (system: LoggedRequest['system']): LoggedRequest[] => systems.sandbox.log.requests.filter((one) => one.system === system);
const tokenOf = (type: string): unknown => (vault.raw(type)['oauthTokenData'] as { access_token?: string } | undefined)?.access_token;

describe('signing in as an application', () => {
	it('fetches one token for each system, keeps both, and a second run fetches none', async () => {
		expect((await synchronize()).error).toBeUndefined();
		expect(requests('login')).toHaveLength(2);
		expect(tokenOf('businessCentralOAuth2Api')).toEqual(expect.any(String));
		expect(tokenOf('dataverseOAuth2Api')).toEqual(expect.any(String));
		systems.sandbox.log.clear();
		expect((await synchronize()).error).toBeUndefined();
		expect(requests('login')).toHaveLength(0);
	});

	it('renews a token that is refused, once for all requests, and goes on', async () => {
		await synchronize();
		const before = tokenOf('dataverseOAuth2Api');
		systems.sandbox.login.expireAll();
		systems.sandbox.log.clear();
		const { error, json } = await synchronize();
		expect(error).toBeUndefined();
		expect(json[0]?.every(({ status }) => status === 'finished')).toBe(true);
		expect(requests('login')).toHaveLength(2);
		expect(tokenOf('dataverseOAuth2Api')).not.toBe(before);
	});

	it('renews a token shortly before its end, without being refused', async () => {
		await synchronize();
		const token = vault.raw('dataverseOAuth2Api')['oauthTokenData'] as Record<string, string>;
		vault.change('dataverseOAuth2Api', { oauthTokenData: { ...token, n8n_expires_at: String(Date.now() + 30_000) } });
		systems.sandbox.log.clear();
		expect((await synchronize()).error).toBeUndefined();
		expect(requests('login')).toHaveLength(1);
		expect(requests('crm').filter(({ status }) => status === 401)).toEqual([]);
	});

	it('says what is wrong when the secret is, without telling it', async () => {
		vault.change('dataverseOAuth2Api', { clientSecret: 'a-wrong-secret-value' });
		const outcome = await synchronize();
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toContain('Signing in to CRM failed');
		expect(outcome.error?.description).toContain('client secret');
		expect(inspect([outcome.error, outcome.outputs, outcome.messages], { depth: 12, showHidden: true })).not.toContain(
			'a-wrong-secret-value',
		);
	});
});

describe('signing in as a person', () => {
	it('asks to connect first', async () => {
		vault.change('dataverseOAuth2Api', { grantType: 'authorizationCode' });
		const { error } = await synchronize();
		expect(error?.message).toContain('has not been connected');
	});

	it('works after connecting, as that person, and renews by the refresh token', async () => {
		vault.change('dataverseOAuth2Api', { grantType: 'authorizationCode' });
		await connectAccount(vault, 'dataverseOAuth2Api', 'ANNA');
		expect((await synchronize()).error).toBeUndefined();
		expect(new Set(requests('crm').map(({ user }) => user))).toEqual(new Set(['5a1d0c1e-0001-4000-8000-000000000002']));
		systems.sandbox.login.expireAll();
		systems.sandbox.log.clear();
		expect((await synchronize()).error).toBeUndefined();
		expect(requests('login').some(({ requestBody }) => requestBody.includes('grant_type=refresh_token'))).toBe(true);
	});
});

describe('signing in with user and web service access key', () => {
	it('needs no token for Business Central', async () => {
		const { error } = await synchronize({ authentication: 'accessKey' });
		expect(error).toBeUndefined();
		expect(requests('login')).toHaveLength(1);
		expect(new Set(requests('businessCentral').map(({ user }) => user))).toEqual(new Set(['SYNC']));
	});

	it('says what is wrong when the key is, without telling it', async () => {
		vault.change('businessCentralApi', { accessKey: 'a-wrong-access-key' });
		const outcome = await synchronize({ authentication: 'accessKey' });
		expect(outcome.status).toBe('error');
		expect(outcome.error?.message).toMatch(/Business Central/);
		expect(inspect([outcome.error, outcome.outputs], { depth: 12, showHidden: true })).not.toContain('a-wrong-access-key');
	});
});

it('a company given by name is looked up; a wrong name lists those there are', async () => {
	expect((await synchronize({ company: by('name', 'cronus international ltd.') })).error).toBeUndefined();
	const { error } = await synchronize({ company: by('name', 'CRONUS AG') });
	expect(error?.message).toBe('Business Central has no company named "CRONUS AG".');
	expect(error?.description).toContain('CRONUS International Ltd.');
});

it('the log is read without asking either system, once the store knows the company', async () => {
	const read = async () => await runNode(ReadSyncLog, { company: systems.company }, { credentials: vault });
	expect((await read()).json[0]).toEqual([{ found: 0, message: 'No synchronization job fits the filters.' }]);
	await synchronize();
	systems.sandbox.log.clear();
	const { json, error } = await read();
	expect(error).toBeUndefined();
	expect(json[0]!.length).toBeGreaterThan(0);
	expect(systems.sandbox.log.requests).toEqual([]);
});
