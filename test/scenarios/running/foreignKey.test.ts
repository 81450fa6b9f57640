import { createWorld } from '../../kit/world';

test('a code that somebody else takes at the same moment is left to that record: the salesperson gets another one in the next run', async () => {
	const world = await createWorld();
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	let taken = false;
	const first = await world.run(
		{ mapping: 'SALESPEOPLE', createUncoupled: true },
		{
			transport: (send) => (request) => {
				if (!taken && request.method === 'POST' && request.body?.includes('"code":"SP NO. 00001"')) {
					taken = true;
					company.insert('salespeoplePurchasers', { code: 'SP NO. 00001', displayName: 'Somebody else' });
				}
				return send(request);
			},
		},
	);
	expect(taken).toBe(true);
	expect(first[0]!.failed).toEqual([expect.objectContaining({ errorCode: 'KEY_TAKEN', errorClass: 'transient' })]);
	const second = await world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
	expect(second[0]!.job).toMatchObject({ inserted: 1, failed: 0 });
	const people = company.rows('salespeoplePurchasers');
	expect(people.find((row) => row['code'] === 'SP NO. 00001')).toMatchObject({ displayName: 'Somebody else' });
	expect(people).toHaveLength(1 + first[0]!.job.inserted + 1);
	await world.close();
});
