import { createWorld, type World } from '../../kit/world';
import { DEFAULT_LIST, deliver, failures, item, job, pricesOf, productOf, units } from '../products/shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HALF');
});
afterEach(() => world.close());

const logged = async (code: string): Promise<string[]> => {
	const session = await world.open();
	try {
		const { rows } = await session.store.log({ limit: 500 });
		return rows.filter((each) => each.code === code).map(({ message }) => message);
	} finally {
		await session.store.close();
	}
};

test('half a cent is rounded away from zero in the default price list as in the product', async () => {
	const prices: Array<[number, number]> = [
		[1.005, 1.01],
		[8.345, 8.35],
		[0.615, 0.62],
		[10.235, 10.24],
		[1.045, 1.05],
	];
	for (const [at, [unitPrice]] of prices.entries()) item(world, `${1000 + at}`, { unitPrice });
	expect(failures(await deliver(world))).toEqual([]);
	expect(pricesOf(world, DEFAULT_LIST)).toEqual(prices.map(([, amount], at) => `${1000 + at} PCS ${amount}`));
	expect(prices.map((_, at) => productOf(world, `${1000 + at}`)['price'])).toEqual(prices.map(([, amount]) => amount));
});

test('a price times the quantity of a unit is reckoned in decimals', async () => {
	// 3 × 0.335 is 1.005, in binary fractions a little less; so is 1.15 × 0.3 = 0.345.
	item(world, '1000', { unitPrice: 0.335 }, { BOX: 3 });
	item(world, '2000', { unitPrice: 1.15 }, { HALF: 0.3 });
	world.sandbox.crm.update('organization', String(world.sandbox.crm.rows('organization')[0]!['organizationid']), {
		pricingdecimalprecision: 2,
	});
	expect(failures(await deliver(world))).toEqual([]);
	const found = pricesOf(world, DEFAULT_LIST);
	// The unit's price follows the product's, which CRM keeps with two digits.
	expect(found).toEqual(['1000 BOX 1.02', '1000 PCS 0.34', '2000 HALF 0.35', '2000 PCS 1.15']);
});

test('a price that CRM has no digits for is told with both values, in the job and in the log; one of 0 is not', async () => {
	item(world, '1000', { unitPrice: 0.004 });
	item(world, '2000', { unitPrice: 0 });
	item(world, '3000', { unitPrice: 0.006 });
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	const { warnings } = job(results, 'ITEM-PRODUCT');
	expect(warnings.filter((each) => each.includes('and 0 in CRM'))).toEqual([
		expect.stringMatching(/^1000 .*Unit Price is 0\.004 in Business Central and 0 in CRM/),
	]);
	expect(await logged('CUT_TO_ZERO')).toContainEqual(expect.stringContaining('Unit Price is 0.004 in Business Central and 0 in CRM'));
	expect((await logged('VALUE_REWRITTEN')).filter((each) => each.includes('1000'))).toEqual([]);
});

test('the price of a smaller unit that becomes 0 in the default price list is told', async () => {
	item(world, '1000', { unitPrice: 0.01 }, { HALF: 0.3 });
	const results = await deliver(world);
	expect(results.flatMap(({ warnings }) => warnings)).toContainEqual(
		expect.stringMatching(/default price list these cost nothing: 1000 \(0\.003 becomes 0\)/),
	);
});
