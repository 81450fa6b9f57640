import { countCouplings, disagreements, seedCustomers } from '../kit/customers';
import { createWorld, type World } from '../kit/world';
import { answerTopics } from './answers';
import type { AnswerCase } from './answers/answerCase';
import { startStandIn, type StandIn } from './standIn';
import { expectOutcome, outcomeOf } from './verdict';

const TEN_MINUTES = 600_000;
let world: World;
let standIn: StandIn;

async function start(customers: number): Promise<void> {
	world = await createWorld();
	seedCustomers(world, customers);
	standIn = await startStandIn(world.sandbox);
}
afterEach(async () => {
	await standIn.close();
	await world.close();
});

const run = () => world.run({ mapping: 'CUSTOMER', createUncoupled: true }, { transport: () => standIn.transport });

/** With a service that answers properly again, the next run leaves both sides equal, and the one after it has nothing to do. */
async function everythingArrives(customers: number): Promise<void> {
	standIn.rules = [];
	world.minutes(30);
	const before = world.clock.now();
	expect((await run()).map(({ job }) => [job.status, job.failed])).toEqual([
		['finished', 0],
		['finished', 0],
	]);
	// Nothing the service asked for holds up a later run for long.
	expect(world.clock.now() - before).toBeLessThanOrEqual(TEN_MINUTES);
	expect(world.sandbox.crm.rows('account')).toHaveLength(customers);
	expect(world.sandbox.businessCentral.company(world.base.companyName).rows('customers')).toHaveLength(customers);
	expect(await countCouplings(world)).toBe(customers);
	expect(await disagreements(world)).toEqual([]);
	world.minutes(30);
	world.takeRequests();
	await run();
	expect(world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
}

async function holds(each: AnswerCase, customers: number): Promise<void> {
	standIn.rules = [each];
	const memory = watchMemory();
	expectOutcome(await outcomeOf(run()), each.expect);
	expect(memory.peak()).toBeLessThan(160 * 1024 * 1024);
	expect(standIn.struck).toBeGreaterThan(0);
	expect(standIn.strangers).toEqual([]);
	await everythingArrives(customers);
	expect(standIn.strangers).toEqual([]);
	expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

/** How far the memory that holds objects, texts and buffers grows above where it stands now (bytes). */
function watchMemory(): { peak(): number } {
	const used = () => {
		const { heapUsed, arrayBuffers } = process.memoryUsage();
		return heapUsed + arrayBuffers;
	};
	const start = used();
	let most = start;
	const timer = setInterval(() => (most = Math.max(most, used())), 5);
	return {
		peak: () => {
			clearInterval(timer);
			return most - start;
		},
	};
}

const { batches, schema, ...others } = answerTopics;

describe.each(Object.values(others))('$title', ({ cases }) => {
	beforeEach(() => start(30));
	test.each(cases)('$what', async (each) => await holds(each, 30));
});

describe(schema.title, () => {
	beforeEach(async () => {
		await start(30);
		await run();
		// Something to read and to write in the next run.
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		world.minutes(30);
		for (const row of company.rows('customers')) company.update('customers', String(row['id']), { addressLine2: 'Moved' });
	});
	test.each(schema.cases)('$what', async (each) => await holds(each, 30));
});

describe(batches.title, () => {
	// A batch is full in the first two cases; of the others each is about its form.
	test.each(batches.cases.map((each, index) => ({ each, what: each.what, customers: index < 2 ? 1_000 : 130 })))(
		'$customers: $what',
		async ({ each, customers }) => {
			await start(customers);
			await holds(each, customers);
		},
	);
});
