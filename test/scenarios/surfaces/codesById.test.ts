import { SEEDED, seedBusinessCentral } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { writes } from '../fullSync/fullSyncs';
import { everything, offer, worldWith } from './worlds';

/** Payment terms and shipment methods, which API v2.0 shows by their ids, where no page shows their codes. */
let world: World;
beforeEach(async () => {
	world = await worldWith('nothing');
	seedBusinessCentral(world, {
		...SEEDED,
		customers: 4,
		vendors: 2,
		contacts: 0,
		items: 0,
		resources: 0,
		priceLists: 0,
		currencies: 2,
		salespeople: 2,
	});
	await everything(world);
	world.minutes(1);
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const account = (name: string) => world.sandbox.crm.rows('account').find((row) => row['name'] === name)!;
const terms = (set: string, number: string): unknown =>
	company()
		.rows(set)
		.find((row) => row['number'] === number)!['paymentTermsCode'];
const run = (mapping: string) => world.run({ mapping });

test('they cross both ways, and the rest of the page is left out', async () => {
	expect(account('Customer 1 & Söhne')).toMatchObject({ paymenttermscode: expect.any(Number) as number });
	expect(account('Customer 2 & Söhne')['paymenttermscode'] ?? null).toBeNull();
	const net30 = account('Customer 1 & Söhne')['paymenttermscode'];
	world.sandbox.crm.update('account', String(account('Customer 2 & Söhne')['accountid']), { paymenttermscode: net30, telephone1: '+44 7' });
	world.sandbox.crm.update('account', String(account('Vendor 2 & Söhne')['accountid']), { paymenttermscode: net30 });
	const [first] = company().rows('customers');
	company().update('customers', String(first!['id']), {
		paymentTermsId: '00000000-0000-0000-0000-000000000000',
		shipmentMethodId: company().rows('shipmentMethods')[0]!['id'],
	});
	const results = [...(await run('CUSTOMER')), ...(await run('VENDOR'))];
	expect(results.map(({ job, failed }) => [job.status, failed.length])).toEqual(results.map(() => ['finished', 0]));
	expect(terms('workflowCustomers', 'C00002')).toBe('NET 30');
	expect(terms('workflowVendors', 'V00002')).toBe('NET 30');
	expect(
		company()
			.rows('customers')
			.find(({ number }) => number === 'C00002'),
	).toMatchObject({ phoneNumber: '+44 7' });
	expect(account('Customer 1 & Söhne')['paymenttermscode'] ?? null).toBeNull();
	expect(account('Customer 1 & Söhne')['address1_freighttermscode']).toEqual(expect.any(Number));
	const [warning] = results[0]!.warnings;
	expect(warning).toContain('so the fields Contact, Fax No., Shipping Agent Code, Primary Contact No. are left out');

	world.minutes(1);
	world.takeRequests();
	for (const mapping of ['CUSTOMER', 'VENDOR']) await run(mapping);
	expect(writes(world.takeRequests())).toBe(0);
	expect(world.sandbox.log.requests.some(({ path }) => /\/ODataV4(?!.*(\$metadata|MDMCrossEnvSource_GetCapabilities))/.test(path))).toBe(
		false,
	);
});

test.each(['both', 'published pages'] as const)(
	'with %s there again, the same values are read there, and nothing is written',
	async (surfaces) => {
		offer(world, surfaces);
		for (const page of ['workflowCustomers', 'workflowVendors']) world.sandbox.businessCentral.publish(page);
		world.minutes(24 * 60);
		await run('CUSTOMER');
		world.takeRequests();
		for (const mapping of ['CUSTOMER', 'VENDOR']) await run(mapping);
		expect(writes(world.takeRequests())).toBe(0);
		expect(account('Customer 1 & Söhne')).toMatchObject({ paymenttermscode: expect.any(Number) as number });
	},
);
