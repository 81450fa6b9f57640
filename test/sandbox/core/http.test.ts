import { createSandbox, defaultIdentities, tenantId, type Sandbox, type SandboxAddresses } from '../../../sandbox';
import { seedDemo } from '../../../sandbox/demo';

describe('Over real HTTP', () => {
	let sandbox: Sandbox;
	let at: SandboxAddresses;
	let token: string;
	beforeEach(async () => {
		sandbox = createSandbox();
		seedDemo(sandbox, { customers: 5, vendors: 2, items: 2, accounts: 2 });
		at = await sandbox.listen();
		const { clientId, clientSecret } = defaultIdentities[0]!.application!;
		const form = {
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: clientSecret,
			scope: `${at.businessCentral}/.default`,
		};
		const response = await fetch(`${at.login}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
		token = ((await response.json()) as { access_token: string }).access_token;
	});
	afterEach(() => sandbox.close());

	const get = (path: string, headers: Record<string, string> = {}) =>
		fetch(`${at.businessCentral}/v2.0/sandbox/api/v2.0/${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

	it('listens on 127.0.0.1 only', () => {
		for (const address of Object.values(at)) expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
	});

	it('reads with a token from the token endpoint and pages on its own origin', async () => {
		const company = sandbox.businessCentral.company('CRONUS International Ltd.');
		const response = await get(`companies(${company.id})/customers`, { prefer: 'odata.maxpagesize=2' });
		const body = (await response.json()) as { value: unknown[]; '@odata.nextLink': string };
		expect(body.value).toHaveLength(2);
		expect(body['@odata.nextLink'].startsWith(at.businessCentral)).toBe(true);
	});

	it('destroys the connection on a drop and goes on for the next request', async () => {
		sandbox.faults.add({ system: 'businessCentral', fault: { kind: 'dropAfter' } });
		await expect(get('companies')).rejects.toThrow();
		expect((await get('companies')).status).toBe(200);
	});

	it('has demonstration data that is the same every time', () => {
		const names = (one: Sandbox) =>
			one.businessCentral
				.company('CRONUS International Ltd.')
				.rows('customers')
				.map(({ displayName }) => displayName);
		const other = createSandbox();
		seedDemo(other, { customers: 5, vendors: 2, items: 2, accounts: 2 });
		expect(names(other)).toEqual(names(sandbox));
		expect(sandbox.crm.rows('bcbi_company').map(({ bcbi_externalid }) => bcbi_externalid)).toEqual(
			sandbox.businessCentral.companyList().map(({ id }) => id),
		);
		expect(sandbox.crm.rows('transactioncurrency')[0]).toMatchObject({ isocurrencycode: 'GBP' });
	});
});
