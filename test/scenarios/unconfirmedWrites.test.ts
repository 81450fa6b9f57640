import { seedCustomers } from '../kit/customers';
import { dieAt, Killed } from '../kit/killing';
import { PointSample } from '../kit/points';
import type { Step } from '../kit/step';
import { createWorld } from '../kit/world';

type Direction = 'toCrm' | 'fromCrm';

/** A run that carries an edit dies after a step, and the field is edited again. `wrong`: what is not as it should be then; undefined where the run did not die. */
async function play(
	direction: Direction,
	then: 'edited anew' | 'put back',
	step: number,
): Promise<{ walked: readonly Step[]; wrong: string | undefined }> {
	const world = await createWorld();
	try {
		const wrong: string[] = [];
		seedCustomers(world, 1);
		await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
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
		if (outcome === 'ended') return { walked: death.walked(), wrong: undefined };
		world.minutes(3);
		const value = then === 'put back' ? String(before ?? '') : 'Second';
		edit(value);
		world.minutes(3);
		const jobs = await world.run({ mapping: 'CUSTOMER' });
		const failed = jobs.flatMap((job) => job.failed.map(({ errorCode }) => errorCode));
		const unclear = then === 'put back' && failed.length > 0 && failed.every((code) => code === 'CONFLICT');
		if (failed.length > 0 && !unclear) wrong.push(failed.join(' '));
		const now = [
			company.get('customers', String(customer['id']))!['city'],
			world.sandbox.crm.get('account', String(account['accountid']))!['address1_city'],
		].map((city) => String(city ?? ''));
		const kept = direction === 'fromCrm' ? ['First', value] : [value, 'First'];
		if (unclear) expect(now).toEqual(kept);
		else if (now.some((city) => city !== value)) wrong.push(`${now.join(', ')} instead of ${value}`);
		return { walked: death.walked(), wrong: wrong.join('; ') };
	} finally {
		await world.close();
	}
}

test.each([
	['fromCrm', 'edited anew'],
	['fromCrm', 'put back'],
	['toCrm', 'edited anew'],
	['toCrm', 'put back'],
] as const)(
	'%s: a value that a killed run delivered and did not record is no edit of the other side when its field is %s; back at the value before, nobody can tell, and nothing is replaced',
	async (direction, then) => {
		const { walked } = await play(direction, then, Infinity);
		expect(walked.length).toBeGreaterThan(8);
		const sample = new PointSample('killed');
		for (const { step } of sample.of(walked, ({ when }) => when === 'after')) {
			const { wrong } = await play(direction, then, step);
			expect([`killed after step ${step}`, wrong]).toEqual([`killed after step ${step}`, '']);
		}
		process.stdout.write(`${String(sample)}\n`);
	},
	60_000,
);
