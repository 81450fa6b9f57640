import { dieAt, endAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { Step } from '../../kit/step';
import type { SessionOptions } from '../../kit/world';
import { openScene, type Scene } from './scene';

/** A dead run's lease is free after two minutes; a lost insert into Business Central is settled after fifteen. */
const LEASE_MINUTES = 3;
const SETTLE_MINUTES = 15;
const account = (id: string) => ({ table: 'account', id });

/** Vendors and contacts that wait to be created on both sides. */
async function prepared(): Promise<Scene> {
	const scene = await openScene();
	const [fabrikam] = ['Fabrikam', 'Litware'].map((displayName) => scene.enter('vendors', { displayName }));
	for (const name of ['Robert Townes', 'Jan van der Berg']) scene.person(fabrikam!, name);
	const id = scene.row('account', { name: 'Contoso', customertypecode: 11, bcbi_companyid: scene.world.base.companyRowId });
	scene.row('account', { name: 'Proseware', customertypecode: 11 });
	for (const lastname of ['Cruz', 'Miller'])
		scene.row('contact', { firstname: 'Anna', lastname, parentcustomerid: account(id), telephone1: lastname });
	return scene;
}

async function both(scene: Scene, options?: SessionOptions): Promise<void> {
	for (const mapping of ['VENDOR', 'CONTACT']) await scene.run(mapping, {}, options);
}

async function undisturbed(): Promise<readonly Step[]> {
	const scene = await prepared();
	const death = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	await both(scene, death.options);
	await scene.world.close();
	return death.walked();
}

/** Everybody once, with parent, primary contact and company. */
async function expectWhole(scene: Scene, at: string): Promise<void> {
	const { crm } = scene.world.sandbox;
	const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
	const persons = company.rows('contacts').filter(({ type }) => type === 'Person');
	const names = (values: unknown[]) => values.map(String).sort();
	expect({
		at,
		vendors: names(company.rows('vendors').map(({ displayName }) => displayName)),
		accounts: names(crm.rows('account').map(({ name }) => name)),
		persons: names(persons.map(({ displayName, companyName }) => `${String(displayName)} of ${String(companyName)}`)),
		contacts: names(crm.rows('contact').map((row) => `${String(row['fullname'])} of ${String(crm.get('account', String(row['parentcustomerid']))?.['name'])}`)), // prettier-ignore
		couplings: [(await scene.couplings('VENDOR')).length, (await scene.couplings('CONTACT')).length],
		withoutCompany: [...crm.rows('account'), ...crm.rows('contact')].filter((row) => !row['bcbi_companyid']).map((row) => row['name']),
		primaries: names(company.rows('workflowVendors').filter(({ primaryContactNumber }) => primaryContactNumber !== '').map(({ name }) => name)), // prettier-ignore
		primariesInCrm: names(crm.rows('account').filter((row) => row['primarycontactid']).map(({ name }) => name)), // prettier-ignore
	}).toEqual({
		at,
		vendors: ['Contoso', 'Fabrikam', 'Litware', 'Proseware'],
		accounts: ['Contoso', 'Fabrikam', 'Litware', 'Proseware'],
		persons: ['Anna Cruz of Contoso', 'Anna Miller of Contoso', 'Jan van der Berg of Fabrikam', 'Robert Townes of Fabrikam'],
		contacts: ['Anna Cruz of Contoso', 'Anna Miller of Contoso', 'Jan van der Berg of Fabrikam', 'Robert Townes of Fabrikam'],
		couplings: [4, 4],
		withoutCompany: [],
		primaries: ['Contoso', 'Fabrikam'],
		primariesInCrm: ['Contoso', 'Fabrikam'],
	});
}

test('vendors and contacts of both sides, killed at requests and commits of every kind: no duplicate, nobody lost, every parent, primary contact and company in place', async () => {
	const walked = await undisturbed();
	expect(walked.length).toBeGreaterThan(20);
	const sample = new PointSample('killed');
	for (const { step, when } of sample.of(walked)) {
		const scene = await prepared();
		try {
			const death = dieAt(step, when);
			await expect(Promise.race([both(scene, death.options), death.happened])).rejects.toBeInstanceOf(Killed);
			for (const minutes of [LEASE_MINUTES, SETTLE_MINUTES, SETTLE_MINUTES]) {
				scene.world.minutes(minutes);
				await both(scene);
			}
			await expectWhole(scene, `${when} step ${step} of ${walked.length}`);
		} finally {
			await scene.world.close();
		}
	}
	process.stdout.write(`${String(sample)}\n`);
}, 900_000);

test('vendors and contacts of both sides, asked to end at requests and commits of every kind and run again a minute later: no duplicate, nobody lost, every parent, primary contact and company in place', async () => {
	const walked = await undisturbed();
	const sample = new PointSample('asked');
	for (const { step, when } of sample.of(walked, (point) => point.when === 'after')) {
		const scene = await prepared();
		try {
			await both(scene, endAt(step, when).options);
			for (let run = 1; run <= 2; run++) {
				scene.world.minutes(1);
				await both(scene);
			}
			await expectWhole(scene, `${when} step ${step} of ${walked.length}`);
		} finally {
			await scene.world.close();
		}
	}
	process.stdout.write(`${String(sample)}\n`);
}, 900_000);
