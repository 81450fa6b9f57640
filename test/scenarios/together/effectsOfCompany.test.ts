import { openScene, type Scene } from '../parties/scene';

let scene: Scene;
beforeEach(async () => (scene = await openScene()));
afterEach(() => scene.world.close());

const PLACE = { phoneNumber: '1', addressLine1: '1 Old Street', city: 'Leeds', postalCode: 'LS1' };
const inCrm = (id: string) => {
	const { telephone1, address1_line1, address1_city } = scene.crm('contact', id)!;
	return [telephone1, address1_line1, address1_city];
};
const inBc = (id: string) => {
	const { phoneNumber, addressLine1, city } = scene.bc('contacts', id)!;
	return [phoneNumber, addressLine1, city];
};

describe.each([
	['CUSTOMER', 'customers'],
	['VENDOR', 'vendors'],
] as const)('the account of a %s that moves in CRM: persons who share its address follow it in Business Central', (mapping, set) => {
	async function seed() {
		const party = scene.enter(set, { displayName: 'Adatum', ...PLACE });
		const same = scene.person(party, 'Robert Townes');
		const own = scene.person(party, 'Helen Wilson');
		scene.change('contacts', own.id, { phoneNumber: '5', addressLine1: '5 Own Street', city: 'Hull' });
		await scene.runAll();
		scene.world.minutes(20);
		await scene.runAll();
		scene.world.minutes(20);
		const account = (await scene.partner(mapping, party.id))!;
		const rows = [(await scene.partner('CONTACT', same.id))!, (await scene.partner('CONTACT', own.id))!] as const;
		scene.changeRow('account', account, { telephone1: '2', address1_line1: '2 New Street' });
		return { account, same, own, rows };
	}

	test('it is told, beforehand too, and CRM gets it as nobody’s edit', async () => {
		const { same, own, rows } = await seed();
		const said = (await scene.run(mapping, { preview: true } as never)).flatMap(({ warnings }) => warnings);
		const done = (await scene.run(mapping)).flatMap(({ warnings }) => warnings);
		expect(said).toEqual([expect.stringMatching(/^Business Central may give .*Robert Townes.* Address, Phone No\./)]);
		expect(done).toEqual([expect.stringMatching(/^Business Central gave .*Robert Townes.* Address, Phone No\./)]);
		expect([inBc(same.id), inBc(own.id)]).toEqual([
			['2', '2 New Street', 'Leeds'],
			['5', '5 Own Street', 'Hull'],
		]);
		await scene.runAll();
		expect(rows.map(inCrm)).toEqual([inBc(same.id), inBc(own.id)]);
		scene.writes();
		scene.world.minutes(20);
		expect(await scene.runAll()).toEqual({});
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
	});

	test('what somebody entered in CRM meanwhile goes before it, without a conflict', async () => {
		const { same, rows } = await seed();
		scene.changeRow('contact', rows[0], { telephone1: '+44 mine' });
		await scene.runAll();
		scene.world.minutes(20);
		await scene.runAll();
		expect([inBc(same.id), inCrm(rows[0])]).toEqual([
			['+44 mine', '2 New Street', 'Leeds'],
			['+44 mine', '2 New Street', 'Leeds'],
		]);
	});
});

describe.each([
	['CUSTOMER', 'customers', 'workflowCustomers'],
	['VENDOR', 'vendors', 'workflowVendors'],
] as const)('the primary contact of a %s that gets another name in CRM: Business Central copies it', (mapping, set, page) => {
	async function seed() {
		const party = scene.enter(set, { displayName: 'Adatum' });
		const person = scene.person(party, 'Robert Townes');
		for (let run = 1; run <= 3; run++) {
			await scene.runAll();
			scene.world.minutes(20);
		}
		const account = (await scene.partner(mapping, party.id))!;
		expect(scene.crm('account', account)?.['address1_primarycontactname']).toBe('Robert Townes');
		scene.changeRow('contact', (await scene.partner('CONTACT', person.id))!, { lastname: 'Turner' });
		const contact = () => [scene.bc(page, party.id)?.['contact'], scene.crm('account', account)?.['address1_primarycontactname']];
		return { account, contact };
	}

	test('it is told, beforehand too, and the account gets it', async () => {
		const { contact } = await seed();
		const of = async (request: object) =>
			(await scene.run('CONTACT', request)).flatMap(({ warnings }) => warnings).filter((text) => text.includes('new name'));
		expect(await of({ preview: true })).toEqual([
			expect.stringMatching(/may write the new name of .*Robert Turner into Contact of .*Adatum/),
		]);
		expect(await of({})).toEqual([expect.stringMatching(/wrote the new name of .*Robert Turner into Contact of .*Adatum/)]);
		await scene.runAll();
		expect(contact()).toEqual(['Robert Turner', 'Robert Turner']);
		scene.writes();
		scene.world.minutes(20);
		expect(await scene.runAll()).toEqual({});
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
	});

	test('what somebody entered at the account meanwhile goes before it, without a conflict', async () => {
		const { account, contact } = await seed();
		scene.changeRow('account', account, { address1_primarycontactname: 'Bob' });
		await scene.run('CONTACT');
		scene.world.minutes(20);
		await scene.runAll();
		expect(contact()).toEqual(['Bob', 'Bob']);
	});
});
