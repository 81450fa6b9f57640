import { runFullSync } from '../../engine';
import { seedCustomers } from '../kit/customers';
import { dieAt, Killed } from '../kit/killing';
import { createWorld } from '../kit/world';

test.each([
	['fromCrm', 'edited anew'],
	['fromCrm', 'put back'],
	['toCrm', 'edited anew'],
	['toCrm', 'put back'],
] as const)(
	'%s: a value that a killed run delivered and did not record is no edit of the other side when its field is %s; back at the value before, nobody can tell, and nothing is replaced',
	async (direction, then) => {
		const outcomes: string[] = [];
		for (let step = 1; step < 40; step++) {
			const world = await createWorld();
			try {
				seedCustomers(world, 1);
				const first = await world.open();
				await runFullSync(first, { afterwards: 'keep' });
				await first.store.close();
				const company = world.sandbox.businessCentral.company(world.base.companyName);
				const account = world.sandbox.crm.rows('account')[0]!;
				const customer = company.rows('customers').find((row) => row['displayName'] === account['name'])!;
				const edit = (value: string) =>
					direction === 'fromCrm'
						? world.sandbox.crm.update('account', String(account['accountid']), { address1_city: value })
						: company.update('customers', String(customer['id']), { city: value });
				const before = customer['city'];
				world.minutes(5);
				edit('First');
				world.minutes(5);
				const death = dieAt(step, 'after');
				const outcome = await Promise.race([world.run({ mapping: 'CUSTOMER' }, death.options).then(() => 'ended'), death.happened]).catch(
					(error: unknown) => {
						if (error instanceof Killed) return 'killed';
						throw error;
					},
				);
				if (outcome === 'ended') break;
				world.minutes(3);
				const value = then === 'put back' ? String(before ?? '') : 'Second';
				edit(value);
				world.minutes(3);
				const jobs = await world.run({ mapping: 'CUSTOMER' });
				const failed = jobs.flatMap((job) => job.failed.map(({ errorCode }) => errorCode));
				const unclear = then === 'put back' && failed.length > 0 && failed.every((code) => code === 'CONFLICT');
				if (failed.length > 0 && !unclear) outcomes.push(`killed after step ${step}: ${failed.join(' ')}`);
				const now = [
					company.get('customers', String(customer['id']))!['city'],
					world.sandbox.crm.get('account', String(account['accountid']))!['address1_city'],
				].map((city) => String(city ?? ''));
				const kept = direction === 'fromCrm' ? ['First', value] : [value, 'First'];
				if (unclear) expect(now).toEqual(kept);
				else if (now.some((city) => city !== value)) outcomes.push(`killed after step ${step}: ${now.join(', ')} instead of ${value}`);
			} finally {
				await world.close();
			}
		}
		expect(outcomes).toEqual([]);
	},
	60_000,
);
