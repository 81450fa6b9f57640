import { ConnectionDropped } from '../../../sandbox';
import { Client, code } from '../businessCentral/client';

describe('Faults to order', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
	});
	const create = () => bc.post('customers', { displayName: 'A' });

	it('drops before: nothing is written', async () => {
		bc.sandbox.faults.add({ method: 'POST', fault: { kind: 'dropBefore' } });
		await expect(create()).rejects.toMatchObject({ name: 'ConnectionDropped', committed: false });
		expect(bc.company.count('customers')).toBe(0);
	});

	it('drops after: the write stands, the answer is lost', async () => {
		bc.sandbox.faults.add({ method: 'POST', fault: { kind: 'dropAfter' } });
		await expect(create()).rejects.toBeInstanceOf(ConnectionDropped);
		expect(bc.company.count('customers')).toBe(1);
		expect(bc.sandbox.log.requests.at(-1)).toMatchObject({ status: 'dropped', writes: 1 });
	});

	it('answers an ordered status with the words of the service', async () => {
		bc.sandbox.faults.add({ fault: { kind: 'answer', status: 429 } });
		bc.sandbox.faults.add({ fault: { kind: 'answer', status: 503, headers: { 'Retry-After': '7' } } });
		const first = await create();
		expect(code(first)).toBe('429 Application_TooManyRequests');
		expect(first.headers).not.toHaveProperty('retry-after');
		expect((await create()).headers['retry-after']).toBe('7');
		expect((await create()).status).toBe(201);
	});

	it('strikes the n-th match, as often as told, and nothing else', async () => {
		bc.sandbox.faults.add({
			system: 'businessCentral',
			method: 'GET',
			url: /customers/,
			nth: 2,
			times: 2,
			fault: { kind: 'html', status: 502 },
		});
		const seen: number[] = [];
		for (let index = 0; index < 5; index++) seen.push((await bc.get('customers')).status, (await bc.get('vendors')).status);
		expect(seen).toEqual([200, 200, 502, 200, 502, 200, 200, 200, 200, 200]);
	});

	it('tests urls decoded', async () => {
		bc.sandbox.faults.add({ url: /displayName eq 'A b'/, fault: { kind: 'html', status: 502 } });
		expect((await bc.filter('customers', "displayName eq 'A b'")).status).toBe(502);
	});

	it('truncates the true answer', async () => {
		bc.sandbox.faults.add({ fault: { kind: 'truncate', characters: 10 } });
		expect((await bc.get('customers')).text).toHaveLength(10);
	});

	it('delays in virtual time', async () => {
		const before = bc.sandbox.clock.now();
		bc.sandbox.faults.add({ fault: { kind: 'delay', ms: 120_000 } });
		expect((await bc.get('customers')).status).toBe(200);
		expect(bc.sandbox.clock.now() - before).toBe(120_000);
	});

	it('cuts a batch in half: the first parts stay written', async () => {
		bc.sandbox.faults.add({ fault: { kind: 'halfBatch', parts: 2 } });
		const parts = Array.from({ length: 4 }, (_, index) => ({ method: 'POST', url: 'customers', body: { displayName: `C${index}` } }));
		await expect(bc.batch(parts)).rejects.toBeInstanceOf(ConnectionDropped);
		expect(bc.company.count('customers')).toBe(2);
		expect(bc.sandbox.log.requests.at(-1)!.parts.map(({ status }) => status)).toEqual([201, 201]);
	});

	it('rolls a half snapshot batch back', async () => {
		bc.sandbox.faults.add({ fault: { kind: 'halfBatch', parts: 2 } });
		const parts = Array.from({ length: 4 }, (_, index) => ({ method: 'POST', url: 'customers', body: { displayName: `C${index}` } }));
		await expect(bc.batch(parts, { isolation: 'snapshot' })).rejects.toBeInstanceOf(ConnectionDropped);
		expect(bc.company.count('customers')).toBe(0);
	});

	it('lets somebody else change the row just before an update, alone and in a batch', async () => {
		const { body } = await create();
		bc.sandbox.faults.add({ method: 'PATCH', times: 2, fault: { kind: 'stale' } });
		expect(code(await bc.patch(`customers(${body.id})`, { city: 'Ulm' }, body['@odata.etag']))).toBe('409 Request_EntityChanged');
		const fresh = (await bc.get(`customers(${body.id})`)).body['@odata.etag'];
		const part = { method: 'PATCH', url: `customers(${body.id})`, headers: { 'If-Match': fresh }, body: { city: 'Ulm' } };
		expect((await bc.batch([part])).body.responses[0].status).toBe(409);
		const again = (await bc.get(`customers(${body.id})`)).body['@odata.etag'];
		expect((await bc.patch(`customers(${body.id})`, { city: 'Ulm' }, again)).status).toBe(200);
	});

	it('answers for one part of a batch when the rule names it', async () => {
		bc.sandbox.faults.add({ url: /vendors/, fault: { kind: 'answer', status: 500 } });
		const parts = [
			{ method: 'POST', url: 'customers', body: { displayName: 'A' } },
			{ method: 'POST', url: 'vendors', body: { displayName: 'V' } },
		];
		const { body } = await bc.batch(parts);
		expect(body.responses.map(({ status }: { status: number }) => status)).toEqual([201, 500]);
		expect(bc.company.count('vendors')).toBe(0);
	});

	it('forgets all orders on clear', async () => {
		bc.sandbox.faults.add({ times: 99, fault: { kind: 'dropBefore' } });
		bc.sandbox.faults.clear();
		expect((await create()).status).toBe(201);
	});
});
