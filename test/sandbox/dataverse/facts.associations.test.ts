import { changeSet, environment, part } from './client';

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api, /webapi/query/join-tables */
function populated() {
	const world = environment();
	const [account, other] = world.crm.seed('account', [{ name: 'A' }, { name: 'B' }]) as [string, string];
	const [first, second] = world.crm.seed('lead', [{ subject: 'First', lastname: 'X' }, { subject: 'Second', lastname: 'Y' }]) as [string, string]; // prettier-ignore
	const link = (id: string, lead: string) => world.post(`accounts(${id})/accountleads_association/$ref`, { '@odata.id': `http://crm.sandbox/api/data/v9.2/leads(${lead})` }); // prettier-ignore
	return { ...world, account, other, first, second, link };
}
const subjects = (value: Array<Record<string, unknown>>) => value.map(({ subject }) => subject).sort();

describe('many-to-many relationships', () => {
	test('rows are associated and read from both ends', async () => {
		const { get, link, account, first, second } = populated();
		expect((await link(account, first)).status).toBe(204);
		await link(account, second);
		expect(subjects((await get(`accounts(${account})/accountleads_association?$select=subject`)).json.value)).toEqual(['First', 'Second']);
		const { json } = await get(`leads(${first})/accountleads_association?$select=name`);
		expect(json.value).toMatchObject([{ name: 'A' }]);
		expect((await get(`accounts(${account})/accountleads_association/$count`)).body).toBe('2');
		const filtered = await get(`accounts(${account})/accountleads_association?$select=subject&$filter=subject eq 'Second'`);
		expect(subjects(filtered.json.value)).toEqual(['Second']);
		const references = await get(`accounts(${account})/accountleads_association/$ref`);
		expect(references.json.value.map((row) => row['@odata.id'])).toEqual(expect.arrayContaining([expect.stringMatching(/leads\(.*\)$/)]));
	});

	test('associating changes neither row', async () => {
		const { crm, link, account, first } = populated();
		const before = [crm.get('account', account), crm.get('lead', first)];
		await link(account, first);
		expect([crm.get('account', account), crm.get('lead', first)]).toEqual(before);
	});

	test('a pair exists once: 412; of nobody: 404; of the wrong table: 400', async () => {
		const { post, link, account, first, other } = populated();
		await link(account, first);
		expect(await link(account, first)).toMatchObject({ status: 412, code: '0x80040237' });
		expect((await link(account, '11111111-1111-1111-1111-111111111111')).status).toBe(404);
		const wrong = await post(`accounts(${account})/accountleads_association/$ref`, { '@odata.id': `accounts(${other})` });
		expect(wrong.status).toBe(400);
	});

	test.each(['by key', 'by $id'])('is taken away %s', async (how) => {
		const { get, del, link, account, first } = populated();
		await link(account, first);
		const path = `accounts(${account})/accountleads_association`;
		const remove = () => del(how === 'by key' ? `${path}(${first})/$ref` : `${path}/$ref?$id=http://crm.sandbox/api/data/v9.2/leads(${first})`); // prettier-ignore
		expect((await remove()).status).toBe(204);
		expect((await get(path)).json.value).toEqual([]);
		expect((await remove()).status).toBe(404);
		expect((await get(`leads(${first})`)).status).toBe(200);
	});

	test('$expand, with options; not nested', async () => {
		const { get, link, account, other, first, second } = populated();
		await link(account, first);
		await link(account, second);
		const { json } = await get("accounts?$select=name&$orderby=name&$expand=accountleads_association($select=subject;$filter=subject ne 'First')"); // prettier-ignore
		expect(json.value.map((row) => [row.name, subjects(row.accountleads_association as [])])).toEqual([['A', ['Second']], ['B', []]]); // prettier-ignore
		const one = await get(`accounts(${other})?$select=name&$expand=accountleads_association($select=subject)`);
		expect((one.json as Record<string, unknown>).accountleads_association).toEqual([]);
		const nested = await get(
			'accounts?$select=name&$expand=accountleads_association($select=subject;$expand=owninguser($select=fullname))',
		);
		expect(nested).toMatchObject({ status: 400, code: '0x80060888' });
	});

	test.each([
		["accountleads_association/any(l:l/subject eq 'First')", ['A']],
		["accountleads_association/any(l:l/subject eq 'Third')", []],
		['accountleads_association/any()', ['A']],
		["not accountleads_association/any(l:l/subject eq 'First')", ['B']],
	])('lambda: %s', async (filter, names) => {
		const { get, link, account, first } = populated();
		await link(account, first);
		const { json } = await get(`accounts?$select=name&$filter=${encodeURIComponent(filter)}`);
		expect(json.value.map(({ name }) => name)).toEqual(names);
	});

	test('with creation: bound, deep, and posted to the collection', async () => {
		const { get, post, account, first } = populated();
		const bound = await post('accounts', { name: 'C', 'accountleads_association@odata.bind': [`leads(${first})`], contact_customer_accounts: [] }); // prettier-ignore
		expect(subjects((await get(`accounts(${bound.id})/accountleads_association`)).json.value)).toEqual(['First']);
		const deep = await post('accounts', { name: 'D', accountleads_association: [{ subject: 'New', lastname: 'N' }] });
		expect(subjects((await get(`accounts(${deep.id})/accountleads_association`)).json.value)).toEqual(['New']);
		await post(`accounts(${account})/accountleads_association`, { subject: 'Posted', lastname: 'P' });
		expect(subjects((await get(`accounts(${account})/accountleads_association`)).json.value)).toEqual(['Posted']);
	});

	test('a deleted row leaves no pairs; a change set that fails neither', async () => {
		const { crm, del, batch, link, account, other, first } = populated();
		await link(account, first);
		await del(`leads(${first})`);
		expect(crm.rows('accountleads')).toEqual([]);
		const { second } = { second: crm.find('lead', ({ subject }) => subject === 'Second')!.leadid as string };
		const reference = part('POST', `accounts(${other})/accountleads_association/$ref`, { '@odata.id': `leads(${second})` }, {}, '1');
		await batch([changeSet(reference, part('PATCH', `accounts(${account})`, { nonsense: 1 }, {}, '2'))]);
		expect(crm.rows('accountleads')).toEqual([]);
	});

	test('the intersect table can be read, also by FetchXML, and not written', async () => {
		const { get, post, del, link, account, first } = populated();
		await link(account, first);
		const { json } = await get('accountleadscollection');
		expect(json.value).toMatchObject([{ accountid: account, leadid: first }]);
		const fetch = `<fetch><entity name="lead"><attribute name="subject"/><link-entity name="accountleads" from="leadid" to="leadid" intersect="true"><link-entity name="account" from="accountid" to="accountid" alias="a"><attribute name="name"/></link-entity></link-entity></entity></fetch>`;
		expect((await get(`leads?fetchXml=${encodeURIComponent(fetch)}`)).json.value).toMatchObject([{ subject: 'First', 'a.name': 'A' }]);
		expect(await post('accountleadscollection', { accountid: account })).toMatchObject({ status: 400, code: '0x80040800' });
		expect((await del(`accountleadscollection(${String(json.value[0]!.accountleadid)})`)).code).toBe('0x80040800');
	});

	test('stands in the metadata', async () => {
		const { get } = environment();
		const { json } = await get("EntityDefinitions(LogicalName='account')/ManyToManyRelationships?$select=SchemaName,IntersectEntityName,Entity1IntersectAttribute"); // prettier-ignore
		expect(json.value).toContainEqual(expect.objectContaining({ SchemaName: 'accountleads_association', IntersectEntityName: 'accountleads', Entity1IntersectAttribute: 'accountid' })); // prettier-ignore
		const all = await get(
			"RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$filter=Entity2LogicalName eq 'lead'",
		);
		expect(all.json.value.map((row) => row.SchemaName).sort()).toEqual(['accountleads_association', 'contactleads_association']);
		const table = await get("EntityDefinitions(LogicalName='accountleads')?$select=IsIntersect");
		expect(table.json).toMatchObject({ IsIntersect: true });
		expect((await get('$metadata')).body).toContain('<NavigationProperty Name="accountleads_association" Type="Collection(mscrm.lead)" Partner="accountleads_association" />'); // prettier-ignore
	});

	test('needs Append and AppendTo on both tables', async () => {
		const { crm, as, link, account, first } = populated();
		const user = crm.addUser({ fullname: 'U' });
		crm.revokePrivilege(user, 'prvAppendToLead');
		as(user);
		expect(await link(account, first)).toMatchObject({ status: 403, message: expect.stringContaining('prvAppendToLead') });
	});
});
