import { reviewFullSync, runFullSync } from '../../../engine';
import { counted, openScene, type Scene } from './scene';

const MAPPINGS = ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER', 'VENDOR', 'CONTACT'];

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const full = async () =>
	(await scene.use((session) => runFullSync(session, { afterwards: 'keep', mappings: MAPPINGS }))).map((result) => {
		expect([result.job.message, result.job.status, result.failed]).toEqual([result.job.message, 'finished', []]);
		return `${result.job.mapping} ${result.job.type === 'coupling' ? 'coupling' : result.job.direction} ${counted(result)}`.trim();
	});

test('customers and vendors come before contacts, so that every parent is there; a further run writes nothing', async () => {
	const parties = Array.from({ length: 30 }, (_, index) =>
		scene.enter(index % 3 === 2 ? 'vendors' : 'customers', { displayName: `Party ${index}` }),
	);
	for (const [index, party] of parties.entries())
		for (let person = 0; person <= index % 4; person++) scene.person(party, `Person ${index} ${person}`);
	const persons = scene.world.sandbox.businessCentral.company(scene.world.base.companyName).rows('contacts').filter(({ type }) => type === 'Person').length; // prettier-ignore
	const jobs = await full();
	expect(jobs).toContain('CUSTOMER toCrm I20');
	expect(jobs).toContain('VENDOR toCrm I10');
	expect(jobs).toContain(`CONTACT toCrm I${persons}`);
	const { crm } = scene.world.sandbox;
	const accountNames = new Map(crm.rows('account').map((row) => [row['accountid'], row['name']]));
	for (const row of crm.rows('contact')) {
		expect(`Party ${String(row['fullname']).split(' ')[1]}`).toBe(accountNames.get(row['parentcustomerid'] as string));
	}
	for (const row of crm.rows('account')) expect(row['primarycontactid']).toBeDefined();
	scene.world.minutes(1);
	await full();
	scene.writes();
	scene.world.minutes(1);
	expect((await full()).filter((job) => /[IMF]\d/.test(job))).toEqual([]);
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
});

test('contacts and vendors that both sides hold find each other by name and e-mail before any is created', async () => {
	const vendor = scene.enter('vendors', { displayName: 'Fabrikam', email: 'info@fabrikam.example' });
	const [jan, anna] = ['Jan van der Berg', 'Anna Cruz'].map((name) => scene.person(vendor, name, { email: `${name[0]}@fabrikam.example` }));
	const id = scene.row('account', { name: 'FABRIKAM', customertypecode: 11, emailaddress1: 'info@fabrikam.example' });
	const parent = { parentcustomerid: { table: 'account', id } };
	const rows = [
		scene.row('contact', { firstname: 'Jan', middlename: 'van der', lastname: 'Berg', emailaddress1: 'j@fabrikam.example', ...parent }),
		scene.row('contact', { firstname: 'Anna', lastname: 'Cruz', ...parent }),
		scene.row('contact', { firstname: 'Only', lastname: 'There', ...parent }),
	];
	const review = await scene.use((session) => reviewFullSync(session, { mappings: MAPPINGS }));
	expect(review.filter(({ mapping }) => ['VENDOR', 'CONTACT'].includes(mapping)).map(({ mapping, recommendation, matches }) => [mapping, recommendation, matches?.matched])).toEqual([
		['VENDOR', 'coupleFirst', 1],
		['CONTACT', 'coupleFirst', 2],
	]); // prettier-ignore
	await full();
	expect(await Promise.all([jan!, anna!].map(({ id: bcId }) => scene.partner('CONTACT', bcId)))).toEqual(rows.slice(0, 2));
	expect(await scene.couplings('CONTACT')).toHaveLength(3);
	expect([scene.world.sandbox.crm.rows('account').length, scene.world.sandbox.crm.rows('contact').length]).toEqual([1, 3]);
	// The way CRM keeps the parts of a name stays, as the whole is the same.
	expect(scene.crm('contact', rows[0]!)).toMatchObject({ firstname: 'Jan', middlename: 'van der', lastname: 'Berg' });
});

test('few requests: 200 contacts of 100 customers cost a handful, not one each', async () => {
	for (let index = 0; index < 100; index++) {
		const party = scene.enter('customers', { displayName: `Customer ${index}` });
		for (const name of ['Robert', 'Anna']) scene.person(party, `${name} ${index}`);
	}
	await scene.run('CUSTOMER');
	scene.world.takeRequests();
	const [toCrm] = await scene.run('CONTACT');
	expect(toCrm!.job).toMatchObject({ inserted: 200, failed: 0 });
	// Changes are spread over all lanes, ten in a batch.
	expect(scene.world.takeRequests().length).toBeLessThan(60);
	// Metadata is read again once in a while; not in the run after.
	for (let run = 1; run <= 2; run++) {
		scene.world.takeRequests();
		scene.world.minutes(20);
		await scene.run('CONTACT');
	}
	expect(
		scene.world
			.takeRequests()
			.map(({ path }) => path.replace(/[?].*/, ''))
			.filter((path) => !path.endsWith('$metadata')).length,
	).toBeLessThanOrEqual(6);
});
