import { clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { seedBusinessCentral } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { within, writes } from '../fullSync/fullSyncs';
import { asked, everything, expectDelivered, EXTENSION, offer, picture, SMALL, worldWith } from './worlds';

let world: World;
afterEach(() => world.close());

const MAPPINGS = ['CUSTOMER', 'VENDOR', 'CONTACT', 'SHIPPING AGENT', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE']; // prettier-ignore

const company = () => world.sandbox.businessCentral.company(world.base.companyName);

/** Who belongs to whom, of all mappings, by the row of CRM: what records of Business Central are known by moves with the surfaces. */
const couples = (): Promise<string[]> =>
	within(world, async ({ store }) => {
		const found: string[] = [];
		for (const mapping of MAPPINGS)
			for (const { crmId } of (await store.findCouplings({ mapping, limit: 1000 })).rows) found.push(`${mapping} ${crmId}`);
		return found.sort();
	});

/** A run of each mapping, as the schedule does it. */
async function runs(): Promise<void> {
	world.minutes(1);
	for (const mapping of MAPPINGS) expectDelivered(await world.run({ mapping }));
}

const seeded = async (): Promise<void> => {
	seedBusinessCentral(world, SMALL);
	company().insert('ShippingAgents', { Code: 'DHL', Name: 'DHL Express' });
	expectDelivered(await everything(world));
	await runs();
};

test('from published pages to the extension and back: nothing is created, written or uncoupled by the move itself', async () => {
	world = await worldWith('published pages');
	await seeded();
	const [before, known] = [picture(world), await couples()];
	expect(known.length).toBeGreaterThan(80);

	offer(world, 'both');
	// What an environment offers is remembered for a day.
	world.minutes(24 * 60);
	world.takeRequests();
	await runs();
	const moved = world.sandbox.log.requests.length;
	expect(writes(world.takeRequests())).toBe(0);
	expect([picture(world), await couples()]).toEqual([before, known]);

	offer(world, 'nothing');
	await runs();
	const requests = world.takeRequests();
	expect(writes(requests)).toBe(0);
	expect(requests.some(({ path }) => path.includes('/ODataV4') && !path.includes('$metadata'))).toBe(false);
	expect([picture(world), await couples()]).toEqual([before, known]);
	expect(moved).toBeGreaterThan(0);

	for (const page of [
		'ShippingAgents',
		'ResourceCard',
		'ItemUnitGroups',
		'ResourceUnitGroups',
		'ItemUnitsOfMeasure',
		'ResourceUnitsOfMeasure',
		'SalesPriceList',
		'PriceListLineReview',
		'workflowCustomers',
		'workflowVendors',
		'workflowItems',
		'ContactCard',
		'NameDetails',
	])
		// prettier-ignore
		world.sandbox.businessCentral.publish(page);
	world.sandbox.businessCentral.uninstallExtension();
	world.minutes(24 * 60);
	await runs();
	expect(writes(world.takeRequests())).toBe(0);
	expect([picture(world), await couples()]).toEqual([before, known]);
}, 180_000);

test('edits of both sides arrive through the extension, in fields that API v2.0 lacks and in tables it does not have', async () => {
	world = await worldWith('extension');
	await seeded();
	asked(world);
	const { crm } = world.sandbox;
	const account = crm.rows('account').find(({ accountnumber, name }) => accountnumber === 'C00001' || name === 'Customer 1 & Söhne')!;
	crm.update('account', String(account['accountid']), { fax: '+44 99' });
	const customer = company()
		.rows('customers')
		.find(({ number }) => number === 'C00002')!;
	company().update('workflowCustomers', String(customer['id']), { contact: 'Ann Lee' });
	const person = crm.rows('contact').find(({ fullname }) => fullname === 'First5 Last5')!;
	crm.update('contact', String(person['contactid']), { middlename: 'Q', fax: '+44 98' });
	const product = crm.rows('product').find(({ productnumber }) => productnumber === 'R00001')!;
	crm.update('product', String(product['productid']), { name: 'Lifting' });
	company().update('ResourceCard', 'R00002', { Unit_Price: 77 });
	const box = company()
		.rows(`${EXTENSION}/itemUnitsOfMeasure`)
		.find(({ code }) => code === 'BOX')!;
	company().update(`${EXTENSION}/itemUnitsOfMeasure`, String(box['id']), { qtyPerUnitOfMeasure: 6 });
	await runs();
	expect(
		company()
			.rows('workflowCustomers')
			.find(({ number }) => number === 'C00001'),
	).toMatchObject({ faxNumber: '+44 99' });
	expect(crm.rows('account').find(({ name }) => name === 'Customer 2 & Söhne')).toMatchObject({ address1_primarycontactname: 'Ann Lee' });
	expect(
		company()
			.rows('NameDetails')
			.find(({ Surname }) => Surname === 'Last5'),
	).toMatchObject({ First_Name: 'First5', Middle_Name: 'Q' });
	expect(
		company()
			.rows('ContactCard')
			.find(({ Name }) => String(Name).startsWith('First5 ')),
	).toMatchObject({ Fax_No: '+44 98' });
	expect(company().get('ResourceCard', 'R00001')).toMatchObject({ Name: 'Lifting' });
	expect(crm.rows('product').find(({ productnumber }) => productnumber === 'R00002')).toMatchObject({ price: 77 });
	expect(crm.rows('uom').filter(({ name, quantity }) => name === 'BOX' && quantity === 6)).toHaveLength(1);
	const { pages, extension } = asked(world);
	expect(pages).toBe(0);
	expect(extension).toBeGreaterThan(0);
	// What Business Central passed on to the company's persons comes back first.
	await runs();
	world.takeRequests();
	await runs();
	expect(writes(world.takeRequests())).toBe(0);
}, 120_000);

test('a quiet run asks the extension no more often than it asked published pages', async () => {
	const counts: number[] = [];
	for (const surfaces of ['published pages', 'extension'] as const) {
		world = await worldWith(surfaces);
		await seeded();
		await runs();
		world.takeRequests();
		await runs();
		counts.push(world.takeRequests().length);
		if (surfaces === 'published pages') await world.close();
	}
	expect(counts[1]).toBeLessThanOrEqual(counts[0]!);
}, 120_000);

test('where the extension is not installed, it is looked for once a day, by all processes together', async () => {
	world = await worldWith('published pages');
	const looks = (): number => world.takeRequests().filter(({ path }) => path.endsWith(`/api/${EXTENSION}/$metadata`)).length;
	await runs();
	expect(looks()).toBe(1);
	world.minutes(23 * 60);
	await runs();
	expect(looks()).toBe(0);
	world.minutes(60);
	await runs();
	expect(looks()).toBe(1);
	// Another process: the store tells it.
	clearBusinessCentralMetadata();
	await runs();
	expect(looks()).toBe(0);
}, 60_000);

test('the extension goes within the day: the next runs are on published pages again, and nothing is written', async () => {
	world = await worldWith('both');
	await seeded();
	const [before, known] = [picture(world), await couples()];
	world.sandbox.businessCentral.uninstallExtension();
	world.minutes(1);
	for (const mapping of MAPPINGS) await world.run({ mapping });
	world.takeRequests();
	await runs();
	expect(asked(world)).toMatchObject({ extension: 0 });
	expect([picture(world), await couples()]).toEqual([before, known]);
}, 120_000);

test('a field that somebody mapped and the extension does not show keeps its table on the published page', async () => {
	world = await worldWith('both');
	await seeded();
	const education = {
		key: 'education',
		caption: 'Education',
		bcField: 'Education',
		crmField: 'vendorname',
		direction: 'toCrm',
		kind: 'text',
		enabled: true,
		own: true,
	} as const;
	await within(world, ({ store }) => store.saveSettings('RESOURCE-PRODUCT', { fields: { education } }));
	company().update('ResourceCard', 'R00001', { Education: 'Engineer' });
	asked(world);
	world.minutes(1);
	expectDelivered(await world.run({ mapping: 'RESOURCE-PRODUCT' }));
	expect(asked(world).pages).toBeGreaterThan(0);
	const product = world.sandbox.crm.rows('product').find(({ productnumber }) => productnumber === 'R00001');
	expect(product).toMatchObject({ vendorname: 'Engineer' });
}, 60_000);
