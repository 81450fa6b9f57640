import { synchronizeWithSide } from '../../../engine';
import { disagreements, seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

test('synchronizing 15 of 20 couples with one side stops at the guard having changed nothing, and goes through when mass changes are allowed', async () => {
	seedCustomers(world, 20);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	world.minutes(30);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const customers = company.rows('customers').slice(0, 15);
	const accounts = new Map(world.sandbox.crm.rows('account').map((row) => [row['name'], String(row['accountid'])]));
	for (const customer of customers) {
		company.update('customers', String(customer['id']), { phoneNumber: '+44 1' });
		world.sandbox.crm.update('account', accounts.get(String(customer['displayName']))!, { telephone1: '+44 2' });
	}
	world.takeRequests();
	const act = async (allowMassChanges: boolean) => {
		const session = await world.open();
		try {
			const ids = customers.map((customer) => String(customer['id']));
			return await synchronizeWithSide(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids, winner: 'crm', allowMassChanges });
		} finally {
			await session.store.close();
		}
	};
	const writes = (): number => world.takeRequests().reduce((sum, request) => sum + request.writes, 0);

	expect((await act(false)).jobs[0]!.job).toMatchObject({
		status: 'stopped',
		modified: 0,
		message: expect.stringContaining('Allow Mass Changes'),
	});
	expect(writes()).toBe(0);
	expect((await act(true)).jobs[0]!.job).toMatchObject({ status: 'finished', modified: 15 });
	expect(writes()).toBe(15);
	expect(company.get('customers', String(customers[0]!['id']))).toMatchObject({ phoneNumber: '+44 2' });
	expect(await disagreements(world)).toEqual([]);
});
