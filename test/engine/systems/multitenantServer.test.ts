import { clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { webClientLink } from '../../../engine/systems/businessCentral/link';
import { changes, customers, sandboxed, type Sandboxed } from './sandboxed';

let world: Sandboxed;
const company = () => world.sandbox.businessCentral.company(world.companyId);

beforeEach(() => {
	clearBusinessCentralMetadata();
	world = sandboxed();
	world.sandbox.businessCentral.tenant = 'contoso & co';
});
afterEach(() => world.sandbox.close());

test('every request names the tenant: lists page by page, batches, counts, metadata and writes', async () => {
	const system = world.businessCentral({ tenant: 'contoso & co' });
	const ids = company().seed(
		'customers',
		[1, 2, 3].map((index) => ({ number: `C${index}`, displayName: `Customer ${index}` })),
	);
	const { records, pages } = await changes(system, { table: customers, pageSize: 1 });
	expect([records.length, pages]).toEqual([3, 3]);
	const [outcome] = await system.write(customers, [
		{
			kind: 'update',
			id: ids[0]!,
			version: records.find(({ id }) => id === ids[0])!.version,
			number: 'C1',
			values: { city: 'Bath', 'workflowCustomers/faxNumber': '1' },
		},
	]);
	expect(outcome).toMatchObject({ status: 'written', record: { values: { city: 'Bath', 'workflowCustomers/faxNumber': '1' } } });
	expect(await system.count(customers, "city eq 'Bath'")).toEqual({ count: 1, atLeast: false });
	expect((await system.describe(customers)).columns.has('workflowCustomers/faxNumber')).toBe(true);
	expect((await system.search(customers, 'customer', null)).records).toHaveLength(3);
	expect(await system.absentColumns(customers, ['city'])).toEqual([]);
	const requests = world.taken();
	expect(requests.length).toBeGreaterThan(8);
	for (const { path } of requests) expect(path.match(/[?&]tenant=contoso & co/g)).toHaveLength(1);
});

test('without the tenant, or with another, the server is not found, and the error says where to look', async () => {
	for (const tenant of [null, 'fabrikam']) {
		await expect(changes(world.businessCentral({ tenant }), { table: customers })).rejects.toMatchObject({
			code: 'BC_ENVIRONMENT_NOT_FOUND',
			errorClass: 'setup',
			hint: expect.stringContaining('tenant') as string,
		});
	}
});

test('what is remembered of one tenant is not taken for another', async () => {
	const { businessCentral } = world.sandbox;
	await world.businessCentral({ tenant: 'contoso & co' }).absentColumns({ ...customers, companions: [] }, ['city']);
	businessCentral.tenant = 'fabrikam';
	world.taken();
	await world.businessCentral({ tenant: 'fabrikam' }).absentColumns({ ...customers, companions: [] }, ['city']);
	expect(world.taken()).toHaveLength(1);
});

test('the link into the web client names the tenant as its server wants it', () => {
	const client = { baseUrl: 'https://bc.example.com/BC', companyName: 'CRONUS', tenant: 'contoso', environment: null };
	expect(webClientLink(client, customers, { id: 'x', number: '10000', name: undefined })).toMatch(
		/^https:\/\/bc\.example\.com\/BC\/\?tenant=contoso&company=CRONUS&page=21&/,
	);
	const online = { ...client, baseUrl: 'https://businesscentral.dynamics.com', environment: 'Production' };
	expect(webClientLink(online, customers, { id: 'x', number: '10000', name: undefined })).toMatch(
		/^https:\/\/businesscentral\.dynamics\.com\/contoso\/Production\/\?company=CRONUS/,
	);
});
