import { DynamicsWebApi } from 'dynamics-web-api';
import { Clock } from '../../../sandbox/core/clock';
import { silentContext } from '../../../sandbox/core/context';
import { serve, type RunningServer } from '../../../sandbox/core/server';
import { DataverseSandbox } from '../../../sandbox/dataverse';

interface ServiceError {
	status: number;
	code: string;
	message: string;
	headers: Record<string, string>;
}

/** The npm package `dynamics-web-api`, unmodified, over real HTTP: an independent client with its own idea of the service. */
describe('the DynamicsWebApi library', () => {
	let server: RunningServer;
	let crm: DataverseSandbox;
	let api: DynamicsWebApi;
	let clock: Clock;

	beforeEach(async () => {
		clock = new Clock();
		clock.set(Date.UTC(2026, 0, 15, 12));
		crm = new DataverseSandbox({ clock, authenticate: (header) => (header === 'Bearer secret' ? { user: crm.administrator } : null) });
		server = await serve(0, (request) => crm.handle(request, silentContext(null)));
		api = connect();
	});
	afterEach(() => server.close());

	const connect = (token = 'secret') =>
		new DynamicsWebApi({ serverUrl: server.origin, dataApi: { version: '9.2' }, onTokenRefresh: async () => token });

	const failure = async (work: Promise<unknown>): Promise<ServiceError> => {
		try {
			await work;
		} catch (error) {
			return error as ServiceError;
		}
		throw new Error('The call succeeded.');
	};

	test('creates and retrieves', async () => {
		const id = await api.create<unknown, string>({ collection: 'accounts', data: { name: 'Zürich & Söhne', numberofemployees: 5 } });
		expect(id).toMatch(/^[0-9a-f-]{36}$/);
		const account = await api.retrieve({ collection: 'accounts', key: id, select: ['name', 'numberofemployees', 'modifiedon'] });
		expect(account).toMatchObject({
			name: 'Zürich & Söhne',
			numberofemployees: 5,
			accountid: id,
			modifiedon: new Date(Date.UTC(2026, 0, 15, 12)),
		});
	});

	test('creates with representation and chosen columns', async () => {
		const account = await api.create<unknown, Record<string, unknown>>({ collection: 'accounts', data: { name: 'A' }, returnRepresentation: true, select: ['accountid'] }); // prettier-ignore
		expect(account).toHaveProperty('accountid');
		expect(account).not.toHaveProperty('name');
	});

	test('retrieves with annotations', async () => {
		const contact = crm.insert('contact', { lastname: 'Lee' });
		const key = crm.insert('account', { name: 'A', primarycontactid: contact });
		const account = await api.retrieve({
			collection: 'accounts',
			key,
			select: ['_primarycontactid_value', 'statecode'],
			includeAnnotations: '*',
		});
		expect(account).toMatchObject({
			_primarycontactid_value: contact,
			_primarycontactid_value_Formatted: 'Lee',
			_primarycontactid_value_LogicalName: 'contact',
			_primarycontactid_value_NavigationProperty: 'primarycontactid',
			statecode_Formatted: 'Active',
		});
	});

	test('retrieves with expand', async () => {
		const key = crm.insert('account', { name: 'A' });
		crm.insert('contact', { lastname: 'Lee', parentcustomerid: key });
		const account = await api.retrieve<{ contact_customer_accounts: unknown[] }>({
			collection: 'accounts',
			key,
			select: ['name'],
			expand: [{ property: 'contact_customer_accounts', select: ['lastname'], filter: "lastname eq 'Lee'" }],
		});
		expect(account.contact_customer_accounts).toMatchObject([{ lastname: 'Lee' }]);
	});

	test('retrieves many, page by page', async () => {
		crm.seed('account', Array.from({ length: 7 }, (_, n) => ({ name: `A${n}` }))); // prettier-ignore
		const first = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], maxPageSize: 3, count: true });
		expect(first.value).toHaveLength(3);
		expect(first.oDataCount).toBe(7);
		const second = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], maxPageSize: 3 }, first.oDataNextLink);
		const third = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], maxPageSize: 3 }, second.oDataNextLink);
		expect(third.value).toHaveLength(1);
		expect(third.oDataNextLink).toBeUndefined();
	});

	test('retrieves all, filtered and ordered', async () => {
		crm.seed('account', Array.from({ length: 25 }, (_, n) => ({ name: `A${String(n).padStart(2, '0')}`, numberofemployees: n }))); // prettier-ignore
		const all = await api.retrieveAll<{ name: string }>({ collection: 'accounts', select: ['name'], filter: 'numberofemployees ge 5', orderBy: ['name desc'], maxPageSize: 6 }); // prettier-ignore
		expect(all.value).toHaveLength(20);
		expect(all.value![0]!.name).toBe('A24');
	});

	test('a long filter goes as a batch of one', async () => {
		const ids = crm.seed('account', Array.from({ length: 200 }, (_, n) => ({ name: `A${n}` }))); // prettier-ignore
		const filter = ids.map((id) => `accountid eq ${id}`).join(' or ');
		expect((await api.retrieveMultiple({ collection: 'accounts', select: ['name'], filter })).value).toHaveLength(200);
	});

	test('counts', async () => {
		crm.seed('account', [{ name: 'A' }, { name: 'B' }]);
		expect(await api.count({ collection: 'accounts' })).toBe(2);
		expect(await api.count({ collection: 'accounts', filter: "name eq 'A'" })).toBe(1);
		expect(await api.countAll({ collection: 'accounts', select: ['name'] })).toBe(2);
	});

	test('updates, with representation too', async () => {
		const key = crm.insert('account', { name: 'A' });
		expect(await api.update({ collection: 'accounts', key, data: { name: 'B' } })).toBe(true);
		expect(
			await api.update({ collection: 'accounts', key, data: { name: 'C' }, returnRepresentation: true, select: ['name'] }),
		).toMatchObject({ name: 'C' });
	});

	test('a stale update resolves to false, an update of nothing is 404', async () => {
		const key = crm.insert('account', { name: 'A' });
		const { '@odata.etag': etag } = await api.retrieve<Record<string, string>>({ collection: 'accounts', key, select: ['name'] });
		expect(await api.update({ collection: 'accounts', key, data: { name: 'B' }, ifmatch: etag })).toBe(true);
		expect(await api.update({ collection: 'accounts', key, data: { name: 'C' }, ifmatch: etag })).toBe(false);
		const gone = await failure(api.update({ collection: 'accounts', key: 'dddddddd-0000-4000-8000-000000000001', data: { name: 'C' } }));
		expect(gone).toMatchObject({ status: 404, code: '0x80040217' });
	});

	test('upserts: creates, updates, creates only, updates only', async () => {
		const key = 'dddddddd-0000-4000-8000-000000000001';
		expect(await api.upsert({ collection: 'accounts', key, data: { name: 'A' }, ifmatch: '*' })).toBeNull();
		expect(await api.upsert({ collection: 'accounts', key, data: { name: 'A' } })).toBe(key);
		expect(await api.upsert({ collection: 'accounts', key, data: { name: 'B' }, ifnonematch: '*' })).toBeNull();
		expect(await api.upsert({ collection: 'accounts', key, data: { name: 'B' }, returnRepresentation: true })).toMatchObject({ name: 'B' });
	});

	test('uses alternate keys', async () => {
		crm.defineKey('account', 'number', ['accountnumber']);
		const key = "accountnumber='A1'";
		await api.upsert({ collection: 'accounts', key, data: { name: 'A' } });
		expect(await api.retrieve({ collection: 'accounts', key, select: ['name'] })).toMatchObject({ name: 'A' });
		expect(await api.update({ collection: 'accounts', key, data: { name: 'B' } })).toBe(true);
		expect(await api.deleteRecord({ collection: 'accounts', key })).toBe(true);
	});

	test('deletes, and deletes only what it knows', async () => {
		const key = crm.insert('account', { name: 'A' });
		expect(await api.deleteRecord({ collection: 'accounts', key, ifmatch: 'W/"1"' })).toBe(false);
		expect(await api.deleteRecord({ collection: 'accounts', key })).toBe(true);
		expect((await failure(api.deleteRecord({ collection: 'accounts', key }))).status).toBe(404);
	});

	test('reads, writes and deletes a single property', async () => {
		const key = crm.insert('account', { name: 'A', description: 'x' });
		await api.updateSingleProperty({ collection: 'accounts', key, fieldValuePair: { name: 'B' } });
		expect(await api.retrieve({ collection: 'accounts', key, select: ['/name'] })).toMatchObject({ value: 'B' });
		await api.deleteRecord({ collection: 'accounts', key, property: 'description' });
		expect(crm.get('account', key).description).toBeUndefined();
	});

	test('associates and disassociates, single-valued and collections', async () => {
		const account = crm.insert('account', { name: 'A' });
		const contact = crm.insert('contact', { lastname: 'C' });
		await api.associate({ collection: 'accounts', primaryKey: account, relationshipName: 'contact_customer_accounts', relatedCollection: 'contacts', relatedKey: contact }); // prettier-ignore
		expect(crm.get('contact', contact).parentcustomerid).toBe(account);
		await api.disassociate({
			collection: 'accounts',
			primaryKey: account,
			relationshipName: 'contact_customer_accounts',
			relatedKey: contact,
		});
		expect(crm.get('contact', contact).parentcustomerid).toBeUndefined();
		await api.associateSingleValued({ collection: 'accounts', primaryKey: account, navigationProperty: 'primarycontactid', relatedCollection: 'contacts', relatedKey: contact }); // prettier-ignore
		const reference = await api.retrieve({ collection: 'accounts', key: account, select: ['primarycontactid/$ref'] });
		expect(reference).toMatchObject({ id: contact, collection: 'contacts' });
		await api.disassociateSingleValued({ collection: 'accounts', primaryKey: account, navigationProperty: 'primarycontactid' });
		expect(crm.get('account', account).primarycontactid).toBeUndefined();
	});

	test('binds and clears lookups, custom ones included', async () => {
		const company = crm.insert('bcbi_company', { bcbi_name: 'CRONUS' });
		const contact = crm.insert('contact', { lastname: 'C' });
		const key = await api.create<unknown, string>({
			collection: 'accounts',
			data: {
				name: 'A',
				'primarycontactid@odata.bind': `contacts(${contact})`,
				'bcbi_CompanyId@odata.bind': `/bcbi_companies({${company}})`,
			},
		});
		expect(crm.get('account', key)).toMatchObject({ primarycontactid: contact, bcbi_companyid: company });
		await api.update({ collection: 'accounts', key, data: { primarycontactid: null } });
		expect(crm.get('account', key).primarycontactid).toBeUndefined();
	});

	test('runs a batch: writes in one change set, with references, and a read', async () => {
		api.startBatch();
		void api.create({ collection: 'accounts', data: { name: 'A' }, contentId: '1' });
		void api.create({ collection: 'contacts', data: { lastname: 'C', 'parentcustomerid_account@odata.bind': '$1' }, contentId: '2' });
		void api.retrieveMultiple({ collection: 'accounts', select: ['name'] });
		const [account, contact, list] = (await api.executeBatch()) as [string, string, { value: unknown[] }];
		expect(crm.get('contact', contact).parentcustomerid).toBe(account);
		expect(list.value).toHaveLength(1);
	});

	test('a failing change set rejects and leaves nothing behind', async () => {
		api.startBatch();
		void api.create({ collection: 'accounts', data: { name: 'A' } });
		void api.create({ collection: 'accounts', data: { nam: 'B' } });
		const errors = (await failure(api.executeBatch())) as unknown as Array<{ error: ServiceError }>;
		expect(JSON.stringify(errors)).toContain('0x80048d19');
		expect(crm.rows('account')).toHaveLength(0);
	});

	test('runs a batch without change set, continuing on error', async () => {
		const key = crm.insert('account', { name: 'A' });
		api.startBatch();
		void api.update({ collection: 'accounts', key, data: { name: 'B' } });
		void api.deleteRecord({ collection: 'accounts', key: 'dddddddd-0000-4000-8000-000000000001' });
		void api.create({ collection: 'accounts', data: { name: 'C' } });
		const [updated, failed, created] = (await api.executeBatch({ inChangeSet: false, continueOnError: true })) as [boolean, { status: number; error: ServiceError }, string]; // prettier-ignore
		expect(updated).toBe(true);
		expect(failed).toMatchObject({ status: 404, error: { code: '0x80040217' } });
		expect(crm.get('account', created).name).toBe('C');
	});

	test('tracks changes', async () => {
		const [a, b] = crm.seed('account', [{ name: 'A' }, { name: 'B' }]);
		const first = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], trackChanges: true });
		expect(first.oDataDeltaLink).toBeDefined();
		crm.update('account', a!, { name: 'A2' });
		crm.remove('account', b!);
		const delta = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], trackChanges: true }, first.oDataDeltaLink);
		expect(delta.value).toMatchObject([{ name: 'A2' }, { id: b, reason: 'deleted' }]);
		expect(delta.oDataDeltaLink).toBeDefined();
	});

	test('reads definitions of tables, columns and relationships', async () => {
		const table = await api.retrieveEntity({ key: "LogicalName='account'", select: ['EntitySetName', 'MetadataId'] });
		expect(table).toMatchObject({ EntitySetName: 'accounts' });
		const { MetadataId: entityKey } = table as unknown as { MetadataId: string };
		const columns = await api.retrieveAttributes({ entityKey, castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata', select: ['LogicalName'], expand: [{ property: 'OptionSet' }] }); // prettier-ignore
		expect(columns.value!.length).toBeGreaterThan(5);
		const column = await api.retrieveAttribute({ entityKey, attributeKey: "LogicalName='name'", select: ['MaxLength'], castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata' }); // prettier-ignore
		expect(column).toMatchObject({ MaxLength: 160 });
		expect((await api.retrieveEntities({ select: ['LogicalName'] })).value!.length).toBeGreaterThan(20);
		const relationships = await api.retrieveRelationships({ castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata', filter: "ReferencedEntity eq 'account'" }); // prettier-ignore
		expect(relationships.value!.length).toBeGreaterThan(3);
	});

	test('turns table names into set names by itself', async () => {
		const named = new DynamicsWebApi({
			serverUrl: server.origin,
			dataApi: { version: '9.2' },
			onTokenRefresh: async () => 'secret',
			useEntityNames: true,
		});
		const id = await named.create<unknown, string>({ collection: 'account', data: { name: 'A' } });
		expect(await named.retrieve({ collection: 'account', key: id, select: ['name'] })).toMatchObject({ name: 'A' });
	});

	test('calls functions and actions', async () => {
		expect(await api.callFunction({ name: 'WhoAmI' })).toMatchObject({ UserId: crm.administrator });
		const id = crm.insert('opportunity', { name: 'O' });
		await api.callAction({ actionName: 'WinOpportunity', action: { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `opportunities(${id})` } } }); // prettier-ignore
		expect(crm.get('opportunity', id).statecode).toBe(1);
		const created = await api.callAction<{ Ids: string[] }>({
			collection: 'accounts',
			actionName: 'Microsoft.Dynamics.CRM.CreateMultiple',
			action: { Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'A' }] },
		});
		expect(created.Ids).toHaveLength(1);
	});

	test('impersonates', async () => {
		const user = crm.addUser({ lastname: 'Other' });
		const id = await api.create<unknown, string>({ collection: 'accounts', data: { name: 'A' }, impersonate: user });
		expect(crm.get('account', id)).toMatchObject({ createdby: user, createdonbehalfby: crm.administrator });
	});

	test('gets errors in their shape: status, code, message, headers', async () => {
		const unknown = await failure(api.retrieveMultiple({ collection: 'accounts', select: ['nothing'] }));
		expect(unknown).toMatchObject({ status: 400, code: '0x0', message: expect.stringContaining("'nothing'") });
		expect((await failure(connect('wrong').callFunction({ name: 'WhoAmI' }))).status).toBe(401);
		crm.limits.requests = 1;
		crm.limits.reset();
		await api.callFunction({ name: 'WhoAmI' });
		const throttled = await failure(api.callFunction({ name: 'WhoAmI' }));
		expect(throttled).toMatchObject({ status: 429, code: '0x80072322' });
		expect(Number(throttled.headers['retry-after'])).toBeGreaterThan(0);
	});
});
