import { environment, root, start } from './client';

const anyId = 'aaaaaaaa-0000-4000-8000-000000000001';

describe('Dataverse: address, sign-in, headers, values', () => {
	test('WhoAmI tells user, business unit and organization, and the hint for parallel requests', async () => {
		const { get, crm } = environment();
		const answer = await get('WhoAmI');
		expect(answer.status).toBe(200);
		expect(answer.json).toMatchObject({
			UserId: crm.administrator,
			BusinessUnitId: crm.businessUnitId,
			OrganizationId: crm.organizationId,
		});
		expect(Number(answer.headers['x-ms-dop-hint'])).toBeGreaterThan(0);
		expect(answer.headers['odata-version']).toBe('4.0');
		expect(answer.headers.req_id).toMatch(/^[0-9a-f-]{36}$/);
	});

	test('POST WhoAmI is 404 with an empty code', async () => {
		const { post } = environment();
		const answer = await post('WhoAmI', {});
		expect(answer.status).toBe(404);
		expect(answer.json.error).toMatchObject({ code: '', message: expect.stringContaining('No HTTP resource was found') });
	});

	test('without a token: 401, empty body, WWW-Authenticate', async () => {
		const { get, as } = environment();
		as(undefined);
		const answer = await get('WhoAmI');
		expect(answer).toMatchObject({ status: 401, body: '' });
		expect(answer.headers['www-authenticate']).toContain('resource_id=http://crm.sandbox/');
	});

	test('a token of a stranger is 403 0x80072560; an application id stands for its application user', async () => {
		const { get, as, crm } = environment();
		as(anyId);
		expect(await get('WhoAmI')).toMatchObject({ status: 403, code: '0x80072560' });
		const user = crm.addUser({ lastname: 'Sync', applicationid: anyId });
		expect((await get('WhoAmI')).json.UserId).toBe(user);
	});

	test('a disabled user is 403', async () => {
		const { get, as, crm } = environment();
		const user = crm.addUser({ lastname: 'Gone' });
		crm.setDisabled(user, true);
		as(user);
		expect(await get('WhoAmI')).toMatchObject({ status: 403, code: '0x80040225' });
	});

	test('a missing privilege is 403 0x80040220 and is named', async () => {
		const { get, post, crm } = environment();
		crm.revokePrivilege(crm.administrator, 'prvCreateAccount');
		expect(await post('accounts', { name: 'A' })).toMatchObject({ status: 403, code: '0x80040220', message: expect.stringContaining('prvCreateAccount') }); // prettier-ignore
		expect((await get('accounts')).status).toBe(200);
		crm.grantPrivilege(crm.administrator, 'prvCreateAccount');
		expect((await post('accounts', { name: 'A' })).status).toBe(204);
	});

	test('the service document lists the entity sets', async () => {
		const { get } = environment();
		const { json } = await get('');
		expect(json.value).toContainEqual({ name: 'accounts', kind: 'EntitySet', url: 'accounts' });
	});

	test('entity set names are case-sensitive', async () => {
		const { get } = environment();
		expect(await get('Accounts')).toMatchObject({
			status: 404,
			code: '0x8006088a',
			message: "Resource not found for the segment 'Accounts'.",
		});
	});

	test('older minor versions keep working', async () => {
		const { get } = environment();
		expect((await get('http://crm.sandbox/api/data/v9.1/accounts')).status).toBe(200);
	});

	test('a caller can be impersonated by systemuserid and by directory object id; the application shows as modifiedonbehalfby', async () => {
		const { post, crm } = environment();
		const user = crm.addUser({ lastname: 'Other', azureactivedirectoryobjectid: anyId });
		const one = await post('accounts', { name: 'A' }, { mscrmcallerid: user });
		const two = await post('accounts', { name: 'B' }, { callerobjectid: anyId });
		for (const { id } of [one, two]) expect(crm.row('account', id)).toMatchObject({ modifiedby: user, modifiedonbehalfby: crm.administrator, ownerid: user }); // prettier-ignore
		crm.revokePrivilege(crm.administrator, 'prvActOnBehalfOfAnotherUser');
		expect((await post('accounts', { name: 'C' }, { mscrmcallerid: user })).code).toBe('0x80040220');
	});

	test('return=representation gives 201 and the row, with Preference-Applied; without it 204 and OData-EntityId', async () => {
		const { post } = environment();
		const full = await post('accounts?$select=accountid,name', { name: 'A' }, { prefer: 'return=representation' });
		expect(full).toMatchObject({ status: 201, json: { name: 'A' } });
		expect(full.headers['preference-applied']).toContain('return=representation');
		expect(full.headers.etag).toBe(full.json['@odata.etag']);
		const bare = await post('accounts', { name: 'A' });
		expect(bare).toMatchObject({ status: 204, body: '' });
		expect(bare.headers['odata-entityid']).toBe(`${root}accounts(${bare.id})`);
	});

	test('guids are lower case and may be sent in capitals', async () => {
		const { post, get } = environment();
		const { id } = await post('accounts', { accountid: anyId.toUpperCase(), name: 'A' });
		expect(id).toBe(anyId);
		expect((await get(`accounts(${anyId.toUpperCase()})`)).json.accountid).toBe(anyId);
	});

	test('times are UTC in whole seconds', async () => {
		const { post, get } = environment();
		const { id } = await post('salesorders', {}).then(() => post('accounts', { name: 'A' }));
		const { json } = await get(`accounts(${id})?$select=modifiedon,createdon`);
		expect(json.modifiedon).toBe('2026-01-15T12:00:00Z');
		expect(Date.parse(String(json.createdon))).toBe(Math.floor(start / 1000) * 1000);
	});

	test('date-only columns travel as dates', async () => {
		const { crm, patch, get } = environment();
		const id = crm.insert('opportunity', { name: 'O' });
		expect((await patch(`opportunities(${id})`, { estimatedclosedate: '2026-02-03' })).status).toBe(204);
		expect((await get(`opportunities(${id})?$select=estimatedclosedate`)).json.estimatedclosedate).toBe('2026-02-03');
		expect((await patch(`opportunities(${id})`, { estimatedclosedate: '2026-02-03T00:00:00Z' })).code).toBe('0x80048d19');
	});

	test('money is a number with four places and brings the currency along', async () => {
		const { post, get, crm } = environment();
		const { id } = await post('accounts', { name: 'A', creditlimit: 5000000 });
		const answer = await get(`accounts(${id})?$select=creditlimit`);
		expect(answer.body).toContain('"creditlimit":5000000.0000');
		expect(answer.json).toMatchObject({ creditlimit: 5000000, _transactioncurrencyid_value: crm.baseCurrencyId });
	});

	test('money is rounded silently to the precision of the currency; base amounts follow the exchange rate', async () => {
		const { crm } = environment();
		const eur = crm.insert('transactioncurrency', { isocurrencycode: 'EUR', currencyname: 'Euro', currencysymbol: '€', exchangerate: 0.8, currencyprecision: 2 }); // prettier-ignore
		const id = crm.insert('account', { name: 'A', creditlimit: 100.006, transactioncurrencyid: eur });
		expect(crm.row('account', id)).toMatchObject({ creditlimit: 100.01, exchangerate: 0.8, creditlimit_base: 125.0125 });
	});

	test('empty columns are null when selected; the id and etag come unasked', async () => {
		const { post, get, crm } = environment();
		const { id } = await post('accounts', { name: 'A' });
		const { json } = await get(`accounts(${id})?$select=telephone1`);
		expect(json).toEqual({
			'@odata.context': `${root}$metadata#accounts(telephone1)/$entity`,
			'@odata.etag': `W/"${String(crm.get('account', id).versionnumber)}"`,
			telephone1: null,
			accountid: id,
		});
	});

	test('a lookup is read as _x_value, with annotations on demand', async () => {
		const { crm, get } = environment();
		const account = crm.insert('account', { name: 'Parent' });
		const id = crm.insert('contact', { lastname: 'C', parentcustomerid: { table: 'account', id: account } });
		const { json } = await get(`contacts(${id})?$select=_parentcustomerid_value,statecode`, { prefer: 'odata.include-annotations="*"' });
		expect(json).toMatchObject({
			_parentcustomerid_value: account,
			'_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
			'_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentcustomerid_account',
			'_parentcustomerid_value@OData.Community.Display.V1.FormattedValue': 'Parent',
			'statecode@OData.Community.Display.V1.FormattedValue': 'Active',
		});
		const plain = await get(`contacts(${id})?$select=_parentcustomerid_value`);
		expect(Object.keys(plain.json)).not.toContain('_parentcustomerid_value@OData.Community.Display.V1.FormattedValue');
	});

	test('two-option columns nobody set are false, for filters too', async () => {
		const { crm, get } = environment();
		const user = crm.addUser({ lastname: 'Seller' });
		crm.addUser({ lastname: 'Robot', applicationid: anyId });
		const { json } = await get(`systemusers?$select=fullname,isintegrationuser&$filter=isdisabled eq false and islicensed eq true and isintegrationuser eq false and fullname eq 'Seller'`); // prettier-ignore
		expect(json.value).toMatchObject([{ systemuserid: user, isintegrationuser: false }]);
		expect((await get("systemusers?$filter=islicensed eq true and fullname eq 'Robot'")).json.value).toEqual([]);
	});

	test('companions of lookups (*name, *type) are not in the model', async () => {
		const { get } = environment();
		expect(await get('contacts?$select=parentcustomeridname')).toMatchObject({ status: 400, code: '0x0' });
		expect(await get('accounts?$select=owneridtype')).toMatchObject({ status: 400, code: '0x0' });
	});

	test('error details come with include-annotations', async () => {
		const { get } = environment();
		const { json } = await get(`accounts(${anyId})`, { prefer: 'odata.include-annotations="*"' });
		expect(json.error).toMatchObject({ code: '0x80040217', '@Microsoft.PowerApps.CDS.TraceText': '' });
	});
});
