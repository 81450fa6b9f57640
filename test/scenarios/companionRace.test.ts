import { createWorld, type World } from '../kit/world';

let world: World;
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const customer = () => company().rows('customers')[0];
const contact = () => company().get('workflowCustomers', String(customer()!['number']))!['contact'];
const account = () => world.sandbox.crm.rows('account')[0]!;

/** An account that runs create a customer from; Business Central wins conflicts. */
async function begin(): Promise<void> {
	world = await createWorld();
	const session = await world.open();
	await session.store.saveSettings('CUSTOMER', { conflict: 'send', onlyCoupled: false });
	await session.store.close();
	world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3, address1_primarycontactname: 'First', fax: '1' });
}

/** Somebody enters a contact on the page of Business Central after the n-th request of the run, where there is a customer by then. */
async function run(enterAfter = Infinity): Promise<{ requests: number; entered: boolean }> {
	let requests = 0;
	let entered = false;
	await world.run(
		{ mapping: 'CUSTOMER' },
		{
			transport: (transport) => async (request) => {
				const response = await transport(request);
				if (++requests !== enterAfter || !customer()) return response;
				company().update('workflowCustomers', String(customer()!['number']), { contact: 'Entered' });
				entered = true;
				return response;
			},
		},
	);
	return { requests, entered };
}

/** Enters something at every moment of the run that `prepare` leads up to; it must stand in both systems in the end. */
async function atEveryMoment(prepare: () => Promise<void>): Promise<number> {
	let entries = 0;
	for (let step = 1, last = 1; step <= last; step++) {
		await begin();
		await prepare();
		const { requests, entered } = await run(step);
		last = Math.max(last, requests);
		if (entered) {
			entries++;
			for (let more = 0; more < 2; more++) {
				world.minutes(20);
				await run();
			}
			expect([step, contact(), account()['address1_primarycontactname']]).toEqual([step, 'Entered', 'Entered']);
		}
		await world.close();
	}
	await begin();
	return entries;
}

test('what somebody enters on an additional page while the record is being created survives, at whatever moment', async () => {
	expect(await atEveryMoment(() => Promise.resolve())).toBeGreaterThan(3);
});

test.each([
	['the page only', {}],
	['the record as well', { name: 'Fabrikam Ltd.' }],
])('what somebody enters on an additional page while a run changes %s survives, at whatever moment', async (_, own) => {
	const entries = await atEveryMoment(async () => {
		await run();
		world.minutes(20);
		world.sandbox.crm.update('account', String(account()['accountid']), { address1_primarycontactname: 'Second', ...own });
	});
	expect(entries).toBeGreaterThan(5);
});
