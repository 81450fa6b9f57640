import { environment } from './client';

type Meta = Array<Record<string, unknown>>;

describe('Dataverse: service document and metadata', () => {
	test('a table definition by logical name, with keys, columns and relationships', async () => {
		const { get, crm } = environment();
		crm.defineKey('account', 'number', ['accountnumber']);
		const { json } = await get(
			"EntityDefinitions(LogicalName='account')?$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled&$expand=Attributes($select=LogicalName,AttributeType,IsValidForUpdate),Keys($select=LogicalName,KeyAttributes),ManyToOneRelationships($select=ReferencingEntityNavigationPropertyName,ReferencedEntity,ReferencingAttribute)",
		);
		expect(json).toMatchObject({ LogicalName: 'account', EntitySetName: 'accounts', PrimaryIdAttribute: 'accountid', PrimaryNameAttribute: 'name', ChangeTrackingEnabled: true }); // prettier-ignore
		expect(json.Keys).toMatchObject([{ LogicalName: 'number', KeyAttributes: ['accountnumber'] }]);
		expect(json.ManyToOneRelationships as Meta).toContainEqual(expect.objectContaining({ ReferencingAttribute: 'bcbi_companyid', ReferencedEntity: 'bcbi_company', ReferencingEntityNavigationPropertyName: 'bcbi_CompanyId' })); // prettier-ignore
		const attributes = json.Attributes as Meta;
		expect(attributes.find((each) => each.LogicalName === 'createdon')).toMatchObject({
			AttributeType: 'DateTime',
			IsValidForUpdate: false,
		});
		expect(attributes.find((each) => each.LogicalName === 'primarycontactidname')).toMatchObject({ AttributeType: 'Virtual' });
	});

	test('all tables', async () => {
		const { get } = environment();
		const { json } = await get('EntityDefinitions?$select=EntitySetName,LogicalName');
		expect(json.value).toContainEqual(expect.objectContaining({ LogicalName: 'bcbi_company', EntitySetName: 'bcbi_companies' }));
	});

	test('text columns with their length, lookups with their targets, choices with their options', async () => {
		const { get } = environment();
		const base = "EntityDefinitions(LogicalName='account')/Attributes";
		const text = await get(`${base}/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength`);
		expect(text.json.value).toContainEqual(expect.objectContaining({ LogicalName: 'accountnumber', MaxLength: 20 }));
		const lookups = await get(`${base}/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=LogicalName,Targets`);
		expect(lookups.json.value).toContainEqual(expect.objectContaining({ LogicalName: 'ownerid', Targets: ['systemuser', 'team'] }));
		const choice = await get(
			`${base}(LogicalName='paymenttermscode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`,
		);
		const { Options: options } = choice.json.OptionSet as {
			Options: Array<{ Value: number; Label: { UserLocalizedLabel: { Label: string } } }>;
		};
		expect(options[0]).toMatchObject({ Value: 1, Label: { UserLocalizedLabel: { Label: expect.any(String) } } });
		const all = await get(`${base}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`);
		expect(all.json.value.every((each) => each.OptionSet)).toBe(true);
		const states = await get(`${base}(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$expand=OptionSet`);
		expect((states.json.OptionSet as { Options: Meta }).Options).toMatchObject([{ Value: 1, State: 0 }, { Value: 2, State: 1 }]); // prettier-ignore
	});

	test('attributes can be filtered', async () => {
		const { get } = environment();
		const { json } = await get("EntityDefinitions(LogicalName='account')/Attributes?$select=LogicalName&$filter=LogicalName eq 'name'");
		expect(json.value).toHaveLength(1);
	});

	test('unknown tables, columns and casts are 404', async () => {
		const { get } = environment();
		expect((await get("EntityDefinitions(LogicalName='nothing')")).status).toBe(404);
		expect((await get("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='nothing')")).status).toBe(404);
		expect((await get("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata")).status).toBe(404); // prettier-ignore
	});

	test('options can be added at run time', async () => {
		const { get, post } = environment();
		const label = { LocalizedLabels: [{ Label: 'Net 14', LanguageCode: 1033 }] };
		const inserted = await post('InsertOptionValue', {
			EntityLogicalName: 'account',
			AttributeLogicalName: 'paymenttermscode',
			Value: 779800000,
			Label: label,
		});
		expect(inserted.json.NewOptionValue).toBe(779800000);
		await post('PublishXml', { ParameterXml: '<importexportxml><entities><entity>account</entity></entities></importexportxml>' });
		expect((await post('accounts', { name: 'A', paymenttermscode: 779800000 })).status).toBe(204);
		const { body } = await get("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='paymenttermscode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet"); // prettier-ignore
		expect(body).toContain('Net 14');
		const { post: other } = environment();
		expect((await other('accounts', { name: 'A', paymenttermscode: 779800000 })).status).toBe(400);
	});

	test('$metadata is CSDL with navigation properties in their case', async () => {
		const { get } = environment();
		const { body, headers } = await get('$metadata');
		expect(headers['content-type']).toBe('application/xml');
		expect(body).toContain('<EntityType Name="account"');
		expect(body).toContain('<NavigationProperty Name="bcbi_CompanyId" Type="mscrm.bcbi_company"');
		expect(body).toContain('<Property Name="_primarycontactid_value" Type="Edm.Guid"');
		expect(body).not.toContain('primarycontactidname');
	});

	test('tables can be added, with all of the Web API', async () => {
		const { crm, post, get } = environment();
		crm.defineTable({
			logicalName: 'new_project',
			entitySetName: 'new_projects',
			primaryId: 'new_projectid',
			primaryName: 'new_name',
			ownership: 'OrganizationOwned',
			bulk: true,
			columns: [
				{ logicalName: 'new_projectid', type: 'Uniqueidentifier', access: 'insert' },
				{ logicalName: 'new_name', type: 'String', access: 'full', maxLength: 100, required: true },
				{ logicalName: 'new_accountid', type: 'Lookup', access: 'full', targets: ['account'], navigation: { account: 'new_AccountId' } },
				{ logicalName: 'modifiedon', type: 'DateTime', access: 'read', system: true },
				{ logicalName: 'versionnumber', type: 'BigInt', access: 'read', system: true },
			],
		});
		const account = crm.insert('account', { name: 'A' });
		expect((await post('new_projects', {})).status).toBe(400);
		const { id } = await post('new_projects', { new_name: 'P', 'new_AccountId@odata.bind': `/accounts(${account})` });
		const { json } = await get(`new_projects(${id})?$expand=new_AccountId($select=name)`);
		expect(json).toMatchObject({ new_name: 'P', _new_accountid_value: account, new_AccountId: { name: 'A' } });
		expect((await get(`accounts(${account})/account_new_project_new_accountid?$select=new_name`)).json.value).toMatchObject([
			{ new_name: 'P' },
		]);
		expect((await get("EntityDefinitions(LogicalName='new_project')")).json).toMatchObject({
			IsCustomEntity: true,
			SchemaName: 'new_project',
		});
	});

	test('seeding keeps given stamps and finds the table of a customer by its id', () => {
		const { crm } = environment();
		const [account] = crm.seed('account', [{ name: 'A', modifiedon: '2020-01-01T00:00:00Z' }]);
		const [order] = crm.seed('salesorder', [{ name: 'O', customerid: account, totalamount: 99 }]);
		expect(crm.get('account', account!)).toMatchObject({ modifiedon: '2020-01-01T00:00:00Z', statecode: 0, ownerid: crm.administrator });
		expect(crm.get('salesorder', order!)).toMatchObject({ customeridtype: 'account', accountid: account, totalamount: 99 });
		expect(() => crm.seed('account', [{ nam: 'x' }])).toThrow(/'nam'/);
	});
});
