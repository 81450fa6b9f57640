import { countCouplings, disagreements, seedCustomers } from '../kit/customers';
import { createWorld, type World } from '../kit/world';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

/** Every row written on either side, as the services count them. */
const writes = (requests: ReturnType<World['takeRequests']>): number => requests.reduce((sum, request) => sum + request.writes, 0);

test('1,000 coupled customers, 500 edited in Business Central and 300 others in CRM: one run delivers all 800 in at most 0.08 requests each, the next one writes nothing in at most 6', async () => {
	seedCustomers(world, 1000);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	await world.run({ mapping: 'CUSTOMER' });
	expect(await countCouplings(world)).toBe(1000);
	expect(await disagreements(world)).toEqual([]);
	world.minutes(60);

	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const customers = company.rows('customers');
	const accounts = world.sandbox.crm.rows('account');
	customers.slice(0, 500).forEach((customer, index) => {
		company.update(
			'customers',
			String(customer['id']),
			index % 2 === 0 ? { phoneNumber: `+44 1 ${index}` } : { addressLine1: `Moved ${index}`, city: 'Bath' },
		);
	});
	const untouched = new Set(customers.slice(500).map((customer) => customer['displayName']));
	accounts
		.filter((account) => untouched.has(account['name']))
		.slice(0, 300)
		.forEach((account, index) => {
			world.sandbox.crm.update(
				'account',
				String(account['accountid']),
				index % 3 === 0 ? { fax: `+44 9 ${index}` } : { telephone1: `+44 3 ${index}` },
			);
		});
	world.takeRequests();

	const [toCrm, fromCrm] = await world.run({ mapping: 'CUSTOMER' });
	const requests = world.takeRequests();
	expect(toCrm!.job).toMatchObject({ status: 'finished', modified: 500, failed: 0 });
	expect(fromCrm!.job).toMatchObject({ status: 'finished', modified: 300, failed: 0 });
	expect(await disagreements(world)).toEqual([]);
	// Changes are spread over all lanes, which takes more requests and less time.
	// two more ask whether one of the systems was put back to an earlier state, before anything is written to it
	expect(requests.length).toBeLessThanOrEqual(64);
	// companion fields are a write of their own on the page that shows them
	expect(writes(requests)).toBe(800);

	world.minutes(1);
	const again = await world.run({ mapping: 'CUSTOMER' });
	const quiet = world.takeRequests();
	expect(writes(quiet)).toBe(0);
	expect(quiet.length).toBeLessThanOrEqual(6);
	for (const { job } of again) expect(job).toMatchObject({ status: 'finished', inserted: 0, modified: 0, failed: 0, skipped: 0 });
});
