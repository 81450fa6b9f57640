import { createWorld, type World } from '../kit/world';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

test('a run that hung until another one took over writes nothing of what it had read before', async () => {
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	company().insert('customers', { displayName: 'Fabrikam', phoneNumber: '1' });
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	world.minutes(30);
	const [account] = world.sandbox.crm.rows('account');
	const id = String(account!['accountid']);
	// Something to deliver, so that the record is read at all.
	world.sandbox.crm.update('account', id, { emailaddress1: 'a@example.com' });
	const selected = { side: 'crm' as const, ids: [id] };
	const phones: unknown[] = [];
	for (let step = 1, last = 1; step <= last; step++) {
		let requests = 0;
		await world.run(
			{ mapping: 'CUSTOMER', selected },
			{
				transport: (transport) => async (request) => {
					const response = await transport(request);
					if (++requests !== step) return response;
					// It hangs, with what it has just read. Meanwhile somebody edits the account, and another run delivers that.
					world.sandbox.crm.update('account', id, { telephone1: `edit ${step}`, emailaddress1: `${step}@example.com` });
					world.minutes(4);
					await world.run({ mapping: 'CUSTOMER', direction: 'fromCrm' });
					return response;
				},
			},
		);
		last = Math.max(last, requests);
		world.minutes(20);
		await world.run({ mapping: 'CUSTOMER' });
		phones.push([company().rows('customers')[0]!['phoneNumber'], world.sandbox.crm.row('account', id)!['telephone1']]);
		expect(phones.at(-1)).toEqual([`edit ${step}`, `edit ${step}`]);
		world.minutes(20);
		world.sandbox.crm.update('account', id, { emailaddress1: `before${step}@example.com` });
	}
	expect(phones.length).toBeGreaterThan(4);
});
