import { openScene, type Row, type Scene } from '../parties/scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
	scene.world.sandbox.businessCentral.publish('ContactCard');
});
afterEach(() => scene.world.close());

const PLACE = {
	phoneNumber: '1',
	addressLine1: '1 Old Street',
	city: 'Leeds',
	postalCode: 'LS1',
	country: 'GB',
	website: 'old.example',
	email: 'old@old.example',
};
const NEW = {
	phoneNumber: '2',
	addressLine1: '2 New Street',
	city: 'York',
	postalCode: 'YO1',
	country: 'GB',
	website: 'new.example',
	email: 'new@new.example',
};
const OWN = {
	phoneNumber: '3',
	addressLine1: '3 Own Street',
	city: 'Hull',
	postalCode: 'HU1',
	country: 'GB',
	website: 'me.example',
	email: 'me@me.example',
};
const BLANK = Object.fromEntries(Object.keys(OWN).map((name) => [name, '']));

const shown = (record: Record<string, unknown> | undefined) => Object.fromEntries(Object.keys(OWN).map((name) => [name, record?.[name]]));
const inCrm = (id: string) => {
	const { telephone1, address1_line1, address1_city, address1_postalcode, address1_country, websiteurl, emailaddress1 } = scene.crm(
		'contact',
		id,
	)!;
	return [telephone1, address1_line1, address1_city, address1_postalcode, address1_country, websiteurl, emailaddress1].map(
		(value) => value ?? '',
	);
};

describe.each([
	['CUSTOMER', 'customers'],
	['VENDOR', 'vendors'],
] as const)('a contact that moves to another %s in CRM', (mapping, set) => {
	async function moved(values: Row, between: (person: { id: string; crmId: string }) => void = () => undefined) {
		scene.enter('salespeoplePurchasers', { code: 'AB', displayName: 'Anna Brown' });
		const old = scene.enter(set, { displayName: 'Old Ltd.', ...PLACE });
		const target = scene.enter(set, { displayName: 'New Ltd.', ...NEW });
		const person = scene.person(old, 'Robert Townes', values);
		// Creating it in Business Central inherits there, by a person's own act: what it has now is what it has.
		scene.change('contacts', person.id, values);
		await scene.runAll();
		scene.world.minutes(20);
		await scene.runAll();
		const crmId = (await scene.partner('CONTACT', person.id))!;
		const account = (await scene.partner(mapping, target.id))!;
		scene.world.minutes(20);
		scene.changeRow('contact', crmId, { parentcustomerid: { table: 'account', id: account } });
		between({ id: person.id, crmId });
		const before = inCrm(crmId);
		await scene.runAll();
		expect(scene.bc('contacts', person.id)).toMatchObject({ companyNumber: scene.companyOf(target), companyName: 'New Ltd.' });
		return { person, crmId, before };
	}

	test.each([
		['its own', OWN],
		['those of the old company', PLACE],
		['none', BLANK],
	] as const)('keeps its values in both systems, which are %s', async (_name, values) => {
		const { person, crmId, before } = await moved(values);
		expect(shown(scene.bc('contacts', person.id))).toEqual(values);
		expect(inCrm(crmId)).toEqual(before);
		scene.writes();
		for (let run = 1; run <= 2; run++) {
			scene.world.minutes(20);
			expect(await scene.runAll()).toEqual({});
			expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
		}
	});

	test('loses no edit that is still to be delivered, from either side', async () => {
		const { person, crmId } = await moved(OWN, ({ id, crmId: row }) => {
			scene.change('contacts', id, { addressLine1: '4 Edited in BC' });
			scene.changeRow('contact', row, { address1_city: 'Edited in CRM' });
		});
		scene.world.minutes(20);
		await scene.runAll();
		expect(shown(scene.bc('contacts', person.id))).toEqual({ ...OWN, addressLine1: '4 Edited in BC', city: 'Edited in CRM' });
		expect(inCrm(crmId).slice(1, 3)).toEqual(['4 Edited in BC', 'Edited in CRM']);
	});
});

test('a contact that becomes a person in Business Central does not get the values of its company, and CRM keeps its blanks', async () => {
	const customer = scene.enter('customers', { displayName: 'Old Ltd.', ...PLACE });
	await scene.runAll();
	const account = (await scene.partner('CUSTOMER', customer.id))!;
	const id = scene.row('contact', { firstname: 'Anna', lastname: 'Cruz', parentcustomerid: { table: 'account', id: account } });
	await scene.runAll();
	const person = scene.world.sandbox.businessCentral
		.company(scene.world.base.companyName)
		.find('contacts', ({ displayName }) => displayName === 'Anna Cruz')!;
	expect(shown(person)).toEqual(BLANK);
	scene.world.minutes(20);
	await scene.runAll();
	expect(inCrm(id)).toEqual(Array<string>(7).fill(''));
});
