import { changeSet, environment, part } from './client';

const id = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** https://learn.microsoft.com/power-apps/developer/data-platform/column-level-security */
describe('column security', () => {
	function secured() {
		const world = environment();
		const { crm } = world;
		crm.insert('account', { accountid: id(1), name: 'A', creditlimit: 500, revenue: 7 });
		const user = crm.addUser({ fullname: 'Reader' });
		crm.secureColumn('account', 'creditlimit');
		world.as(user);
		return { ...world, user };
	}

	test('metadata tells which columns are secured', async () => {
		const { get } = secured();
		const { json } = await get(
			"EntityDefinitions(LogicalName='account')/Attributes?$select=LogicalName,IsSecured,CanBeSecuredForRead&$filter=IsSecured eq true",
		);
		expect(json.value).toMatchObject([{ LogicalName: 'creditlimit', IsSecured: true, CanBeSecuredForRead: true }]);
	});

	test.each([
		['one row', `accounts(${id(1)})`, (json: Record<string, unknown>) => json],
		['selected', `accounts(${id(1)})?$select=creditlimit`, (json: Record<string, unknown>) => json],
		['a list', 'accounts', (json: Record<string, unknown>) => (json.value as Array<Record<string, unknown>>)[0]!],
	])('what may not be read is null: %s', async (_name, path, rowOf) => {
		const { get } = secured();
		expect(rowOf((await get(path)).json)).toHaveProperty('creditlimit', null);
	});

	test('null through the column itself, an expansion and a tracked read too', async () => {
		const { get, crm } = secured();
		crm.insert('contact', { lastname: 'C', parentcustomerid: { table: 'account', id: id(1) } });
		expect((await get(`accounts(${id(1)})/creditlimit`)).status).toBe(204);
		const { json } = await get('contacts?$expand=parentcustomerid_account($select=creditlimit)');
		expect(json.value[0]!.parentcustomerid_account).toHaveProperty('creditlimit', null);
		expect((await get('accounts', { prefer: 'odata.track-changes' })).json.value[0]).toHaveProperty('creditlimit', null);
	});

	test('a filter cannot find what may not be read', async () => {
		const { get } = secured();
		expect((await get('accounts?$filter=creditlimit eq 500')).json.value).toEqual([]);
		expect((await get('accounts?$filter=creditlimit eq null')).json.value).toHaveLength(1);
	});

	test.each([
		['PATCH', `accounts(${id(1)})`, { creditlimit: 1, revenue: 8 }, '0x8004f507'],
		['PUT', `accounts(${id(1)})/creditlimit`, { value: 1 }, '0x8004f507'],
		['DELETE', `accounts(${id(1)})/creditlimit`, undefined, '0x8004f507'],
		['POST', 'accounts', { name: 'B', creditlimit: 1 }, '0x8004f508'],
	])('%s %s: writing it is 403 and changes nothing', async (method, path, body, code) => {
		const { send, crm } = secured();
		const answer = await send(method, path, body);
		expect(answer).toMatchObject({ status: 403, code });
		expect(answer.message).toContain('creditlimit');
		expect(crm.rows('account')).toMatchObject([{ creditlimit: 500, revenue: 7 }]);
	});

	test('other columns of the row stay writable', async () => {
		const { patch } = secured();
		expect((await patch(`accounts(${id(1)})`, { revenue: 8 })).status).toBe(204);
	});

	test('a profile gives rights one by one', async () => {
		const { crm, user, get, patch, post } = secured();
		crm.grantColumn(user, 'account', 'creditlimit', { read: true });
		expect((await get(`accounts(${id(1)})`)).json.creditlimit).toBe(500);
		expect((await patch(`accounts(${id(1)})`, { creditlimit: 1 })).status).toBe(403);
		crm.grantColumn(user, 'account', 'creditlimit', { update: true });
		expect((await patch(`accounts(${id(1)})`, { creditlimit: 1 })).status).toBe(204);
		expect((await post('accounts', { name: 'B', creditlimit: 1 })).status).toBe(403);
		crm.grantColumn(user, 'account', 'creditlimit', { create: true });
		expect((await post('accounts', { name: 'B', creditlimit: 1 })).status).toBe(204);
	});

	test('administrators may do everything', async () => {
		const { as, crm, get, patch } = secured();
		as(crm.administrator);
		expect((await get(`accounts(${id(1)})`)).json.creditlimit).toBe(500);
		expect((await patch(`accounts(${id(1)})`, { creditlimit: 1 })).status).toBe(204);
	});
});

/** https://learn.microsoft.com/power-platform/admin/security-roles-privileges ("assign"), error 0x80040220 and 0x80040299 in the reference of error codes */
describe('rights of a new owner', () => {
	function owned() {
		const world = environment();
		const other = world.crm.addUser({ fullname: 'Other' });
		world.crm.insert('account', { accountid: id(1), name: 'A' });
		return { ...world, other };
	}

	test('an owner who may not read the table is refused; the message names the owner, not the caller', async () => {
		const { crm, other, post, patch } = owned();
		crm.revokePrivilege(other, 'prvReadAccount');
		for (const answer of [
			await post('accounts', { name: 'B', 'ownerid@odata.bind': `/systemusers(${other})` }),
			await patch(`accounts(${id(1)})`, { 'ownerid@odata.bind': `/systemusers(${other})` }),
		]) {
			expect(answer).toMatchObject({ status: 403, code: '0x80040220' });
			expect(answer.message).toContain(`Id=${other}`);
			expect(answer.message).toContain('prvReadAccount');
			expect(answer.message).toContain(`context.Caller=${crm.administrator}`);
		}
		expect(crm.rows('account')).toHaveLength(1);
	});

	test('an owner without any role: 0x80040299', async () => {
		const { crm, other, post } = owned();
		crm.setRoles(other, false);
		const answer = await post('accounts', { name: 'B', 'ownerid@odata.bind': `/systemusers(${other})` });
		expect(answer).toMatchObject({ status: 403, code: '0x80040299' });
		expect(answer.message).toContain(other);
		crm.setRoles(other, true);
		expect((await post('accounts', { name: 'B', 'ownerid@odata.bind': `/systemusers(${other})` })).status).toBe(204);
	});

	test('teams need roles too', async () => {
		const { crm, post } = owned();
		const [team] = crm.seed('team', [{ name: 'T', teamtype: 0, businessunitid: crm.businessUnitId }]);
		crm.setRoles(team!, false);
		const answer = await post('accounts', { name: 'B', 'ownerid@odata.bind': `/teams(${team!})` });
		expect(answer).toMatchObject({ status: 403, code: '0x80040299', message: expect.stringContaining(`team with id ${team!}`) });
	});

	test('the same owner again is no new owner', async () => {
		const { crm, other, patch } = owned();
		crm.update('account', id(1), { ownerid: other });
		crm.revokePrivilege(other, 'prvReadAccount');
		expect((await patch(`accounts(${id(1)})`, { 'ownerid@odata.bind': `/systemusers(${other})`, name: 'B' })).status).toBe(204);
	});

	test.each([
		['prvAssignAccount', { 'ownerid@odata.bind': 'OTHER' }],
		['prvAppendAccount', { 'primarycontactid@odata.bind': 'CONTACT' }],
		['prvAppendToContact', { 'primarycontactid@odata.bind': 'CONTACT' }],
	])('without %s: 403 that names it', async (privilege, body) => {
		const { crm, other, patch } = owned();
		const contact = crm.insert('contact', { lastname: 'C' });
		crm.revokePrivilege(crm.administrator, privilege);
		const text = JSON.stringify(body).replace('OTHER', `/systemusers(${other})`).replace('CONTACT', `/contacts(${contact})`);
		const answer = await patch(`accounts(${id(1)})`, text);
		expect(answer).toMatchObject({ status: 403, code: '0x80040220' });
		expect(answer.message).toContain(privilege);
		expect((await patch(`accounts(${id(1)})`, { name: 'B' })).status).toBe(204);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors, /use-alternate-key-reference-record */
describe('errors about another record', () => {
	const missing = id(99);
	test.each([
		['PATCH', `accounts(${id(1)})`, { 'primarycontactid@odata.bind': `/contacts(${missing})` }],
		['POST', 'accounts', { name: 'B', 'primarycontactid@odata.bind': `/contacts(${missing})` }],
		['PUT', `accounts(${id(1)})/primarycontactid/$ref`, { '@odata.id': `contacts(${missing})` }],
	])('%s %s with a lookup to a row that is gone: 404 names that row', async (method, path, body) => {
		const { send, crm } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		expect(await send(method, path, body)).toMatchObject({
			status: 404,
			code: '0x80040217',
			message: `contact With Id = ${missing} Does Not Exist`,
		});
	});

	test('a lookup by alternate key: nobody has the value 404 0x80060891, no such key 400', async () => {
		const { patch, crm } = environment();
		crm.defineKey('contact', 'email', ['emailaddress1']);
		crm.insert('account', { accountid: id(1), name: 'A' });
		const bound = (address: string) => patch(`accounts(${id(1)})`, { 'primarycontactid@odata.bind': address });
		expect(await bound("/contacts(emailaddress1='x@y.example')")).toMatchObject({
			status: 404,
			code: '0x80060891',
			message: expect.stringContaining('contact'),
		});
		expect(await bound("/contacts(lastname='x')")).toMatchObject({
			status: 400,
			message: expect.stringContaining('Microsoft.Dynamics.CRM.contact'),
		});
	});

	test('in a change set, too: nothing of it stays', async () => {
		const { batch, crm } = environment();
		const { parts, status } = await batch([
			changeSet(
				part('POST', 'accounts', { name: 'B' }),
				part('POST', 'accounts', { name: 'C', 'primarycontactid@odata.bind': `/contacts(${missing})` }),
			),
		]);
		expect(status).toBe(404);
		expect(parts).toMatchObject([{ status: 404, json: { error: { message: expect.stringContaining('contact With Id') } } }]);
		expect(crm.rows('account')).toHaveLength(0);
	});

	test('the wrong table behind a lookup is 400', async () => {
		const { post, crm } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		expect(await post('accounts', { name: 'B', 'primarycontactid@odata.bind': `/accounts(${id(1)})` })).toMatchObject({
			status: 400,
			code: '0x80048d19',
		});
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api, /define-alternate-keys-entity */
describe('412 has two meanings', () => {
	test('a stale version 0x80060882, a taken key 0x80060892, on the same request', async () => {
		const { crm, patch, get } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		crm.insert('account', { accountid: id(1), name: 'A', accountnumber: '1' });
		crm.insert('account', { accountid: id(2), name: 'B', accountnumber: '2' });
		const { headers } = await get(`accounts(${id(2)})`);
		const fresh = { 'if-match': headers.etag! };
		expect(await patch(`accounts(${id(2)})`, { accountnumber: '1' }, { 'if-match': 'W/"1"' })).toMatchObject({
			status: 412,
			code: '0x80060882',
		});
		expect(await patch(`accounts(${id(2)})`, { accountnumber: '1' }, fresh)).toMatchObject({ status: 412, code: '0x80060892' });
		expect((await patch(`accounts(${id(2)})`, { accountnumber: '3' }, fresh)).status).toBe(204);
	});

	test('the taken key on create and upsert', async () => {
		const { crm, post, patch } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		crm.insert('account', { accountid: id(1), name: 'A', accountnumber: '1' });
		expect(await post('accounts', { name: 'B', accountnumber: '1' })).toMatchObject({ status: 412, code: '0x80060892' });
		expect(await patch(`accounts(${id(3)})`, { name: 'B', accountnumber: '1' })).toMatchObject({ status: 412, code: '0x80060892' });
		expect(await post('accounts', { accountid: id(1), name: 'B' })).toMatchObject({ status: 412, code: '0x80040237' });
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/manage-duplicate-detection-create-update */
describe('duplicate detection', () => {
	const detect = { 'mscrm.suppressduplicatedetection': 'false' };
	function populated() {
		const world = environment();
		world.crm.insert('contact', { contactid: id(1), lastname: 'A', emailaddress1: 'a@x.example' });
		world.crm.insert('contact', { contactid: id(2), lastname: 'B', emailaddress1: 'b@x.example' });
		return world;
	}

	test.each([{}, { 'mscrm.suppressduplicatedetection': 'true' }])('off with %j', async (headers) => {
		const { post } = populated();
		expect((await post('contacts', { lastname: 'C', emailaddress1: 'a@x.example' }, headers as Record<string, string>)).status).toBe(204);
	});

	test('on: 412 0x80040333, on create and update, without regard to case', async () => {
		const { post, patch, crm } = populated();
		expect(await post('contacts', { lastname: 'C', emailaddress1: 'A@X.example' }, detect)).toMatchObject({
			status: 412,
			code: '0x80040333',
		});
		expect(await patch(`contacts(${id(2)})`, { emailaddress1: 'a@x.example' }, detect)).toMatchObject({ status: 412, code: '0x80040333' });
		expect((await patch(`contacts(${id(1)})`, { emailaddress1: 'a@x.example' }, detect)).status).toBe(204);
		expect(crm.rows('contact')).toHaveLength(2);
	});

	test('blank values and inactive rows are no duplicates', async () => {
		const { post, crm } = populated();
		expect((await post('contacts', { lastname: 'C' }, detect)).status).toBe(204);
		expect((await post('contacts', { lastname: 'D' }, detect)).status).toBe(204);
		crm.update('contact', id(1), { statecode: 1 });
		expect((await post('contacts', { lastname: 'E', emailaddress1: 'a@x.example' }, detect)).status).toBe(204);
	});

	test('in bulk messages', async () => {
		const { post, crm } = populated();
		const targets = [{ lastname: 'N' }, { lastname: 'C', emailaddress1: 'a@x.example' }].map((each) => ({
			'@odata.type': 'Microsoft.Dynamics.CRM.contact',
			...each,
		}));
		expect(await post('contacts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: targets }, detect)).toMatchObject({ status: 412 });
		expect(crm.rows('contact')).toHaveLength(2);
	});

	test("a rule of one's own counts once published", async () => {
		const { post } = populated();
		const rule = await post('duplicaterules', { name: 'City and first letters', baseentityname: 'account', matchingentityname: 'account' });
		expect((await post(`duplicaterules(${rule.id})/Microsoft.Dynamics.CRM.PublishDuplicateRule`, {})).status).toBe(400);
		const bound = { 'regardingobjectid@odata.bind': `/duplicaterules(${rule.id})` };
		await post('duplicateruleconditions', {
			baseattributename: 'address1_city',
			matchingattributename: 'address1_city',
			operatorcode: 0,
			...bound,
		});
		await post('duplicateruleconditions', {
			baseattributename: 'name',
			matchingattributename: 'name',
			operatorcode: 1,
			operatorparam: 3,
			...bound,
		});
		await post('accounts', { name: 'Contoso', address1_city: 'Rome' });
		const same = { name: 'Contour', address1_city: 'ROME' };
		expect((await post('accounts', same, detect)).status).toBe(204);
		expect((await post(`duplicaterules(${rule.id})/Microsoft.Dynamics.CRM.PublishDuplicateRule`, {})).json.JobId).toEqual(
			expect.any(String),
		);
		expect((await post('accounts', same, detect)).status).toBe(412);
		await post('UnpublishDuplicateRule', { DuplicateRuleId: rule.id });
		expect((await post('accounts', { name: 'Continent', address1_city: 'Rome' }, detect)).status).toBe(204);
	});
});
