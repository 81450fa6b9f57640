import { Client, code, type Json } from './client';

/** Sources: learn.microsoft.com "Working with webhooks in Dynamics 365 Business Central"; base application, codeunit API Webhook Notification Mgt. */
describe('Subscriptions and the job queue', () => {
	let bc: Client;
	let notices: Json[];
	let handshakes: string[];
	beforeEach(() => {
		bc = new Client();
		notices = [];
		handshakes = [];
		bc.sandbox.businessCentral.webhooks.deliver = async (url, { method, body }) => {
			const token = new URL(url).searchParams.get('validationToken');
			if (token === null) return (notices.push(...JSON.parse(body).value), { status: 200, body: '' });
			handshakes.push(method);
			if (url.includes('slow')) bc.sandbox.clock.advance(5001);
			return { status: 200, body: token };
		};
	});
	const hooks = () => bc.sandbox.businessCentral.webhooks;
	const subscribe = (set = 'customers', notificationUrl = 'https://a.example/hook', more: Json = {}) =>
		bc.post('/subscriptions', { notificationUrl, resource: `/api/v2.0/companies(${bc.company.id})/${set}`, ...more });
	const pass = async (ms: number) => {
		bc.sandbox.clock.advance(ms);
		for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	};

	it('has an id of 32 digits, as the documentation shows', async () => {
		expect((await subscribe()).body.subscriptionId).toMatch(/^[0-9a-f]{32}$/);
	});

	it('the job queue may take its time after the 30 s', async () => {
		await subscribe();
		hooks().jobQueueDelayMs = () => 10_000;
		bc.company.insert('customers', { displayName: 'A' });
		await pass(39_999);
		expect(notices).toEqual([]);
		await pass(1);
		expect(notices).toHaveLength(1);
	});

	it('changes of users who cannot schedule tasks are told along with the next change of another user', async () => {
		await subscribe();
		hooks().cannotSchedule.add('LIMITED');
		const first = bc.company.insert('customers', { displayName: 'A' }, 'LIMITED');
		await pass(3600_000);
		expect(notices).toEqual([]);
		const second = bc.company.insert('customers', { displayName: 'B' }, 'ANNA');
		await pass(30_000);
		expect(notices.map(({ resource }) => /\(([^()]*)\)$/.exec(resource)![1])).toEqual([first['id'], second['id']]);
	});

	it('no more than 20 jobs wait at once; what came beyond is told later', async () => {
		hooks().mostJobs = 1;
		await subscribe('customers');
		await subscribe('items');
		bc.company.insert('customers', { displayName: 'A' });
		bc.company.insert('items', { displayName: 'A' });
		await pass(60_000);
		expect(notices.filter(({ resource }) => resource.includes('items'))).toEqual([]);
		bc.company.insert('items', { displayName: 'B' });
		await pass(30_000);
		expect(notices.filter(({ resource }) => resource.includes('items'))).toHaveLength(2);
	});

	it('an update that changes nothing is not told', async () => {
		const { id } = bc.company.insert('customers', { displayName: 'A' });
		await subscribe();
		expect((await bc.patch(`customers(${String(id)})`, { displayName: 'A' }, '*')).status).toBe(200);
		await pass(60_000);
		expect(notices).toEqual([]);
	});

	it('FlowFields tell nothing', async () => {
		const { id } = bc.company.insert('customers', { displayName: 'A' });
		await pass(60_000);
		await subscribe();
		bc.company.setCalculated('customers', String(id), { balanceDue: 5 });
		await pass(60_000);
		expect(notices).toEqual([]);
	});

	it('a change of a line is told as one of the document, even when its totals stay', async () => {
		const customer = bc.company.insert('customers', { displayName: 'A' });
		const order = bc.company.insert('salesOrders', { customerId: customer['id'] });
		await subscribe('salesOrders');
		bc.company.insert('salesOrderLines', { documentId: order['id'], lineType: 'Comment', description: 'x' });
		await pass(30_000);
		expect(notices).toEqual([
			expect.objectContaining({ changeType: 'updated', resource: expect.stringContaining(String(order['id'])) as string }),
		]);
	});

	it('changes of Your Reference, which the buffer does not hold, are not told', async () => {
		const customer = bc.company.insert('customers', { displayName: 'A' });
		const order = bc.company.insert('salesOrders', { customerId: customer['id'] });
		await pass(60_000);
		await subscribe('salesOrders');
		bc.company.update('salesDocuments', String(order['id']), { yourReference: 'PO' });
		await pass(60_000);
		expect(notices).toEqual([]);
	});

	it('a user without the right to the table is refused before anybody is called', async () => {
		const { subscriptionId } = (await subscribe()).body;
		bc.sandbox.businessCentral.permissions.deny('SYNC', 'API Webhook Subscription', 'Insert', 'Modify');
		expect(code(await subscribe('items'))).toBe('403 Authorization_RequestDenied');
		expect((await bc.send('PATCH', `/subscriptions('${subscriptionId}')`, {}, { 'if-match': '*' })).status).toBe(403);
		expect(handshakes).toHaveLength(1);
	});

	it.each(['POST', 'GET'] as const)('the handshake may be a %s', async (method) => {
		hooks().handshakeMethod = method;
		expect((await subscribe()).status).toBe(201);
		expect(handshakes).toEqual([method]);
	});

	it('a handshake that takes longer than 5 s fails', async () => {
		expect(code(await subscribe('customers', 'https://slow.example'))).toBe('400 BadRequest');
		expect((await bc.get('/subscriptions')).body.value).toEqual([]);
	});

	it('http is refused where the service takes https only', async () => {
		hooks().httpsOnly = true;
		expect(code(await subscribe('customers', 'http://a.example'))).toBe('400 BadRequest');
	});

	it('a clientState is at most 2048 characters', async () => {
		expect((await subscribe('customers', undefined, { clientState: 'x'.repeat(2048) })).status).toBe(201);
		expect((await subscribe('items', undefined, { clientState: 'x'.repeat(2049) })).status).toBe(400);
	});

	it.each([undefined, {}])('PATCH with the body %o renews and keeps the rest', async (body) => {
		const { subscriptionId, clientState } = (await subscribe('customers', undefined, { clientState: 's' })).body;
		bc.sandbox.clock.advance(60_000);
		const reply = await bc.send('PATCH', `/subscriptions('${subscriptionId}')`, body, { 'if-match': '*' });
		expect(reply).toMatchObject({ status: 200, body: { clientState, expirationDateTime: '2026-06-04T12:01:00.000Z' } });
		expect(handshakes).toHaveLength(2);
	});

	it('PATCH changes what it sends, with the etag it read', async () => {
		const made = (await subscribe()).body;
		const path = `/subscriptions('${made.subscriptionId}')`;
		const changed = await bc.send('PATCH', path, { clientState: 'new' }, { 'if-match': made['@odata.etag'] });
		expect(changed.body.clientState).toBe('new');
		expect(code(await bc.send('PATCH', path, {}, { 'if-match': made['@odata.etag'] }))).toBe('409 Request_EntityChanged');
	});

	it('DELETE checks an If-Match that is sent', async () => {
		const { subscriptionId } = (await subscribe()).body;
		const path = `/subscriptions('${subscriptionId}')`;
		expect(code(await bc.send('DELETE', path, undefined, { 'if-match': 'W/"c3RhbGU="' }))).toBe('409 Request_EntityChanged');
		expect((await bc.send('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
		expect(code(await bc.send('PATCH', path, {}, { 'if-match': '*' }))).toBe('404 Internal_RecordNotFound');
	});

	it.each(['nothing', 'salesOrderLines', 'pictures', 'taxAreas', 'jobQueueEntries', 'documentAttachments'])(
		'%s cannot be watched',
		async (set) => {
			expect((await subscribe(set)).status).toBe(400);
		},
	);

	it.each(['customers', 'contacts', 'salesCreditMemos', 'accounts', 'dimensions', 'generalLedgerEntries', 'salesShipments'])(
		'%s can be watched',
		async (set) => {
			expect((await subscribe(set)).status).toBe(201);
		},
	);
});
