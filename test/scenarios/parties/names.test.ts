import { openScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const NAMES = [
	'Robert Townes',
	'Jan van der Berg',
	'Madonna',
	'María José de la Cruz López',
	'  Anna   Maria  Cruz  ',
	"Gerard 't Hooft",
	'jan van den heuvel',
	'李小龍',
	`${'Hubert '.repeat(13)}Wolf`,
	`Anna ${'B'.repeat(80)}`,
];
const tidy = (name: string): string => name.trim().replace(/\s+/g, ' ');

/** Runs until nothing is left; the last one must write nothing. */
async function settles(): Promise<void> {
	for (let run = 1; run <= 2; run++) {
		scene.world.minutes(1);
		await scene.run('CONTACT');
	}
	scene.writes();
	scene.world.minutes(1);
	await scene.run('CONTACT');
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
}

async function contactOf(bcId: string) {
	return scene.crm('contact', (await scene.partner('CONTACT', bcId))!)!;
}

describe.each([
	['with the whole name only, as API v2.0 tells it', false],
	['with the page Name Details published', true],
])('names of contacts, %s', (_, published) => {
	beforeEach(() => {
		if (published) scene.world.sandbox.businessCentral.publish('NameDetails');
	});

	test('go to CRM in parts that give the name again, and stay as they are on both sides', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const persons = NAMES.map((name) => scene.person(adatum, name));
		await scene.run('CUSTOMER');
		await scene.run('CONTACT');
		await settles();
		for (const [index, { id }] of persons.entries()) {
			const name = NAMES[index]!;
			const { firstname, middlename, lastname } = await contactOf(id);
			const composed = [firstname, middlename, lastname].filter(Boolean).join(' ');
			// One word of 80 characters fits nowhere: it is cut, and Business Central keeps it whole.
			if (name.includes('BBB')) expect(tidy(name).startsWith(composed.slice(0, 30))).toBe(true);
			else if (!published) expect(composed).toBe(tidy(name));
			expect(scene.bc('contacts', id)?.['displayName']).toBe(name);
		}
	});

	test('edited in CRM come to Business Central, and do not come back', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const person = scene.person(adatum, 'Robert Townes');
		await scene.run('CUSTOMER');
		await scene.run('CONTACT');
		scene.world.minutes(1);
		const id = (await scene.partner('CONTACT', person.id))!;
		scene.changeRow('contact', id, { firstname: 'Roberta', middlename: 'von', lastname: 'und zu Townes' });
		await settles();
		expect(scene.bc('contacts', person.id)?.['displayName']).toBe('Roberta von und zu Townes');
		expect(scene.crm('contact', id)).toMatchObject({ firstname: 'Roberta', middlename: 'von', lastname: 'und zu Townes' });
	});

	test('edited in Business Central come to CRM; a name edited on both sides is one conflict', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const persons = ['Robert Townes', 'Anna Cruz'].map((name) => scene.person(adatum, name));
		await scene.run('CUSTOMER');
		await scene.run('CONTACT');
		scene.world.minutes(1);
		scene.change('contacts', persons[0]!.id, { displayName: 'Robert Neville' });
		scene.change('contacts', persons[1]!.id, { displayName: 'Anna Cruz Smith' });
		const anna = (await scene.partner('CONTACT', persons[1]!.id))!;
		scene.changeRow('contact', anna, { lastname: 'Miller' });
		const results = await scene.run('CONTACT');
		expect(await contactOf(persons[0]!.id)).toMatchObject({ firstname: 'Robert', lastname: 'Neville' });
		expect(results.map(({ failed }) => failed.map(({ errorCode }) => errorCode))).toEqual([['CONFLICT'], ['CONFLICT']]);
		expect([scene.bc('contacts', persons[1]!.id)?.['displayName'], scene.crm('contact', anna)?.['lastname']]).toEqual([
			'Anna Cruz Smith',
			'Miller',
		]);
	});

	test('of contacts of CRM come to Business Central and stay in their parts', async () => {
		const id = scene.row('account', { name: 'Contoso', customertypecode: 3 });
		const parts = [
			{ firstname: 'Jan', middlename: null, lastname: 'van der Berg' },
			{ firstname: null, middlename: null, lastname: 'Madonna' },
			{ firstname: 'Cher', middlename: null, lastname: null },
			{ firstname: 'Anna Maria', middlename: 'L.', lastname: 'García Márquez' },
		];
		const contacts = parts.map((each) => scene.row('contact', { ...each, parentcustomerid: { table: 'account', id } }));
		await scene.run('CUSTOMER');
		await scene.run('CONTACT');
		await settles();
		const names = new Map(
			(await scene.couplings('CONTACT')).map(({ crmId, bcId }) => [crmId, scene.bc('contacts', bcId)?.['displayName']]),
		);
		expect(contacts.map((each) => names.get(each))).toEqual(['Jan van der Berg', 'Madonna', 'Cher', 'Anna Maria L. García Márquez']);
		expect(contacts.map((each) => scene.crm('contact', each))).toMatchObject(
			parts.map((each) => Object.fromEntries(Object.entries(each).filter(([, value]) => value !== null))),
		);
	});
});
