import { seedCustomers } from '../kit/customers';
import { createWorld, type World } from '../kit/world';
import { values } from './values';
import { expectOutcome, outcomeOf } from './verdict';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	seedCustomers(world, 3);
	await run();
	world.minutes(30);
});
afterEach(() => world.close());

const run = () => world.run({ mapping: 'CUSTOMER', createUncoupled: true });
const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const written = (): number => world.takeRequests().reduce((sum, { writes }) => sum + writes, 0);

const customerId = (): string => String(company().rows('customers')[0]!['id']);
async function accountId(): Promise<string> {
	const session = await world.open();
	const found = await session.store.couplingsOf('CUSTOMER', 'businessCentral', [customerId().toLowerCase()]);
	await session.store.close();
	return [...found.values()][0]!.crmId;
}
const rowOf = (side: 'businessCentral' | 'crm', id: string): Record<string, unknown> =>
	side === 'crm'
		? world.sandbox.crm.rows('account').find((row) => row['accountid'] === id)!
		: company()
				.rows('customers')
				.find((row) => row['id'] === id)!;
const edit = (side: 'businessCentral' | 'crm', id: string, fields: Readonly<Record<string, string | number | null>>): void => {
	if (side === 'crm') world.sandbox.crm.update('account', id, fields);
	else company().update('customers', id, fields);
};

test.each(values.cases)('$what', async ({ from, values: given, becomes, expect: expected }) => {
	const account = await accountId();
	const [here, there] = from === 'crm' ? [account, customerId()] : [customerId(), account];
	const other = from === 'crm' ? 'businessCentral' : 'crm';
	const before = { ...rowOf(other, there) };
	edit(from, here, given);
	expectOutcome(await outcomeOf(run()), expected);
	if (becomes === undefined) {
		expect(rowOf(other, there)).toEqual(before);
		return;
	}
	for (const [field, value] of Object.entries(becomes)) expect([field, rowOf(other, there)[field] ?? null]).toEqual([field, value]);
	// What was normalized on the way is no change: two further runs write nothing.
	for (let again = 0; again < 2; again++) {
		world.minutes(30);
		world.takeRequests();
		await run();
		expect(written()).toBe(0);
	}
	// And what is changed beside it travels as before, without touching it.
	edit(other, there, other === 'crm' ? { telephone1: '+44 99' } : { phoneNumber: '+44 99' });
	world.minutes(30);
	expect(await outcomeOf(run())).toBeNull();
	const arrived = rowOf(from, here);
	expect(from === 'crm' ? arrived['telephone1'] : arrived['phoneNumber']).toBe('+44 99');
	for (const [field, value] of Object.entries(given)) {
		const now = arrived[field] ?? null;
		expect([field, typeof now === 'number' ? now.toFixed(10) : now]).toEqual([
			field,
			typeof value === 'number' ? value.toFixed(10).replace('-0.0000000000', '0.0000000000') : value,
		]);
	}
});
