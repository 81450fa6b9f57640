import { dieAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { SessionOptions } from '../../kit/world';
import { createScene, range, type Scene } from './scene';

/** A dead run's lease is free after two minutes. */
const LEASE_MINUTES = 3;
const COUPLED = 12;

/** Five records deleted in each system. */
async function begin(tracking: boolean): Promise<Scene> {
	const scene = await createScene(COUPLED);
	scene.world.sandbox.crm.setChangeTracking('account', tracking);
	if (tracking) await scene.world.run({ mapping: 'CUSTOMER', findDeleted: 'now' });
	scene.deleteAccounts(...range(5));
	scene.deleteCustomers(...range(5, 5));
	return scene;
}

type Strategy = 'restore' | 'removeCoupling' | 'deleteOther';
const run = async (scene: Scene, deletion: Strategy, options?: SessionOptions) =>
	await scene.world.run({ mapping: 'CUSTOMER', findDeleted: 'now', deletion, allowMassChanges: true, pageSize: 5 }, options);

/** What is left on both sides, and how it belongs together, told by names: ids of restored records differ. */
async function outcome(scene: Scene): Promise<unknown> {
	const customers = new Map(scene.customers().map((row) => [row['id'], row['displayName']]));
	const accounts = new Map(scene.accounts().map((row) => [row['accountid'], row]));
	const couplings = (await scene.couplings()).map(({ bcId, crmId }) => [customers.get(bcId), accounts.get(crmId)?.['name']].join(' = '));
	return {
		customers: [...customers.values()].sort(),
		accounts: [...accounts.values()].map((row) => `${String(row['name'])} ${row['bcbi_companyid'] ? 'ours' : 'nobody’s'}`).sort(),
		couplings: couplings.sort(),
		failures: await scene.failures(),
	};
}

const sample = new PointSample('killed');
afterAll(() => void process.stdout.write(`${String(sample)}\n`));

describe.each([
	['restore', false],
	['removeCoupling', false],
	['deleteOther', true],
] as const)('%s, change tracking %s', (deletion, tracking) => {
	test('10 deletions, killed at requests and commits of every kind, before or after they took effect: another run ends like an undisturbed one', async () => {
		const undisturbed = await begin(tracking);
		const counting = dieAt(Number.MAX_SAFE_INTEGER, 'before');
		await run(undisturbed, deletion, counting.options);
		const expected = await outcome(undisturbed);
		expect(await undisturbed.failures()).toEqual([]);
		await undisturbed.world.close();
		const last = counting.steps();
		expect(last).toBeGreaterThan(10);
		for (const { step, when } of sample.of(counting.walked())) {
			const scene = await begin(tracking);
			try {
				const death = dieAt(step, when);
				const end = await Promise.race([run(scene, deletion, death.options), death.happened]).catch((error: unknown) => error);
				expect([step, end]).toEqual([step, expect.any(Killed)]);
				scene.world.minutes(LEASE_MINUTES);
				await run(scene, deletion);
				// A lost insert into Business Central is only repeated when it surely does not arrive any more.
				scene.world.minutes(15);
				await run(scene, deletion);
				expect([`${when} step ${step} of ${last}`, await outcome(scene)]).toEqual([`${when} step ${step} of ${last}`, expected]);
			} finally {
				await scene.world.close();
			}
		}
	}, 600_000);
});
