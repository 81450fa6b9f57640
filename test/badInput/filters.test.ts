import type { Transport } from '../../engine/systems/odata/transport';
import { createWorld, type World } from '../kit/world';
import { CREDIT_LIMITS, filters, NAMES } from './filters';
import { expectOutcome, outcomeOf } from './verdict';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	const rows = Object.entries(NAMES).map(([number, displayName]) => ({
		number,
		displayName,
		type: 'Company',
		creditLimit: CREDIT_LIMITS[number] ?? 0,
		country: 'GB',
		blocked: '_x0020_',
	}));
	world.sandbox.businessCentral.company(world.base.companyName).seed('customers', rows);
});
afterEach(() => world.close());

/** A filter adds no option to a request and ends none: whatever it holds, these are the only ones. */
function expectOnlyOurOptions(addresses: readonly string[]): void {
	const customers = addresses.map((address) => new URL(address)).filter(({ pathname }) => pathname.endsWith('/customers'));
	for (const { searchParams, hash } of customers) {
		const names = [...searchParams.keys()].sort();
		expect([['$filter', '$orderby', '$select'].filter((name) => names.includes(name)), '']).toEqual([names, hash]);
	}
}

test.each(filters.cases)('$what', async ({ filter, selects, expect: expected }) => {
	const session = await world.open();
	await session.store.saveSettings('CUSTOMER', { bcFilter: filter });
	await session.store.close();
	const addresses: string[] = [];
	const transport =
		(inner: Transport): Transport =>
		(request) => {
			addresses.push(request.url);
			return inner(request);
		};
	const run = world.run({ mapping: 'CUSTOMER', direction: 'toCrm', createUncoupled: true }, { transport });
	expectOutcome(await outcomeOf(run), expected);
	expectOnlyOurOptions(addresses);
	const created = world.sandbox.crm.rows('account').map((row) => String(row['name']));
	expect(created.sort()).toEqual((selects ?? []).map((number) => NAMES[number]).sort());
});
