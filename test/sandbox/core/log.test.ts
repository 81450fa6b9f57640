import { Client } from '../businessCentral/client';

describe('Request log and latency', () => {
	it('logs user, path, status, writes and bodies in order', async () => {
		const bc = new Client();
		await bc.post('customers', { displayName: 'A' });
		await bc.filter('customers', "displayName eq 'A'");
		const [first, second] = bc.sandbox.log.requests;
		expect(first).toMatchObject({ number: 1, system: 'businessCentral', method: 'POST', status: 201, user: 'SYNC', writes: 1, parts: [] });
		expect(first!.requestBody).toContain('displayName');
		expect(first!.responseBody).toContain('@odata.etag');
		expect(second!.path).toContain("?$filter=displayName eq 'A'");
		expect(second!.writes).toBe(0);
		bc.sandbox.log.clear();
		expect(bc.sandbox.log.requests).toEqual([]);
	});

	it('logs the parts of a batch with their own statuses', async () => {
		const bc = new Client();
		await bc.batch([
			{ method: 'POST', url: 'customers', body: { displayName: 'A' } },
			{ method: 'GET', url: 'nonsense' },
			{ method: 'GET', url: 'customers' },
		]);
		const [entry] = bc.sandbox.log.requests;
		expect(entry!.parts.map(({ method, status }) => [method, status])).toEqual([
			['POST', 201],
			['GET', 404],
		]);
		expect(entry!.writes).toBe(1);
	});

	it('does not log people at the keyboard', () => {
		const bc = new Client();
		bc.company.insert('customers', { displayName: 'A' });
		expect(bc.sandbox.log.requests).toEqual([]);
	});

	it('takes the round trip once and the time per operation for each part of a batch', async () => {
		const bc = new Client();
		bc.sandbox.latency = { roundTripMs: 100, perOperationMs: 10 };
		await bc.get('customers');
		await bc.batch(Array.from({ length: 5 }, () => ({ method: 'GET', url: 'customers' })));
		expect(bc.sandbox.log.requests.map(({ durationMs }) => durationMs)).toEqual([110, 150]);
	});

	it('leaves bodies out when told so', async () => {
		const bc = new Client();
		bc.sandbox.log.keepBodies = false;
		await bc.post('customers', { displayName: 'A' });
		expect(bc.sandbox.log.requests[0]).toMatchObject({ requestBody: '', responseBody: '' });
	});
});
