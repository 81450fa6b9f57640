import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { countCouplings, disagreements, seedCustomers } from '../../kit/customers';
import { createWorld, type SessionOptions, type World } from '../../kit/world';

const CUSTOMERS = 60;

let world: World;
beforeEach(async () => {
	world = await createWorld();
	seedCustomers(world, CUSTOMERS);
});
afterEach(() => world.close());

const accounts = (): number => world.sandbox.crm.rows('account').length;
const pages: Partial<RunRequest> & { mapping: string } = {
	mapping: 'CUSTOMER',
	direction: 'toCrm',
	fromStart: true,
	createUncoupled: true,
	pageSize: 10,
};
const run = (more: Partial<RunRequest> = {}, options?: SessionOptions) => world.run({ ...pages, ...more }, options);

/** How the requests for pages of customers and the writes of accounts follow each other. */
const steps = (): string[] =>
	world
		.takeRequests()
		.flatMap(({ system, path, writes }) =>
			/\/customers\?/.test(path) ? ['read'] : system === 'crm' && writes > 0 ? [`write ${writes}`] : [],
		);

/** Accounts created between two reads, in the order of the log. */
const written = (log: readonly string[]): number => log.reduce((sum, step) => sum + (step === 'read' ? 0 : Number(step.split(' ')[1])), 0);

test('the next page is read before this one is written, each once, and everything arrives', async () => {
	world.takeRequests();
	const [result] = await run();
	expect(result!.job).toMatchObject({ status: 'finished', inserted: CUSTOMERS, failed: 0 });
	const log = steps();
	const first = log.findIndex((step) => step !== 'read');
	expect(log.slice(0, first)).toHaveLength(2);
	expect(log.filter((step) => step === 'read')).toHaveLength(CUSTOMERS / 10);
	expect(written(log)).toBe(CUSTOMERS);
	expect([accounts(), await countCouplings(world), await disagreements(world)]).toEqual([CUSTOMERS, CUSTOMERS, []]);
});

test('several pages are written together, in as many requests of a page as before', async () => {
	const recorded: number[] = [];
	const [result] = await run(
		{ partRows: 30 },
		{
			store: (store) =>
				new Proxy(store, {
					get: (target, name) => {
						const value: unknown = Reflect.get(target, name);
						if (name !== 'commit') return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
						return async (...parameters: Parameters<typeof store.commit>) => {
							await target.commit(...parameters);
							if (parameters[0].watermark && parameters[0].couplings?.length) recorded.push(parameters[0].couplings.length);
						};
					},
				}),
		},
	);
	expect(result!.job).toMatchObject({ status: 'finished', inserted: CUSTOMERS, failed: 0 });
	expect(recorded).toEqual([10, 20, 30]);
	expect(steps().filter((step) => step === 'read')).toHaveLength(CUSTOMERS / 10);
	expect([accounts(), await countCouplings(world), await disagreements(world)]).toEqual([CUSTOMERS, CUSTOMERS, []]);
});

test.each([undefined, 30])(
	'a page that cannot be read ends the run once all pages before it are recorded (together: %s); the next run goes on',
	async (partRows) => {
		world.sandbox.faults.add({
			system: 'businessCentral',
			url: /\/customers\?/,
			nth: 4,
			fault: { kind: 'answer', status: 403 },
		});
		const [failed] = await run({ ...(partRows === undefined ? {} : { partRows }) });
		expect(failed!.job).toMatchObject({ status: 'failed', inserted: 30 });
		expect([accounts(), await countCouplings(world)]).toEqual([30, 30]);
		world.sandbox.faults.clear();
		const [next] = await run({ ...(partRows === undefined ? {} : { partRows }) });
		expect(next!.job).toMatchObject({ status: 'finished', inserted: CUSTOMERS - 30 });
		expect([accounts(), await countCouplings(world), await disagreements(world)]).toEqual([CUSTOMERS, CUSTOMERS, []]);
	},
);

test('a run that is cancelled while it writes sends nothing after its end, and what it wrote is recorded', async () => {
	const stop = new AbortController();
	let sent = 0;
	const [stopped] = await run(
		{},
		{
			signal: stop.signal,
			transport: (transport) => async (request) => {
				sent++;
				const answer = await transport(request);
				if (world.sandbox.crm.rows('account').length > 0) stop.abort();
				return answer;
			},
		},
	);
	const atEnd = sent;
	for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
	expect(sent).toBe(atEnd);
	expect(stopped!.job.status).toBe('stopped');
	world.minutes(20);
	await run();
	expect([accounts(), await countCouplings(world), await disagreements(world)]).toEqual([CUSTOMERS, CUSTOMERS, []]);
});

test('a run with a limit reads no page that it might not deal with', async () => {
	world.takeRequests();
	const [result] = await run({ recordLimit: 10 });
	expect(result!.job).toMatchObject({ status: 'stopped', inserted: 10 });
	expect(steps().filter((step) => step === 'read')).toHaveLength(1);
});
