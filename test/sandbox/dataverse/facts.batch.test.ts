import { ConnectionDropped } from '../../../sandbox/core/http';
import { silentContext } from '../../../sandbox/core/context';
import { buildBatch } from '../../../sandbox/odata/multipart';
import { changeSet, environment, part, root, single } from './client';

const missing = 'cccccccc-0000-4000-8000-000000000001';

describe('Dataverse: $batch', () => {
	test('parts are answered in order, with relative, host-relative and absolute urls', async () => {
		const { crm, batch } = environment();
		const id = crm.insert('account', { name: 'A' });
		const { parts, status, headers } = await batch([
			single('POST', '/api/data/v9.2/accounts', { name: 'B' }),
			single('GET', `${root}accounts(${id})?$select=name`),
			single('PATCH', `accounts(${id})`, { name: 'C' }, { Prefer: 'return=representation' }),
		]);
		expect(status).toBe(200);
		expect(headers['content-type']).toMatch(/^multipart\/mixed; boundary=batchresponse_/);
		expect(parts.map((each) => each.status)).toEqual([204, 200, 200]);
		expect(parts[0]!.headers).toContain('odata-entityid');
		expect(parts[1]!.json).toMatchObject({ name: 'A' });
		expect(parts[2]!.json).toMatchObject({ name: 'C' });
	});

	test('a change set is atomic and $n names rows created in it', async () => {
		const { crm, batch } = environment();
		const { parts } = await batch([
			changeSet(
				part('POST', 'accounts', { name: 'A' }, {}, '1'),
				part('POST', 'contacts', { lastname: 'C', 'parentcustomerid_account@odata.bind': '$1' }, {}, '2'),
				part('PUT', '$1/primarycontactid/$ref', { '@odata.id': '$2' }, {}, '3'),
			),
		]);
		expect(parts.map(({ status, contentId }) => [status, contentId])).toEqual([[204, '1'], [204, '2'], [204, '3']]); // prettier-ignore
		const [account] = crm.rows('account');
		expect(crm.rows('contact')).toMatchObject([{ contactid: account!.primarycontactid, parentcustomerid: account!.accountid }]);
	});

	test('a failing change set leaves nothing behind and is one plain answer', async () => {
		const { crm, batch } = environment();
		const { parts, status, body } = await batch([
			single('POST', 'accounts', { name: 'before' }),
			changeSet(part('POST', 'accounts', { name: 'in' }, {}, '1'), part('POST', 'accounts', { nam: 'x' }, {}, '2')),
			single('POST', 'accounts', { name: 'after' }),
		]);
		expect(status).toBe(400);
		expect(parts.map((each) => each.status)).toEqual([204, 400]);
		expect(body).not.toContain('changesetresponse');
		expect(crm.rows('account').map((row) => row.name)).toEqual(['before']);
	});

	test('a reference before its declaration is 400', async () => {
		const { batch } = environment();
		const { parts } = await batch([changeSet(part('POST', 'contacts', { 'parentcustomerid_account@odata.bind': '$1' }, {}, '2'))]);
		expect(JSON.stringify(parts[0]!.json)).toContain("Content-ID Reference: '$1' does not exist in the batch context.");
	});

	test('without continue-on-error the first failure ends the batch and is the outer status', async () => {
		const { batch, crm } = environment();
		const { status, parts } = await batch([
			single('POST', 'accounts', { name: 'A' }),
			single('DELETE', `accounts(${missing})`),
			single('POST', 'accounts', { name: 'B' }),
		]);
		expect(status).toBe(404);
		expect(parts.map((each) => each.status)).toEqual([204, 404]);
		expect(crm.rows('account')).toHaveLength(1);
	});

	test('with continue-on-error every part is answered and the outer status is 200', async () => {
		const { batch, crm } = environment();
		const { status, parts } = await batch(
			[single('POST', 'accounts', { name: 'A' }), single('DELETE', `accounts(${missing})`), single('POST', 'accounts', { name: 'B' })],
			{ prefer: 'odata.continue-on-error' },
		);
		expect(status).toBe(200);
		expect(parts.map((each) => each.status)).toEqual([204, 404, 204]);
		expect(crm.rows('account')).toHaveLength(2);
	});

	test('conditions hold per part', async () => {
		const { batch, crm } = environment();
		const id = crm.insert('account', { name: 'A' });
		const { parts } = await batch([single('PATCH', `accounts(${id})`, { name: 'B' }, { 'If-Match': 'W/"1"' })], {
			prefer: 'odata.continue-on-error',
		});
		expect(parts[0]).toMatchObject({ status: 412, json: { error: { code: '0x80060882' } } });
	});

	test('no GET in a change set, at most 1,000 requests, no batch in a batch', async () => {
		const { batch } = environment();
		expect((await batch([changeSet(part('GET', 'accounts', undefined, {}, '1'))])).status).toBe(400);
		expect((await batch(Array.from({ length: 1001 }, () => single('GET', 'accounts?$top=1')))).status).toBe(400);
		expect((await batch([single('POST', '$batch', {})])).status).toBeGreaterThanOrEqual(400);
	});

	test('a connection lost inside a change set leaves nothing of it', async () => {
		const { crm } = environment();
		const { contentType, body } = buildBatch([
			single('POST', 'accounts', { name: 'kept' }),
			changeSet(part('POST', 'accounts', { name: 'lost' }, {}, '1'), part('POST', 'accounts', { name: 'lost' }, {}, '2')),
		]);
		let left = 2;
		const context = {
			...silentContext(crm.administrator),
			beginOperation: async () => {
				if (left-- === 0) throw new ConnectionDropped(true);
				return undefined;
			},
		};
		const request = { method: 'POST', url: `${root}$batch`, headers: { 'content-type': contentType }, body };
		await expect(crm.handle(request, context)).rejects.toThrow(ConnectionDropped);
		expect(crm.rows('account').map((row) => row.name)).toEqual(['kept']);
	});

	test('other requests wait while a change set is open', async () => {
		const { crm } = environment();
		const { contentType, body } = buildBatch([changeSet(part('POST', 'accounts', { name: 'A' }, {}, '1'), part('POST', 'accounts', { nam: 'x' }, {}, '2'))]); // prettier-ignore
		const slow = {
			...silentContext(crm.administrator),
			beginOperation: () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 5)),
		};
		const set = crm.handle({ method: 'POST', url: `${root}$batch`, headers: { 'content-type': contentType }, body }, slow);
		await new Promise((resolve) => setTimeout(resolve, 8));
		const read = await crm.handle({ method: 'GET', url: `${root}accounts`, headers: {}, body: '' }, silentContext(crm.administrator));
		expect(JSON.parse(read.body)).toMatchObject({ value: [] });
		expect((await set).status).toBe(400);
	});
});

describe('Dataverse: bulk messages', () => {
	const target = (values: Record<string, unknown>, table = 'account') => ({ '@odata.type': `Microsoft.Dynamics.CRM.${table}`, ...values });

	test('CreateMultiple answers ids in order', async () => {
		const { post, crm } = environment();
		const { status, json } = await post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
			Targets: [target({ name: 'A' }), target({ name: 'B' })],
		});
		expect(status).toBe(200);
		expect((json.Ids as string[]).map((id) => crm.get('account', id).name)).toEqual(['A', 'B']);
	});

	test('UpdateMultiple and UpsertMultiple are 204', async () => {
		const { post, crm } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		const id = crm.insert('account', { name: 'A', accountnumber: 'A1' });
		expect((await post('accounts/Microsoft.Dynamics.CRM.UpdateMultiple', { Targets: [target({ accountid: id, name: 'B' })] })).status).toBe(
			204,
		);
		const upsert = await post('accounts/Microsoft.Dynamics.CRM.UpsertMultiple', {
			Targets: [
				target({ '@odata.id': "accounts(accountnumber='A1')", name: 'C' }),
				target({ '@odata.id': "accounts(accountnumber='A2')", name: 'D' }),
				target({ accountid: missing, name: 'E' }),
			],
		});
		expect(upsert.status).toBe(204);
		expect(crm.rows('account').map((row) => [row.accountnumber, row.name])).toEqual([['A1', 'C'], ['A2', 'D'], [undefined, 'E']]); // prettier-ignore
		expect(crm.row('account', missing)?.name).toBe('E');
	});

	test('any error rolls back the whole call', async () => {
		const { post, crm } = environment();
		const { status } = await post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: [target({ name: 'A' }), target({ name: 'x'.repeat(161) })] }); // prettier-ignore
		expect(status).toBe(400);
		expect(crm.rows('account')).toHaveLength(0);
	});

	test('@odata.type is required on every item', async () => {
		const { post } = environment();
		expect((await post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: [{ name: 'A' }] })).status).toBe(400);
	});

	test.each(['uom', 'productpricelevel', 'transactioncurrency'])('%s has none of them, and sdkmessagefilters says so', async (table) => {
		const { post, get } = environment();
		const set = { uom: 'uoms', productpricelevel: 'productpricelevels', transactioncurrency: 'transactioncurrencies' }[table];
		expect((await post(`${set}/Microsoft.Dynamics.CRM.CreateMultiple`, { Targets: [target({}, table)] })).status).toBe(400);
		const query = (name: string) => get(`sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq 'CreateMultiple' and primaryobjecttypecode eq '${name}'`); // prettier-ignore
		expect((await query(table)).json.value).toEqual([]);
		expect((await query('account')).json.value).toHaveLength(1);
	});

	test('DeleteMultiple has not yet been implemented', async () => {
		const { post } = environment();
		expect((await post('accounts/Microsoft.Dynamics.CRM.DeleteMultiple', { Targets: [] })).message).toBe(
			'DeleteMultiple has not yet been implemented.',
		);
	});
});
