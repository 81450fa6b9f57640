import { signatures } from '../../../sandbox/dataverse/actionSignatures';
import { environment } from './client';

/**
 * What is not modelled is refused, never ignored. Sources: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview ("OData
 * query options"), /webapi/compose-http-requests-handle-errors, /webapi/query-metadata-web-api, /webapi/use-web-api-actions.
 */
const account = 'aaaaaaaa-0000-4000-8000-000000000001';
const contact = 'aaaaaaaa-0000-4000-8000-000000000002';

function populated() {
	const world = environment();
	world.crm.insert('account', { accountid: account, name: 'A' });
	world.crm.insert('contact', { contactid: contact, lastname: 'C', parentcustomerid: { table: 'account', id: account } });
	world.crm.update('account', account, { primarycontactid: contact });
	return world;
}

/** Every kind of route a GET can take. */
const reads: string[] = [
	'',
	'$metadata',
	'WhoAmI',
	'RetrieveVersion()',
	"RetrieveTotalRecordCount(EntityNames=['account'])",
	"RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')",
	'accounts',
	'accounts/$count',
	`accounts(${account})`,
	`accounts(${account})/name`,
	`accounts(${account})/name/$value`,
	`accounts(${account})/primarycontactid`,
	`accounts(${account})/primarycontactid/fullname`,
	`accounts(${account})/primarycontactid/$ref`,
	`accounts(${account})/contact_customer_accounts`,
	`accounts(${account})/contact_customer_accounts/$count`,
	`accounts(${account})/contact_customer_accounts/$ref`,
	`accounts(${account})/contact_customer_accounts(${contact})`,
	'EntityDefinitions',
	"EntityDefinitions(LogicalName='account')",
	"EntityDefinitions(LogicalName='account')/SchemaName",
	"EntityDefinitions(LogicalName='account')/Keys",
	"EntityDefinitions(LogicalName='account')/ManyToOneRelationships",
	"EntityDefinitions(LogicalName='account')/OneToManyRelationships",
	"EntityDefinitions(LogicalName='account')/ManyToManyRelationships",
	"EntityDefinitions(LogicalName='account')/Attributes",
	"EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata",
	"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')",
	"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')/MaxLength",
	"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet",
	'RelationshipDefinitions',
	"RelationshipDefinitions(SchemaName='contact_customer_accounts')",
	'RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
	'GlobalOptionSetDefinitions',
];

const unknown = [
	'$unknown=1',
	'unknown=1',
	'$Filter=true',
	'filter=true',
	'$search=a',
	'$format=json',
	'$compute=a',
	'$index=0',
	'$skip=1',
];

describe('every route refuses query options it does not know', () => {
	test.each(reads)('GET %s is answered without options', async (route) => {
		const { get } = populated();
		expect((await get(route)).status).toBe(200);
	});

	test.each(reads.flatMap((route) => unknown.map((option) => [route, option])))('GET %s?%s', async (route, option) => {
		const { get } = populated();
		const answer = await get(`${route}?${option}`);
		expect(answer.status).toBe(400);
		expect(answer.message).not.toBe('');
	});

	test.each(environment().crm.tables())('GET %s?unknown=1, a table of the model', async (set) => {
		const { get } = environment();
		expect((await get(`${set}?unknown=1`)).status).toBe(400);
		expect((await get(`${set}?$top=1`)).status).toBe(200);
	});

	const writes: Array<[method: string, route: string, body: unknown]> = [
		['POST', 'accounts', { name: 'B' }],
		['PATCH', `accounts(${account})`, { name: 'B' }],
		['DELETE', `accounts(${account})`, undefined],
		['PUT', `accounts(${account})/name`, { value: 'B' }],
		['DELETE', `accounts(${account})/name`, undefined],
		['PUT', `accounts(${account})/primarycontactid/$ref`, { '@odata.id': `contacts(${contact})` }],
		['DELETE', `accounts(${account})/primarycontactid/$ref`, undefined],
		['POST', `accounts(${account})/contact_customer_accounts`, { lastname: 'D' }],
		['POST', `accounts(${account})/contact_customer_accounts/$ref`, { '@odata.id': `contacts(${contact})` }],
		[
			'POST',
			'accounts/Microsoft.Dynamics.CRM.CreateMultiple',
			{ Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'B' }] },
		],
		['POST', 'PublishAllXml', {}],
	];

	test.each(
		writes.flatMap(([method, route, body]) =>
			['$unknown=1', 'unknown=1', '$filter=true', '$top=1'].map((option) => [method, route, option, body] as const),
		),
	)('%s %s?%s changes nothing', async (method, route, option, body) => {
		const { send, crm } = populated();
		const before = JSON.stringify([crm.rows('account'), crm.rows('contact')]);
		expect((await send(method, `${route}?${option}`, body)).status).toBe(400);
		expect(JSON.stringify([crm.rows('account'), crm.rows('contact')])).toBe(before);
	});

	test('a batch with options', async () => {
		const { post } = populated();
		expect((await post('$batch?$top=1', '--b--', { 'content-type': 'multipart/mixed;boundary=b' })).status).toBe(400);
	});

	test('an option twice', async () => {
		const { get } = populated();
		expect(await get('accounts?$select=name&$select=accountid')).toMatchObject({
			status: 400,
			message: expect.stringContaining('more than once'),
		});
	});

	test.each(['$filter=true', '$orderby=name', '$top=1', '$count=true', '$skip=1'])('%s on one row', async (option) => {
		const { get } = populated();
		expect(await get(`accounts(${account})?${option}`)).toMatchObject({
			status: 400,
			message: expect.stringContaining('not a collection'),
		});
	});

	test.each(['$top=1', '$orderby=LogicalName', '$count=true', '$skip=1', '$apply=aggregate($count as n)'])(
		'%s on metadata',
		async (option) => {
			const { get } = populated();
			expect((await get(`EntityDefinitions?${option}`)).status).toBe(400);
		},
	);

	test.each(['$count=true', '$search=a', '$skip=1', '$levels=2', '$apply=a', 'unknown=1'])('%s inside $expand', async (option) => {
		const { get } = populated();
		expect((await get(`accounts?$expand=contact_customer_accounts(${option})`)).status).toBe(400);
	});

	test('a lookup is expanded with $select and $expand only', async () => {
		const { get } = populated();
		expect((await get("accounts?$expand=primarycontactid($filter=lastname eq 'C')")).status).toBe(400);
		expect((await get('accounts?$expand=primarycontactid($select=lastname)')).status).toBe(200);
	});

	test('$apply stands alone', async () => {
		const { get } = populated();
		expect((await get("accounts?$apply=aggregate($count as n)&$filter=name eq 'A'")).status).toBe(400);
		expect((await get('accounts?$apply=aggregate($count as n)&$orderby=name')).status).toBe(400);
	});

	test('partitionId is for elastic tables', async () => {
		const { get } = populated();
		expect(await get('accounts?partitionId=a')).toMatchObject({ status: 400, message: expect.stringContaining('elastic') });
	});

	test('`tag` is for plug-ins and let through everywhere', async () => {
		const { post, patch, del } = populated();
		expect((await post('accounts?tag=sync', { name: 'B' })).status).toBe(204);
		expect((await patch(`accounts(${account})?tag=sync`, { name: 'B' })).status).toBe(204);
		expect((await del(`accounts(${account})?tag=sync`)).status).toBe(204);
	});
});

describe('paths that lead nowhere are 404', () => {
	test.each([
		'$metadata/accounts',
		'WhoAmI/UserId',
		'accounts/name',
		'accounts/$count/x',
		`accounts(${account})/name/x`,
		`accounts(${account})/name/$value/x`,
		`accounts(${account})/primarycontactid/$ref/x`,
		`accounts(${account})/contact_customer_accounts/x`,
		`accounts(${account})/contact_customer_accounts/$count/x`,
		"EntityDefinitions(LogicalName='account')/Nothing",
		"EntityDefinitions(LogicalName='account')/Keys/x",
		"EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.NoAttributeMetadata",
		// Choices derive from it, and yet it cannot be cast to.
		"EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.EnumAttributeMetadata",
		"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')/Nothing",
		'RelationshipDefinitions/Microsoft.Dynamics.CRM.Nothing',
		"RelationshipDefinitions(SchemaName='nothing')",
		'GlobalOptionSetDefinitions/Microsoft.Dynamics.CRM.Nothing',
		'sdkmessagefilters/x',
		'NoFunction()',
		'Accounts',
	])('GET %s', async (route) => {
		const { get } = populated();
		expect((await get(route)).status).toBe(404);
	});

	test.each([
		['PUT', 'accounts'],
		['PATCH', 'accounts'],
		['DELETE', 'accounts'],
		['POST', `accounts(${account})`],
		['POST', '$metadata'],
		['POST', ''],
		['DELETE', 'RetrieveVersion'],
		['GET', 'PublishAllXml'],
		['PATCH', 'WinOpportunity'],
	])('%s %s is 405', async (method, route) => {
		const { send } = populated();
		expect((await send(method, route)).status).toBe(405);
	});
});

describe('headers and preferences', () => {
	const refused: Array<[string, Record<string, string>]> = [
		['an unknown header of the service', { 'mscrm.unknown': 'true' }],
		['duplicate detection that is neither on nor off', { 'mscrm.suppressduplicatedetection': 'maybe' }],
		['a kind of logic that does not exist', { 'mscrm.bypassbusinesslogicexecution': 'Everything' }],
		['another consistency', { consistency: 'Weak' }],
		['an unknown preference', { prefer: 'odata.unknown' }],
		['a preference without its prefix', { prefer: 'maxpagesize=3' }],
		['an unknown preference beside a known one', { prefer: 'return=representation,handling=lenient' }],
		['return with another value', { prefer: 'return=everything' }],
		['a page size of zero', { prefer: 'odata.maxpagesize=0' }],
		['a page size that is no number', { prefer: 'odata.maxpagesize=many' }],
	];

	test.each(refused)('%s is refused on reads and writes', async (_name, headers) => {
		const { get, post, crm } = populated();
		expect((await get('accounts', headers)).status).toBe(400);
		expect((await post('accounts', { name: 'B' }, headers)).status).toBe(400);
		expect(crm.rows('account')).toHaveLength(1);
	});

	test.each(refused)('%s is refused inside a batch', async (_name, headers) => {
		const { batch } = populated();
		const { parts } = await batch([{ kind: 'request', request: { method: 'GET', url: 'accounts', headers, body: '', contentId: null } }]);
		expect(parts[0]!.status).toBe(400);
	});

	test('If-None-Match with a version on an update', async () => {
		const { patch, crm } = populated();
		expect((await patch(`accounts(${account})`, { name: 'B' }, { 'if-none-match': 'W/"1"' })).status).toBe(400);
		expect(crm.get('account', account).name).toBe('A');
	});

	test('respond-async is only for custom APIs', async () => {
		const { post } = populated();
		expect((await post('accounts', { name: 'B' }, { prefer: 'respond-async' })).status).toBe(501);
	});

	test.each<Record<string, string>>([
		{ 'mscrm.suppressduplicatedetection': 'true' },
		{ 'mscrm.bypasscustompluginexecution': 'true' },
		{ 'mscrm.suppresscallbackregistrationexpanderjob': 'true' },
		{ consistency: 'Strong' },
		{ 'if-none-match': 'null' },
		{ prefer: 'return=minimal' },
	])('%j is known', async (headers) => {
		const { post } = populated();
		expect((await post('accounts', { name: 'B' }, headers)).status).toBe(204);
	});

	test('page sizes are told applied by collections only', async () => {
		const { get } = populated();
		const headers = { prefer: 'odata.maxpagesize=10,odata.track-changes' };
		expect((await get(`accounts(${account})`, headers)).headers['preference-applied']).toBeUndefined();
		expect((await get('accounts', headers)).headers['preference-applied']).toBe('odata.maxpagesize=10,odata.track-changes');
	});
});

describe('bodies', () => {
	test.each(
		Object.entries(signatures)
			.filter(([, { boundTo }]) => !boundTo)
			.map(([name]) => name),
	)('the action %s refuses a parameter it does not have', async (name) => {
		const { post } = populated();
		expect(await post(name, { Unknown: 1 })).toMatchObject({ status: 400, message: expect.stringContaining("'Unknown'") });
	});

	test.each(['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'])('%s refuses a parameter it does not have', async (name) => {
		const { post } = populated();
		const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: account, name: 'B' };
		expect((await post(`accounts/Microsoft.Dynamics.CRM.${name}`, { Targets: [target], ConcurrencyBehavior: 1 })).status).toBe(400);
	});

	test('PUT of one column takes its value and nothing else', async () => {
		const { put } = populated();
		expect((await put(`accounts(${account})/name`, { value: 'B', other: 1 })).status).toBe(400);
	});

	test('a column of ColumnSet that does not exist', async () => {
		const { post, crm } = populated();
		const opportunity = crm.insert('opportunity', { name: 'O', customerid: { table: 'account', id: account } });
		const parameters = { OpportunityId: opportunity, ColumnSet: { AllColumns: false, Columns: ['nothing'] } };
		expect((await post('GenerateSalesOrderFromOpportunity', parameters)).status).toBe(400);
		expect(crm.rows('salesorder')).toHaveLength(0);
	});

	test('rows bound to a collection on create point to the new row', async () => {
		const { post, crm } = populated();
		const { id } = await post('accounts', { name: 'B', 'contact_customer_accounts@odata.bind': [`contacts(${contact})`] });
		expect(crm.get('contact', contact).parentcustomerid).toBe(id);
	});

	test('a collection cannot be bound on update', async () => {
		const { patch } = populated();
		expect((await patch(`accounts(${account})`, { 'contact_customer_accounts@odata.bind': [`contacts(${contact})`] })).status).toBe(400);
	});

	test('a reference with a stale If-Match changes nothing', async () => {
		const { send, crm } = populated();
		expect((await send('DELETE', `accounts(${account})/primarycontactid/$ref`, undefined, { 'if-match': 'W/"1"' })).status).toBe(412);
		expect(crm.get('account', account).primarycontactid).toBe(contact);
	});
});
