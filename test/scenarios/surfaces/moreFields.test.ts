import { seedBusinessCentral } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import { everything, expectDelivered, EXTENSION, SMALL, worldWith } from './worlds';

let world: World;
afterEach(() => world.close());

test('fields that no page of Microsoft shows cross through the extension once somebody maps them: pager, vendor and capacity', async () => {
	world = await worldWith('extension');
	seedBusinessCentral(world, { ...SMALL, customers: 2, vendors: 1, contacts: 2, items: 1, resources: 1, priceLists: 0 });
	const own = { direction: 'toCrm', enabled: true, own: true } as const;
	await within(world, async ({ store }) => {
		await store.saveSettings('CONTACT', { fields: { pager: { bcField: 'ContactCard/Pager', enabled: true } } });
		await store.saveSettings('RESOURCE-PRODUCT', {
			fields: {
				vendorid: { ...own, key: 'vendorid', caption: 'Vendor No.', bcField: 'Vendor_No', crmField: 'vendorid', kind: 'code' },
				quantityonhand: {
					...own,
					key: 'quantityonhand',
					caption: 'Capacity',
					bcField: 'Capacity',
					crmField: 'quantityonhand',
					kind: 'number',
				},
			},
		});
	});
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const resource = company.rows(`${EXTENSION}/resources`)[0]!;
	company.update(`${EXTENSION}/resources`, String(resource['id']), { vendorNo: 'V00001' });
	company.setCalculated(`${EXTENSION}/resources`, String(resource['id']), { capacity: 8 });
	const person = company.rows(`${EXTENSION}/contacts`).find(({ no }) => no === 'P00001')!;
	company.update(`${EXTENSION}/contacts`, String(person['id']), { pager: '99' });
	expectDelivered(await everything(world));
	const product = world.sandbox.crm.rows('product').find(({ productnumber }) => productnumber === 'R00001');
	expect(product).toMatchObject({ vendorid: 'V00001', quantityonhand: 8 });
	const contact = world.sandbox.crm.rows('contact').find(({ fullname }) => fullname === 'First1 Last1')!;
	expect(contact).toMatchObject({ pager: '99' });
	world.sandbox.crm.update('contact', String(contact['contactid']), { pager: '100' });
	world.minutes(1);
	expectDelivered(await world.run({ mapping: 'CONTACT' }));
	expect(company.rows(`${EXTENSION}/contacts`).find(({ no }) => no === 'P00001')).toMatchObject({ pager: '100' });
}, 60_000);
