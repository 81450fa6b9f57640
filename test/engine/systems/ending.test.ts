import { systemClock } from '../../../engine/ports/clock';
import { RunStopped } from '../../../engine/model/errors';
import type { Transport } from '../../../engine/systems/odata/transport';
import { account, customers, sandboxed, type Sandboxed } from './sandboxed';
import { connectionTo, scripted } from './scripted';

const URL = 'https://bc.example/api/v2.0/companies';
const ending = () => {
	const controller = new AbortController();
	return { signal: controller.signal, ask: () => controller.abort(new RunStopped('shutdown')) };
};
const KEPT_BACK = { code: 'RUN_ENDING', errorClass: 'transient' };

test('a wait that the service asked for ends as soon as the process is to end, and nothing is sent any more', async () => {
	const end = ending();
	const transport = scripted([
		() => {
			setImmediate(end.ask);
			return { status: 429, headers: { 'retry-after': '600' } };
		},
	]);
	// On real time: without the signal this would take ten minutes.
	const connection = connectionTo(transport, systemClock, { ending: end.signal });
	await expect(connection.getJson(URL)).rejects.toMatchObject(KEPT_BACK);
	await expect(connection.getJson(URL)).rejects.toMatchObject(KEPT_BACK);
	expect(transport.requests).toHaveLength(1);
});

test('a read under way is given up', async () => {
	const end = ending();
	const silent: Transport = (request) =>
		new Promise((_, reject) => {
			request.signal!.addEventListener('abort', () => reject(request.signal!.reason as Error));
			setImmediate(end.ask);
		});
	await expect(connectionTo(silent, systemClock, { ending: end.signal }).getJson(URL)).rejects.toMatchObject(KEPT_BACK);
});

describe('changes', () => {
	let world: Sandboxed;
	beforeEach(() => (world = sandboxed()));
	afterEach(() => world.sandbox.close());

	/** Asks to end while the n-th batch that writes is under way. */
	const asking =
		(ask: () => void, nth: number) =>
		(transport: Transport): Transport => {
			let batches = 0;
			return async (request) => {
				const mine = request.method === 'POST' ? ++batches : 0;
				if (mine === nth) ask();
				expect(request.signal?.aborted ?? false).toBe(false);
				return await transport(request);
			};
		};

	test('those under way in Dataverse are heard out, the others are told as not sent, each by itself', async () => {
		const end = ending();
		const system = world.dataverse({
			ending: end.signal,
			limits: { concurrent: 1, batchSize: 10 },
			transport: asking(end.ask, 2)(world.transport),
		});
		const inserts = Array.from({ length: 40 }, (_, index) => ({ kind: 'insert' as const, values: { name: `Account ${index}` } }));
		const outcomes = await system.write(account, inserts);
		const written = outcomes.filter(({ status }) => status === 'written');
		const kept = outcomes.filter((outcome) => outcome.status === 'failed' && outcome.error.code === 'RUN_ENDING');
		expect(written.length).toBeGreaterThanOrEqual(20);
		expect(written.length + kept.length).toBe(40);
		expect(kept.length).toBeGreaterThan(0);
		expect(world.sandbox.crm.rows('account')).toHaveLength(written.length);
	});

	test('an insert into Business Central whose page with further fields is not reached any more is told as written, and incomplete', async () => {
		const end = ending();
		const system = world.businessCentral({ ending: end.signal, transport: asking(end.ask, 1)(world.transport) });
		const values = { displayName: 'Fabrikam', 'workflowCustomers/contact': 'Ann' };
		const [outcome] = await system.write(customers, [{ kind: 'insert', values }]);
		expect(outcome).toMatchObject({ status: 'written', incomplete: KEPT_BACK });
	});

	test('an update whose answer was lost before stays open, although nothing is sent after that', async () => {
		const end = ending();
		const [id] = [world.sandbox.crm.insert('account', { name: 'Fabrikam' })];
		const version = (await world.dataverse().readByIds(account, [id!], ['name'])).get(id!.toLowerCase())!.version;
		world.sandbox.faults.add({ system: 'crm', method: 'POST', url: /batch/, fault: { kind: 'dropAfter' } });
		const transport: Transport = async (request) => {
			try {
				return await world.transport(request);
			} finally {
				end.ask();
			}
		};
		const system = world.dataverse({ ending: end.signal, transport });
		const [outcome] = await system.write(account, [{ kind: 'update', id: id!, version, number: '', values: { name: 'Litware' } }]);
		expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'CRM_ANSWER_LOST' } });
	});
});
