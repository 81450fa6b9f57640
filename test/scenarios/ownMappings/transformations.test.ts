import { leads, openScene, own, type Scene } from './scene';
import type { FieldMapping } from '../../../engine/model/fieldMapping';

let scene: Scene;
beforeEach(async () => (scene = await openScene()));
afterEach(async () => await scene.close());

const upper = { transform: { toCrm: [{ rule: 'uppercase', parameters: {} }] } };

describe('a transformation rule', () => {
	it('changes a value on its way only, and is no edit on the other side', async () => {
		await scene.save(leads({ fields: [own('Name', 'displayName', 'fullname', upper), own('City', 'city', 'address1_city')] }));
		const id = scene.customer({ displayName: 'Adatum', city: 'Bath' });
		expect(await scene.run()).toBe('I1 M0 U0 F0 / I0 M0 U0 F0');
		expect(scene.leadBy('fullname', 'ADATUM')).toMatchObject({ address1_city: 'Bath' });
		expect(scene.customerRow(id)).toMatchObject({ displayName: 'Adatum' });
		scene.writes();
		expect(await scene.run()).toBe('I0 M0 U0 F0 / I0 M0 U0 F0');
		expect(scene.writes()).toBe(0);
	});

	it('leaves both of two edits in different fields, and comes back without a rule as it is', async () => {
		await scene.save(leads({ fields: [own('Name', 'displayName', 'fullname', upper), own('City', 'city', 'address1_city')] }));
		const id = scene.customer({ displayName: 'Adatum', city: 'Bath' });
		await scene.run();
		const lead = scene.leadBy('fullname', 'ADATUM');
		scene.world.sandbox.crm.update('lead', String(lead['leadid']), { fullname: 'Northwind' });
		scene.world.sandbox.businessCentral.company(scene.world.base.companyName).update('customers', id, { city: 'York' });
		expect(await scene.run()).toBe('I0 M1 U0 F0 / I0 M1 U0 F0');
		expect(scene.customerRow(id)).toMatchObject({ displayName: 'Northwind', city: 'York' });
		expect(scene.leadBy('fullname', 'Northwind')).toMatchObject({ address1_city: 'York' });
		scene.writes();
		await scene.run();
		expect(scene.writes()).toBe(0);
	});

	it('another line that reads the same field sees it as it is; a rule of a disabled line does not run', async () => {
		await scene.save(
			leads({
				fields: [
					own('Name', 'displayName', 'fullname', { direction: 'toCrm', ...upper }),
					own('Company', 'displayName', 'companyname', { direction: 'toCrm' }),
					own('Topic', 'displayName', 'subject', {
						direction: 'toCrm',
						enabled: false,
						transform: { toCrm: [{ rule: 'rounding', parameters: {} }] },
					}),
				],
			}),
		);
		scene.customer({ displayName: 'Adatum' });
		expect(await scene.run({ direction: 'toCrm' })).toBe('I1 M0 U0 F0');
		const lead = scene.leadBy('fullname', 'ADATUM');
		expect(lead).toMatchObject({ companyname: 'Adatum' });
		expect(lead['subject'] ?? null).toBeNull();
	});

	it('that cannot be applied fails its record, says why, and lets the others go on', async () => {
		const rounded = { kind: 'number' as const, transform: { toCrm: [{ rule: 'rounding', parameters: {} }] }, direction: 'toCrm' as const };
		await scene.save(leads({ fields: [own('Name', 'displayName', 'fullname'), own('Revenue', 'phoneNumber', 'revenue', rounded)] }));
		scene.customer({ displayName: 'Good', phoneNumber: '12.345' });
		scene.customer({ displayName: 'Bad', phoneNumber: '+44' });
		scene.customer({ displayName: 'Worse', phoneNumber: 'none' });
		scene.world.minutes(20);
		const [job] = await scene.world.run({ mapping: 'LEADS', direction: 'toCrm' });
		expect(job!.job).toMatchObject({ inserted: 2, failed: 1 });
		expect(job!.failed[0]).toMatchObject({
			errorCode: 'TRANSFORMATION',
			errorClass: 'data',
			message: 'Revenue: the transformation rule "Rounding" cannot be applied: "none" is no number.',
		});
		expect(scene.leadBy('fullname', 'Good')).toMatchObject({ revenue: 12.35 });
	});
});

describe('the first of several fields', () => {
	const first: Partial<FieldMapping> = {
		direction: 'toCrm',
		transform: {
			toCrm: [
				{ rule: 'firstNonBlank', parameters: { fields: [{ field: 'email' }, { field: 'website' }] } },
				{ rule: 'lowercase', parameters: {} },
			],
		},
	};

	it('that holds a value travels, and a change of any of them counts', async () => {
		await scene.save(leads({ fields: [own('Name', 'displayName', 'fullname'), own('Topic', 'phoneNumber', 'subject', first)] }));
		const id = scene.customer({ displayName: 'Adatum', website: 'WWW.ADATUM.COM' });
		await scene.run();
		expect(scene.leadBy('fullname', 'Adatum')).toMatchObject({ subject: 'www.adatum.com' });
		const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
		company.update('customers', id, { email: 'Info@Adatum.com' });
		expect(await scene.run()).toBe('I0 M1 U0 F0 / I0 M0 U0 F0');
		expect(scene.leadBy('fullname', 'Adatum')).toMatchObject({ subject: 'info@adatum.com' });
		company.update('customers', id, { website: 'elsewhere' });
		scene.writes();
		await scene.run();
		expect(scene.writes()).toBe(0);
	});
});

it('a constant of a mapping of the user’s own is written to new records, and again when somebody changed it', async () => {
	const constant = own('Topic', null, 'subject', { direction: 'toCrm', constant: 'From the ERP' });
	await scene.save(leads({ fields: [own('Name', 'displayName', 'fullname'), constant] }));
	const id = scene.customer({ displayName: 'Adatum' });
	await scene.run();
	const lead = scene.leadBy('subject', 'From the ERP');
	scene.world.sandbox.crm.update('lead', String(lead['leadid']), { subject: 'changed' });
	scene.world.sandbox.businessCentral.company(scene.world.base.companyName).update('customers', id, { displayName: 'Adatum Ltd.' });
	await scene.run();
	expect(scene.leadBy('fullname', 'Adatum Ltd.')).toMatchObject({ subject: 'From the ERP' });
	scene.writes();
	await scene.run();
	expect(scene.writes()).toBe(0);
});
