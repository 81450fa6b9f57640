import { DynamicsWebApi } from 'dynamics-web-api';
import { attempt, type Client } from './client';

type Row = Record<string, unknown>;
interface Page {
	value: Row[];
	count?: number;
	oDataCount?: number;
	oDataNextLink?: string;
	oDataDeltaLink?: string;
	PagingInfo?: { cookie: string; page: number; nextPage: number };
}

/** The library `dynamics-web-api`, over real HTTP: every function it has for rows, metadata, functions, actions and batches. */
export const dynamicsWebApi: Client = {
	name: 'dynamics-web-api',
	async run(surroundings) {
		const { sandbox, addresses, check } = surroundings;
		const { crm } = sandbox;
		const token = sandbox.login.token('crm');
		const api = new DynamicsWebApi({ serverUrl: addresses.crm, dataApi: { version: '9.2' }, onTokenRefresh: async () => token });
		const call = async <T>(what: string, work: () => Promise<T>, holds: (result: T) => boolean = () => true): Promise<T> => {
			const result = await attempt(surroundings, what, work);
			if (result !== undefined) check(`${what}: result`, holds(result), result);
			return result as T;
		};
		const refused = async (what: string, status: number, work: () => Promise<unknown>): Promise<void> => {
			const error = await work().then(
				() => ({ status: 'no error' }),
				(caught: unknown) => caught as { status: unknown },
			);
			check(what, error.status === status, error);
		};
		crm.defineKey('account', 'number', ['accountnumber']);

		const id = await call('create', () =>
			api.create<Row, string>({ collection: 'accounts', data: { name: 'Zürich & Söhne', accountnumber: '1', revenue: 5 } }),
		);
		await call(
			'create with representation',
			() => api.create<Row, Row>({ collection: 'accounts', data: { name: 'B', revenue: 7 }, returnRepresentation: true, select: ['name'] }),
			(row) => row.name === 'B',
		);
		const contact = await call('create with a bound lookup', () =>
			api.create<Row, string>({
				collection: 'contacts',
				data: { firstname: 'Ada', lastname: 'One', 'parentcustomerid_account@odata.bind': `/accounts(${id})` },
			}),
		);
		await call('deep insert', () =>
			api.create<Row, string>({ collection: 'accounts', data: { name: 'Deep', contact_customer_accounts: [{ lastname: 'Child' }] } }),
		);
		await call('create impersonated', () =>
			api.create<Row, string>({ collection: 'accounts', data: { name: 'Imp' }, impersonate: crm.administrator }),
		);
		await call('create with duplicate detection off', () =>
			api.create<Row, string>({ collection: 'accounts', data: { name: 'B' }, duplicateDetection: false }),
		);
		await refused('create with duplicate detection on', 412, () =>
			api.create({ collection: 'accounts', data: { name: 'B' }, duplicateDetection: true }),
		);
		await call('create past plug-ins', () =>
			api.create<Row, string>({ collection: 'accounts', data: { name: 'P' }, bypassCustomPluginExecution: true }),
		);
		await refused('create of an unknown column', 400, () => api.create({ collection: 'accounts', data: { nothing: 1 } }));

		await call(
			'retrieve',
			() => api.retrieve<Row>({ collection: 'accounts', key: id, select: ['name'] }),
			(row) => row.name === 'Zürich & Söhne',
		);
		await call(
			'retrieve by alternate key',
			() => api.retrieve<Row>({ collection: 'accounts', key: "accountnumber='1'" }),
			(row) => row.accountid === id,
		);
		await call(
			'retrieve with annotations',
			() => api.retrieve<Row>({ collection: 'contacts', key: contact, includeAnnotations: '*' }),
			(row) => row['_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'] === 'account',
		);
		await call(
			'retrieve with expansion',
			() =>
				api.retrieve<Row>({ collection: 'contacts', key: contact, expand: [{ property: 'parentcustomerid_account', select: ['name'] }] }),
			(row) => (row.parentcustomerid_account as Row).name === 'Zürich & Söhne',
		);
		await call(
			'retrieve through a navigation property',
			() => api.retrieve<Row>({ collection: 'contacts', key: contact, navigationProperty: 'parentcustomerid_account' }),
			(row) => row.accountid === id,
		);
		await call(
			'retrieve of a collection behind a row',
			() => api.retrieve<Page>({ collection: 'accounts', key: id, navigationProperty: 'contact_customer_accounts' }),
			(page) => page.value.length === 1,
		);
		await call('retrieve of a reference', () =>
			api.retrieve<string>({ collection: 'contacts', key: contact, navigationProperty: 'parentcustomerid_account', select: ['/$ref'] }),
		);
		await refused('retrieve of what is gone', 404, () =>
			api.retrieve({ collection: 'accounts', key: '00000000-0000-4000-8000-000000000009' }),
		);

		const etag = String(((await api.retrieve<Row>({ collection: 'accounts', key: id })) as Row)['@odata.etag']);
		await call('update', () => api.update<Row>({ collection: 'accounts', key: id, data: { fax: '1' } }));
		await call(
			'update with representation',
			() => api.update<Row>({ collection: 'accounts', key: id, data: { fax: '2' }, returnRepresentation: true, select: ['fax'] }),
			(row) => (row as Row).fax === '2',
		);
		await call(
			'update with a stale version',
			() => api.update<Row>({ collection: 'accounts', key: id, data: { fax: '3' }, ifmatch: etag }),
			(result) => (result as unknown) === false,
		);
		await call('update of one property', () =>
			api.updateSingleProperty<Row>({ collection: 'accounts', key: id, fieldValuePair: { fax: '4' } }),
		);
		await call(
			'… arrived',
			() => api.retrieve<Row>({ collection: 'accounts', key: id, select: ['fax'] }),
			(row) => row.fax === '4',
		);
		const fresh = '00000000-0000-4000-8000-000000000001';
		await call('upsert creates', () => api.upsert<Row>({ collection: 'accounts', key: fresh, data: { name: 'U' } }));
		await call(
			'upsert updates',
			() => api.upsert<Row>({ collection: 'accounts', key: fresh, data: { name: 'V' }, returnRepresentation: true }),
			(row) => (row as Row).name === 'V',
		);
		await call(
			'upsert, create only',
			() => api.upsert<Row>({ collection: 'accounts', key: fresh, data: { name: 'W' }, ifnonematch: '*' }),
			(result) => (result as unknown) === null,
		);
		await call(
			'upsert, update only, of what is gone',
			() => api.upsert<Row>({ collection: 'accounts', key: '00000000-0000-4000-8000-000000000009', data: { name: 'W' }, ifmatch: '*' }),
			(result) => (result as unknown) === null,
		);
		await call('delete of one property', () => api.deleteRecord({ collection: 'accounts', key: id, property: 'fax' }));
		await call('delete', () => api.deleteRecord({ collection: 'accounts', key: fresh }));
		await refused('delete of what is gone', 404, () => api.deleteRecord({ collection: 'accounts', key: fresh }));

		crm.seed(
			'lead',
			Array.from({ length: 12 }, (_, number) => ({
				lastname: `L${String(number).padStart(2, '0')}`,
				subject: number % 2 ? 'odd' : 'even',
			})),
		);
		await call(
			'retrieveMultiple',
			() =>
				api.retrieveMultiple<Row>({
					collection: 'leads',
					select: ['lastname'],
					filter: "subject eq 'odd'",
					orderBy: ['lastname desc'],
					top: 2,
				}),
			({ value }) => (value as Row[]).map((row) => row.lastname).join() === 'L11,L09',
		);
		await call(
			'retrieveMultiple with a count',
			() => api.retrieveMultiple<Row>({ collection: 'leads', count: true, top: 1 }),
			(page) => (page as Page).oDataCount === 12,
		);
		const first = await call(
			'retrieveMultiple by pages',
			() => api.retrieveMultiple<Row>({ collection: 'leads', select: ['lastname'], maxPageSize: 5 }),
			(page) => Boolean((page as Page).oDataNextLink),
		);
		await call(
			'… the next page',
			() => api.retrieveMultiple<Row>({ collection: 'leads', maxPageSize: 5 }, (first as Page).oDataNextLink),
			({ value }) => value.length === 5,
		);
		await call(
			'retrieveAll',
			() => api.retrieveAll<Row>({ collection: 'leads', select: ['lastname'], maxPageSize: 5 }),
			({ value }) => value.length === 12,
		);
		await call(
			'retrieveMultiple with $apply',
			() => api.retrieveMultiple<Row>({ collection: 'leads', apply: 'groupby((subject),aggregate($count as n))' }),
			({ value }) => value.length === 2,
		);
		await call(
			'retrieveMultiple with expansion',
			() =>
				api.retrieveMultiple<Row>({
					collection: 'accounts',
					select: ['name'],
					expand: [{ property: 'contact_customer_accounts', select: ['lastname'], filter: "lastname eq 'One'" }],
					filter: `accountid eq ${id}`,
				}),
			({ value }) => ((value as Row[])[0]!.contact_customer_accounts as Row[]).length === 1,
		);
		await call(
			'retrieveMultiple with a saved query',
			async () => {
				const view = crm.find('savedquery', ({ name }) => name === 'Active Accounts')!;
				return api.retrieveMultiple<Row>({ collection: 'accounts', savedQuery: String(view.savedqueryid) } as never);
			},
			({ value }) => value.length > 3,
		);
		crm.setChangeTracking('lead', true);
		const tracked = await call(
			'retrieveMultiple with change tracking',
			() => api.retrieveMultiple<Row>({ collection: 'leads', select: ['lastname'], trackChanges: true }),
			(page) => Boolean((page as Page).oDataDeltaLink),
		);
		crm.insert('lead', { lastname: 'New' });
		const token2 = decodeURIComponent(/deltatoken=([^&]*)/.exec(String((tracked as Page).oDataDeltaLink))?.[1] ?? '');
		check('… the token is told', token2.includes('!'), token2);
		await refused('retrieveMultiple with a wrong filter', 400, () => api.retrieveMultiple({ collection: 'leads', filter: 'nothing eq 1' }));
		await call(
			'count',
			() => api.count({ collection: 'leads', filter: "subject eq 'odd'" }),
			(number) => number === 6,
		);
		await call(
			'countAll',
			() => api.countAll({ collection: 'leads', filter: "subject eq 'odd'" }),
			(number) => number === 6,
		);

		const xml = "<fetch count='5'><entity name='lead'><attribute name='lastname'/><order attribute='lastname'/></entity></fetch>";
		const page = await call(
			'fetch',
			() => api.fetch<Row>({ collection: 'leads', fetchXml: xml, includeAnnotations: '*' }),
			({ value }) => value.length === 5,
		);
		const paging = (page as Page).PagingInfo;
		check('… the cookie is understood', Boolean(paging?.cookie) && paging?.nextPage === 2, paging);
		await call(
			'… the next page',
			() =>
				api.fetch<Row>({
					collection: 'leads',
					fetchXml: xml,
					includeAnnotations: '*',
					pageNumber: paging!.nextPage,
					pagingCookie: paging!.cookie,
				}),
			({ value }) => (value as Row[])[0]!.lastname === 'L05',
		);
		await call(
			'fetchAll',
			() => api.fetchAll<Row>({ collection: 'leads', fetchXml: xml, includeAnnotations: '*' }),
			({ value }) => value.length === 13,
		);
		await call(
			'fetch with aggregates',
			() =>
				api.fetch<Row>({
					collection: 'leads',
					fetchXml: "<fetch aggregate='true'><entity name='lead'><attribute name='leadid' aggregate='count' alias='n'/></entity></fetch>",
				}),
			({ value }) => (value as Row[])[0]!.n === 13,
		);
		await refused('fetch of nonsense', 400, () => api.fetch({ collection: 'leads', fetchXml: '<fetch><nonsense/></fetch>' }));

		await call('associate', () =>
			api.associate({
				collection: 'accounts',
				primaryKey: id,
				relationshipName: 'account_parent_account',
				relatedCollection: 'accounts',
				relatedKey: String(crm.find('account', ({ name }) => name === 'Deep')!.accountid),
			}),
		);
		await call('disassociate', () =>
			api.disassociate({
				collection: 'accounts',
				primaryKey: id,
				relationshipName: 'account_parent_account',
				relatedKey: String(crm.find('account', ({ name }) => name === 'Deep')!.accountid),
			}),
		);
		await call('associateSingleValued', () =>
			api.associateSingleValued({
				collection: 'accounts',
				primaryKey: id,
				navigationProperty: 'primarycontactid',
				relatedCollection: 'contacts',
				relatedKey: contact,
			}),
		);
		check('… the lookup is set', crm.get('account', id).primarycontactid === contact);
		await call('disassociateSingleValued', () =>
			api.disassociateSingleValued({ collection: 'accounts', primaryKey: id, navigationProperty: 'primarycontactid' }),
		);

		await call(
			'WhoAmI',
			() => api.callFunction<Row>({ functionName: 'WhoAmI' }),
			(answer) => answer.OrganizationId === crm.organizationId,
		);
		await call(
			'RetrieveVersion',
			() => api.callFunction<Row>('RetrieveVersion'),
			(answer) => String(answer.Version).startsWith('9.2'),
		);
		await call(
			'RetrieveTotalRecordCount',
			() => api.callFunction<Row>({ name: 'RetrieveTotalRecordCount', parameters: { EntityNames: ['lead'] } }),
			(answer) => ((answer.EntityRecordCountCollection as Row).Values as number[])[0] === 13,
		);
		const opportunity = await call('create of an opportunity', () =>
			api.create<Row, string>({ collection: 'opportunities', data: { name: 'O', 'customerid_account@odata.bind': `/accounts(${id})` } }),
		);
		await call('an action', () =>
			api.callAction({
				actionName: 'WinOpportunity',
				action: { Status: -1, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${opportunity})` } },
			}),
		);
		const lead = String(crm.find('lead', ({ lastname }) => lastname === 'L01')!.leadid);
		await call(
			'a bound action',
			() =>
				api.callAction<{ value: Row[] }>({
					collection: 'leads',
					key: lead,
					actionName: 'Microsoft.Dynamics.CRM.QualifyLead',
					action: { CreateAccount: false, CreateContact: true, CreateOpportunity: false, Status: 3 },
				}),
			({ value }) => value.length === 1,
		);

		await call(
			'retrieveEntities',
			() =>
				api.retrieveEntities({
					select: ['LogicalName', 'EntitySetName'],
					filter: "OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'",
				}),
			({ value }) => value.some((each) => (each as Row).LogicalName === 'account'),
		);
		await call(
			'retrieveEntity',
			() =>
				api.retrieveEntity({
					key: "LogicalName='account'",
					select: ['LogicalName'],
					expand: [{ property: 'Attributes', select: ['LogicalName'], filter: "LogicalName eq 'name'" }],
				}),
			(entity) => ((entity as unknown as Row).Attributes as Row[]).length === 1,
		);
		await call(
			'retrieveAttributes',
			() =>
				api.retrieveAttributes({
					entityKey: "LogicalName='account'",
					castType: 'Microsoft.Dynamics.CRM.MoneyAttributeMetadata',
					select: ['LogicalName', 'Precision'],
				}),
			({ value }) => value.length > 3,
		);
		await call(
			'retrieveAttribute',
			() =>
				api.retrieveAttribute({
					entityKey: "LogicalName='account'",
					attributeKey: "LogicalName='industrycode'",
					castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
					expand: [{ property: 'OptionSet' }],
				}),
			(attribute) => Boolean((attribute as unknown as Row).OptionSet),
		);
		await call('createAttribute', () =>
			api.createAttribute({
				entityKey: "LogicalName='account'",
				data: { '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: 'new_Code', MaxLength: 10 } as never,
			}),
		);
		check(
			'… the column is there',
			(await api.create<Row, Row>({ collection: 'accounts', data: { name: 'C', new_code: 'x' }, returnRepresentation: true })).new_code ===
				'x',
		);
		await call(
			'retrieveRelationships',
			() =>
				api.retrieveRelationships({
					castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
					select: ['SchemaName'],
					filter: "ReferencedEntity eq 'lead'",
				}),
			({ value }) => value.length > 0,
		);
		await call(
			'retrieveRelationship',
			() => api.retrieveRelationship({ key: "SchemaName='contact_customer_accounts'" }),
			(relationship) => (relationship as unknown as Row).ReferencingEntity === 'contact',
		);
		crm.defineGlobalChoice('new_color', { 1: 'Red' }, [{ table: 'account', column: 'territorycode' }]);
		await call(
			'retrieveGlobalOptionSets',
			() => api.retrieveGlobalOptionSets({ select: ['Name'] }),
			({ value }) => value.length === 1,
		);
		await call(
			'retrieveGlobalOptionSet',
			() => api.retrieveGlobalOptionSet({ key: "Name='new_color'" }),
			(set) => (set as unknown as Row).Name === 'new_color',
		);
		await call(
			'retrieveCsdlMetadata',
			() => api.retrieveCsdlMetadata({ addAnnotations: true }),
			(document) => document.includes('Org.OData.Capabilities.V1.ChangeTracking'),
		);

		await call(
			'a batch of reads and writes',
			async () => {
				api.startBatch();
				void api.retrieveMultiple({ collection: 'leads', top: 1 });
				void api.create({ collection: 'accounts', data: { name: 'In batch' }, contentId: '1' });
				void api.create({ collection: 'contacts', data: { lastname: 'In batch', 'parentcustomerid_account@odata.bind': '$1' } });
				return await api.executeBatch();
			},
			(answers) => answers.length === 3,
		);
		check(
			'… both are there',
			crm.find('contact', ({ lastname }) => lastname === 'In batch')?.parentcustomerid ===
				crm.find('account', ({ name }) => name === 'In batch')?.accountid,
		);
		await call(
			'a batch that goes on after an error',
			async () => {
				api.startBatch();
				void api.retrieve({ collection: 'accounts', key: '00000000-0000-4000-8000-000000000009' });
				void api.retrieveMultiple({ collection: 'leads', top: 1 });
				return await api.executeBatch({ continueOnError: true });
			},
			(answers) => answers.length === 2,
		);
		const long = `lastname eq '${'x'.repeat(2100)}'`;
		await call(
			'an address longer than 2,000 characters',
			() => api.retrieveMultiple<Row>({ collection: 'leads', filter: long }),
			({ value }) => value.length === 0,
		);
	},
};
