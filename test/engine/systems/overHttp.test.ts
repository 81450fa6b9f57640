import { systemClock } from '../../../engine/ports/clock';
import { clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { clearDataverseMetadata } from '../../../engine/systems/dataverse';
import { createAxiosTransport, type ClosableTransport } from '../../../engine/systems/odata/axiosTransport';
import { account, changes, customers, sandboxed, type Sandboxed } from './sandboxed';

let world: Sandboxed;
let transport: ClosableTransport;
let addresses: { businessCentral: string; crm: string };

beforeEach(async () => {
	clearBusinessCentralMetadata();
	clearDataverseMetadata();
	world = sandboxed();
	addresses = await world.sandbox.listen();
	transport = createAxiosTransport({ maxSockets: 5, userAgent: 'test/1' });
});
afterEach(async () => {
	transport.close();
	await world.sandbox.close();
});

const NAME = "O'Brien & Söhne #1 +50% 東京/Kyoto?";

test('Business Central over real HTTP: names with every awkward character are found, written and read, companions included', async () => {
	const base = `${addresses.businessCentral}/v2.0/sandbox`;
	const system = world.businessCentral({ transport, clock: systemClock, apiRoot: `${base}/api/v2.0`, odataRoot: `${base}/ODataV4` });
	const number = "N'1&2/3";
	const [outcome] = await system.write(customers, [
		{ kind: 'insert', values: { number, displayName: NAME, 'workflowCustomers/faxNumber': '+44 & 1' } },
	]);
	expect(outcome).toMatchObject({ status: 'written', record: { name: NAME, values: { 'workflowCustomers/faxNumber': '+44 & 1' } } });
	const found = await system.readByValues(customers, 'displayName', [NAME], ['workflowCustomers/faxNumber']);
	expect(found).toEqual([expect.objectContaining({ number: number.toUpperCase(), name: NAME })]);
	const { records } = await changes(system, { table: customers, filter: `displayName eq '${NAME.replaceAll("'", "''")}'` });
	expect(records).toHaveLength(1);
	expect((await system.describe(customers)).columns.size).toBeGreaterThan(20);
});

test('Dataverse over real HTTP: names with every awkward character are found, written and read', async () => {
	const system = world.dataverse({ transport, clock: systemClock, environmentUrl: addresses.crm });
	const [outcome] = await system.write(account, [{ kind: 'insert', values: { name: NAME, accountnumber: 'A&1' } }]);
	expect(outcome).toMatchObject({ status: 'written', record: { name: NAME } });
	expect(await system.readByValues(account, 'name', [NAME], [])).toEqual([expect.objectContaining({ number: 'A&1', name: NAME })]);
	const { records } = await changes(system, { table: account, filter: `name eq '${NAME.replaceAll("'", "''")}'` });
	expect(records).toHaveLength(1);
	expect((await system.search(account, '50% 東京', null)).records).toHaveLength(1);
});
