import { synchronizeMapping } from '../../../engine';
import type { RecordTemplate } from '../../../engine/model/tableMapping';
import { leads, openScene, own, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => (scene = await openScene()));
afterEach(async () => await scene.close());

const template = (name: string, priority: number, values: RecordTemplate['values'], city?: string): RecordTemplate => ({
	name,
	priority,
	values,
	filter: { conditions: city ? [{ field: 'city', operator: 'eq', value: city, type: 'text' }] : [] },
});
const forLeads = (...crm: RecordTemplate[]) => ({ templates: { businessCentral: [], crm } });
const company = () => scene.world.sandbox.businessCentral.company(scene.world.base.companyName);

describe('a template', () => {
	it('is chosen by priority and by its filter on the source record; its values win', async () => {
		await scene.save(
			leads(
				forLeads(
					template('everybody', 9, { subject: 'from everywhere' }),
					template('from Bath', 1, { subject: 'from Bath', revenue: 5, telephone1: '999' }, 'BATH'),
				),
			),
		);
		scene.customer({ displayName: 'Adatum', city: 'Bath', phoneNumber: '123' });
		scene.customer({ displayName: 'Northwind', city: 'York', phoneNumber: '456' });
		await scene.run({ direction: 'toCrm' });
		expect(scene.leadBy('fullname', 'Adatum')).toMatchObject({ subject: 'from Bath', revenue: 5, telephone1: '999' });
		expect(scene.leadBy('fullname', 'Northwind')).toMatchObject({ subject: 'from everywhere', telephone1: '456' });
	});

	it('touches only records a run creates', async () => {
		await scene.save(leads(forLeads(template('all', 1, { subject: 'new' }))));
		const id = scene.customer({ displayName: 'Adatum' });
		await scene.run();
		scene.world.sandbox.crm.update('lead', String(scene.leadBy('subject', 'new')['leadid']), { subject: 'looked at' });
		company().update('customers', id, { city: 'Bath' });
		await scene.run();
		expect(scene.leadBy('fullname', 'Adatum')).toMatchObject({ subject: 'looked at', address1_city: 'Bath' });
	});

	it('counts as an edit of the new record: a field that travels back takes it along', async () => {
		await scene.save(leads(forLeads(template('all', 1, { telephone1: '0800' }))));
		const id = scene.customer({ displayName: 'Adatum', phoneNumber: '123' });
		await scene.run();
		expect(scene.leadBy('fullname', 'Adatum')).toMatchObject({ telephone1: '0800' });
		expect(scene.customerRow(id)).toMatchObject({ phoneNumber: '0800' });
		scene.writes();
		expect(await scene.run()).toBe('I0 M0 U0 F0 / I0 M0 U0 F0');
		expect(scene.writes()).toBe(0);
	});

	it('in a field of one direction stays until the source changes', async () => {
		const fields = [own('Name', 'displayName', 'fullname'), own('Phone', 'phoneNumber', 'telephone1', { direction: 'toCrm' })];
		await scene.save(leads({ fields, ...forLeads(template('all', 1, { telephone1: '0800' })) }));
		const id = scene.customer({ displayName: 'Adatum', phoneNumber: '123' });
		await scene.run();
		company().update('customers', id, { displayName: 'Adatum Ltd.' });
		await scene.run();
		expect(scene.leadBy('fullname', 'Adatum Ltd.')).toMatchObject({ telephone1: '0800' });
		expect(scene.customerRow(id)).toMatchObject({ phoneNumber: '123' });
		company().update('customers', id, { phoneNumber: '456' });
		await scene.run();
		expect(scene.leadBy('fullname', 'Adatum Ltd.')).toMatchObject({ telephone1: '456' });
	});

	it('for Business Central gives new customers its values', async () => {
		const bc = {
			name: 'new',
			priority: 1,
			filter: { conditions: [{ field: 'address1_city', operator: 'eq' as const, value: 'Bath', type: 'text' as const }] },
			values: { type: 'Person', creditLimit: 500 },
		};
		await scene.save(leads({ templates: { businessCentral: [bc], crm: [] } }));
		scene.world.sandbox.crm.insert('lead', { fullname: 'Adatum', address1_city: 'Bath' });
		scene.world.sandbox.crm.insert('lead', { fullname: 'Northwind' });
		await scene.run();
		const rows = company().rows('customers');
		expect(rows.find((row) => row['displayName'] === 'Adatum')).toMatchObject({ type: 'Person', creditLimit: 500 });
		expect(rows.find((row) => row['displayName'] === 'Northwind')).toMatchObject({ type: 'Company', creditLimit: 0 });
	});

	it('is told in a preview, mapped or not', async () => {
		await scene.save(leads(forLeads(template('all', 1, { subject: 'new', telephone1: '0800' }))));
		scene.customer({ displayName: 'Adatum', phoneNumber: '123' });
		const [job] = await scene.world.run({ mapping: 'LEADS', direction: 'toCrm', preview: true, returnChanges: 5 });
		const changed = Object.fromEntries(job!.changes[0]!.fields.map(({ field, after }) => [field, after]));
		expect(changed).toEqual({ fullname: 'Adatum', telephone1: '0800', subject: 'new' });
		expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(0);
	});
});

describe('an insert whose answer was lost', () => {
	it('ends as it would have: the value of the template travels back, and stays', async () => {
		await scene.save(leads(forLeads(template('all', 1, { telephone1: '0800', subject: 'new' }))));
		const id = scene.customer({ displayName: 'Adatum', phoneNumber: '123' });
		scene.world.minutes(20);
		const dying = async () => {
			const session = await scene.world.open({
				transport: (transport) => async (request) => {
					const answer = await transport(request);
					if (request.url.startsWith('http://crm') && JSON.stringify(request.body ?? '').includes('0800')) throw new Error('killed');
					return answer;
				},
			});
			await synchronizeMapping(session, { mapping: 'LEADS' }).finally(() => session.store.close());
		};
		await dying().catch(() => undefined);
		expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(1);
		expect(scene.customerRow(id)).toMatchObject({ phoneNumber: '123' });
		await scene.run();
		await scene.run();
		expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(1);
		expect(scene.leadBy('fullname', 'Adatum')).toMatchObject({ telephone1: '0800', subject: 'new' });
		expect(scene.customerRow(id)).toMatchObject({ phoneNumber: '0800' });
	});
});
