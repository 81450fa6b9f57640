import { createSandbox, inProcess } from '../../../sandbox';
import { seedDemo } from '../../../sandbox/demo';
import { applyCrmSwitches } from '../../../scripts/sandboxCrm';
import { start } from './client';

/** The switches of `npm run sandbox` (docs/sandbox.md), and the documents it seeds. */
describe('switches of the command line', () => {
	function ordered(values: Parameters<typeof applyCrmSwitches>[1]) {
		const sandbox = createSandbox({ now: start });
		applyCrmSwitches(sandbox, values);
		const headers = { authorization: `Bearer ${sandbox.login.token('crm')}` };
		const send = async (method: string, path: string, body = '') => {
			const answer = await sandbox.handle({ method, url: `${inProcess.crm}/api/data/v9.2/${path}`, headers, body });
			return { ...answer, json: answer.body.startsWith('{') ? (JSON.parse(answer.body) as Record<string, unknown>) : {} };
		};
		return { sandbox, send };
	}

	test('secured columns, privileges and roles', async () => {
		const { sandbox, send } = ordered({
			'crm-secure': ['account.creditlimit'],
			'crm-revoke': ['prvDeleteAccount'],
			'crm-no-roles': ['5a1d0c1e-0001-4000-8000-000000000002'],
		});
		expect((await send('POST', 'accounts', '{"name":"A","creditlimit":1}')).status).toBe(403);
		const id = sandbox.crm.insert('account', { name: 'A' });
		expect((await send('DELETE', `accounts(${id})`)).status).toBe(403);
		sandbox.crm.addUser({ systemuserid: '5a1d0c1e-0001-4000-8000-000000000002', fullname: 'Anna' });
		expect(
			(await send('PATCH', `accounts(${id})`, '{"ownerid@odata.bind":"/systemusers(5a1d0c1e-0001-4000-8000-000000000002)"}')).status,
		).toBe(403);
	});

	test('keys and change tracking', async () => {
		const { send } = ordered({ 'crm-key': ['account:accountnumber', 'contact:firstname,lastname'], 'crm-track': ['product'] });
		expect((await send('PATCH', "accounts(accountnumber='1')", '{"name":"A"}')).status).toBe(204);
		expect((await send('PATCH', "contacts(firstname='A',lastname='B')", '{}')).status).toBe(204);
		expect((await send('GET', "EntityDefinitions(LogicalName='product')?$select=ChangeTrackingEnabled")).json.ChangeTrackingEnabled).toBe(
			true,
		);
	});

	test('plug-ins that write in capitals, at once and later', async () => {
		const { sandbox, send } = ordered({ 'crm-upper': ['account.name'], 'crm-upper-later': ['account.address1_city'] });
		await send('POST', 'accounts', '{"name":"a","address1_city":"rome"}');
		expect(sandbox.crm.rows('account')).toMatchObject([{ name: 'A', address1_city: 'rome' }]);
		sandbox.clock.advance(5000);
		expect(sandbox.crm.rows('account')).toMatchObject([{ name: 'A', address1_city: 'ROME' }]);
	});

	test('limits, hint, time, webhooks and a copy', async () => {
		const { sandbox, send } = ordered({ 'crm-requests': '2', 'crm-concurrent': '3', 'crm-dop-hint': '7', 'latency-ms': '5', 'operation-ms': '10', 'row-ms': '1', 'crm-webhook-ms': '9', 'crm-webhook-any-port': true, 'crm-copy': true }); // prettier-ignore
		expect(sandbox.crm.limits).toMatchObject({ requests: 2, concurrent: 3 });
		expect(sandbox.crm.webhooks).toMatchObject({ delayMs: 9, anyPort: true, running: false });
		expect((await send('GET', 'WhoAmI')).headers['x-ms-dop-hint']).toBe('7');
		expect(sandbox.clock.now()).toBe(start + 5 + 10 + 1);
		await send('GET', 'WhoAmI');
		expect((await send('GET', 'WhoAmI')).status).toBe(429);
	});

	test.each([
		{ 'crm-secure': ['account'] },
		{ 'crm-secure': ['account.nothing'] },
		{ 'crm-secure': ['nothing.name'] },
		{ 'crm-key': ['account'] },
		{ 'crm-track': ['nothing'] },
		{ 'crm-requests': 'many' },
	])('%j is refused', (values) => {
		expect(() => ordered(values as Parameters<typeof applyCrmSwitches>[1])).toThrow();
	});
});

describe('documents of the demonstration', () => {
	test('opportunities, quotes, orders and invoices in every state, with lines, totals and notes', () => {
		const sandbox = createSandbox({ now: start });
		seedDemo(sandbox, { customers: 5, vendors: 1, items: 1, accounts: 3, documents: true });
		const { crm } = sandbox;
		for (const [table, states] of [
			['opportunity', [0, 1, 2]],
			['quote', [0, 1, 2, 3]],
			['salesorder', [0, 1, 2, 3, 4]],
			['invoice', [0, 2, 3]],
		] as const) {
			// prettier-ignore
			const rows = crm.rows(table);
			expect([...new Set(rows.map(({ statecode }) => statecode))].sort()).toEqual([...states]);
			expect(rows.every(({ totalamount }) => Number(totalamount) > 0)).toBe(true);
			expect(crm.rows('annotation').filter(({ objecttypecode }) => objecttypecode === table)).toHaveLength(rows.length);
		}
		for (const line of crm.rows('salesorderdetail'))
			expect(line.salesorderstatecode).toBe(crm.get('salesorder', String(line.salesorderid)).statecode);
		expect(crm.rows('opportunity').every(({ estimatedvalue, totalamount }) => estimatedvalue === totalamount)).toBe(true);
	});

	test('the same for the same seed', () => {
		const names = () => {
			const sandbox = createSandbox({ now: start });
			seedDemo(sandbox, { customers: 2, vendors: 1, items: 1, documents: true });
			return sandbox.crm.rows('salesorder').map(({ salesorderid, totalamount }) => [salesorderid, totalamount]);
		};
		expect(names()).toEqual(names());
	});
});
