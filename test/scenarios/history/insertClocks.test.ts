import { synchronizeMapping } from '../../../engine';
import type { Clock } from '../../../engine/ports/clock';
import { NoAnswer, type HttpRequest } from '../../../engine/systems/odata/transport';
import { createWorld, type World } from '../../kit/world';

const HOUR = 3_600_000;

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

const customers = () => world.sandbox.businessCentral.company(world.base.companyName).rows('customers');
const isInsert = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && url.includes('$batch') && /"method":\s*"POST"/.test(body) && body.includes('customers');

/** Runs with a clock of n8n's machine that is off by `shift` (milliseconds); `lost`: the first insert is carried out, and its answer lost. */
async function run(shift: number, lost = false): Promise<void> {
	let left = lost ? 1 : 0;
	const session = await world.open({
		transport: (inner) => async (request) => {
			const response = await inner(request);
			if (!isInsert(request) || left-- <= 0) return response;
			throw new NoAnswer('The connection was lost.', true);
		},
	});
	const clock: Clock = { now: () => session.clock.now() + shift, sleep: session.clock.sleep };
	try {
		await synchronizeMapping({ ...session, clock }, { mapping: 'CUSTOMER', createUncoupled: true });
	} finally {
		await session.store.close();
	}
}

test.each([
	['an hour ahead', HOUR, HOUR],
	['an hour behind', -HOUR, -HOUR],
	['an hour ahead when it sent it, right since', HOUR, 0],
	['a year ahead when it sent it, right since', 8760 * HOUR, 0],
	['set ahead by an hour since', 0, HOUR],
])("an unanswered insert into Business Central is found, and never sent twice, when n8n's clock is %s", async (_what, then, since) => {
	world.sandbox.crm.insert('account', { name: 'From CRM', customertypecode: 3, telephone1: '+44 1' });
	await run(then, true);
	expect(customers()).toHaveLength(1);
	for (let more = 0; more < 3; more++) {
		world.minutes(3);
		await run(since);
		expect(customers()).toHaveLength(1);
	}
	const session = await world.open();
	expect(await session.store.countCouplings('CUSTOMER')).toBe(1);
	expect(await session.store.intents('CUSTOMER', 'fromCrm', 10)).toEqual([]);
	await session.store.close();
});

test("an insert that is still on its way is waited for by Business Central's clock, though n8n's is set ahead meanwhile", async () => {
	world.sandbox.crm.insert('account', { name: 'From CRM', customertypecode: 3, telephone1: '+44 1' });
	let late: HttpRequest | undefined;
	const session = await world.open({
		transport: (inner) => async (request) => {
			if (!isInsert(request)) return await inner(request);
			late = request;
			throw new NoAnswer('The request timed out.', true);
		},
	});
	await synchronizeMapping(session, { mapping: 'CUSTOMER', createUncoupled: true });
	await session.store.close();
	expect([late !== undefined, customers().length]).toEqual([true, 0]);
	world.minutes(3);
	await run(HOUR);
	expect(customers()).toHaveLength(0);
	const { method, url, headers, body = '' } = late!;
	const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
	await world.sandbox.handle({ method, url, headers: lower, body });
	world.minutes(3);
	await run(HOUR);
	world.minutes(20);
	await run(0);
	expect(customers()).toHaveLength(1);
});
