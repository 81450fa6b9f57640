import { runFullSync } from '../../engine';
import { countCouplings, disagreements, seedCustomers } from '../kit/customers';
import { dieAt, Killed } from '../kit/killing';
import { PointSample } from '../kit/points';
import type { Step } from '../kit/step';
import { createWorld, type SessionOptions, type World } from '../kit/world';

const CUSTOMERS = 50;
/** Products have their own. */
const PARTIES = { mappings: ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER'], ignoreDependencies: true };
/** A dead run's lease is free after two minutes. */
const LEASE_MINUTES = 3;

async function fullSync(world: World, options?: SessionOptions): Promise<void> {
	const session = await world.open(options);
	try {
		for (const { job } of await runFullSync(session, { afterwards: 'keep', pageSize: 10, partRows: 30, ...PARTIES }))
			expect(job.status).toBe('finished');
	} finally {
		await session.store.close();
	}
}

/** Users who become salespeople. */
const people = (world: World): number =>
	world.sandbox.crm
		.rows('systemuser')
		.filter((user) => user['islicensed'] === true && user['isdisabled'] !== true && user['isintegrationuser'] !== true).length;

async function undisturbed(): Promise<readonly Step[]> {
	const world = await createWorld();
	seedCustomers(world, CUSTOMERS);
	const death = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	await fullSync(world, death.options);
	await world.close();
	return death.walked();
}

test('a full sync of 50 customers killed at requests and commits of every kind, before or after they took effect, ends after another run with exactly 50 accounts, 50 couplings and equal values', async () => {
	const walked = await undisturbed();
	expect(walked.length).toBeGreaterThan(20);
	const sample = new PointSample('killed');
	for (const { step, when } of sample.of(walked)) {
		const world = await createWorld();
		try {
			seedCustomers(world, CUSTOMERS);
			const death = dieAt(step, when);
			await expect(Promise.race([fullSync(world, death.options), death.happened])).rejects.toBeInstanceOf(Killed);
			world.minutes(LEASE_MINUTES);
			await fullSync(world);
			const at = `${when} step ${step} of ${walked.length}`;
			expect([at, world.sandbox.crm.rows('account').length]).toEqual([at, CUSTOMERS]);
			expect([at, await countCouplings(world)]).toEqual([at, CUSTOMERS]);
			expect([at, world.sandbox.businessCentral.company(world.base.companyName).rows('customers').length]).toEqual([at, CUSTOMERS]);
			expect([at, world.sandbox.businessCentral.company(world.base.companyName).rows('salespeoplePurchasers').length]).toEqual([
				at,
				people(world),
			]);
			expect([at, world.sandbox.crm.rows('transactioncurrency').length]).toEqual([at, 3]);
			expect([at, await disagreements(world)]).toEqual([at, []]);
		} finally {
			await world.close();
		}
	}
	process.stdout.write(`${String(sample)}\n`);
}, 600_000);
