import { parseXml, type Element } from '../../../sandbox/dataverse/fetch/xml';
import { environment } from './client';

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api */
describe('queries of metadata', () => {
	const names = async (path: string, name = 'LogicalName') => {
		const { json, status, body } = await environment().get(path);
		if (status !== 200) throw new Error(body);
		return json.value.map((row) => row[name]);
	};
	const account = "EntityDefinitions(LogicalName='account')";

	test.each<[string, unknown[]]>([
		["EntityDefinitions?$select=LogicalName&$filter=EntitySetName eq 'accounts'", ['account']],
		["EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute,TableType&$filter=EntitySetName eq 'accounts'", ['account']],
		["EntityDefinitions?$select=LogicalName&$filter=LogicalName eq 'lead' or LogicalName eq 'task'", ['lead', 'task']],
		[
			"EntityDefinitions?$select=LogicalName&$filter=IsActivity eq true and LogicalName ne 'activitypointer' and IsCustomEntity eq false",
			['opportunityclose', 'orderclose', 'quoteclose', 'task', 'phonecall', 'email', 'appointment'],
		],
		[
			"EntityDefinitions?$select=LogicalName&$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'BusinessOwned'",
			['systemuser', 'team', 'businessunit', 'role'],
		],
		['EntityDefinitions?$select=LogicalName&$filter=CanCreateAttributes/Value eq false', []],
		['EntityDefinitions?$select=LogicalName&$filter=ObjectTypeCode eq 1', ['account']],
		[`${account}/ManyToOneRelationships?$select=ReferencingAttribute&$filter=ReferencedEntity eq 'contact'`, ['primarycontactid']],
		[
			`${account}/OneToManyRelationships?$select=SchemaName&$filter=ReferencingEntity eq 'contact' and ReferencingAttribute eq 'parentcustomerid'`,
			['contact_customer_accounts'],
		],
		[
			`${account}/Attributes?$select=LogicalName&$filter=RequiredLevel/Value eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'ApplicationRequired'`,
			['name'],
		],
		[`${account}/Attributes?$select=LogicalName&$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'State'`, ['statecode']],
		[`${account}/Attributes?$select=LogicalName&$filter=IsPrimaryName eq true`, ['name']],
		[
			`${account}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength&$filter=LogicalName eq 'accountnumber'`,
			['accountnumber'],
		],
		["RelationshipDefinitions?$select=SchemaName&$filter=SchemaName eq 'opportunity_quotes'", ['opportunity_quotes']],
	])('%s', async (path, expected) => {
		expect((await names(path, /select=(\w+)/.exec(path)![1])).sort()).toEqual([...expected].sort());
	});

	test('definitions of shared choices can be filtered', async () => {
		const { crm, get } = environment();
		crm.defineGlobalChoice('new_color', { 1: 'Red' }, [{ table: 'account', column: 'industrycode' }]);
		crm.defineGlobalChoice('new_size', { 1: 'L' }, [{ table: 'account', column: 'territorycode' }]);
		const { json } = await get("GlobalOptionSetDefinitions?$select=Name&$filter=Name eq 'new_size'");
		expect(json.value).toMatchObject([{ Name: 'new_size' }]);
	});

	test.each([
		["EntityDefinitions?$filter=Nothing eq 'a'"],
		["EntityDefinitions?$filter=OwnershipType eq 'UserOwned'"],
		["EntityDefinitions?$filter=LogicalName eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'"],
		['EntityDefinitions?$filter=IsActivity eq 1'],
		["EntityDefinitions?$filter=DisplayName eq 'Account'"],
		["EntityDefinitions?$filter=contains(LogicalName,'acc')"],
		['EntityDefinitions?$filter=LogicalName eq'],
		['EntityDefinitions?$select=Nothing'],
		['EntityDefinitions?$expand=Nothing'],
		[`${account}?$expand=Attributes($select=MaxLength)`],
		[`${account}?$expand=Attributes($filter=Nothing eq 1)`],
		// What only one type of columns has takes a cast.
		[`${account}/Attributes?$select=LogicalName,MaxLength`],
		[`${account}/Attributes(LogicalName='name')?$select=MaxLength`],
		[`${account}/Attributes?$expand=OptionSet`],
		[`${account}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=Targets`],
		[`${account}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$expand=OptionSet`],
	])('%s is refused', async (path) => {
		expect((await environment().get(path)).status).toBe(400);
	});

	test.each([
		'TableType',
		'IsKnowledgeManagementEnabled',
		'HasNotes',
		'CanCreateAttributes',
		'IsValidForAdvancedFind',
		'IsIntersect',
		'IsLogicalEntity',
		'IsPrivate',
		'OwnershipType',
		'IsAuditEnabled',
		'IsDuplicateDetectionEnabled',
		'DataProviderId',
		'CollectionSchemaName',
		'HasActivities',
		'IsManaged',
		'Description',
		'IntroducedVersion',
		'IsMappable',
		'SchemaName',
		'ReportViewName',
		'IsEnabledForCharts',
		'HasChanged',
		'MetadataId',
		'ExternalName',
		'IsSolutionAware', // prettier-ignore
	])('EntityMetadata.%s can be selected', async (property) => {
		const { get } = environment();
		expect(Object.keys((await get(`EntityDefinitions(LogicalName='account')?$select=${property}`)).json)).toContain(property);
	});

	test.each([
		'CanBeSecuredForRead',
		'IsValidForAdvancedFind',
		'ColumnNumber',
		'IsCustomizable',
		'IsSecured',
		'IsManaged',
		'IsValidForForm',
		'IsSearchable',
		'IsAuditEnabled',
		'SourceType',
		'AutoNumberFormat',
		'IsRetrievable',
		'IntroducedVersion',
		'InheritsFrom',
		'IsRequiredForForm',
		'LinkedAttributeId', // prettier-ignore
	])('AttributeMetadata.%s can be selected, and is in full rows', async (property) => {
		const { get } = environment();
		const path = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')";
		expect(Object.keys((await get(`${path}?$select=${property}`)).json)).toContain(property);
		expect(Object.keys((await get(path)).json)).toContain(property);
	});

	test('the options of one choice are an address of their own', async () => {
		const { get } = environment();
		const path =
			"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
		const { json } = await get(`${path}/OptionSet?$select=Options`);
		expect(Object.keys(json).sort()).toEqual(['@odata.context', 'MetadataId', 'Options']);
		expect((await get(`${path}/GlobalOptionSet`)).status).toBe(204);
	});

	test('expanded columns carry what all share, filtered and cut as asked', async () => {
		const { get } = environment();
		const { json } = await get(
			"EntityDefinitions(LogicalName='account')?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist')",
		);
		const attributes = json.Attributes as Array<Record<string, unknown>>;
		expect(attributes.length).toBeGreaterThan(5);
		expect(attributes.every((each) => Object.keys(each).sort().join() === '@odata.type,LogicalName,MetadataId')).toBe(true);
	});

	test('RequiredLevel: none, by the application, by the system', async () => {
		const { get, crm } = environment();
		crm.defineColumn('account', { logicalName: 'new_must', type: 'String', access: 'full', required: true });
		const level = async (column: string) =>
			(await get(`EntityDefinitions(LogicalName='account')/Attributes(LogicalName='${column}')`)).json.RequiredLevel;
		expect(await level('fax')).toMatchObject({ Value: 'None' });
		expect(await level('name')).toMatchObject({ Value: 'ApplicationRequired' });
		expect(await level('new_must')).toMatchObject({ Value: 'SystemRequired', CanBeChanged: false });
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-service-documents, /web-api-types-operations */
describe('$metadata', () => {
	const all = (element: Element, name: string): Element[] =>
		element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
	async function model(options = '') {
		const { get } = environment();
		const { body } = await get(`$metadata${options}`);
		return parseXml(body.replaceAll('edmx:', '').replaceAll('xmlns:edmx', 'edmx'));
	}

	test('every type that is named is declared', async () => {
		const root = await model();
		const declared = new Set(
			['EntityType', 'ComplexType', 'EnumType'].flatMap((kind) => all(root, kind).map(({ attributes }) => attributes.Name)),
		);
		const used = ['NavigationProperty', 'Parameter', 'Property', 'ReturnType'].flatMap((kind) =>
			all(root, kind).map(({ attributes }) => attributes.Type ?? ''),
		);
		const missing = used
			.map((type) => /(?:mscrm|Microsoft\.Dynamics\.CRM)\.(\w+)/.exec(type)?.[1])
			.filter((type) => type !== undefined && !declared.has(type));
		expect([...new Set(missing)]).toEqual([]);
	});

	test('keys, partners and constraints name properties that exist', async () => {
		const root = await model();
		const types = new Map(all(root, 'EntityType').map((type) => [type.attributes.Name!, type]));
		const properties = (name: string): Set<string | undefined> => {
			const type = types.get(name)!;
			const own = type.children
				.filter((child) => child.name === 'Property' || child.name === 'NavigationProperty')
				.map(({ attributes }) => attributes.Name);
			const base = /\.(\w+)$/.exec(type.attributes.BaseType ?? '')?.[1];
			return new Set([...own, ...(base ? properties(base) : [])]);
		};
		for (const [name, type] of types) {
			for (const key of all(type, 'PropertyRef')) expect(properties(name)).toContain(key.attributes.Name);
			for (const navigation of all(type, 'NavigationProperty')) {
				const target = /\.(\w+)\)?$/.exec(navigation.attributes.Type!)![1]!;
				if (navigation.attributes.Partner)
					expect([name, navigation.attributes.Name, properties(target).has(navigation.attributes.Partner)]).toEqual([
						name,
						navigation.attributes.Name,
						true,
					]);
				for (const constraint of all(navigation, 'ReferentialConstraint')) {
					expect(properties(name)).toContain(constraint.attributes.Property);
					expect(properties(target)).toContain(constraint.attributes.ReferencedProperty);
				}
			}
		}
	});

	test('users and teams are principals', async () => {
		const root = await model();
		const user = all(root, 'EntityType').find(({ attributes }) => attributes.Name === 'systemuser')!;
		expect(user.attributes.BaseType).toBe('mscrm.principal');
		expect(all(user, 'Key')).toEqual([]);
	});

	test('actions, functions and their imports', async () => {
		const root = await model();
		const names = (kind: string) => all(root, kind).map(({ attributes }) => attributes.Name);
		expect(names('Action')).toEqual(expect.arrayContaining(['WinOpportunity', 'Merge', 'CreateMultiple', 'QualifyLead']));
		expect(names('ActionImport')).toEqual(expect.arrayContaining(['WinOpportunity', 'Merge']));
		expect(names('ActionImport')).not.toContain('QualifyLead');
		expect(names('Function')).toEqual(expect.arrayContaining(['WhoAmI', 'RetrieveVersion', 'RetrieveTotalRecordCount']));
	});

	test('annotations=true tells what sets are capable of', async () => {
		const { crm, get } = environment();
		crm.setChangeTracking('account', false);
		const plain = (await get('$metadata')).body;
		const { body } = await get('$metadata?annotations=true');
		expect(plain).not.toContain('Org.OData.Capabilities');
		const set = (name: string) => body.slice(body.indexOf(`<EntitySet Name="${name}"`)).split('</EntitySet>')[0]!;
		expect(set('accounts')).toContain('Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="false"');
		expect(set('contacts')).toContain('Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="true"');
		expect((await get('$metadata?annotations=maybe')).status).toBe(400);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference */
describe('tables', () => {
	test.each([
		'leads',
		'tasks',
		'phonecalls',
		'emails',
		'appointments',
		'activityparties',
		'activitypointers',
		'customeraddresses',
		'opportunityproducts',
		'discounttypes',
		'discounts',
		'savedqueries',
		'userqueries',
		'serviceendpoints',
		'sdkmessages',
		'sdkmessagefilters',
		'sdkmessageprocessingsteps',
		'asyncoperations',
		'duplicaterules',
		'duplicateruleconditions',
	])('%s', async (set) => {
		// prettier-ignore
		const { get } = environment();
		expect((await get(`${set}?$top=1`)).status).toBe(200);
		expect((await get('')).json.value).toContainEqual(expect.objectContaining({ name: set }));
	});
});
