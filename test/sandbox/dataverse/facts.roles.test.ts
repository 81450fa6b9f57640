import { environment } from './client';

/** https://learn.microsoft.com/power-platform/admin/security-roles-privileges: privileges by depth; business units as a tree */
function populated() {
	const world = environment();
	const { crm } = world;
	const root = crm.businessUnitId;
	const [north, south] = crm.seed('businessunit', [{ name: 'North', parentbusinessunitid: root }, { name: 'South', parentbusinessunitid: root }]) as [string, string]; // prettier-ignore
	const [fjord] = crm.seed('businessunit', [{ name: 'Fjord', parentbusinessunitid: north }]) as [string];
	const user = (fullname: string, businessunitid: string) => crm.addUser({ fullname, businessunitid });
	const me = user('Me', north);
	const owners = { me, colleague: user('Colleague', north), below: user('Below', fjord), elsewhere: user('Elsewhere', south) };
	const ids = Object.fromEntries(Object.entries(owners).map(([name, ownerid]) => [name, crm.insert('account', { name, ownerid })])) as Record<keyof typeof owners, string>; // prettier-ignore
	return { ...world, north, me, owners, ids };
}
const all = ['below', 'colleague', 'elsewhere', 'me'];
const reach = { basic: ['me'], local: ['colleague', 'me'], deep: ['below', 'colleague', 'me'], global: all } as const;
const depths = Object.entries(reach) as Array<[keyof typeof reach, readonly string[]]>;

describe('privileges by depth', () => {
	test.each(depths)('reading at %s sees %j', async (depth, names) => {
		const { crm, get, as, me, ids } = populated();
		crm.defineRole('Reader', { prvReadAccount: depth, prvReadContact: 'global' });
		crm.assignRoles(me, 'Reader');
		as(me);
		const seen = async (path: string) => (await get(path)).json.value.map(({ name }) => name).sort();
		expect(await seen('accounts?$select=name')).toEqual(names);
		expect(await seen('accounts?$select=name&$filter=statecode eq 0&$orderby=modifiedon')).toEqual(names);
		expect((await get('accounts/$count')).body).toBe(String(names.length));
		expect((await get('accounts?$apply=aggregate($count as n)')).json.value).toEqual([{ n: names.length }]);
		const fetch = encodeURIComponent('<fetch><entity name="account"><attribute name="name"/></entity></fetch>');
		expect(await seen(`accounts?fetchXml=${fetch}`)).toEqual(names);
		for (const name of all) {
			const answer = await get(`accounts(${ids[name as keyof typeof ids]})?$select=name`);
			expect([name, answer.status, answer.code]).toEqual(names.includes(name) ? [name, 200, ''] : [name, 403, '0x80048306']);
		}
	});

	test.each(depths)('writing and deleting at %s', async (depth, names) => {
		const { crm, patch, del, as, me, ids } = populated();
		crm.defineRole('Writer', { prvReadAccount: 'global', prvWriteAccount: depth, prvDeleteAccount: depth });
		crm.assignRoles(me, 'Writer');
		as(me);
		for (const name of all) {
			const expected = names.includes(name) ? 204 : 403;
			expect([name, (await patch(`accounts(${ids[name as keyof typeof ids]})`, { telephone1: '1' })).status]).toEqual([name, expected]);
			expect([name, (await del(`accounts(${ids[name as keyof typeof ids]})`)).status]).toEqual([name, expected]);
		}
		expect(crm.rows('account')).toHaveLength(4 - names.length);
	});

	test('expanded and joined rows beyond the reach are not there', async () => {
		const { crm, get, as, me, ids } = populated();
		crm.insert('contact', { lastname: 'C', ownerid: me, parentcustomerid: { table: 'account', id: ids.elsewhere } });
		crm.defineRole('Reader', { prvReadAccount: 'basic', prvReadContact: 'basic' });
		crm.assignRoles(me, 'Reader');
		as(me);
		const { json } = await get('contacts?$select=lastname&$expand=parentcustomerid_account($select=name)');
		expect(json.value).toMatchObject([{ lastname: 'C', parentcustomerid_account: null }]);
		const fetch = '<fetch><entity name="contact"><attribute name="lastname"/><link-entity name="account" from="accountid" to="parentcustomerid"/></entity></fetch>'; // prettier-ignore
		expect((await get(`contacts?fetchXml=${encodeURIComponent(fetch)}`)).json.value).toEqual([]);
	});

	test('change tracking needs the whole organization', async () => {
		const { crm, get, as, me } = populated();
		crm.defineRole('Reader', { prvReadAccount: 'deep' });
		crm.assignRoles(me, 'Reader');
		as(me);
		expect((await get('accounts?$select=name', { prefer: 'odata.track-changes' })).status).toBe(403);
	});

	test('a team gives its roles to its members, and basic covers what the team owns', async () => {
		const { crm, get, as, me, north } = populated();
		const [team] = crm.seed('team', [{ name: 'T', businessunitid: north, teamtype: 0 }]) as [string];
		crm.insert('account', { name: 'of the team', ownerid: { table: 'team', id: team } });
		crm.defineRole('Reader', { prvReadAccount: 'basic' });
		crm.assignRoles(me);
		as(me);
		expect((await get('accounts')).status).toBe(403);
		crm.assignRoles(team, 'Reader');
		crm.joinTeam(me, team);
		expect((await get('accounts?$select=name&$orderby=name')).json.value.map(({ name }) => name)).toEqual(['me', 'of the team']);
	});

	test('the more generous of two roles counts', async () => {
		const { crm, get, as, me } = populated();
		crm.defineRole('Own', { prvReadAccount: 'basic' });
		crm.defineRole('All', { prvReadAccount: 'global' });
		crm.assignRoles(me, 'Own', 'All');
		as(me);
		expect((await get('accounts')).json.value).toHaveLength(4);
	});

	test('impersonation sees what both may see', async () => {
		const { crm, get, as, me } = populated();
		const application = crm.addUser({ fullname: 'App', applicationid: '22222222-2222-4222-8222-222222222222' });
		crm.defineRole('Own', { prvReadAccount: 'basic' });
		crm.assignRoles(me, 'Own');
		as(application);
		const { json } = await get('accounts?$select=name', { mscrmcallerid: me });
		expect(json.value.map(({ name }) => name)).toEqual(['me']);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/role, /privilege, /roleprivileges, /systemuserroles */
describe('roles and privileges as rows', () => {
	test('a client finds the roles of a user and what is in them', async () => {
		const { crm, get, me } = populated();
		const roleid = crm.defineRole('Reader', { prvReadAccount: 'local' });
		crm.assignRoles(me, 'Reader');
		expect((await get(`systemusers(${me})/systemuserroles_association?$select=name`)).json.value).toMatchObject([
			{ name: 'Reader', roleid },
		]);
		const privileges = await get(`roles(${roleid})/roleprivileges_association?$select=name,accessright`);
		expect(privileges.json.value).toMatchObject([{ name: 'prvReadAccount', accessright: 1 }]);
		const pairs = await get(`roleprivilegescollection?$filter=roleid eq ${roleid}&$select=privilegedepthmask`);
		expect(pairs.json.value).toMatchObject([{ privilegedepthmask: 2 }]);
		const fetch = `<fetch><entity name="role"><attribute name="name"/><link-entity name="systemuserroles" from="roleid" to="roleid" intersect="true"><filter><condition attribute="systemuserid" operator="eq" value="${me}"/></filter></link-entity></entity></fetch>`;
		expect((await get(`roles?fetchXml=${encodeURIComponent(fetch)}`)).json.value).toMatchObject([{ name: 'Reader' }]);
	});

	test('the administrator has the role System Administrator, by its template', async () => {
		const { crm, get } = environment();
		const { json } = await get(`systemusers(${crm.administrator})/systemuserroles_association?$select=name,roletemplateid`);
		expect(json.value).toMatchObject([{ name: 'System Administrator', roletemplateid: '627090ff-40a3-4053-8790-584edc5be201' }]);
		expect((await get("privileges?$filter=name eq 'prvReadAccount'&$select=name")).json.value).toHaveLength(1);
	});

	test('roles change hands through the Web API', async () => {
		const { crm, get, post, del, as, me } = populated();
		const own = crm.defineRole('Own', { prvReadAccount: 'basic' });
		const before = (await get(`systemusers(${me})/systemuserroles_association?$select=roleid`)).json.value[0]!.roleid as string;
		await post(`systemusers(${me})/systemuserroles_association/$ref`, { '@odata.id': `roles(${own})` });
		await del(`systemusers(${me})/systemuserroles_association(${before})/$ref`);
		as(me);
		expect((await get('accounts?$select=name')).json.value.map(({ name }) => name)).toEqual(['me']);
		as(crm.administrator);
		await del(`roles(${own})/systemuserroles_association(${me})/$ref`);
		as(me);
		expect((await get('accounts')).status).toBe(403);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveuserprivileges and its kin, /retrieveprincipalaccess */
describe('functions that tell rights', () => {
	const named = (json: Record<string, unknown>) => (json.RolePrivileges as Array<Record<string, unknown>>).map(({ PrivilegeName, Depth }) => `${String(PrivilegeName)} ${String(Depth)}`); // prettier-ignore

	test('RetrieveUserPrivileges', async () => {
		const { crm, get, me, north } = populated();
		crm.defineRole('Reader', { prvReadAccount: 'local', prvWriteAccount: 'basic' });
		crm.assignRoles(me, 'Reader');
		const { json } = await get(`systemusers(${me})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`);
		expect(named(json).sort()).toEqual(['prvReadAccount Local', 'prvWriteAccount Basic']);
		expect(json.RolePrivileges).toContainEqual(expect.objectContaining({ BusinessUnitId: north }));
		const plain = await get(`systemusers(${me})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges`);
		expect(plain.json).toEqual(json);
	});

	test.each<[string, string[]]>([
		["RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadAccount')", ['prvReadAccount Local']],
		["RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvWriteAccount')", []],
		["RetrieveUserPrivilegeByPrivilegeName(PrivilegeName=@p)?@p='prvReadAccount'", ['prvReadAccount Local']],
		["RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=['prvReadAccount','prvWriteAccount']", ['prvReadAccount Local']],
	])('%s', async (path, expected) => {
		const { crm, get, me } = populated();
		crm.defineRole('Reader', { prvReadAccount: 'local' });
		crm.assignRoles(me, 'Reader');
		const { json } = await get(`systemusers(${me})/Microsoft.Dynamics.CRM.${path}`);
		expect(named(json)).toEqual(expected);
	});

	test('a privilege that was taken away by name is missing there', async () => {
		const { crm, get, me } = populated();
		const ask = async () => named((await get(`systemusers(${me})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadAccount')`)).json); // prettier-ignore
		expect(await ask()).toEqual(['prvReadAccount Global']);
		crm.revokePrivilege(me, 'prvReadAccount');
		expect(await ask()).toEqual([]);
	});

	test('RetrievePrincipalAccess', async () => {
		const { crm, get, me, ids } = populated();
		crm.defineRole('R', { prvReadAccount: 'global', prvWriteAccount: 'basic' });
		crm.assignRoles(me, 'R');
		const access = async (id: string) => (await get(`systemusers(${me})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'accounts(${id})'}`)).json.AccessRights; // prettier-ignore
		expect([await access(ids.me), await access(ids.elsewhere)]).toEqual(['ReadAccess, WriteAccess', 'ReadAccess']);
		crm.assignRoles(me);
		expect(await access(ids.me)).toBe('None');
	});

	test('an unknown function or parameter is 404', async () => {
		const { get, me } = populated();
		expect((await get(`systemusers(${me})/Microsoft.Dynamics.CRM.RetrieveNothing()`)).status).toBe(404);
		expect((await get(`systemusers(${me})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges(X=1)`)).status).toBe(404);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/column-level-security, /reference/entities/fieldsecurityprofile, /fieldpermission */
describe('column security profiles as rows', () => {
	async function secured() {
		const world = populated();
		const { crm, post, me } = world;
		crm.secureColumn('account', 'creditlimit');
		const id = crm.insert('account', { name: 'S', creditlimit: 5 });
		const profile = (await post('fieldsecurityprofiles', { name: 'Finance' })).id;
		const permission = (rights: Record<string, number>) => post('fieldpermissions', { 'fieldsecurityprofileid@odata.bind': `fieldsecurityprofiles(${profile})`, entityname: 'account', attributelogicalname: 'creditlimit', ...rights }); // prettier-ignore
		const limit = async () => (await world.get(`accounts(${id})?$select=creditlimit`)).json.creditlimit;
		return { ...world, id, profile, permission, limit, me };
	}

	test('a profile gives its users what its permissions say', async () => {
		const { crm, post, patch, as, me, id, profile, permission, limit } = await secured();
		await permission({ canread: 4, canupdate: 0, cancreate: 0 });
		as(me);
		expect(await limit()).toBeNull();
		as(crm.administrator);
		expect(
			(await post(`fieldsecurityprofiles(${profile})/systemuserprofiles_association/$ref`, { '@odata.id': `systemusers(${me})` })).status,
		).toBe(204);
		as(me);
		expect(await limit()).toBe(5);
		expect(await patch(`accounts(${id})`, { creditlimit: 6 })).toMatchObject({ status: 403, code: '0x8004f507' });
		as(crm.administrator);
		await permission({ canread: 0, canupdate: 4 });
		as(me);
		expect((await patch(`accounts(${id})`, { creditlimit: 6 })).status).toBe(204);
	});

	test('through a team; and no more once the row is gone', async () => {
		const { crm, post, del, as, me, north, profile, permission, limit } = await secured();
		const granted = await permission({ canread: 4 });
		const [team] = crm.seed('team', [{ name: 'T', businessunitid: north, teamtype: 0 }]) as [string];
		crm.joinTeam(me, team);
		await post(`teams(${team})/teamprofiles_association/$ref`, { '@odata.id': `fieldsecurityprofiles(${profile})` });
		as(me);
		expect(await limit()).toBe(5);
		as(crm.administrator);
		expect((await del(`fieldpermissions(${granted.id})`)).status).toBe(204);
		as(me);
		expect(await limit()).toBeNull();
	});

	test('what a test grants stands in the rows', async () => {
		const { crm, get, me } = await secured();
		crm.grantColumn(me, 'account', 'creditlimit', { read: true });
		const { json } = await get(`systemusers(${me})?$select=fullname&$expand=systemuserprofiles_association($select=name)`);
		const [profile] = (json as Record<string, unknown>).systemuserprofiles_association as Array<Record<string, unknown>>;
		const permissions = await get(`fieldpermissions?$filter=_fieldsecurityprofileid_value eq ${String(profile!.fieldsecurityprofileid)}`);
		expect(permissions.json.value).toMatchObject([
			{ entityname: 'account', attributelogicalname: 'creditlimit', canread: 4, canupdate: 0 },
		]);
	});
});
