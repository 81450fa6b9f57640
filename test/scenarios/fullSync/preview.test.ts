import { runFullSync } from '../../../engine';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

test('a preview of everything announces what the run then does: records that refer to what an earlier mapping would create are no failures', async () => {
	seedCustomers(world, 6);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const [first, second] = company.rows('customers');
	company.update('customers', String(first!['id']), { currencyCode: 'EUR' });
	company.update('customers', String(second!['id']), { currencyCode: 'USD' });
	world.takeRequests();

	const outcome = async (preview: boolean) => {
		const session = await world.open();
		try {
			const results = await runFullSync(session, { afterwards: 'keep', preview, returnChanges: 100 });
			return results.map(({ job, failed, changes }) => [
				job.mapping,
				job.direction,
				job.inserted,
				job.modified,
				job.failed,
				failed.length,
				changes.map((change) => change.businessCentral?.number || change.crm?.name).filter((name) => name?.startsWith('C0')),
			]);
		} finally {
			await session.store.close();
		}
	};
	const announced = await outcome(true);
	expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
	expect(await outcome(false)).toEqual(announced);
	expect(announced).toContainEqual(['CUSTOMER', 'toCrm', 6, 0, 0, 0, expect.arrayContaining(['C000001', 'C000002'])]);
});
