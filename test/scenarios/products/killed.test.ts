import { runFullSync } from '../../../engine';
import { dieAt, endAt, Killed } from '../../kit/killing';
import { PointSample } from '../../kit/points';
import type { Step } from '../../kit/step';
import { createWorld, type World } from '../../kit/world';
import { DEFAULT_LIST, deliver, failures, item, pricesOf, resource, units, writes } from './shop';

/** A dead run's lease is free after two minutes. */
const LEASE_MINUTES = 3;

function seed(world: World): void {
	units(world, 'PCS', 'BOX', 'HOUR');
	item(world, '1000', { unitPrice: 3 }, { BOX: 12 });
	item(world, '2000', { unitPrice: 0 });
	item(world, '3000', { unitPrice: 9 });
	resource(world, 'LINA');
}

/** Everything there is to be, once. */
function expectDelivered(world: World, at: string): void {
	const { crm } = world.sandbox;
	const states = crm
		.rows('product')
		.map(({ productnumber, statecode, pricelevelid }) => `${String(productnumber)} ${String(statecode)} ${typeof pricelevelid}`);
	expect([at, states.sort()]).toEqual([at, ['1000 0 string', '2000 0 string', '3000 0 string', 'LINA 0 string']]);
	expect([at, crm.rows('pricelevel').map(({ name }) => name)]).toEqual([at, [DEFAULT_LIST]]);
	expect([at, pricesOf(world, DEFAULT_LIST)]).toEqual([at, ['1000 BOX 36', '1000 PCS 3', '2000 PCS 0', '3000 PCS 9', 'LINA HOUR 50']]);
	expect([at, crm.rows('uomschedule').length, crm.rows('uom').length]).toEqual([at, 4, 4 + 5]);
	expect([at, world.sandbox.businessCentral.company(world.base.companyName).rows('items').length]).toEqual([at, 3]);
}

/** Units are there; items and resources are what is killed. */
const READY = ['CURRENCY', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM'];
const AT_RISK = ['ITEM-PRODUCT', 'RESOURCE-PRODUCT'];

async function prepared(): Promise<World> {
	const world = await createWorld();
	seed(world);
	await deliver(world, { mappings: READY });
	return world;
}

async function undisturbed(): Promise<readonly Step[]> {
	const world = await prepared();
	const death = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	await deliver(world, { ...death.options, mappings: AT_RISK, pageSize: 2 });
	expectDelivered(world, 'undisturbed');
	await world.close();
	return death.walked();
}

test('killed at requests and commits of every kind, the next run leaves each product published, with one default price list and one price for each unit; a further one writes nothing', async () => {
	const walked = await undisturbed();
	expect(walked.length).toBeGreaterThan(40);
	const sample = new PointSample('killed');
	// Dying before a step is dying once the one before it was heard of: now and then is often enough.
	const points = sample.of(walked, ({ step, when }) => when === 'after' || step % 4 === 0);
	for (const [index, { step, when }] of points.entries()) {
		const world = await prepared();
		try {
			const death = dieAt(step, when);
			const run = deliver(world, { ...death.options, mappings: AT_RISK, pageSize: 2 });
			expect(await Promise.race([run, death.happened]).catch((error: unknown) => error)).toBeInstanceOf(Killed);
			world.minutes(LEASE_MINUTES);
			const at = `${when} step ${step} of ${walked.length}`;
			expect([at, failures(await deliver(world, { mappings: AT_RISK }))]).toEqual([at, []]);
			expectDelivered(world, at);
			if (index % 3 !== 0) continue;
			world.takeRequests();
			world.minutes(1);
			await deliver(world, { mappings: AT_RISK });
			expect([at, writes(world)]).toEqual([at, 0]);
		} finally {
			await world.close();
		}
	}
	process.stdout.write(`${String(sample)}\n`);
}, 600_000);

test.each(['asked', 'cancelled'] as const)(
	'%s to end at requests and commits of every kind, the run stops without a failure, and the next one a minute later does the rest: each product published, one default price list, one price for each unit',
	async (how) => {
		const walked = await undisturbed();
		const sample = new PointSample('asked');
		for (const { step } of sample.of(walked, ({ step, when }) => when === 'after' && (how === 'asked' || step % 3 === 1))) {
			const world = await prepared();
			try {
				const at = `after step ${step} of ${walked.length}`;
				const session = await world.open(endAt(step, 'after', how).options);
				const results = await runFullSync(session, { mappings: AT_RISK, afterwards: 'keep', ignoreDependencies: true, pageSize: 2 });
				expect([at, failures(results), await session.store.runningMappings()]).toEqual([at, [], new Set()]);
				await session.store.close();
				world.minutes(1);
				expect([at, failures(await deliver(world, { mappings: AT_RISK }))]).toEqual([at, []]);
				expectDelivered(world, at);
			} finally {
				await world.close();
			}
		}
		process.stdout.write(`${String(sample)}\n`);
	},
	600_000,
);
