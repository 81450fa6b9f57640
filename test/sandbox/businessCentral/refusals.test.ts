import { inProcess } from '../../../sandbox';
import { apiViews, pageViews } from '../../../sandbox/businessCentral/model/schema';
import { Client, code, type Json } from './client';

const origin = inProcess.businessCentral;
const unknown = ['$nonsense=1', '$Filter=x', 'filter=x', 'top=1', 'foo=bar', '@p1=1'];
const unsupported = ['$apply=aggregate($count as n)', '$search=x', '$compute=1 as x', '$levels=2', '$deltatoken=1'];
const id = '00000000-0000-4000-8000-000000000001';

/**
 * OData 4.0 Part 1, section 11.2.1 (http://docs.oasis-open.org/odata/odata/v4.0): a service fails a request whose system query options it
 * does not support. Business Central's own list: learn.microsoft.com "Known Limitations with Business Central OData", "Using Filter
 * Expressions in OData URIs".
 */
describe('No query option passes in silence', () => {
	let bc: Client;
	beforeAll(() => {
		bc = new Client();
		for (const [table, keys] of Object.entries({ customers: ['displayName'], items: ['displayName'] }))
			bc.company.seed(table, [{ id, number: '1', [keys[0]!]: 'A' }]);
		for (const page of pageViews.keys()) bc.sandbox.businessCentral.publish(page);
	});

	const sets = [...apiViews.keys()].filter((name) => name !== 'companies' && name !== 'subscriptions');

	it.each(sets)('GET and POST of %s', async (set) => {
		for (const option of [...unknown, '$filter=id eq null&$filter=id eq null']) expect((await bc.get(`${set}?${option}`)).status).toBe(400);
		for (const option of unsupported) expect((await bc.get(`${set}?${option}`)).status).toBe(501);
		for (const option of [...unknown, '$top=1']) expect(code(await bc.post(`${set}?${option}`, {}))).toMatch(/^(400|405) /);
		for (const option of [...unknown, '$select=id', '$top=1']) expect(code(await bc.get(`${set}/$count?${option}`))).toBe('400 BadRequest');
	});

	it.each([...pageViews.keys()])('ODataV4 page %s', async (page) => {
		const path = `${bc.odata}/Company('CRONUS')/${page}`;
		for (const option of unknown) expect(code(await bc.get(`${path}?${option}`))).toBe('400 BadRequest');
		for (const option of unsupported) expect(code(await bc.get(`${path}?${option}`))).toBe('501 BadRequest_MethodNotImplemented');
		for (const option of unknown) expect(code(await bc.get(`${path}/$count?${option}`))).toBe('400 BadRequest');
	});

	it.each<[string, string, Json]>([
		['GET', '/', undefined],
		['GET', '/$metadata', undefined],
		['GET', '/entityDefinitions', undefined],
		['GET', '/companies', undefined],
		['GET', '/companies(COMPANY)', undefined],
		['GET', '/subscriptions', undefined],
		['POST', '/subscriptions', {}],
		['PATCH', '/companies(COMPANY)', {}],
		['GET', `customers(${id})`, undefined],
		['PATCH', `customers(${id})`, {}],
		['DELETE', `customers(${id})`, undefined],
		['GET', `customers(${id})/displayName`, undefined],
		['GET', `customers(${id})/displayName/$value`, undefined],
		['GET', `customers(${id})/contactsInformation`, undefined],
		['GET', `customers(${id})/customerFinancialDetail`, undefined],
		['GET', `items(${id})/itemVariants/$count`, undefined],
		['GET', `${origin}/v2.0/sandbox/ODataV4`, undefined],
		['GET', `${origin}/v2.0/sandbox/ODataV4/$metadata`, undefined],
		['GET', `${origin}/v2.0/sandbox/ODataV4/Company`, undefined],
		['GET', `${origin}/v2.0/sandbox/ODataV4/Company('CRONUS')`, undefined],
		['GET', `${origin}/environments/v1.2`, undefined],
		['GET', `${origin}/v2.0/sandbox/api/microsoft/runtime/beta/webhookSupportedResources`, undefined],
		['GET', `${origin}/v2.0/sandbox/api/microsoft/runtime/beta/companies(COMPANY)/webhookSupportedResources`, undefined],
		['GET', `${origin}/v2.0/sandbox/api/microsoft/automation/v2.0/companies`, undefined],
		['GET', `${origin}/v2.0/sandbox/api/microsoft/automation/v2.0/companies(COMPANY)/users`, undefined],
	])('%s %s', async (method, path, body) => {
		for (const option of [...unknown, ...unsupported]) {
			const reply = await bc.send(method, `${path.replace('COMPANY', bc.company.id)}?${option}`, body, { 'if-match': '*' });
			expect([option, reply.status >= 400]).toEqual([option, true]);
		}
	});

	it('a batch and its parts', async () => {
		const body = { requests: [{ id: '1', method: 'GET', url: 'customers?$nonsense=1' }] };
		const headers = { 'content-type': 'application/json' };
		expect(code(await bc.post('/$batch?$top=1', body, headers))).toBe('400 BadRequest');
		expect((await bc.post('/$batch', body, headers)).body.responses[0].status).toBe(400);
	});

	it.each(['$filter=number eq 1', '$orderby=number', '$top=1', '$skip=1', '$count=true'])('%s of a single entity', async (option) => {
		expect(code(await bc.get(`customers(${id})?${option}`))).toBe('400 BadRequest');
		expect(code(await bc.patch(`customers(${id})?${option}`, {}, '*'))).toBe('400 BadRequest');
	});

	it.each(['$apply=x', '$levels=2', '$search=x', '$compute=x', '$nonsense=1', '$top=1;$top=2', '$expand=items($nonsense=1)'])(
		'%s inside $expand',
		async (option) => {
			expect((await bc.get(`customers?$expand=contactsInformation(${option})`)).status).toBeGreaterThanOrEqual(400);
		},
	);

	it.each(['company=CRONUS', 'aid=FIN', '$schemaversion=2.1', 'tenant=default', '$format=json'])(
		'but takes %s everywhere',
		async (option) => {
			expect((await bc.get(`customers?${option}`)).status).toBe(200);
			expect((await bc.get(`customers(${id})?${option}`)).status).toBe(200);
			expect((await bc.get(`/$metadata?${option}`)).status).toBe(200);
		},
	);

	it.each(['xml', 'atom', 'application/xml'])('refuses $format=%s', async (format) => {
		expect((await bc.get(`customers?$format=${format}`)).status).toBe(415);
	});

	it('refuses a schema version nobody published', async () => {
		expect(code(await bc.get('customers?$schemaversion=9.9'))).toBe('400 BadRequest');
	});
});

describe('No filter, token or key passes in silence', () => {
	let bc: Client;
	beforeAll(() => {
		bc = new Client();
		bc.company.seed('customers', [
			{ id, number: '1', displayName: 'A' },
			{ number: '2', displayName: 'B' },
		]);
		bc.sandbox.businessCentral.publish('PriceListLines');
		bc.sandbox.businessCentral.publish('CustomerCard');
	});

	// learn.microsoft.com "Using Filter Expressions in OData URIs": what is there; all else has no meaning for an AL filter.
	it.each([
		['length(number) eq 1', 501],
		["concat(number,'1') eq '11'", 501],
		["trim(number) eq '1'", 501],
		["indexof(number,'1') eq 0", 501],
		['year(lastModifiedDateTime) eq 2026', 501],
		['round(creditLimit) eq 1', 501],
		['number eq displayName', 501],
		['contains(number,displayName)', 501],
		["not contains(number,'1')", 501],
		["number in ('1','2')", 501],
		['true', 501],
		["nothing eq '1'", 400],
		['number eq nothing', 400],
		["number eq '1' and", 400],
		['creditLimit add 1 eq 2', 400],
		["blocked has 'All'", 400],
		['number eq 1', 400],
		["creditLimit eq '1'", 400],
		["id eq '1'", 400],
		["blocked eq 'Nobody'", 400],
		["currencyCode eq 'GBP'", 400],
		['number eq @p1', 400],
	])('$filter=%s → %d', async (filter, status) => {
		expect((await bc.filter('customers', filter)).status).toBe(status);
	});

	it.each(['nothing', 'currencyCode', 'currency/code', 'number up', 'contactsInformation', 'length(number)'])(
		'$orderby=%s is refused',
		async (order) => {
			expect((await bc.get(`customers?$orderby=${order}`)).status).toBe(400);
		},
	);

	it.each(['nothing', 'id,nothing', 'currency/nothing'])('$select=%s is refused', async (select) => {
		expect((await bc.get(`customers?$select=${select}`)).status).toBe(400);
	});

	it.each(['$top=-1', '$top=x', '$skip=-1', '$skip=x', '$count=yes', '$expand=nothing', '$expand=currency(', '$skiptoken=x'])(
		'%s is refused',
		async (option) => {
			expect((await bc.get(`customers?${option}`)).status).toBe(400);
		},
	);

	it('a token of another order is refused', async () => {
		const page = await bc.get('customers?$orderby=displayName', { prefer: 'odata.maxpagesize=1' });
		const next: string = page.body['@odata.nextLink'];
		expect((await bc.get(next)).body.value).toHaveLength(1);
		expect((await bc.get(next.replace('displayName', 'number'))).status).toBe(400);
	});

	it.each([
		["customers('1')", 400],
		[`customers('${id}')`, 400],
		['customers(1)', 400],
		['customers()', 400],
		[`customers(${id})x`, 400],
		[`customers(${id})/displayName/x`, 404],
		[`customers(${id})/nothing`, 404],
		[`customers(${id})/$ref`, 404],
		['customers/$count/x', 404],
		['customers/nothing', 404],
		[`customers(${id})/Microsoft.NAV.post`, 501],
		["/companies('CRONUS')/customers", 400],
	])('%s → %d', async (path, status) => {
		expect((await bc.get(path)).status).toBe(status);
	});

	it.each([
		["PriceListLines(Price_List_Code='S1',Line_No='10000')", 400],
		['PriceListLines(Price_List_Code=S1,Line_No=10000)', 400],
		['CustomerCard(1)', 400],
		["CustomerCard('1')", 200],
		["CustomerCard(No='1')", 200],
	])('ODataV4 %s → %d', async (path, status) => {
		expect((await bc.get(`${bc.odata}/Company('CRONUS')/${path}`)).status).toBe(status);
	});

	it('gives the bare value of a property', async () => {
		expect((await bc.get(`customers(${id})/displayName`)).body.value).toBe('A');
		expect(await bc.get(`customers(${id})/displayName/$value`)).toMatchObject({ status: 200, text: 'A' });
	});
});

describe('No header and no property passes in silence', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
		bc.company.seed('customers', [{ id, number: '1', displayName: 'A' }]);
	});

	// learn.microsoft.com "Data access intent", "Using OData transactional $batch requests"; OData 4.0 Part 1, sections 8.1.5 and 8.2.7;
	// RFC 9110 §13.
	it.each<[string, Record<string, string>, number]>([
		['GET', { 'data-access-intent': 'ReadOnly' }, 200],
		['GET', { 'data-access-intent': 'readwrite' }, 200],
		['GET', { 'data-access-intent': 'Sometimes' }, 400],
		['PATCH', { 'data-access-intent': 'ReadOnly' }, 400],
		['GET', { isolation: 'snapshot' }, 200],
		['GET', { isolation: 'serializable' }, 400],
		['GET', { 'odata-maxversion': '3.0' }, 400],
		['GET', { 'odata-maxversion': '4.01' }, 200],
		['PATCH', { 'odata-version': '3.0' }, 400],
		['PATCH', { 'odata-version': '4.0' }, 200],
		['PATCH', { 'content-type': 'application/xml' }, 415],
		['PATCH', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
		['PATCH', { 'content-type': 'application/json;odata.metadata=minimal' }, 200],
		['PATCH', { 'if-none-match': '*' }, 501],
		['POST', { 'x-http-method': 'PATCH' }, 501],
		['POST', { 'x-http-method-override': 'DELETE' }, 501],
		['GET', { 'accept-language': 'de-DE' }, 200],
		['GET', { prefer: 'odata.track-changes, nonsense=1' }, 200],
	])('%s with %o → %d', async (method, headers, status) => {
		const path = method === 'POST' ? 'customers' : `customers(${id})`;
		const body = method === 'GET' ? undefined : { displayName: 'B' };
		expect((await bc.send(method, path, body, { 'if-match': '*', ...headers })).status).toBe(status);
		expect(bc.company.count('customers')).toBe(1);
	});

	// learn.microsoft.com "dynamics-error-codes": ODataBadRequestInvalidTokenException, ODataConflictException.
	it.each([
		[undefined, '400 BadRequest_InvalidToken'],
		['', '400 BadRequest_InvalidToken'],
		['etag', '400 BadRequest_InvalidToken'],
		['"c3RhbGU="', '400 BadRequest_InvalidToken'],
		['W/"c3RhbGU=", W/"c3RhbGU="', '400 BadRequest_InvalidToken'],
		['W/"not base 64"', '400 BadRequest_InvalidToken'],
		['W/"c3RhbGU="', '409 Request_EntityChanged'],
		['*', '200'],
	])('PATCH with If-Match %s → %s', async (etag, wanted) => {
		expect(code(await bc.patch(`customers(${id})`, { displayName: 'B' }, etag ?? null))).toBe(wanted);
	});

	it.each([
		['W/"c3RhbGU="', '409 Request_EntityChanged'],
		['etag', '400 BadRequest_InvalidToken'],
	])('DELETE with If-Match %s → %s', async (etag, wanted) => {
		expect(code(await bc.send('DELETE', `customers(${id})`, undefined, { 'if-match': etag }))).toBe(wanted);
		expect(bc.company.count('customers')).toBe(1);
	});

	it('a stream is guarded by If-Match as an entity is', async () => {
		const made = (await bc.post('documentAttachments', { fileName: 'a.txt', parentType: 'Customer', parentId: id })).body;
		const path = `documentAttachments(${made.id})/attachmentContent`;
		expect(code(await bc.send('PATCH', path, 'x'))).toBe('400 BadRequest_InvalidToken');
		expect(code(await bc.send('PATCH', path, 'x', { 'if-match': 'W/"c3RhbGU="' }))).toBe('409 Request_EntityChanged');
		expect((await bc.send('PATCH', path, 'x', { 'if-match': made['@odata.etag'] })).status).toBe(204);
	});

	it.each<[Json, string]>([
		[{ nothing: 1 }, 'nothing'],
		[{ lastModifiedDateTime: '2026-01-01T00:00:00Z' }, 'lastModifiedDateTime'],
		[{ balanceDue: 1 }, 'balanceDue'],
		[{ 'currency@odata.bind': 'currencies(1)' }, 'currency@odata.bind'],
		[{ currency: { code: 'EUR' } }, 'currency'],
		[{ 'contactsInformation@delta': [] }, 'contactsInformation@delta'],
		[{ '@odata.removed': {} }, '@odata.removed'],
		[{ DisplayName: 'B' }, 'DisplayName'],
	])('PATCH of %o names the property', async (body, name) => {
		const reply = await bc.patch(`customers(${id})`, body, '*');
		expect(reply.status).toBe(400);
		expect(reply.body.error.message).toContain(name);
	});

	it('control information that came with a read may be sent back', async () => {
		const read = (await bc.get(`customers(${id})?$select=displayName`)).body;
		expect((await bc.patch(`customers(${id})`, read, read['@odata.etag'])).status).toBe(200);
	});

	it.each<[Json, number]>([
		[{ notificationUrl: 'https://x.example', resource: 'x', nothing: 1 }, 400],
		[{ notificationUrl: 'https://x.example', resource: 'x', expirationDateTime: '2030-01-01T00:00:00Z' }, 400],
		[{ subscriptionId: 'mine' }, 400],
	])('POST of the subscription %o → %d', async (body, status) => {
		expect((await bc.post('/subscriptions', body)).status).toBe(status);
	});

	it.each([
		['POST', `${origin}/environments/v1.2`],
		['PUT', '/subscriptions'],
		['PATCH', '/subscriptions'],
		['POST', "/subscriptions('x')"],
		['POST', '/$metadata'],
		['GET', '/$batch'],
		['POST', `customers(${id})`],
		['PATCH', 'customers'],
		['DELETE', 'customers'],
		['OPTIONS', 'customers'],
	])('%s %s is not allowed', async (method, path) => {
		expect(code(await bc.send(method, path, {}, { 'if-match': '*' }))).toBe('405 BadRequest_MethodNotAllowed');
	});

	it('a bound action takes no parameters', async () => {
		const made = bc.company.insert('salesQuotes', { customerId: id });
		expect(code(await bc.post(`salesQuotes(${String(made['id'])})/Microsoft.NAV.send`, { to: 'x' }))).toBe('400 BadRequest');
	});

	// OData JSON Format 4.0, section 3.1.3
	it('leaves control information out when asked to', async () => {
		const { body, headers } = await bc.get('customers?$count=true', { accept: 'application/json;odata.metadata=none' });
		expect(Object.keys(body)).toEqual(['@odata.count', 'value']);
		expect(body.value[0]).not.toHaveProperty('@odata.etag');
		expect(headers['content-type']).toContain('odata.metadata=none');
	});
});

describe('Batches', () => {
	let bc: Client;
	beforeEach(() => (bc = new Client()));
	const json = { 'content-type': 'application/json' };
	const create = (id: string | undefined, displayName: string, more: Json = {}) => ({
		...(id === undefined ? {} : { id }),
		method: 'POST',
		url: `companies(${bc.company.id})/customers`,
		headers: json,
		body: displayName ? { displayName } : { nothing: 1 },
		...more,
	});
	const send = (requests: Json[], headers: Record<string, string> = {}) => bc.post('/$batch', { requests }, { ...json, ...headers });
	const statuses = (reply: Json) => reply.body.responses.map(({ status }: Json) => status);

	// learn.microsoft.com "Using OData transactional $batch requests": the sample's parts have no ids, and their answers have null.
	it('takes parts without ids', async () => {
		const { body } = await send([create(undefined, 'A')]);
		expect(body.responses).toEqual([expect.objectContaining({ id: null, status: 201 })]);
	});

	it.each<[string, Json[], number]>([
		['atomicityGroup', [{ id: '1', method: 'GET', url: 'companies', atomicityGroup: 'g' }], 501],
		['an unknown property', [{ id: '1', method: 'GET', url: 'companies', nothing: 1 }], 400],
		['an id twice', [1, 2].map(() => ({ id: '1', method: 'GET', url: 'companies' })), 400],
		['dependsOn of a later part', [{ id: '1', method: 'GET', url: 'companies', dependsOn: ['2'] }], 400],
		['a part without method', [{ id: '1', url: 'companies' }], 400],
		['a part that is text', ['GET companies'], 400],
	])('refuses %s', async (_what, requests, status) => {
		expect((await send(requests)).status).toBe(status);
	});

	it('refuses a body that is neither JSON nor multipart', async () => {
		expect((await bc.post('/$batch', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
		expect((await bc.post('/$batch', { requests: [] })).status).toBe(415);
	});

	it('does not carry out what depends on a part that failed', async () => {
		const requests = [create('1', ''), create('2', 'B', { dependsOn: ['1'] }), create('3', 'C', { dependsOn: [] })];
		expect(statuses(await send(requests, { prefer: 'odata.continue-on-error' }))).toEqual([400, 424, 201]);
	});

	const multipart = (names: string[]) => {
		const inner = names.map(
			(name, index) =>
				`--c\r\nContent-Type: application/http\r\nContent-ID: ${index + 1}\r\n\r\nPOST companies(${bc.company.id})/customers HTTP/1.1\r\nContent-Type: application/json\r\n\r\n${name ? `{"displayName":"${name}"}` : '{"nothing":1}'}\r\n`,
		);
		const body = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${inner.join('')}--c--\r\n--b--\r\n`;
		return bc.post('/$batch', body, { 'content-type': 'multipart/mixed; boundary=b', accept: 'multipart/mixed' });
	};

	// OData 4.0 Part 1, section 11.7.4: all or none; one answer when it fails.
	it('carries a change set out whole or not at all', async () => {
		const good = await multipart(['A', 'B']);
		expect(good.text.match(/HTTP\/1\.1 201/g)).toHaveLength(2);
		expect(bc.company.count('customers')).toBe(2);
		const bad = await multipart(['C', '']);
		expect(bad.text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
		expect(bc.company.count('customers')).toBe(2);
	});
});
