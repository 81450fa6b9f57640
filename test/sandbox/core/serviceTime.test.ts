import { Client, NOON } from '../businessCentral/client';

describe('Service time and the time of the service', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
		bc.company.seed(
			'customers',
			Array.from({ length: 10 }, (_, index) => ({ number: String(index), displayName: `C${index}` })),
		);
	});

	const took = async (work: () => Promise<unknown>): Promise<number> => {
		const before = bc.sandbox.clock.now();
		await work();
		return bc.sandbox.clock.now() - before;
	};

	it('takes time for each row an operation reads', async () => {
		bc.sandbox.latency = { roundTripMs: 100, perOperationMs: 10, perRowMs: 2 };
		expect(await took(() => bc.get('customers'))).toBe(130);
		expect(await took(() => bc.get('customers?$top=1'))).toBe(112);
	});

	it.each([
		['GET', 'customers', undefined, 1],
		['POST', 'customers', { displayName: 'New' }, 20],
		['PATCH', 'customers(ID)', { displayName: 'Other' }, 300],
		['DELETE', 'customers(ID)', undefined, 4000],
		['POST', 'salesQuotes(ID)/Microsoft.NAV.send', undefined, 50_000],
	])('takes its own time for a %s of %s', async (method, path, body, ms) => {
		bc.sandbox.latency = {
			roundTripMs: 0,
			perOperationMs: 0,
			perKindMs: { read: 1, create: 20, update: 300, delete: 4000, action: 50_000 },
		};
		const id = String(bc.company.rows('customers')[0]!['id']);
		expect(await took(() => bc.send(method, path.replace('ID', id), body, { 'if-match': '*' }))).toBe(ms);
	});

	it('adds up the operations of a batch, one after another', async () => {
		bc.sandbox.latency = { roundTripMs: 100, perOperationMs: 10, perRowMs: 1, perKindMs: { create: 50 } };
		const parts = [
			{ method: 'GET', url: 'customers?$top=3' },
			{ method: 'POST', url: 'customers', body: { displayName: 'New' } },
		];
		expect(await took(() => bc.batch(parts))).toBe(100 + 10 + 3 + 10 + 50 + 1);
	});

	// RFC 9110 §6.6.1: a server with a clock sends Date with every answer.
	it('sends its own Date with every answer, refusals and ordered answers included', async () => {
		bc.sandbox.clock.skew.businessCentral = 60_000;
		const date = new Date(NOON + 60_000).toUTCString();
		expect((await bc.get('customers')).headers['date']).toBe(date);
		expect((await bc.get('nothing')).headers['date']).toBe(date);
		bc.sandbox.faults.add({ fault: { kind: 'answer', status: 503 } });
		expect((await bc.get('customers')).headers['date']).toBe(date);
	});
});
