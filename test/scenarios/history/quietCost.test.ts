import { disagreements, seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';

/** More than a page that Business Central or CRM is read in, and than a batch. */
const PAIRS = 1_200;
/** Of a run of a bidirectional mapping that has nothing to do. */
const MOST = 4;

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

test(`whatever was edited before, a quiet run costs at most ${MOST} requests: ${PAIRS} pairs edited at once cost no more a minute later, nor an hour`, async () => {
	seedCustomers(world, PAIRS);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true, allowMassChanges: true });
	world.minutes(60);
	await world.run({ mapping: 'CUSTOMER' });
	world.minutes(60);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	for (const row of company.rows('customers')) company.update('customers', String(row['id']), { city: 'Edited' });
	world.minutes(1);
	expect((await world.run({ mapping: 'CUSTOMER', allowMassChanges: true })).map(({ job }) => job.modified)).toEqual([PAIRS, 0]);
	expect(await disagreements(world)).toEqual([]);
	const costs: number[] = [];
	for (const minutes of [1, 5, 20, 1, 60, 1]) {
		world.takeRequests();
		world.minutes(minutes);
		const results = await world.run({ mapping: 'CUSTOMER' });
		expect(results.map(({ job }) => [job.status, job.modified, job.unchanged])).toEqual([
			['finished', 0, 0],
			['finished', 0, 0],
		]);
		costs.push(world.takeRequests().length);
	}
	expect(costs.filter((cost) => cost > MOST)).toEqual([]);
});
