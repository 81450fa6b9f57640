import { runFullSync } from '../../../engine';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { company } from '../products/shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

const CUSTOMERS = 30;
const EDITED = 12;

test('a full synchronization that the guard had to try in memory first still reads from its start, and tells how far it came', async () => {
	seedCustomers(world, CUSTOMERS);
	const session = await world.open();
	const request = { mappings: ['CURRENCY', 'CUSTOMER'], afterwards: 'keep', ignoreDependencies: true } as const;
	await runFullSync(session, request);
	world.minutes(600);
	// More than the guard lets pass unseen are edited in both systems, each in a field of its own.
	for (const customer of company(world).rows('customers').slice(0, EDITED)) {
		const account = world.sandbox.crm.rows('account').find((row) => row['name'] === customer['displayName'])!;
		company(world).update('customers', String(customer['id']), { addressLine1: `New ${String(customer['number'])}` });
		world.sandbox.crm.update('account', String(account['accountid']), { telephone1: `+44 ${String(customer['number'])}` });
	}
	world.minutes(600);
	const results = (await runFullSync(session, { ...request, pageSize: 5 })).filter(
		({ job }) => job.mapping === 'CUSTOMER' && job.direction,
	);
	expect(results.map(({ job }) => [job.direction, job.status, job.modified, job.unchanged])).toEqual([
		['toCrm', 'finished', EDITED, CUSTOMERS - EDITED],
		['fromCrm', 'finished', EDITED, CUSTOMERS - EDITED],
	]);
	const line = (await session.store.fullSyncLines()).get('CUSTOMER')!;
	expect([line.status, line.toCrm?.done, line.fromCrm?.done]).toEqual(['finished', CUSTOMERS, CUSTOMERS]);
	expect(world.sandbox.crm.rows('account').filter((row) => String(row['address1_line1']).startsWith('New '))).toHaveLength(EDITED);
	await session.store.close();
});
