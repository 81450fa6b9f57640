import { openScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const account = (id: string) => ({ table: 'account', id });

/** At most three runs of everything, the last of which writes nothing. */
async function settles(): Promise<void> {
	for (let run = 1; run <= 2; run++) {
		scene.world.minutes(1);
		await scene.runAll();
	}
	scene.writes();
	scene.world.minutes(1);
	await scene.runAll();
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
}

async function noConflicts(): Promise<void> {
	const log = await scene.use(async ({ store }) => (await store.log({ limit: 1000 })).rows);
	expect(log.filter(({ kind }) => kind !== 'warning').map(({ code, message }) => [code, message])).toEqual([]);
}

describe.each([
	['customer', 'customers', 'workflowCustomers', 'CUSTOMER', 3],
	['vendor', 'vendors', 'workflowVendors', 'VENDOR', 11],
] as const)('the primary contact of a %s', (_, set, page, mapping, type) => {
	const primary = (party: { number: string }) => {
		const { primaryContactNumber, contact } = scene.bc(page, party.number)!;
		return [primaryContactNumber, contact];
	};
	const primaryInCrm = async (party: { id: string }) => {
		const { primarycontactid, address1_primarycontactname } = scene.crm('account', (await scene.partner(mapping, party.id))!)!;
		return [primarycontactid ?? null, address1_primarycontactname ?? null];
	};

	test('is filled on both sides by the first contact that is created, and the repair is nobody’s edit', async () => {
		const party = scene.enter(set, { displayName: 'Adatum' });
		const [first] = ['Robert Townes', 'Anna Cruz'].map((name) => scene.person(party, name));
		await scene.runAll();
		expect(primary(party)).toEqual([first!.number, 'Robert Townes']);
		expect(await primaryInCrm(party)).toEqual([await scene.partner('CONTACT', first!.id), 'Robert Townes']);
		scene.writes();
		scene.world.minutes(1);
		const again = await scene.runAll();
		expect([scene.writes(), again]).toEqual([
			{ businessCentral: 0, crm: 0 },
			{ [`${mapping} toCrm`]: 'U1', [`${mapping} fromCrm`]: 'U1' },
		]);
		await settles();
		await noConflicts();
	});

	test('is filled likewise by a contact of CRM', async () => {
		const id = scene.row('account', { name: 'Adatum', customertypecode: type });
		const contact = scene.row('contact', { firstname: 'Anna', lastname: 'Cruz', parentcustomerid: account(id) });
		await scene.runAll();
		const party = { id: (await scene.couplings(mapping))[0]!.bcId, number: (await scene.couplings(mapping))[0]!.bcNumber };
		expect(primary(party)).toEqual([(await scene.couplings('CONTACT'))[0]!.bcNumber, 'Anna Cruz']);
		expect(await primaryInCrm(party)).toEqual([contact, 'Anna Cruz']);
		await settles();
		await noConflicts();
	});

	test('that Business Central names already is the one CRM gets, whichever contact is created first', async () => {
		const party = scene.enter(set, { displayName: 'Adatum' });
		const [, second] = ['Robert Townes', 'Anna Cruz'].map((name) => scene.person(party, name));
		scene.change(page, party.number, { primaryContactNumber: second!.number, contact: 'Anna Cruz' });
		await scene.runAll();
		await settles();
		expect(primary(party)).toEqual([second!.number, 'Anna Cruz']);
		expect(await primaryInCrm(party)).toEqual([await scene.partner('CONTACT', second!.id), 'Anna Cruz']);
		await noConflicts();
	});

	test('that CRM names already is the one Business Central gets', async () => {
		const id = scene.row('account', { name: 'Adatum', customertypecode: type });
		const contacts = ['Townes', 'Cruz'].map((lastname) => scene.row('contact', { lastname, parentcustomerid: account(id) }));
		scene.changeRow('account', id, { primarycontactid: contacts[1]! });
		await scene.runAll();
		await settles();
		const coupling = (await scene.couplings('CONTACT')).find(({ crmId }) => crmId === contacts[1])!;
		expect(primary({ number: (await scene.couplings(mapping))[0]!.bcNumber })[0]).toBe(coupling.bcNumber);
		expect(scene.crm('account', id)?.['primarycontactid']).toBe(contacts[1]);
		await noConflicts();
	});

	test('changed on either side travels; one that is not coupled empties the other side and is no error', async () => {
		const party = scene.enter(set, { displayName: 'Adatum' });
		const [first, second] = ['Robert Townes', 'Anna Cruz'].map((name) => scene.person(party, name));
		await settles();
		scene.change(page, party.number, { primaryContactNumber: second!.number });
		await settles();
		expect((await primaryInCrm(party))[0]).toBe(await scene.partner('CONTACT', second!.id));
		scene.changeRow('account', (await scene.partner(mapping, party.id))!, {
			primarycontactid: (await scene.partner('CONTACT', first!.id))!,
		});
		await settles();
		expect(primary(party)[0]).toBe(first!.number);
		// Nobody synchronizes the third one yet.
		const third = scene.person(party, 'Third One');
		scene.world.minutes(1);
		scene.change(page, party.number, { primaryContactNumber: third.number });
		const [toCrm] = await scene.run(mapping);
		expect([toCrm!.job.modified, toCrm!.job.failed, (await primaryInCrm(party))[0]]).toEqual([1, 0, null]);
		expect(primary(party)[0]).toBe(third.number);
		// As soon as it comes to CRM it is the primary contact there.
		await settles();
		expect((await primaryInCrm(party))[0]).toBe(await scene.partner('CONTACT', third.id));
		await noConflicts();
	});

	test('taken away in CRM is taken away in Business Central if the contact is coupled, and not otherwise', async () => {
		const parties = ['Adatum', 'Contoso'].map((displayName) => scene.enter(set, { displayName }));
		const persons = parties.map((party) => scene.person(party, `Person of ${String(party['displayName'])}`));
		await settles();
		await scene.use(async ({ store }) => {
			const contact = (await store.couplingsOf('CONTACT', 'businessCentral', [persons[1]!.id])).get(persons[1]!.id)!;
			await store.commit({ uncouple: [contact] });
		});
		scene.world.minutes(1);
		for (const party of parties) scene.changeRow('account', (await scene.partner(mapping, party.id))!, { primarycontactid: null });
		await scene.run(mapping);
		expect(parties.map((party) => primary(party)[0])).toEqual(['', persons[1]!.number]);
		await noConflicts();
	});

	test('stays blank where the page is not published, and in CRM, too', async () => {
		scene.world.sandbox.businessCentral.unpublish(page);
		const party = scene.enter(set, { displayName: 'Adatum' });
		scene.person(party, 'Robert Townes');
		await settles();
		expect(await primaryInCrm(party)).toEqual([null, null]);
	});

	test('is left alone by a mapping that goes one way only, on the side it does not write', async () => {
		await scene.use(({ store }) => store.saveSettings(mapping, { direction: 'toCrm' }));
		const party = scene.enter(set, { displayName: 'Adatum' });
		const person = scene.person(party, 'Robert Townes');
		await scene.runAll();
		expect(primary(party)).toEqual(['', '']);
		expect((await primaryInCrm(party))[0]).toBe(await scene.partner('CONTACT', person.id));
	});

	test('that was deleted along with its account in CRM does not keep the account from being restored', async () => {
		const party = scene.enter(set, { displayName: 'Adatum' });
		scene.person(party, 'Robert Townes');
		await settles();
		scene.world.sandbox.crm.remove('account', (await scene.partner(mapping, party.id))!);
		scene.change(set, party.id, { phoneNumber: '1' });
		const [toCrm] = await scene.run(mapping, { deletion: 'restore' });
		expect([toCrm!.job.inserted, toCrm!.job.failed]).toEqual([1, 0]);
		expect((await primaryInCrm(party))[0]).toBeNull();
	});
});
