import { runFullSync, synchronizeAll, synchronizeMapping } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import type { SyncSession } from '../../../engine/ports/session';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { company, deliver, item, product, resource, unitGroup, units } from '../products/shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
});
afterEach(() => world.close());

type Row = Record<string, unknown>;
const list = (Code: string) =>
	void company(world).insert('SalesPriceList', { Code, Description: `Prices ${Code}`, Status: 'Active', AmountType: 'Price' });
const line = (list: string, Line_No: number, Asset_No: string, values: Row = {}) =>
	void company(world).seed('PriceListLineReview', [
		{ Price_List_Code: list, Line_No, Asset_Type: 'Item', Asset_No, Unit_Price: 90, Amount_Type: 'Price', Status: 'Active', ...values },
	]);

/** What a run comes to, as far as a preview can tell: all counters, and what it says. */
const told = ({ job, failed, changes, warnings }: JobResult) => ({
	job: `${job.mapping} ${job.direction}: ${job.status}`,
	...{ inserted: job.inserted, modified: job.modified, deleted: job.deleted, unchanged: job.unchanged, skipped: job.skipped },
	...{ failed: job.failed, coupled: job.coupled, uncoupled: job.uncoupled },
	message: job.message.replace('Would be: ', ''),
	failures: failed.map(({ errorCode, businessCentral, crm }) => `${errorCode} ${businessCentral?.number ?? crm?.name}`),
	changes: changes.map(({ action, written, fields }) => `${action} ${written} ${fields.map(({ field }) => field).join()}`),
	warnings,
});

/** Runs it in memory, then for good, each in a session of its own; answers what both said. */
async function both(run: (session: SyncSession, preview: boolean) => Promise<JobResult[]>): Promise<[unknown[], unknown[]]> {
	const once = async (preview: boolean): Promise<unknown[]> => {
		const session = await world.open();
		try {
			return (await run(session, preview)).map(told);
		} finally {
			await session.store.close();
		}
	};
	world.takeRequests();
	const preview = await once(true);
	expect(world.takeRequests().filter(({ writes }) => writes > 0)).toEqual([]);
	return [preview, await once(false)];
}

describe('bringing in missing records over several levels', () => {
	test('a price brings in its item, which brings in its unit and its unit group: each is told once', async () => {
		list('S1');
		await deliver(world);
		item(world, '1000', {}, { BOX: 12 });
		item(world, '2000');
		line('S1', 10000, '1000');
		line('S1', 20000, '1000', { Unit_of_Measure_Code: 'BOX' });
		line('S1', 30000, '2000');
		const request = { mapping: 'PLLINE-PRODPRICE', pullDependencies: 'create', returnChanges: 20 } as const;
		const [preview, real] = await both((session, preview) => synchronizeMapping(session, { ...request, preview }));
		expect(preview).toEqual(real);
		expect(preview).toContainEqual(expect.objectContaining({ job: 'UNIT GROUP toCrm: finished', inserted: 2, failed: 0 }));
		expect(preview.at(-1)).toMatchObject({ job: 'PLLINE-PRODPRICE toCrm: finished', inserted: 3, failed: 0 });
	});

	test('a unit brings in the group that is its own', async () => {
		item(world, '1000', {}, { BOX: 12 });
		resource(world, 'LINA');
		const request = { mapping: 'ITEM UOM', createUncoupled: true, pullDependencies: 'create', returnChanges: 20 } as const;
		const [preview, real] = await both((session, preview) => synchronizeMapping(session, { ...request, preview }));
		expect(preview).toEqual(real);
		expect(preview.at(-1)).toMatchObject({ inserted: 2, failed: 0 });
	});
});

test('all mappings of products from the start: what the earlier ones create is there for the later ones', async () => {
	item(world, '1000', {}, { BOX: 12 });
	resource(world, 'LINA');
	list('S1');
	line('S1', 10000, '1000');
	const mappings = ['CURRENCY', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE']; // prettier-ignore
	const request = { mappings, afterwards: 'keep', ignoreDependencies: true, returnChanges: 50 } as const;
	const [preview, real] = await both((session, preview) => runFullSync(session, { ...request, preview }));
	expect(preview).toEqual(real);
	expect(preview).toContainEqual(expect.objectContaining({ job: 'PLLINE-PRODPRICE toCrm: finished', inserted: 1 }));
});

test('a product that becomes an item: its unit group and units are coupled with it, and no second ones announced', async () => {
	await deliver(world);
	const { group, units: of } = unitGroup(world, 'Boxes', 'PCS', { BOX: 12 });
	product(world, 'Chair', group, of['PCS']!);
	world.minutes(30);
	const [preview, real] = await both(async (session, preview) => {
		const settings = { createUncoupled: true, returnChanges: 20, preview } as const;
		return await synchronizeAll(session, settings);
	});
	const items = (results: unknown[]) => results.filter((each) => /ITEM-PRODUCT/.test((each as { job: string }).job));
	expect(items(preview)).toEqual(items(real));
	expect(items(preview)).toContainEqual(expect.objectContaining({ inserted: 1 }));
});

test('customers in both directions, from the start and since: created, changed and unchanged records are counted as the run counts them', async () => {
	seedCustomers(world, 5);
	world.sandbox.crm.insert('account', { name: 'From CRM', customertypecode: 3 } as never);
	const request = { mappings: ['CURRENCY', 'CUSTOMER'], afterwards: 'keep', bothSides: 'createAll', ignoreDependencies: true, returnChanges: 20 } as const; // prettier-ignore
	const [first, done] = await both((session, preview) => runFullSync(session, { ...request, preview }));
	expect(first).toEqual(done);
	world.minutes(30);
	const rows = company(world).rows('customers');
	company(world).update('customers', String(rows[0]!['id']), { phoneNumber: '+44 1', displayName: 'Renamed' });
	company(world).update('customers', String(rows[1]!['id']), { phoneNumber: '+44 2' });
	const account = world.sandbox.crm.rows('account').find((row) => row['name'] === rows[2]!['displayName'])!;
	world.sandbox.crm.update('account', String(account['accountid']), { telephone1: '+44 3' });
	world.minutes(30);
	const [second, changed] = await both((session, preview) =>
		synchronizeMapping(session, { mapping: 'CUSTOMER', preview, returnChanges: 20 }),
	);
	expect(second).toEqual(changed);
	world.minutes(30);
	const forced = { mapping: 'CUSTOMER', force: true, returnChanges: 20 } as const;
	const [third, unchanged] = await both((session, preview) => synchronizeMapping(session, { ...forced, preview }));
	expect(third).toEqual(unchanged);
});
