import { Services } from './services';

/**
 * A client that always sends `If-Match: *` on changes, always asks for the representation, and takes ids from `OData-EntityId` only. Sources: OData
 * 4.0 Part 1, sections 8.2.8.7 and 8.3.3; https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api,
 * /update-delete-entities-using-web-api
 */
const services = new Services();
beforeAll(() => services.start());
afterAll(() => services.stop());

const json = { 'Content-Type': 'application/json', Prefer: 'return=representation' };
const send = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
	services.send(method, url, { ...json, ...(method === 'POST' || method === 'GET' ? {} : { 'If-Match': '*' }), ...headers }, body === undefined ? '' : JSON.stringify(body)); // prettier-ignore

describe('Dataverse', () => {
	test.each<[set: string, body: Record<string, unknown>, change: Record<string, unknown>]>([
		['accounts', { name: 'A' }, { telephone1: '1' }],
		['contacts', { lastname: 'C' }, { jobtitle: 'J' }],
		['leads', { subject: 'S', lastname: 'L' }, { companyname: 'X' }],
		['opportunities', { name: 'O' }, { description: 'D' }],
		['tasks', { subject: 'T' }, { description: 'D' }],
		['annotations', { subject: 'N' }, { notetext: 'T' }],
		['uomschedules', { name: 'Pieces', baseuomname: 'Piece' }, { description: 'D' }],
		['fieldsecurityprofiles', { name: 'P' }, { description: 'D' }],
	])('%s: created, changed and deleted at the address the service gave', async (set, body, change) => {
		const created = await send('POST', services.crm + set, body);
		const address = created.headers['odata-entityid']!;
		expect([created.status, created.headers['preference-applied'], address.startsWith(`${services.crm}${set}(`)]).toEqual([201, 'return=representation', true]); // prettier-ignore
		expect(created.json).toMatchObject(body.baseuomname ? { name: body.name } : body);
		expect(created.headers['etag']).toBe(created.json['@odata.etag']);
		const changed = await send('PATCH', address, change);
		expect([changed.status, changed.headers['odata-entityid']]).toEqual([200, address]);
		expect(changed.json).toMatchObject(change);
		const selected = await send('PATCH', `${address}?$select=createdon`, change);
		expect(
			Object.keys(selected.json)
				.filter((name) => !name.includes('@') && !name.endsWith('id'))
				.sort(),
		).toEqual(['createdon']);
		expect((await send('GET', address)).json).toMatchObject(change);
		expect((await send('DELETE', address)).status).toBe(204);
		expect((await send('DELETE', address)).status).toBe(404);
		// With If-Match: * a PATCH creates nothing.
		expect((await send('PATCH', address, change)).status).toBe(404);
	});

	test('without the preference nothing comes but the address', async () => {
		const created = await send('POST', `${services.crm}accounts`, { name: 'A' }, { Prefer: 'return=minimal' });
		expect([created.status, created.text, created.headers['content-type']]).toEqual([204, '', undefined]);
		expect((await send('GET', `${created.headers['odata-entityid']!}?$select=name`)).json.name).toBe('A');
	});

	test('several preferences in one header, each told', async () => {
		const reply = await send('POST', `${services.crm}accounts?$select=name,statecode`, { name: 'A' }, { Prefer: 'return=representation, odata.include-annotations="OData.Community.Display.V1.FormattedValue"' }); // prettier-ignore
		expect(reply.json['statecode@OData.Community.Display.V1.FormattedValue']).toBe('Active');
		expect(reply.headers['preference-applied']).toContain('return=representation');
	});
});

describe('Business Central', () => {
	const set = (name: string) => `${services.businessCentral}companies(${services.sandbox.businessCentral.companyList()[0]!.id})/${name}`;

	test.each<[name: string, body: Record<string, unknown>, change: Record<string, unknown>]>([
		['customers', { displayName: 'A' }, { phoneNumber: '1' }],
		['vendors', { displayName: 'A' }, { phoneNumber: '1' }],
		['items', { displayName: 'A' }, { unitPrice: 2 }],
		['contacts', { displayName: 'A' }, { jobTitle: 'J' }],
		['currencies', { code: 'XTS', displayName: 'Test' }, { symbol: 'kr' }],
		['paymentTerms', { code: 'X9', displayName: 'Nine' }, { displayName: 'New' }],
		['locations', { code: 'NORTH', displayName: 'North' }, { city: 'Oslo' }],
	])('%s: created, changed and deleted at the address the service gave', async (name, body, change) => {
		const created = await send('POST', set(name), body);
		const address = created.headers['odata-entityid']!;
		expect([created.status, created.headers['location']]).toEqual([201, address]);
		expect(created.json).toMatchObject(body);
		const changed = await send('PATCH', address, change);
		expect(changed.status).toBe(200);
		expect(changed.json).toMatchObject(change);
		expect((await send('GET', address)).json).toMatchObject(change);
		expect((await send('DELETE', address)).status).toBe(204);
		expect((await send('DELETE', address)).status).toBe(404);
	});

	test('an address under another company name is another company', async () => {
		const created = await send('POST', set('customers'), { displayName: 'Mine' });
		const [, second] = services.sandbox.businessCentral.companyList();
		const other = created.headers['odata-entityid']!.replace(services.sandbox.businessCentral.companyList()[0]!.id, second!.id);
		expect((await send('GET', other)).status).toBe(404);
	});
});
