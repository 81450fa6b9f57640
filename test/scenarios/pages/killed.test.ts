import { dieAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import { agreement, createResources, RESOURCES, type Resources } from './resources';

let at: Resources;
afterEach(() => at.close());

test('killed at requests and commits of every kind, before or after they took effect, both directions end with every record once', async () => {
	at = await createResources(2);
	const whole = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	await at.world.run({ mapping: 'RESOURCES', pageSize: 1 }, whole.options);
	const last = whole.steps();
	expect(last).toBeGreaterThan(15);
	const sample = new PointSample('killed');
	for (const { step, when } of sample.of(whole.walked())) {
		await at.close();
		at = await createResources(2, { ...RESOURCES, name: 'RESOURCES' });
		const death = dieAt(step, when);
		const dying = at.world.run({ mapping: 'RESOURCES', pageSize: 1 }, death.options);
		await expect(Promise.race([dying, death.happened])).rejects.toBeInstanceOf(Killed);
		// A lease is free after two minutes; a lost insert into Business Central is settled after fifteen.
		at.world.minutes(15);
		const where = `${when} step ${step} of ${last}`;
		const results = await at.world.run({ mapping: 'RESOURCES' });
		expect([where, results.map(({ job }) => job.status)]).toEqual([where, ['finished', 'finished']]);
		expect([where, agreement(at), at.contacts().length, (await at.couplings()).length]).toEqual([
			where,
			['P0 | Person 0 | Planner', 'P1 | Person 1 | Planner', 'R0 | Resource 0 | Installer', 'R1 | Resource 1 | Installer'],
			4,
			4,
		]);
		at.world.takeRequests();
		await at.world.run({ mapping: 'RESOURCES' });
		expect([where, at.world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)]).toEqual([where, 0]);
	}
	process.stdout.write(`${String(sample)}\n`);
}, 300_000);
