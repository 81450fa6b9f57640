import { Client, code, type Json } from './client';

const statuses = ({ body }: { body: Json }): number[] => body.responses.map(({ status }: Json) => status);

describe('$batch', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
	});

	const create = (displayName: string) => ({
		method: 'POST',
		url: 'customers',
		headers: { 'Content-Type': 'application/json' },
		body: { displayName },
	});
	const bad = { method: 'POST', url: 'customers', body: { nope: 1 } };

	it('carries parts out one after another and answers in order with outer status 200', async () => {
		const reply = await bc.batch([create('A'), create('B'), { method: 'GET', url: 'customers?$select=displayName' }]);
		expect(reply.status).toBe(200);
		expect(statuses(reply)).toEqual([201, 201, 200]);
		expect(reply.body.responses.map(({ id }: Json) => id)).toEqual(['1', '2', '3']);
		expect(reply.body.responses[2].body.value.map(({ displayName }: Json) => displayName)).toEqual(['A', 'B']);
	});

	it('stops at the first failed part: earlier ones stay, later ones have no answer', async () => {
		expect(statuses(await bc.batch([create('A'), bad, create('B')]))).toEqual([201, 400]);
		expect(bc.company.count('customers')).toBe(1);
	});

	it('goes on after a failure under odata.continue-on-error', async () => {
		const reply = await bc.batch([create('A'), bad, create('B')], { prefer: 'odata.continue-on-error' });
		expect(statuses(reply)).toEqual([201, 400, 201]);
		expect(bc.company.count('customers')).toBe(2);
	});

	it('rolls everything back under Isolation: snapshot although earlier parts show success', async () => {
		expect(statuses(await bc.batch([create('A'), create('B'), bad], { isolation: 'snapshot' }))).toEqual([201, 201, 400]);
		expect(bc.company.count('customers')).toBe(0);
		expect(bc.company.count('contacts')).toBe(0);
	});

	it('keeps a snapshot batch that succeeds, and later parts see earlier ones', async () => {
		const reply = await bc.batch([create('A'), { method: 'GET', url: 'customers' }], { isolation: 'snapshot' });
		expect(reply.body.responses[1].body.value).toHaveLength(1);
		expect(bc.company.count('customers')).toBe(1);
	});

	it('takes 100 operations and refuses 101', async () => {
		const many = (count: number) => Array.from({ length: count }, () => ({ method: 'GET', url: 'customers' }));
		expect(statuses(await bc.batch(many(100)))).toHaveLength(100);
		const refused = await bc.batch(many(101));
		expect(code(refused)).toBe('400 Unknown');
		expect(refused.body.error.message).toContain("A maximum number of '100' query operations and change sets are allowed");
	});

	it('checks If-Match in each part', async () => {
		const { id } = bc.company.insert('customers', { displayName: 'A' });
		const reply = await bc.batch([
			{ method: 'PATCH', url: `customers(${String(id)})`, headers: { 'If-Match': '*' }, body: { city: 'Bonn' } },
			{ method: 'PATCH', url: `customers(${String(id)})`, headers: { 'If-Match': 'W/"c3RhbGU="' }, body: { city: 'Ulm' } },
		]);
		expect(statuses(reply)).toEqual([200, 409]);
	});

	it('takes the company from a header of the part', async () => {
		const second = bc.sandbox.businessCentral.addCompany('Second');
		const part = { id: '1', method: 'POST', url: 'customers', headers: { Company: 'Second' }, body: { displayName: 'There' } };
		await bc.post('/$batch', { requests: [part] }, { 'content-type': 'application/json' });
		expect(second.count('customers')).toBe(1);
	});

	it('refuses a batch inside a batch', async () => {
		const reply = await bc.post(
			'/$batch',
			{ requests: [{ id: '1', method: 'POST', url: '$batch', body: { requests: [] } }] },
			{ 'content-type': 'application/json' },
		);
		expect(statuses(reply)).toEqual([400]);
	});

	it('answers multipart without Accept JSON', async () => {
		const reply = await bc.batch([create('A')], { accept: '*/*' });
		expect(reply.headers['content-type']).toMatch(/^multipart\/mixed/);
		expect(reply.text).toContain('HTTP/1.1 201 Created');
	});

	it('honours return-no-content and $select in parts', async () => {
		const reply = await bc.batch([
			{ ...create('A'), headers: { Prefer: 'return-no-content' } },
			{ ...create('B'), url: 'customers?$select=id,number' },
		]);
		expect(statuses(reply)).toEqual([204, 201]);
		expect(Object.keys(reply.body.responses[1].body).sort()).toEqual(['@odata.context', '@odata.etag', 'id', 'number']);
	});

	it('batches ODataV4 pages under their own root', async () => {
		const { number } = bc.company.insert('customers', { displayName: 'A' });
		const url = `Company('CRONUS')/workflowCustomers('${String(number)}')`;
		const part = { id: '1', method: 'PATCH', url, headers: { 'If-Match': '*' }, body: { contact: 'Jo' } };
		expect(statuses(await bc.post(`${bc.odata}/$batch`, { requests: [part] }, { 'content-type': 'application/json' }))).toEqual([200]);
	});
});
