import { environment, root } from './client';

const newId = 'bbbbbbbb-0000-4000-8000-000000000001';
const help = { prefer: 'return=representation' };

describe('Dataverse: create, update, delete', () => {
	test('a client may choose the id; the same id again is 412 0x80040237', async () => {
		const { post } = environment();
		expect((await post('accounts', { accountid: newId, name: 'A' })).id).toBe(newId);
		expect(await post('accounts', { accountid: newId, name: 'A' })).toMatchObject({ status: 412, code: '0x80040237' });
	});

	test('deep insert creates parents and children in one request', async () => {
		const { post, crm } = environment();
		const { id, status } = await post('accounts', {
			name: 'A',
			primarycontactid: { lastname: 'First' },
			contact_customer_accounts: [{ lastname: 'One' }, { lastname: 'Two' }],
		});
		expect(status).toBe(204);
		const account = crm.get('account', id);
		expect(crm.get('contact', String(account.primarycontactid)).lastname).toBe('First');
		expect(crm.rows('contact').filter((row) => row.parentcustomerid === id && row.parentcustomeridtype === 'account')).toHaveLength(2);
	});

	test('a failing deep insert leaves nothing behind', async () => {
		const { post, crm } = environment();
		const { status } = await post('accounts', { name: 'A', contact_customer_accounts: [{ lastname: 'x'.repeat(300) }] });
		expect(status).toBe(400);
		expect(crm.rows('account')).toHaveLength(0);
	});

	test('sending an equal value still moves the version and modifiedon', async () => {
		const { crm, patch, clock } = environment();
		const id = crm.insert('account', { name: 'A' });
		const before = crm.get('account', id);
		clock.advance(5000);
		await patch(`accounts(${id})`, { name: 'A' });
		const after = crm.get('account', id);
		expect(Number(after.versionnumber)).toBeGreaterThan(Number(before.versionnumber));
		expect(after.modifiedon).toBe('2026-01-15T12:00:05Z');
		expect(after.createdon).toBe('2026-01-15T12:00:00Z');
	});

	test('one column can be put, read and deleted', async () => {
		const { crm, put, get, del } = environment();
		const id = crm.insert('account', { name: 'A', description: 'old' });
		expect((await put(`accounts(${id})/name`, { value: 'B' })).status).toBe(204);
		expect((await get(`accounts(${id})/name`)).json).toMatchObject({ value: 'B' });
		expect((await get(`accounts(${id})/name/$value`)).body).toBe('B');
		expect((await del(`accounts(${id})/description`)).status).toBe(204);
		expect((await get(`accounts(${id})/description`)).status).toBe(204);
		expect(crm.get('account', id).description).toBeUndefined();
	});

	test('DELETE is 204, and 404 when absent', async () => {
		const { crm, del } = environment();
		const id = crm.insert('account', { name: 'A' });
		expect((await del(`accounts(${id})`)).status).toBe(204);
		expect(await del(`accounts(${id})`)).toMatchObject({
			status: 404,
			code: '0x80040217',
			message: `account With Id = ${id} Does Not Exist`,
		});
	});

	test.each([
		['with a leading slash', (id: string) => `/contacts(${id})`],
		['without', (id: string) => `contacts(${id})`],
		['absolute', (id: string) => `${root}contacts(${id})`],
		['by alternate key', () => "/contacts(emailaddress1='c@x.example')"],
	])('a lookup is bound %s', async (_name, address) => {
		const { crm, post } = environment();
		crm.defineKey('contact', 'email', ['emailaddress1']);
		const contact = crm.insert('contact', { lastname: 'C', emailaddress1: 'c@x.example' });
		const { id } = await post('accounts', { name: 'A', 'primarycontactid@odata.bind': address(contact) });
		expect(crm.get('account', id).primarycontactid).toBe(contact);
	});

	test.each([{ 'primarycontactid@odata.bind': null }, { primarycontactid: null }])('a lookup is cleared with %j', async (body) => {
		const { crm, patch } = environment();
		const contact = crm.insert('contact', { lastname: 'C' });
		const id = crm.insert('account', { name: 'A', primarycontactid: contact });
		expect((await patch(`accounts(${id})`, body)).status).toBe(204);
		expect(crm.get('account', id).primarycontactid).toBeUndefined();
	});

	test('a polymorphic lookup is bound by its typed name; binding one replaces the other', async () => {
		const { crm, post, patch } = environment();
		const account = crm.insert('account', { name: 'A' });
		const parent = crm.insert('contact', { lastname: 'P' });
		const { id } = await post('contacts', { lastname: 'C', 'parentcustomerid_account@odata.bind': `/accounts(${account})` });
		expect(crm.get('contact', id)).toMatchObject({ parentcustomerid: account, parentcustomeridtype: 'account', accountid: account });
		await patch(`contacts(${id})`, { 'parentcustomerid_contact@odata.bind': `/contacts(${parent})` });
		expect(crm.get('contact', id)).toMatchObject({ parentcustomerid: parent, parentcustomeridtype: 'contact', parentcontactid: parent });
		expect((await patch(`contacts(${id})`, { 'parentcustomerid_contact@odata.bind': `/accounts(${account})` })).status).toBe(400);
	});

	test.each(['_primarycontactid_value', 'customerid', 'parentcustomerid'])('writing the lookup as %s is refused', async (name) => {
		const { post } = environment();
		expect(await post(name === '_primarycontactid_value' ? 'accounts' : 'contacts', { [name]: newId })).toMatchObject({ status: 400, code: '0x80048d19' }); // prettier-ignore
	});

	test('the case of a custom navigation property counts', async () => {
		const { crm, post } = environment();
		const company = crm.insert('bcbi_company', { bcbi_name: 'CRONUS' });
		expect(await post('accounts', { name: 'A', 'bcbi_companyid@odata.bind': `/bcbi_companies(${company})` })).toMatchObject({ status: 400, code: '0x80048d19', message: expect.stringContaining("undeclared property 'bcbi_companyid'") }); // prettier-ignore
		const { id } = await post('accounts', { name: 'A', 'bcbi_CompanyId@odata.bind': `/bcbi_companies(${company})` });
		expect(crm.get('account', id).bcbi_companyid).toBe(company);
	});

	test('a lookup to a row that is not there is 404', async () => {
		const { post } = environment();
		expect(await post('accounts', { name: 'A', 'primarycontactid@odata.bind': `/contacts(${newId})` })).toMatchObject({
			status: 404,
			code: '0x80040217',
		});
	});

	test('the owner is the caller unless bound to a user or a team', async () => {
		const { crm, post, patch } = environment();
		const team = crm.insert('team', { name: 'T', businessunitid: crm.businessUnitId });
		const { id } = await post('accounts', { name: 'A' });
		expect(crm.get('account', id)).toMatchObject({ ownerid: crm.administrator, owninguser: crm.administrator, owningbusinessunit: crm.businessUnitId }); // prettier-ignore
		await patch(`accounts(${id})`, { 'ownerid@odata.bind': `/teams(${team})` });
		expect(crm.get('account', id)).toMatchObject({ ownerid: team, owneridtype: 'team', owningteam: team });
		expect(crm.get('account', id).owninguser).toBeUndefined();
	});

	test('users are addressed by plain id only', async () => {
		const { crm, get } = environment();
		expect((await get(`systemusers(${crm.administrator})`)).json.ownerid).toBe(crm.administrator);
		expect((await get(`systemusers(systemuserid=${crm.administrator})`)).status).toBe(400);
		expect((await get(`accounts(accountid=${newId})`)).status).toBe(404);
	});

	test('an unknown property in a body is 400 0x80048d19 and is named', async () => {
		const { post } = environment();
		expect(await post('accounts', { nam: 'A' })).toMatchObject({
			status: 400,
			code: '0x80048d19',
			message: expect.stringContaining("'nam'"),
		});
	});

	test('read-only columns in a body are ignored, or refused when the sandbox is told so', async () => {
		const { post, crm } = environment();
		const { id } = await post('accounts', { name: 'A', createdon: '2001-01-01T00:00:00Z', aging30: 5 });
		expect(crm.get('account', id)).toMatchObject({ createdon: '2026-01-15T12:00:00Z' });
		crm.refuseReadOnlyColumns = true;
		expect(await post('accounts', { name: 'A', aging30: 5 })).toMatchObject({ status: 400, message: expect.stringContaining("'aging30'") });
	});

	test('too long a text is 400 0x80044331 and names column, table and limit', async () => {
		const { post } = environment();
		const answer = await post('accounts', { name: 'A', accountnumber: 'x'.repeat(21) });
		expect(answer).toMatchObject({ status: 400, code: '0x80044331' });
		expect(answer.message).toBe("A validation error occurred.  The length of the 'accountnumber' attribute of the 'account' entity exceeded the maximum allowed length of '20'."); // prettier-ignore
	});

	test.each<[string, unknown]>([
		['numberofemployees', '5'],
		['numberofemployees', 1.5],
		['creditonhold', 'true'],
		['name', 5],
		['overriddencreatedon', 'yesterday'],
		['address1_addressid', 'x'],
	])('%s: %j is not of its type', async (name, value) => {
		const { post } = environment();
		expect(await post('accounts', { [name]: value })).toMatchObject({ status: 400, code: '0x80048d19' });
	});

	test('a choice takes declared values only', async () => {
		const { post } = environment();
		expect(await post('accounts', { name: 'A', customertypecode: 3 })).toMatchObject({ status: 204 });
		expect(await post('accounts', { name: 'A', customertypecode: 99 })).toMatchObject({ status: 400, code: '0x8004431a' });
	});

	test('a created row can be back-dated', async () => {
		const { post, crm } = environment();
		const { id } = await post('accounts', { name: 'A', overriddencreatedon: '2020-05-01T00:00:00Z' });
		expect(crm.get('account', id)).toMatchObject({ createdon: '2020-05-01T00:00:00Z', overriddencreatedon: '2026-01-15T12:00:00Z' });
	});

	test('links are put, read and deleted by $ref', async () => {
		const { crm, put, get, del, post } = environment();
		const account = crm.insert('account', { name: 'A' });
		const contact = crm.insert('contact', { lastname: 'C' });
		const link = { '@odata.id': `${root}contacts(${contact})` };
		expect((await put(`accounts(${account})/primarycontactid/$ref`, link)).status).toBe(204);
		expect((await get(`accounts(${account})/primarycontactid/$ref`)).json['@odata.id']).toBe(`${root}contacts(${contact})`);
		expect((await del(`accounts(${account})/primarycontactid/$ref`)).status).toBe(204);
		expect(crm.get('account', account).primarycontactid).toBeUndefined();
		expect((await post(`accounts(${account})/contact_customer_accounts/$ref`, link)).status).toBe(204);
		expect(crm.get('contact', contact).parentcustomerid).toBe(account);
		expect((await del(`accounts(${account})/contact_customer_accounts(${contact})/$ref`)).status).toBe(204);
		expect(crm.get('contact', contact).parentcustomerid).toBeUndefined();
	});

	test('navigation properties are read along the path; an empty one is 204', async () => {
		const { crm, get } = environment();
		const account = crm.insert('account', { name: 'A' });
		const contact = crm.insert('contact', { lastname: 'C', parentcustomerid: account });
		expect((await get(`contacts(${contact})/parentcustomerid_account?$select=name`)).json.name).toBe('A');
		expect((await get(`contacts(${contact})/parentcustomerid_account/name`)).json.value).toBe('A');
		expect((await get(`contacts(${contact})/parentcustomerid_contact`)).status).toBe(204);
		expect((await get(`accounts(${account})/contact_customer_accounts?$select=lastname`)).json.value).toMatchObject([{ lastname: 'C' }]);
		expect((await get(`accounts(${account})/contact_customer_accounts/$count`)).body).toBe('1');
	});

	test('wrong verbs are 405', async () => {
		const { send } = environment();
		expect((await send('PATCH', 'accounts', { name: 'A' })).status).toBe(405);
		expect((await send('POST', `accounts(${newId})`, { name: 'A' })).status).toBe(405);
	});

	test('$expand is honoured on POST and ignored on PATCH', async () => {
		const { post, patch } = environment();
		const created = await post('accounts?$select=name&$expand=primarycontactid($select=lastname)', { name: 'A', primarycontactid: { lastname: 'C' } }, help); // prettier-ignore
		expect(created.json.primarycontactid).toMatchObject({ lastname: 'C' });
		const patched = await patch(`accounts(${created.id})?$select=name&$expand=primarycontactid`, { name: 'B' }, help);
		expect(patched).toMatchObject({ status: 200, json: { name: 'B' } });
		expect(patched.json.primarycontactid).toBeUndefined();
	});
});

describe('Dataverse: conditions and upsert', () => {
	test('PATCH without condition creates a missing row with that id', async () => {
		const { patch, crm } = environment();
		const answer = await patch(`accounts(${newId})`, { name: 'A' });
		expect(answer).toMatchObject({ status: 204, id: newId });
		expect(crm.get('account', newId).name).toBe('A');
	});

	test('with representation, 201 and 200 tell created from updated', async () => {
		const { patch } = environment();
		expect((await patch(`accounts(${newId})`, { name: 'A' }, help)).status).toBe(201);
		expect((await patch(`accounts(${newId})`, { name: 'B' }, help)).status).toBe(200);
	});

	test('If-Match: * only updates', async () => {
		const { patch } = environment();
		expect(await patch(`accounts(${newId})`, { name: 'A' }, { 'if-match': '*' })).toMatchObject({ status: 404, code: '0x80040217', message: `account With Id = ${newId} Does Not Exist` }); // prettier-ignore
	});

	test('If-Match with an etag: equal 204, different 412 0x80060882', async () => {
		const { crm, patch, get, del } = environment();
		const id = crm.insert('account', { name: 'A' });
		const etag = String((await get(`accounts(${id})`)).json['@odata.etag']);
		expect((await patch(`accounts(${id})`, { name: 'B' }, { 'if-match': etag })).status).toBe(204);
		expect(await patch(`accounts(${id})`, { name: 'C' }, { 'if-match': etag })).toMatchObject({ status: 412, code: '0x80060882' });
		expect((await del(`accounts(${id})`, { 'if-match': etag })).status).toBe(412);
		expect(crm.get('account', id).name).toBe('B');
		const now = String((await get(`accounts(${id})`)).json['@odata.etag']);
		expect((await del(`accounts(${id})`, { 'if-match': now })).status).toBe(204);
	});

	test('a change of somebody else just before the write makes it 412', async () => {
		const { crm, patch, get, makeStale } = environment();
		const id = crm.insert('account', { name: 'A' });
		const { headers } = await get(`accounts(${id})`);
		makeStale();
		expect((await patch(`accounts(${id})`, { name: 'B' }, { 'if-match': headers.etag! })).status).toBe(412);
	});

	test('If-None-Match: * only creates', async () => {
		const { patch } = environment();
		expect((await patch(`accounts(${newId})`, { name: 'A' }, { 'if-none-match': '*' })).status).toBe(204);
		expect(await patch(`accounts(${newId})`, { name: 'B' }, { 'if-none-match': '*' })).toMatchObject({ status: 412, message: 'A record with matching key values already exists.' }); // prettier-ignore
	});

	test('the literal If-None-Match: null is no condition', async () => {
		const { patch, crm } = environment();
		await patch(`accounts(${newId})`, { name: 'A' }, { 'if-none-match': 'null' });
		expect((await patch(`accounts(${newId})`, { name: 'B' }, { 'if-none-match': 'null' })).status).toBe(204);
		expect(crm.get('account', newId).name).toBe('B');
	});

	test('GET with the current etag is 304, but not with annotations or expand', async () => {
		const { crm, get } = environment();
		const id = crm.insert('account', { name: 'A' });
		const etag = (await get(`accounts(${id})`)).headers.etag!;
		expect((await get(`accounts(${id})`, { 'if-none-match': etag })).status).toBe(304);
		expect((await get(`accounts(${id})`, { 'if-none-match': etag, prefer: 'odata.include-annotations="*"' })).status).toBe(200);
		expect((await get(`accounts(${id})?$expand=primarycontactid`, { 'if-none-match': etag })).status).toBe(200);
	});

	test('If-Match on a table without optimistic concurrency is 0x80060883', async () => {
		const { crm, patch } = environment();
		expect((await patch(`organizations(${crm.organizationId})`, { currencysymbol: 'x' }, { 'if-match': 'W/"1"' })).code).toBe('0x80060883');
	});

	test('upsert by alternate key answers with the key and takes key values from the address', async () => {
		const { crm, patch } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		const created = await patch("accounts(accountnumber='A1')", { name: 'A' });
		expect(created.headers['odata-entityid']).toBe(`${root}accounts(accountnumber='A1')`);
		const row = crm.rows('account')[0]!;
		expect(row).toMatchObject({ accountnumber: 'A1', name: 'A' });
		await patch("accounts(accountnumber='A1')", { name: 'B', accountnumber: 'A2' });
		expect(crm.get('account', String(row.accountid))).toMatchObject({ accountnumber: 'A1', name: 'B' });
	});

	test('on creating by key, a value in the body wins', async () => {
		const { crm, patch } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		await patch("accounts(accountnumber='A1')", { name: 'A', accountnumber: 'Z9' });
		expect(crm.rows('account')).toMatchObject([{ accountnumber: 'Z9' }]);
	});

	test('a key of several columns and of a lookup', async () => {
		const { crm, get } = environment();
		crm.defineKey('account', 'both', ['accountnumber', 'primarycontactid']);
		const contact = crm.insert('contact', { lastname: 'C' });
		crm.insert('account', { name: 'A', accountnumber: "1'2", primarycontactid: contact });
		expect((await get(`accounts(accountnumber='1''2',_primarycontactid_value=${contact})?$select=name`)).json.name).toBe('A');
	});

	test('an undeclared key is 400, a row not found by key 404', async () => {
		const { crm, get } = environment();
		expect(await get("accounts(accountnumber='A1')")).toMatchObject({ status: 400, message: expect.stringContaining('The key in the request URI is not valid for resource') }); // prettier-ignore
		crm.defineKey('account', 'number', ['accountnumber']);
		expect((await get("accounts(accountnumber='A1')")).status).toBe(404);
	});

	test('violating an alternate key is 412 0x80060892', async () => {
		const { crm, post } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		crm.insert('account', { name: 'A', accountnumber: 'A1' });
		expect(await post('accounts', { name: 'B', accountnumber: 'a1' })).toMatchObject({ status: 412, code: '0x80060892' });
	});
});
