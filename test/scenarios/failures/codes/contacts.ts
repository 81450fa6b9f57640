import type { JobResult } from '../../../../engine/jobs/jobResult';
import { openScene, type Scene } from '../../parties/scene';
import { type Stage } from '../kit';
import { failedWith, says, type Walks } from './kit';

/** Contacts and the companies they belong to. */
const mapping = 'CUSTOMER';

async function using<T extends { world: { close(): Promise<void> } }>(
	open: () => Promise<T>,
	walk: (scene: T) => Promise<void>,
): Promise<void> {
	const scene = await open();
	try {
		await walk(scene);
	} finally {
		await scene.world.close();
	}
}
const withParties = (walk: (scene: Scene) => Promise<void>) => using(openScene, walk);
const fine = (results: readonly JobResult[]): void =>
	expect(results.map(({ job, failed }) => [job.mapping, job.status, failed])).toEqual(
		results.map(({ job }) => [job.mapping, 'finished', []]),
	);
const party = async (scene: Scene, name: string): Promise<JobResult[]> => {
	scene.world.minutes(15);
	return await scene.run(name);
};
const company = (scene: { world: Stage['world'] }) => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);

export const contactWalks: Walks = {
	CONTACT_WITHOUT_RELATION: () =>
		withParties(async (scene) => {
			const adatum = scene.enter('customers', { displayName: 'Adatum' });
			const nobody = scene.enter('contacts', { type: 'Company', displayName: 'Nobody' });
			const person = scene.person(adatum, 'Robert Townes');
			await scene.runAll();
			scene.world.minutes(30);
			scene.change('contacts', person.id, { companyNumber: nobody.number });
			const seen = failedWith('CONTACT_WITHOUT_RELATION', await party(scene, 'CONTACT'));
			says(seen, 'Create the company as customer or vendor', 'on its contact card', 'or choose another company for the contact');
			// As the action of the contact card does: a customer that is linked with this company.
			company(scene).settings.businessRelations.Customer = '';
			const made = scene.enter('customers', { displayName: 'Nobody' });
			company(scene).link({
				'Contact No.': nobody.number,
				'Business Relation Code': 'CUST',
				'Link to Table': 'Customer',
				'No.': made.number,
			});
			for (const number of [nobody.number, person.number]) {
				const [row] = company(scene).data.table('Contact').withField('No.', number);
				company(scene).data.modify('Contact', row!, { ...row!.fields, 'Contact Business Relation': 'Customer' }, 'ANNA');
			}
			await party(scene, mapping);
			fine(await party(scene, 'CONTACT'));
			expect(scene.crm('contact', (await scene.partner('CONTACT', person.id))!)?.['parentcustomerid']).toBe(
				await scene.partner(mapping, made.id),
			);
		}),

	CONTACT_WITHOUT_ACCOUNT: () =>
		withParties(async (scene) => {
			const adatum = scene.enter('customers', { displayName: 'Adatum' });
			const person = scene.person(adatum, 'Robert Townes');
			await scene.runAll();
			scene.world.minutes(30);
			const contact = (await scene.partner('CONTACT', person.id))!;
			const account = (await scene.partner(mapping, adatum.id))!;
			// A contact of nobody is to come back: its record was deleted, and it lost its account.
			scene.changeRow('contact', contact, { parentcustomerid: null });
			company(scene).remove('contacts', person.id);
			const request = {
				deletion: 'restore' as const,
				direction: 'fromCrm' as const,
				selected: { side: 'crm' as const, ids: [contact], outsideFilter: true },
			};
			scene.world.minutes(15);
			const seen = failedWith('CONTACT_WITHOUT_ACCOUNT', await scene.run('CONTACT', request));
			says(seen, 'Choose an account in the field Company of the contact in CRM', 'synchronize it again');
			scene.changeRow('contact', contact, { parentcustomerid: { table: 'account', id: account } });
			scene.world.minutes(15);
			fine(await scene.run('CONTACT', request));
			expect(company(scene).rows('contacts').filter(({ type }) => type === 'Person')).toHaveLength(1); // prettier-ignore
		}),

	COMPANY_CONTACT_MISSING: () =>
		withParties(async (scene) => {
			const bc = company(scene);
			bc.settings.businessRelations.Customer = '';
			const adatum = scene.enter('customers', { displayName: 'Adatum' });
			await scene.run(mapping);
			const account = (await scene.partner(mapping, adatum.id))!;
			scene.row('contact', { lastname: 'Cruz', parentcustomerid: { table: 'account', id: account } });
			const seen = failedWith('COMPANY_CONTACT_MISSING', await party(scene, 'CONTACT'));
			says(
				seen,
				'business relation code for customers on the page Marketing Setup',
				'Create Contacts from Customers',
				'Couple Records → Retry',
			);
			// What the report of that name does.
			const made = scene.enter('contacts', { type: 'Company', displayName: 'Adatum' });
			bc.link({ 'Contact No.': made.number, 'Business Relation Code': 'CUST', 'Link to Table': 'Customer', 'No.': adatum.number });
			await party(scene, 'CONTACT');
			fine(await party(scene, 'CONTACT'));
			expect(bc.rows('contacts').filter(({ type }) => type === 'Person')).toMatchObject([{ companyNumber: made.number }]);
		}),
};
