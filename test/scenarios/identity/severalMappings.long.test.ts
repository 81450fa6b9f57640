import { coupleRecords, runFullSync, synchronizeAll } from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import { company, item, product, resource, unitGroup, units } from '../products/shop';
import { openStage, type OtherStore, type Stage } from './kit';
import type { JobResult } from '../../../engine/jobs/jobResult';

let stage: Stage;
let a: OtherStore;
let b: OtherStore;
beforeEach(async () => {
	stage = await openStage();
	a = await stage.store();
	b = await stage.store();
});
afterEach(() => stage.close());

const BC_SETS = ['customers', 'vendors', 'contacts', 'items', 'currencies', 'salespeoplePurchasers', 'unitsOfMeasure', 'paymentTerms'];
const CRM_TABLES = [
	...['account', 'contact', 'product', 'transactioncurrency', 'uomschedule', 'uom', 'pricelevel', 'productpricelevel', 'systemuser'],
];

/** How many records each table holds, and the choices of the option mappings. */
function census(): Record<string, number> {
	const { world } = stage;
	const sets = BC_SETS.map((set): [string, number] => [set, company(world).rows(set).length]);
	const tables = CRM_TABLES.map((table): [string, number] => [table, world.sandbox.crm.rows(table).length]);
	const options = [...world.sandbox.crm.optionsOf('account', 'paymenttermscode')].length;
	return { ...Object.fromEntries(sets), ...Object.fromEntries(tables), options };
}

function populate(): void {
	const { world } = stage;
	units(world, 'PCS', 'BOX', 'HOUR');
	item(world, '1000', {}, { BOX: 6 });
	item(world, '1001');
	resource(world, 'R-1');
	company(world).insert('CustomerPriceGroups', { Code: 'RETAIL', Description: 'Retail' });
	company(world).insert('SalesPrices', {
		...{ Item_No: '1000', Sales_Type: 'Customer Price Group', Sales_Code: 'RETAIL', Unit_of_Measure_Code: 'PCS', Unit_Price: 9 },
	});
	stage.customer('Adatum', { currencyCode: 'EUR', email: 'info@adatum.example' });
	stage.account('Blue Yonder', { emailaddress1: 'info@blueyonder.example' });
	const vendor = company(world).insert('vendors', { displayName: 'Contoso', email: 'info@contoso.example' });
	stage.account('Datum', { customertypecode: 11, emailaddress1: 'info@datum.example' });
	const relation = company(world).data.table('Contact Business Relation').withField('No.', String(vendor['number']))[0]!;
	company(world).insert('contacts', {
		...{ type: 'Person', displayName: 'Ann Beebe', companyNumber: String(relation.fields['Contact No.']), email: 'ann@contoso.example' },
	});
	const account = String(world.sandbox.crm.rows('account').find((row) => row['name'] === 'Blue Yonder')!['accountid']);
	world.sandbox.crm.insert('contact', {
		...{ firstname: 'Rob', lastname: 'Young', emailaddress1: 'rob@blueyonder.example' },
		parentcustomerid: { table: 'account', id: account },
	});
}

const everything = (store: OtherStore, work: (session: SyncSession) => Promise<JobResult[]>): Promise<JobResult[]> => {
	stage.world.minutes(15);
	return store.use(work);
};
const create = (session: SyncSession) => synchronizeAll(session, { createUncoupled: true });
const inserted = (results: readonly JobResult[]): string[] =>
	results.filter(({ job }) => job.inserted > 0).map(({ job }) => `${job.mapping} ${job.direction} ${job.inserted}`);

test.each([
	['runs that create', create],
	[
		'a full synchronization that creates all',
		(session: SyncSession) => runFullSync(session, { afterwards: 'keep', bothSides: 'createAll' }),
	],
	[
		'a full synchronization that matches first',
		(session: SyncSession) => runFullSync(session, { afterwards: 'keep', bothSides: 'matchFirst' }),
	],
] as const)('a store that knows nothing meets everything another one made, in all mappings: %s', async (_what, work) => {
	populate();
	for (let run = 0; run < 3; run++) await everything(a, create);
	const before = census();
	expect(before).toMatchObject({ customers: 2, vendors: 2, account: 4, contact: 2, items: 2, product: 3 });
	const results = await everything(b, work);
	expect(inserted(results)).toEqual([]);
	expect(inserted(await everything(b, create))).toEqual([]);
	await everything(a, create);
	expect(census()).toEqual(before);
	for (const mapping of ['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'CUSTOMER', 'VENDOR', 'CONTACT', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT']) {
		const pairs = async (store: OtherStore) => (await store.couplings(mapping)).map(({ bcId, crmId }) => `${bcId} ${crmId}`).sort();
		expect([mapping, await pairs(b)]).toEqual([mapping, await pairs(a)]);
	}
});

test('an item made of a product that has a number of its own: a store that knows nothing of it makes no second item or product; matching names the two, for their numbers differ, and a person settles it', async () => {
	const { world } = stage;
	units(world, 'PCS');
	const { group, units: made } = unitGroup(world, 'Own goods', 'PCS');
	product(world, 'Bicycle', group, made['PCS']!);
	await everything(a, create);
	expect([company(world).rows('items').length, world.sandbox.crm.rows('product').length]).toEqual([1, 1]);
	const results = await everything(b, create);
	const failed = results.flatMap((each) => each.failed).filter(({ mapping }) => mapping === 'ITEM-PRODUCT');
	expect(failed.map(({ direction, errorCode }) => `${direction} ${errorCode}`)).toEqual([
		'toCrm PARTNER_UNCLEAR',
		'fromCrm PARTNER_UNCLEAR',
	]);
	expect([company(world).rows('items').length, world.sandbox.crm.rows('product').length]).toEqual([1, 1]);
	const matched = await everything(b, (session) =>
		runFullSync(session, { afterwards: 'keep', bothSides: 'matchFirst', mappings: ['ITEM-PRODUCT'], ignoreDependencies: true }),
	);
	expect(matched.flatMap((each) => each.failed).map(({ errorCode }) => errorCode)).toContain('NAMESAKE');
	expect([company(world).rows('items').length, world.sandbox.crm.rows('product').length]).toEqual([1, 1]);
	const [pair] = await a.couplings('ITEM-PRODUCT');
	await b.use((session) => coupleRecords(session, { mapping: 'ITEM-PRODUCT', bcId: pair!.bcId, crmId: pair!.crmId, initial: 'none' }));
	expect((await b.couplings('ITEM-PRODUCT')).map(({ crmId }) => crmId)).toEqual([pair!.crmId]);
});
