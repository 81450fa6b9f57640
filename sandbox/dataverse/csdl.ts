import { signatures, type Signature } from './actionSignatures';
import { DataverseError } from './errors';
import { isPrincipal, type Table } from './model';
import type { Platform } from './platform';
import { edmType } from './values';

const namespace = 'Microsoft.Dynamics.CRM';

/**
 * `$metadata`: the model as CSDL. `annotations`: `true` adds what sets are capable of.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-service-documents
 */
export function csdl(platform: Platform, annotations: string | undefined): string {
	if (annotations !== undefined && annotations !== 'true' && annotations !== 'false') {
		throw new DataverseError(400, '0x80060888', `The value '${annotations}' of the query parameter annotations is not valid.`);
	}
	const tables = [...platform.model.tables.values()];
	const types = tables.map((table) => entityType(platform, table)).join('');
	const sets = tables.map((table) => entitySet(platform, table, annotations === 'true')).join('');
	const operations = Object.entries(signatures)
		.flatMap(([name, signature]) => actionElements(platform, name, signature))
		.join('');
	const imports = Object.entries(signatures).filter(([, { boundTo }]) => !boundTo).map(([name]) => `<ActionImport Name="${name}" Action="${namespace}.${name}" />`).join(''); // prettier-ignore
	return `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="${namespace}" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="crmbaseentity" Abstract="true" /><EntityType Name="principal" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="ownerid" /></Key><Property Name="ownerid" Type="Edm.Guid" /></EntityType>${types}${complexTypes}${operations}${functions}${boundFunctions}<EntityContainer Name="System">${sets}${imports}${functionImports}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
}

const keyOf = (platform: Platform, table: string): string =>
	table === 'principal' || isPrincipal({ logicalName: table }) ? 'ownerid' : (platform.model.tables.get(table)?.primaryId ?? `${table}id`);

function entityType(platform: Platform, table: Table): string {
	const principal = isPrincipal(table);
	const columns = [...table.properties.values()].filter(({ property }) => !(principal && property === 'ownerid'));
	const properties = columns.map((column) => `<Property Name="${column.property}" Type="${edmType(column)}"${edmType(column) === 'Edm.String' ? ' Unicode="false"' : edmType(column) === 'Edm.Decimal' ? ' Scale="Variable"' : ''} />`); // prettier-ignore
	const single = [...table.navigation].filter(([, { targets }]) => targets.some((target) => platform.model.tables.has(target))).map(([name, { column, targets }]) => {
		const type = targets.length > 1 ? 'principal' : targets[0]!;
		return `<NavigationProperty Name="${name}" Type="mscrm.${type}" Nullable="true"><ReferentialConstraint Property="${column.property}" ReferencedProperty="${keyOf(platform, type)}" /></NavigationProperty>`;
	}); // prettier-ignore
	const collections = [...table.collections.values()].map(({ name, referencing, navigation }) => `<NavigationProperty Name="${name}" Type="Collection(mscrm.${referencing})" Partner="${navigation}" />`); // prettier-ignore
	const shared = [...table.associations].map(([name, { other }]) => `<NavigationProperty Name="${name}" Type="Collection(mscrm.${other.table})" Partner="${other.navigation}" />`); // prettier-ignore
	const head = principal
		? `<EntityType Name="${table.logicalName}" BaseType="mscrm.principal">`
		: `<EntityType Name="${table.logicalName}" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="${table.primaryId}" /></Key>`;
	return `${head}${[...properties, ...single, ...collections, ...shared].join('')}</EntityType>`;
}

function entitySet(platform: Platform, table: Table, annotated: boolean): string {
	const bindings: string[] = [];
	for (const [name, { targets }] of table.navigation) {
		const target = targets.length === 1 ? platform.model.tables.get(targets[0]!) : undefined;
		if (target) bindings.push(`<NavigationPropertyBinding Path="${name}" Target="${target.entitySetName}" />`);
	}
	for (const { name, referencing } of table.collections.values()) {
		bindings.push(`<NavigationPropertyBinding Path="${name}" Target="${platform.model.table(referencing).entitySetName}" />`);
	}
	for (const [name, { other }] of table.associations) {
		bindings.push(`<NavigationPropertyBinding Path="${name}" Target="${platform.model.table(other.table).entitySetName}" />`);
	}
	return `<EntitySet Name="${table.entitySetName}" EntityType="${namespace}.${table.logicalName}">${bindings.join('')}${annotated ? capabilities(table) : ''}</EntitySet>`;
}

function capabilities(table: Table): string {
	const tracking = `<Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="${String(table.changeTracking)}" /></Record></Annotation>`; // prettier-ignore
	const concurrency = table.optimisticConcurrency
		? '<Annotation Term="Org.OData.Core.V1.OptimisticConcurrency"><Collection /></Annotation>'
		: '';
	const skip = '<Annotation Term="Org.OData.Capabilities.V1.SkipSupported" Bool="false" />';
	const search = '<Annotation Term="Org.OData.Capabilities.V1.SearchRestrictions"><Record><PropertyValue Property="Searchable" Bool="false" /></Record></Annotation>'; // prettier-ignore
	return concurrency + tracking + skip + search;
}

function actionElements(platform: Platform, name: string, { parameters, returns, boundTo }: Signature): string[] {
	const own = Object.entries(parameters)
		.filter(([, type]) => known(platform, type))
		.map(([parameter, type]) => `<Parameter Name="${parameter}" Type="${type}" />`)
		.join('');
	const result = returns ? `<ReturnType Type="${returns}" Nullable="false" />` : '';
	if (!boundTo) return [`<Action Name="${name}">${own}${result}</Action>`];
	const bound = (type: string) =>
		`<Action Name="${name}" IsBound="true"><Parameter Name="entity" Type="${type}" Nullable="false" />${own}${result}</Action>`;
	if (boundTo !== 'Collection') return platform.model.tables.has(boundTo) ? [bound(`mscrm.${boundTo}`)] : [];
	return [...platform.model.tables.values()].filter(({ bulk }) => bulk).map(({ logicalName }) => bound(`Collection(mscrm.${logicalName})`));
}

/** Parameters of tables this environment does not have are left out, as where their solution is not installed. */
function known(platform: Platform, type: string): boolean {
	const table = /^mscrm\.([a-z_]+)$/.exec(type)?.[1];
	return table === undefined || table === 'crmbaseentity' || platform.model.tables.has(table);
}

const complex = (name: string, properties: Record<string, string>): string =>
	`<ComplexType Name="${name}">${Object.entries(properties).map(([property, type]) => `<Property Name="${property}" Type="${type}" />`).join('')}</ComplexType>`; // prettier-ignore

const complexTypes = [
	'<EnumType Name="EndpointAccessType"><Member Name="Default" Value="0" /><Member Name="Internet" Value="1" /><Member Name="Intranet" Value="2" /></EnumType>',
	'<EnumType Name="EndpointType"><Member Name="OrganizationService" Value="0" /><Member Name="OrganizationDataService" Value="1" /><Member Name="WebApplication" Value="2" /></EnumType>',
	'<EnumType Name="TargetFieldType"><Member Name="All" Value="0" /><Member Name="ValidForCreate" Value="1" /><Member Name="ValidForUpdate" Value="2" /><Member Name="ValidForRead" Value="3" /></EnumType>',
	'<EnumType Name="OrganizationState"><Member Name="Enabled" Value="0" /><Member Name="Disabled" Value="1" /></EnumType>',
	complex('ColumnSet', { AllColumns: 'Edm.Boolean', Columns: 'Collection(Edm.String)' }),
	complex('LocalizedLabel', { Label: 'Edm.String', LanguageCode: 'Edm.Int32', IsManaged: 'Edm.Boolean', MetadataId: 'Edm.Guid', HasChanged: 'Edm.Boolean' }), // prettier-ignore
	complex('Label', { LocalizedLabels: 'Collection(mscrm.LocalizedLabel)', UserLocalizedLabel: 'mscrm.LocalizedLabel' }),
	complex('WhoAmIResponse', { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' }),
	complex('RetrieveVersionResponse', { Version: 'Edm.String' }),
	complex('EntityRecordCountCollection', { Count: 'Edm.Int32', IsReadOnly: 'Edm.Boolean', Keys: 'Collection(Edm.String)', Values: 'Collection(Edm.Int64)' }), // prettier-ignore
	complex('RetrieveTotalRecordCountResponse', { EntityRecordCountCollection: 'mscrm.EntityRecordCountCollection' }),
	complex('EndpointCollection', { Count: 'Edm.Int32', IsReadOnly: 'Edm.Boolean', Keys: 'Collection(mscrm.EndpointType)', Values: 'Collection(Edm.String)' }), // prettier-ignore
	complex('OrganizationDetail', { OrganizationId: 'Edm.Guid', FriendlyName: 'Edm.String', OrganizationVersion: 'Edm.String', EnvironmentId: 'Edm.String', UrlName: 'Edm.String', UniqueName: 'Edm.String', State: 'mscrm.OrganizationState', Endpoints: 'mscrm.EndpointCollection' }), // prettier-ignore
	complex('RetrieveCurrentOrganizationResponse', { Detail: 'mscrm.OrganizationDetail' }),
	complex('CreateMultipleResponse', { Ids: 'Collection(Edm.Guid)' }),
	complex('InsertOptionValueResponse', { NewOptionValue: 'Edm.Int32' }),
	complex('PublishDuplicateRuleResponse', { JobId: 'Edm.Guid' }),
	complex('InitializeAnnotationBlocksUploadResponse', { FileContinuationToken: 'Edm.String' }),
	complex('CommitAnnotationBlocksUploadResponse', { AnnotationId: 'Edm.Guid', FileSizeInBytes: 'Edm.Int64' }),
	complex('InitializeAnnotationBlocksDownloadResponse', { FileContinuationToken: 'Edm.String', FileName: 'Edm.String', FileSizeInBytes: 'Edm.Int64' }), // prettier-ignore
	complex('DownloadBlockResponse', { Data: 'Edm.Binary' }),
	'<EnumType Name="PrivilegeDepth"><Member Name="Basic" Value="0" /><Member Name="Local" Value="1" /><Member Name="Deep" Value="2" /><Member Name="Global" Value="3" /><Member Name="RecordFilter" Value="4" /></EnumType>',
	'<EnumType Name="AccessRights" IsFlags="true"><Member Name="None" Value="0" /><Member Name="ReadAccess" Value="1" /><Member Name="WriteAccess" Value="2" /><Member Name="AppendAccess" Value="4" /><Member Name="AppendToAccess" Value="16" /><Member Name="CreateAccess" Value="32" /><Member Name="DeleteAccess" Value="65536" /><Member Name="ShareAccess" Value="262144" /><Member Name="AssignAccess" Value="524288" /></EnumType>',
	complex('RolePrivilege', { Depth: 'mscrm.PrivilegeDepth', PrivilegeId: 'Edm.Guid', BusinessUnitId: 'Edm.Guid', PrivilegeName: 'Edm.String', RecordFilterId: 'Edm.Guid', RecordFilterUniqueName: 'Edm.String' }), // prettier-ignore
	...['RetrieveUserPrivileges', 'RetrieveTeamPrivileges', 'RetrieveUserPrivilegeByPrivilegeName', 'RetrieveUserPrivilegeByPrivilegeId', 'RetrieveUserSetOfPrivilegesByNames'].map((name) => complex(`${name}Response`, { RolePrivileges: 'Collection(mscrm.RolePrivilege)' })), // prettier-ignore
	complex('RetrievePrincipalAccessResponse', { AccessRights: 'mscrm.AccessRights' }),
].join('');

/** Functions of users and teams. */
const boundFunctions = [
	['RetrieveUserPrivileges', 'systemuser', {}],
	['RetrieveTeamPrivileges', 'team', {}],
	['RetrieveUserPrivilegeByPrivilegeName', 'systemuser', { PrivilegeName: 'Edm.String' }],
	['RetrieveUserPrivilegeByPrivilegeId', 'systemuser', { PrivilegeId: 'Edm.Guid' }],
	['RetrieveUserSetOfPrivilegesByNames', 'systemuser', { PrivilegeNames: 'Collection(Edm.String)' }],
	['RetrievePrincipalAccess', 'systemuser', { Target: 'mscrm.crmbaseentity' }],
	['RetrievePrincipalAccess', 'team', { Target: 'mscrm.crmbaseentity' }],
]
	.map(([name, table, parameters]) => {
		const own = Object.entries(parameters as Record<string, string>).map(([parameter, type]) => `<Parameter Name="${parameter}" Type="${type}" Nullable="false" />`); // prettier-ignore
		return `<Function Name="${String(name)}" IsBound="true"><Parameter Name="entity" Type="mscrm.${String(table)}" Nullable="false" />${own.join('')}<ReturnType Type="mscrm.${String(name)}Response" Nullable="false" /></Function>`;
	})
	.join('');

const functionTypes: Record<string, Record<string, string>> = {
	WhoAmI: {},
	RetrieveVersion: {},
	RetrieveTotalRecordCount: { EntityNames: 'Collection(Edm.String)' },
	RetrieveCurrentOrganization: { AccessType: 'mscrm.EndpointAccessType' },
	InitializeFrom: { EntityMoniker: 'mscrm.crmbaseentity', TargetEntityName: 'Edm.String', TargetFieldType: 'mscrm.TargetFieldType' },
};

const functions = Object.entries(functionTypes)
	.map(
		([name, parameters]) =>
			`<Function Name="${name}">${Object.entries(parameters)
				.map(([parameter, type]) => `<Parameter Name="${parameter}" Type="${type}" Nullable="false" />`)
				.join(
					'',
				)}<ReturnType Type="${name === 'InitializeFrom' ? 'mscrm.crmbaseentity' : `mscrm.${name}Response`}" Nullable="false" /></Function>`,
	) // prettier-ignore
	.join('');

const functionImports = Object.keys(functionTypes)
	.map((name) => `<FunctionImport Name="${name}" Function="${namespace}.${name}" />`)
	.join('');
