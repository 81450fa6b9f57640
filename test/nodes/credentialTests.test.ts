import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { postgresFields } from '../../nodes/shared/postgresOptions';
import { testConnection } from '../../nodes/shared/postgresTest';
import { startPostgres, type RunningPostgres } from '../kit/postgres';
import { TcpProxy } from '../kit/tcpProxy';
import { CredentialVault, loadList, testCredential } from '../kit/workflow';

let systems: LocalSystems;
beforeAll(async () => {
	systems = await startLocalSystems();
});
afterAll(async () => await systems.close());
beforeEach(() => systems.sandbox.faults.clear());

describe.each(['businessCentralOAuth2Api', 'businessCentralApi', 'dataverseOAuth2Api'])('testing %s', (type) => {
	const system = type === 'dataverseOAuth2Api' ? 'crm' : 'businessCentral';

	it('succeeds with the right values', async () => {
		expect(await testCredential(systems.vault(), type)).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it('fails with a wrong secret', async () => {
		const vault = systems.vault();
		vault.change(type, { clientSecret: 'wrong', accessKey: 'wrong' });
		expect((await testCredential(vault, type)).status).toBe('Error');
	});

	it.each([
		[401, /refused/],
		[403, /Signed in, but/],
		[404, /address is wrong/],
	])('says what to do when the service answers %i', async (status, words) => {
		systems.sandbox.faults.add({ system, times: 9, fault: { kind: 'answer', status } });
		const { status: outcome, message } = await testCredential(systems.vault(), type);
		expect(outcome).toBe('Error');
		expect(message).toMatch(words);
	});
});

it('every credential of both systems is tested by each node that takes it', () => {
	for (const node of [new SyncMapping(), new FullSync(), new CoupleRecords(), new TableMappings(), new ReadSyncLog()]) {
		const { credentials = [] } = node.description;
		expect(credentials.length).toBeGreaterThanOrEqual(5);
		for (const { name, testedBy } of credentials)
			expect([name, Object.keys(node.methods.credentialTest).includes(String(testedBy))]).toEqual([name, true]);
	}
});

describe('each mistake has its own sentence and remedy', () => {
	const GUID = '99999999-aaaa-4bbb-8ccc-000000000009';
	const NOBODY = 'http://127.0.0.1:9';
	const ENTRA = ['businessCentralServicePrincipalApi', 'dataverseServicePrincipalApi'];
	const SECRET = { clientAuthentication: 'clientSecret' };
	const MISTAKES: Array<[string, Record<string, string>, RegExp]> = [
		['client secret', { clientSecret: 'wrong' }, /^The client secret is wrong\. Paste the value of the secret, not its ID/],
		['client ID', { clientId: GUID }, /^The tenant has no application with this client ID\. Check Client ID and Tenant ID/],
		['tenant', { tenantId: GUID }, /^Microsoft Entra knows no such tenant\. Check Tenant ID and Authority/],
		['authority', { authority: NOBODY }, /^The sign-in service cannot be reached: it refuses connections\. Check Authority/],
	];
	it.each(ENTRA.flatMap((type) => MISTAKES.map(([what, fields, words]) => [type, what, fields, words] as const)))(
		'%s: %s',
		async (type, _what, fields, words) => {
			// prettier-ignore
			const vault = systems.vault();
			vault.change(type, { ...SECRET, ...fields });
			expect(await testCredential(vault, type)).toEqual({ status: 'Error', message: expect.stringMatching(words) as string });
		},
	);

	it.each([
		['businessCentralServicePrincipalApi', { ...SECRET, baseUrlOverride: `${NOBODY}/v2.0/sandbox` }],
		['dataverseServicePrincipalApi', { ...SECRET, environmentUrl: NOBODY }],
		['businessCentralApi', { baseUrl: `${NOBODY}/BC` }],
	])('%s: no network to the service', async (type, fields) => {
		const vault = systems.vault();
		vault.change(type, fields);
		const { message } = await testCredential(vault, type);
		expect(message).toMatch(
			/^(Business Central|Dataverse) cannot be reached at 127\.0\.0\.1:9: it refuses connections\. Check the address/,
		);
	});

	it('businessCentralApi: a wrong key, which has nothing to do with Microsoft Entra', async () => {
		const vault = systems.vault();
		vault.change('businessCentralApi', { accessKey: 'wrong' });
		const { message } = await testCredential(vault, 'businessCentralApi');
		expect(message).toMatch(/^Business Central refused user name or web service access key\. Check the user name/);
		expect(message).not.toMatch(/Microsoft Entra|client ID/);
	});

	it.each([
		['dataverseServicePrincipalApi', 'crm'],
		['businessCentralApi', 'businessCentral'],
	] as const)('%s: an address that answers as something else, or leads elsewhere', async (type, system) => {
		for (const [status, words] of [
			[302, /leads to another one/],
			[503, /busy or out of order/],
		] as const) {
			// prettier-ignore
			systems.sandbox.faults.add({ system, times: 1, fault: { kind: 'answer', status } });
			const vault = systems.vault();
			vault.change(type, SECRET);
			expect((await testCredential(vault, type)).message).toMatch(words);
		}
	});
});

describe('a multitenant server on premises', () => {
	afterEach(() => (systems.sandbox.businessCentral.tenant = null));

	it.each(['businessCentralApi', 'businessCentralOAuth2Api'])('is tested with the tenant of %s', async (type) => {
		systems.sandbox.businessCentral.tenant = 'contoso & co';
		const vault = systems.vault();
		if (type === 'businessCentralOAuth2Api') {
			const { baseUrl } = vault.raw('businessCentralApi') as { baseUrl: string };
			vault.change(type, { environmentType: 'onPremises', baseUrl, audience: 'https://api.businesscentral.dynamics.com' });
		}
		expect((await testCredential(vault, type)).status).toBe('Error');
		vault.change(type, { tenant: ' contoso & co ' });
		expect(await testCredential(vault, type)).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it('is asked for its companies, and left out of the address where Business Central is online', async () => {
		systems.sandbox.businessCentral.tenant = 'contoso';
		const vault = systems.vault();
		vault.change('businessCentralApi', { tenant: 'contoso' });
		const list = async () => await loadList(ReadSyncLog, 'searchCompanies', { authentication: 'accessKey' }, vault);
		expect((await list()).results).toHaveLength(1);
		systems.sandbox.businessCentral.tenant = null;
		vault.change('businessCentralOAuth2Api', { tenant: 'contoso' });
		const seen = systems.sandbox.log.requests.length;
		expect((await loadList(ReadSyncLog, 'searchCompanies', {}, vault)).results).toHaveLength(1);
		expect(systems.sandbox.log.requests.slice(seen).some(({ path }) => path.includes('tenant='))).toBe(false);
	});
});

describe('testing syncStorePostgresApi', () => {
	let postgres: RunningPostgres;
	beforeAll(async () => {
		postgres = await startPostgres();
	});
	afterAll(async () => await postgres.stop());

	const test = async (fields: Record<string, string | number> = {}) => {
		const { host, port, database, user, password, schema } = postgres.settings;
		const vault = new CredentialVault({
			syncStorePostgresApi: { host, port, database, user, password, schema, ssl: 'disable', ...fields },
		});
		return await testCredential(vault, 'syncStorePostgresApi', ReadSyncLog);
	};

	it('succeeds where the schema may be made', async () => {
		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it('names what is wrong', async () => {
		expect((await test({ port: 9 })).message).toMatch(/No PostgreSQL server answers at .*:9 .*Check Host and Port/);
		expect((await test({ database: 'nowhere' })).message).toMatch(/no database "nowhere"/);
		expect((await test({ schema: 'a b' })).message).toMatch(/Schema may hold only/);
		expect((await test({ ssl: 'verify' })).message).toMatch(/secure connection|SSL/);
	});

	it('a server that accepts connections and is silent, or hangs up, ends in words too', async () => {
		const proxy = await TcpProxy.start(postgres.settings);
		try {
			const fields = postgresFields.parse({ ...postgres.settings, ssl: 'disable', host: '127.0.0.1', port: proxy.port });
			const said = async () => (await testConnection(fields, 700)).message;
			expect(await said()).toBe('Connection successful!');
			proxy.freshUntilReady = true;
			expect(await said()).toMatch(/did not answer within 0\.7 s/);
			proxy.fresh = 'swallow';
			expect(await said()).toMatch(/did not answer within 0\.7 s/);
			const cut = said();
			await new Promise((resolve) => setTimeout(resolve, 200));
			proxy.reset();
			expect(await cut).toMatch(/PostgreSQL cannot be used|did not answer/);
		} finally {
			await proxy.close();
		}
	});

	it('says which grant is missing', async () => {
		const role = `lowly_${postgres.settings.schema}`;
		await postgres.query(`create role "${role}" login password 'lowly'`);
		try {
			expect((await test({ user: role, password: 'lowly' })).message).toMatch(/may not create it\. Create it and grant CREATE and USAGE/);
		} finally {
			await postgres.query(`drop role "${role}"`);
		}
	});
});
