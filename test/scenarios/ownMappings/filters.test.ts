import { countRecords } from '../../../engine/fullSync/counts';
import { leads, openScene, type Scene } from './scene';
import type { Filter } from '../../../engine/model/filter';

let scene: Scene;
beforeEach(async () => (scene = await openScene()));
afterEach(async () => await scene.close());

const numbers = Array.from({ length: 900 }, (_, index) => `N${String(index).padStart(5, '0')}`);
const manyNumbers: Filter = { conditions: [{ field: 'number', operator: 'in', value: numbers, type: 'code' }] };
const eitherWay: Filter = {
	match: 'any',
	conditions: [
		{ field: 'city', operator: 'eq', value: 'bath', type: 'text' },
		{ field: 'phoneNumber', operator: 'eq', value: '123', type: 'text' },
	],
};

it('a list longer than a request takes every record it names, and no other', async () => {
	const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
	company.seed('customers', [
		...numbers.slice(0, 30).map((number) => ({ number, displayName: `In ${number}`, type: 'Company' })),
		{ number: 'X1', displayName: 'Out', type: 'Company' },
	]);
	await scene.save(leads({ bcFilter: manyNumbers }));
	expect(await scene.run({ direction: 'toCrm' })).toBe('I30 M0 U0 F0');
	const statuses = scene.world.takeRequests().map(({ status }) => status);
	expect(statuses.filter((status) => Number(status) === 414 || Number(status) >= 500)).toEqual([]);
	expect(scene.world.sandbox.crm.rows('lead').map((lead) => lead['fullname'])).not.toContain('Out');
});

it('alternatives over two fields, which Business Central refuses, select the same in runs, counts and by name', async () => {
	await scene.save(leads({ bcFilter: eitherWay }));
	scene.customer({ displayName: 'A', city: 'Bath' });
	scene.customer({ displayName: 'B', city: 'York', phoneNumber: '123' });
	const outside = scene.customer({ displayName: 'C', city: 'York', phoneNumber: '456' });
	const counted = await scene.with((session) => countRecords(session, leads({ bcFilter: eitherWay })));
	expect(counted).toMatchObject({ businessCentral: 2, atLeast: false });
	expect(await scene.run({ direction: 'toCrm' })).toBe('I2 M0 U0 F0');
	scene.world.minutes(20);
	const [job] = await scene.world.run({ mapping: 'LEADS', selected: { side: 'businessCentral', ids: [outside] } });
	expect(job!.job).toMatchObject({ inserted: 0, skipped: 1 });
	expect(scene.world.sandbox.crm.rows('lead')).toHaveLength(2);
});

it('a record that leaves the filter is not changed any more, and moves the watermark on', async () => {
	await scene.save(leads({ bcFilter: eitherWay }));
	const id = scene.customer({ displayName: 'A', city: 'Bath' });
	await scene.run({ direction: 'toCrm' });
	scene.world.sandbox.businessCentral.company(scene.world.base.companyName).update('customers', id, { city: 'York' });
	expect(await scene.run({ direction: 'toCrm' })).toBe('I0 M0 U0 F0');
	expect(scene.leadBy('fullname', 'A')).toMatchObject({ address1_city: 'Bath' });
});
