import { Client, code, type Json } from './client';

describe('Webhooks', () => {
	let bc: Client;
	let notices: Json[];
	let answerWith: number;
	beforeEach(() => {
		bc = new Client();
		notices = [];
		answerWith = 202;
		bc.sandbox.businessCentral.webhooks.deliver = async (url, { body }) => {
			const token = new URL(url).searchParams.get('validationToken');
			if (token !== null) return { status: url.includes('mute') ? 404 : 200, body: token };
			notices.push(JSON.parse(body));
			return { status: answerWith, body: '' };
		};
	});

	const subscribe = (path = 'customers', url = 'https://client.example/hook') =>
		bc.post('/subscriptions', { notificationUrl: url, resource: `/api/v2.0/companies(${bc.company.id})/${path}`, clientState: 'secret' });
	/** Lets virtual time pass and the notices it sets off be delivered. */
	const pass = async (ms: number) => {
		bc.sandbox.clock.advance(ms);
		for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	};

	it('subscribes after the handshake, for three days', async () => {
		const reply = await subscribe();
		expect(reply.status).toBe(201);
		expect(reply.body).toMatchObject({ clientState: 'secret', expirationDateTime: '2026-06-04T12:00:00.000Z' });
		expect((await bc.get('/subscriptions')).body.value).toHaveLength(1);
	});

	it('refuses a receiver that does not give the token back, and a resource it cannot watch', async () => {
		expect(code(await subscribe('customers', 'https://mute.example/'))).toBe('400 BadRequest');
		expect((await subscribe('salesOrderLines')).status).toBe(400);
	});

	it('sends one merged notice 30 s after the first change', async () => {
		await subscribe();
		const customer = bc.company.insert('customers', { displayName: 'A' });
		await pass(20_000);
		bc.company.update('customers', String(customer.id), { city: 'Ulm' });
		expect(notices).toEqual([]);
		await pass(10_000);
		expect(notices).toHaveLength(1);
		expect(notices[0].value).toEqual([
			expect.objectContaining({
				changeType: 'created',
				clientState: 'secret',
				resource: expect.stringContaining(`customers(${String(customer.id)})`),
			}),
		]);
	});

	it('tells of updates and deletions, also those of the client itself, without any data or user', async () => {
		await subscribe();
		const customer = bc.company.insert('customers', { displayName: 'A' });
		await pass(30_000);
		await bc.patch(`customers(${String(customer.id)})`, { city: 'Ulm' }, '*');
		await pass(30_000);
		bc.company.remove('customers', String(customer.id));
		await pass(30_000);
		expect(notices.map(({ value }) => value[0].changeType)).toEqual(['created', 'updated', 'deleted']);
		expect(JSON.stringify(notices)).not.toMatch(/Ulm|SYNC/);
	});

	it('sends one collection notice for more than 1,000 changes', async () => {
		await subscribe();
		for (let index = 0; index < 1001; index++) bc.company.insert('customers', { displayName: `C${index}` });
		await pass(30_000);
		expect(notices[0].value).toHaveLength(1);
		expect(notices[0].value[0]).toMatchObject({
			changeType: 'collection',
			resource: expect.stringContaining('?$filter=lastModifiedDateTime gt '),
		});
	});

	it('deletes the subscription at once when the receiver refuses', async () => {
		await subscribe();
		answerWith = 404;
		bc.company.insert('customers', { displayName: 'A' });
		await pass(30_000);
		expect((await bc.get('/subscriptions')).body.value).toEqual([]);
	});

	it('tries again after 1, 1, 10, 100 and 1,000 minutes, then deletes the subscription', async () => {
		await subscribe();
		await bc.send('PATCH', `/subscriptions('${(await bc.get('/subscriptions')).body.value[0].subscriptionId}')`, {}, { 'if-match': '*' });
		answerWith = 503;
		bc.company.insert('customers', { displayName: 'A' });
		await pass(30_000);
		const seen = [notices.length];
		for (const minutes of [1, 1, 10, 100, 1000]) {
			await pass(minutes * 60_000);
			seen.push(notices.length);
		}
		expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
		bc.token = bc.sandbox.login.token('businessCentral');
		expect((await bc.get('/subscriptions')).body.value).toEqual([]);
	});

	it('is silent after the subscription expired, and renews by PATCH', async () => {
		const { subscriptionId } = (await subscribe()).body;
		await pass(2 * 24 * 3600_000);
		bc.token = bc.sandbox.login.token('businessCentral');
		expect(code(await bc.send('PATCH', `/subscriptions('${subscriptionId}')`, {}))).toBe('400 BadRequest_InvalidToken');
		expect((await bc.send('PATCH', `/subscriptions('${subscriptionId}')`, {}, { 'if-match': '*' })).body.expirationDateTime).toBe(
			'2026-06-06T12:00:00.000Z',
		);
		await pass(3 * 24 * 3600_000 + 1);
		bc.company.insert('customers', { displayName: 'A' });
		await pass(30_000);
		expect(notices).toEqual([]);
	});

	it('lists what can be watched', async () => {
		const { body } = await bc.get('http://bc.sandbox/v2.0/sandbox/api/microsoft/runtime/beta/webhookSupportedResources');
		expect(JSON.stringify(body.value)).toContain('/customers');
		expect(JSON.stringify(body.value)).not.toContain('salesOrderLines');
	});
});
