import { type JobResult, synchronizeMapping } from '../../../engine';
import { item, product, resource, unitGroup } from '../products/shop';
import { furnish, type Household, openHousehold } from './kit';

let household: Household;
afterEach(() => household.world.close());

/** All that a run says, as far as a preview can tell. */
const told = ({ job, failed, changes, warnings }: JobResult) => ({
	...{ job: `${job.mapping} ${job.direction} ${job.status}`, message: job.message.replace('Would be: ', '') },
	counts: [job.inserted, job.modified, job.deleted, job.unchanged, job.skipped, job.failed, job.coupled, job.uncoupled],
	failures: failed.map(({ errorCode, message, businessCentral, crm }) => [errorCode, message, businessCentral?.number ?? crm?.name]),
	changes: changes.map(({ action, written, fields, crm }) => [action, written, fields.map(({ field }) => field), crm?.name]),
	warnings,
});

const productInCrm = (): void => {
	const { group, units } = unitGroup(household.world, 'Boxes', 'PCS', { BOX: 12 });
	product(household.world, 'Item I2', group, units['PCS']!, { productnumber: 'I2' });
};
const contactsInCrm = (): void => {
	for (const [name, type] of [
		['Adatum', 3],
		['Fabrikam', 11],
	] as const) {
		const id = household.row('account', { name, customertypecode: type });
		for (const lastname of ['One', 'Two'])
			household.row('contact', { firstname: name, lastname, parentcustomerid: { table: 'account', id } });
	}
};

/** Mapping, and what the systems hold besides the household. */
const CASES: Record<string, { mapping: string; direction?: 'fromCrm'; settings?: object; fill: () => unknown }> = {
	'contact → customer, vendor': { mapping: 'CONTACT', fill: () => furnish(household) },
	'contact → customer → currency and payment terms': {
		mapping: 'CONTACT',
		fill: () => {
			const { customer, vendor } = furnish(household);
			household.company.insert('paymentTerms', { code: 'XX 99', displayName: 'Ninety-nine' });
			const paymentTermsId = String(household.record1('paymentTerms', 'code', 'XX 99').id);
			household.change('customers', customer.id, { paymentTermsId, currencyCode: 'EUR' });
			household.change('vendors', vendor.id, { paymentTermsId });
		},
	},
	'contact → account': { mapping: 'CONTACT', direction: 'fromCrm', fill: contactsInCrm },
	'price list item → list, item → unit → group': { mapping: 'PLLINE-PRODPRICE', fill: () => furnish(household) },
	'an item and a resource of one number': {
		mapping: 'PLLINE-PRODPRICE',
		fill: () => {
			furnish(household);
			item(household.world, 'LINA');
			resource(household.world, 'I2');
		},
	},
	'item → unit → group': { mapping: 'ITEM-PRODUCT', fill: () => furnish(household) },
	'resource → unit → group': { mapping: 'RESOURCE-PRODUCT', fill: () => furnish(household) },
	'unit → group': { mapping: 'RESOURCE UOM', fill: () => furnish(household) },
	'item → unit of measure': { mapping: 'ITEM-PRODUCT', settings: { unitGroups: false }, fill: () => furnish(household) },
	'sales price → price group, item → unit → group': {
		mapping: 'SALESPRC-PRODPRICE',
		settings: { extendedPrices: false },
		fill: () => furnish(household, false),
	},
	'a unit group that CRM has already': {
		mapping: 'PLLINE-PRODPRICE',
		fill: () => {
			furnish(household);
			unitGroup(household.world, 'ITEM I2 UOM GR', 'PCS');
		},
	},
	'a product that CRM has already, uncoupled': {
		mapping: 'PLLINE-PRODPRICE',
		fill: () => {
			furnish(household);
			productInCrm();
		},
	},
};

describe.each([500, 1])('pages of %i', (pageSize) => {
	test.each(Object.keys(CASES))('the preview says what the run does: %s', async (name) => {
		const { mapping, direction, settings, fill } = CASES[name]!;
		household = await openHousehold(settings);
		fill();
		household.world.minutes(30);
		const run = (preview: boolean) =>
			household.use(async (session) => {
				const request = { mapping, ...(direction && { direction }), pageSize, returnChanges: 50 };
				return (await synchronizeMapping(session, { ...request, createUncoupled: true, pullDependencies: 'create', preview })).map(told);
			});
		household.writes();
		const preview = await run(true);
		expect(household.writes()).toEqual({ businessCentral: 0, crm: 0 });
		const real = await run(false);
		expect(preview).toEqual(real);
		expect(real.length).toBeGreaterThan(1);
	});
});

test('the units of a group that CRM has already are coupled, not created once more', async () => {
	household = await openHousehold();
	furnish(household);
	const { units } = unitGroup(household.world, 'ITEM I2 UOM GR', 'PCS');
	await household.use((session) =>
		synchronizeMapping(session, { mapping: 'PLLINE-PRODPRICE', createUncoupled: true, pullDependencies: 'create' }),
	);
	expect(await household.log()).toEqual([]);
	expect((await household.couplings('ITEM UOM')).find(({ bcNumber }) => bcNumber === 'PCS')!.crmId).toBe(units['PCS']);
});
