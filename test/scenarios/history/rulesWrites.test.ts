import { dieAt, Killed } from '../../kit/killing';
import { openScene, type Scene } from '../parties/scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

describe.each([
	['customer', 'customers', 'workflowCustomers', 'CUSTOMER'],
	['vendor', 'vendors', 'workflowVendors', 'VENDOR'],
] as const)('the primary contact that a run filled in for a %s', (_, set, page, mapping) => {
	type Party = { id: string; number: string };
	/** The primary contacts of both sides, by name. */
	async function primaries(party: Party): Promise<[string, string]> {
		const number = String(scene.bc(page, party.number)!['primaryContactNumber'] ?? '');
		const contacts = scene.world.sandbox.businessCentral.company(scene.world.base.companyName).rows('contacts');
		const inBc = contacts.find((contact) => contact['number'] === number);
		const account = scene.crm('account', (await scene.partner(mapping, party.id))!)!;
		const id = account['primarycontactid'];
		const inCrm = id ? scene.crm('contact', String(id)) : undefined;
		return [number === '' ? '' : String(inBc?.['displayName']), inCrm ? String(inCrm['fullname']) : ''];
	}
	async function filled(): Promise<{ party: Party; first: Party; second: Party }> {
		const party = scene.enter(set, { displayName: 'Adatum' });
		const [first, second] = ['Robert Townes', 'Anna Cruz'].map((name) => scene.person(party, name));
		await scene.runAll();
		expect(await primaries(party)).toEqual(['Robert Townes', 'Robert Townes']);
		scene.world.minutes(1);
		return { party, first: first!, second: second! };
	}
	async function settled(party: Party): Promise<[string, string]> {
		for (let run = 1; run <= 2; run++) {
			await scene.runAll();
			scene.world.minutes(1);
		}
		scene.writes();
		await scene.runAll();
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
		const log = await scene.use(async ({ store }) => (await store.log({ limit: 1000 })).rows);
		expect(log.filter(({ kind }) => kind !== 'warning').map(({ code, message }) => [code, message])).toEqual([]);
		return await primaries(party);
	}

	test('and that a person clears in Business Central stays cleared', async () => {
		const { party } = await filled();
		scene.change(page, party.number, { primaryContactNumber: '' });
		expect(await settled(party)).toEqual(['', '']);
	});

	test('and that a person clears in CRM stays cleared', async () => {
		const { party } = await filled();
		scene.changeRow('account', (await scene.partner(mapping, party.id))!, { primarycontactid: null });
		expect(await settled(party)).toEqual(['', '']);
	});

	test('and in whose place a person puts another one in Business Central is no conflict', async () => {
		const { party, second } = await filled();
		scene.change(page, party.number, { primaryContactNumber: second.number });
		expect(await settled(party)).toEqual(['Anna Cruz', 'Anna Cruz']);
	});

	test('and in whose place a person puts another one in CRM is no conflict', async () => {
		const { party, second } = await filled();
		scene.changeRow('account', (await scene.partner(mapping, party.id))!, {
			primarycontactid: (await scene.partner('CONTACT', second.id))!,
		});
		expect(await settled(party)).toEqual(['Anna Cruz', 'Anna Cruz']);
	});
});

test('wherever the run dies after it has filled both sides: another one that a person chooses then counts', async () => {
	/** A customer whose primary contact was cleared, and a new contact of it. */
	async function before(own: Scene) {
		const party = own.enter('customers', { displayName: 'Adatum' });
		const other = own.person(party, 'Anna Cruz');
		await own.runAll();
		own.change('workflowCustomers', party.number, { primaryContactNumber: '' });
		for (let run = 1; run <= 2; run++, own.world.minutes(20)) await own.runAll();
		own.person(party, 'Robert Townes');
		return { party, other, account: String((await own.partner('CUSTOMER', party.id))!) };
	}
	await before(scene);
	const whole = dieAt(10_000, 'after');
	await scene.run('CONTACT', {}, whole.options);
	let filled = 0;
	for (let step = whole.steps() - 9; step < whole.steps(); step++) {
		const own = await openScene();
		try {
			const { party, other, account } = await before(own);
			const death = dieAt(step, 'after');
			const run = own.run('CONTACT', {}, death.options);
			await expect(Promise.race([run, death.happened])).rejects.toBeInstanceOf(Killed);
			const number = (): unknown => own.bc('workflowCustomers', party.number)!['primaryContactNumber'];
			const id = (): unknown => own.crm('account', account)!['primarycontactid'] ?? null;
			if (number() === '' || id() === null) continue;
			filled++;
			own.world.minutes(20);
			own.changeRow('account', account, { primarycontactid: (await own.partner('CONTACT', other.id))! });
			for (let again = 1; again <= 2; again++, own.world.minutes(1)) await own.runAll();
			expect([step, number(), id()]).toEqual([step, other.number, await own.partner('CONTACT', other.id)]);
		} finally {
			await own.world.close();
		}
	}
	expect(filled).toBeGreaterThan(0);
}, 120_000);
