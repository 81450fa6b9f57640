import { Client, code } from './client';

describe('Limits per user', () => {
	it('runs 5 at a time, queues 95 and answers 429 without Retry-After beyond', async () => {
		const bc = new Client(null);
		bc.sandbox.latency = { roundTripMs: 0, perOperationMs: 5 };
		const replies = await Promise.all(Array.from({ length: 103 }, () => bc.get('customers/$count')));
		expect(replies.filter(({ status }) => status === 200)).toHaveLength(100);
		const refused = replies.filter(({ status }) => status === 429);
		expect(refused).toHaveLength(3);
		expect(code(refused[0]!)).toBe('429 Application_TooManyRequests');
		expect(refused[0]!.body.error.message).toBe('Too many requests reached. Actual (101). Maximum (100).');
		expect(refused[0]!.headers).not.toHaveProperty('retry-after');
	});

	it('counts requests in a sliding window of five minutes, each user for itself', async () => {
		const bc = new Client();
		bc.sandbox.businessCentral.throttle.limits.rate = 10;
		for (let index = 0; index < 10; index++) expect((await bc.get('customers/$count')).status).toBe(200);
		expect((await bc.get('customers/$count')).status).toBe(429);
		const other = { authorization: `Bearer ${bc.sandbox.login.token('businessCentral', 'ANNA')}` };
		expect((await bc.get('customers/$count', other)).status).toBe(200);
		bc.sandbox.clock.advance(300_001);
		expect((await bc.get('customers/$count')).status).toBe(200);
	});

	it('counts a batch as one request', async () => {
		const bc = new Client();
		bc.sandbox.businessCentral.throttle.limits.rate = 2;
		const parts = Array.from({ length: 20 }, () => ({ method: 'GET', url: 'customers/$count' }));
		expect((await bc.batch(parts)).body.responses.every(({ status }: { status: number }) => status === 200)).toBe(true);
		expect((await bc.get('customers/$count')).status).toBe(200);
		expect((await bc.get('customers/$count')).status).toBe(429);
	});
});
