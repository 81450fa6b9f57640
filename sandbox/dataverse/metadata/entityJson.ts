import { label, managed, metadataId, noLabel, isCustom, type Json } from './labels';
import { schemaNameOf } from '../schemaNames';
import type { Table } from '../model';
import type { Platform } from '../platform';
import { privilegeName, tableRights } from '../privilegeNames';
import { privilegeId } from '../roles';

/** Properties whose value is the same for every table of this environment; the names are those of EntityMetadata. */
const fixed: Json = {
	ActivityTypeMask: 0,
	AutoRouteToOwnerQueue: false,
	CanTriggerWorkflow: true,
	EntityHelpUrlEnabled: false,
	EntityHelpUrl: null,
	IsDocumentManagementEnabled: false,
	IsOneNoteIntegrationEnabled: false,
	IsInteractionCentricEnabled: false,
	IsKnowledgeManagementEnabled: false,
	IsSLAEnabled: false,
	IsBPFEntity: false,
	IsDocumentRecommendationsEnabled: false,
	IsMSTeamsIntegrationEnabled: false,
	SettingOf: null,
	DataProviderId: null,
	DataSourceId: null,
	AutoCreateAccessTeams: false,
	IsActivityParty: false,
	IsRetrieveAuditEnabled: false,
	IsRetrieveMultipleAuditEnabled: false,
	IsArchivalEnabled: false,
	IsRetentionEnabled: false,
	IsAvailableOffline: true,
	IsChildEntity: false,
	IsAIRUpdated: true,
	IconLargeName: null,
	IconMediumName: null,
	IconSmallName: null,
	IconVectorName: null,
	IsBusinessProcessEnabled: false,
	SyncToExternalSearchIndex: false,
	IsImportable: true,
	IsIntersect: false,
	IsEnabledForCharts: true,
	IsEnabledForTrace: false,
	IsValidForAdvancedFind: true,
	DaysSinceRecordLastModified: 0,
	MobileOfflineFilters: null,
	IsReadingPaneEnabled: true,
	IsQuickCreateEnabled: false,
	PrimaryImageAttribute: null,
	RecurrenceBaseEntityLogicalName: null,
	IntroducedVersion: '5.0.0.0',
	EnforceStateTransitions: false,
	ExternalName: null,
	EntityColor: null,
	ExternalCollectionName: null,
	IsEnabledForExternalChannels: false,
	IsPrivate: false,
	UsesBusinessDataLabelTable: false,
	IsLogicalEntity: false,
	HasFeedback: false,
	IsSolutionAware: false,
	OwnerId: null,
	OwnerIdType: null,
	OwningBusinessUnit: null,
	HasChanged: null,
	Settings: [],
};

/** Managed properties and their value unless the table says otherwise. */
const managedProperties: Record<string, boolean> = {
	IsAuditEnabled: false,
	IsValidForQueue: false,
	IsConnectionsEnabled: true,
	IsCustomizable: true,
	IsRenameable: true,
	IsMappable: true,
	CanCreateAttributes: true,
	CanCreateForms: true,
	CanCreateViews: true,
	CanCreateCharts: true,
	CanBeRelatedEntityInRelationship: true,
	CanBePrimaryEntityInRelationship: true,
	CanBeInManyToMany: true,
	CanBeInCustomEntityAssociation: true,
	CanEnableSyncToExternalSearchIndex: true,
	CanModifyAdditionalSettings: true,
	CanChangeHierarchicalRelationship: true,
	CanChangeTrackingBeEnabled: true,
	IsMailMergeEnabled: false,
	IsVisibleInMobile: false,
	IsVisibleInMobileClient: true,
	IsReadOnlyInMobileClient: false,
	IsOfflineInMobileClient: true,
};

const numbers: Record<string, number> = {
	account: 1,
	contact: 2,
	opportunity: 3,
	lead: 4,
	annotation: 5,
	systemuser: 8,
	team: 9,
	businessunit: 10,
};

/**
 * A table as EntityMetadata, all properties. Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/entitymetadata
 */
export function entityJson(platform: Platform, table: Table): Json {
	const custom = isCustom(table.logicalName);
	const holdsNotes = platform.model.tables.get('annotation')?.columns.get('objectid')?.targets?.includes(table.logicalName) ?? false;
	const json: Json = {
		...fixed,
		MetadataId: metadataId(table.logicalName),
		Privileges: privilegesOf(platform, table),
		LogicalName: table.logicalName,
		SchemaName: table.schemaName ?? schemaNameOf(table.logicalName),
		EntitySetName: table.entitySetName,
		LogicalCollectionName: table.entitySetName,
		CollectionSchemaName: schemaNameOf(table.entitySetName),
		PrimaryIdAttribute: table.primaryId,
		PrimaryNameAttribute: table.primaryName,
		ReportViewName: `Filtered${schemaNameOf(table.logicalName)}`,
		Description: noLabel,
		DisplayName: label(table.displayName ?? schemaNameOf(table.logicalName)),
		DisplayCollectionName: label(table.displayName ?? schemaNameOf(table.entitySetName)),
		ObjectTypeCode: numbers[table.logicalName] ?? 10000 + [...platform.model.tables.keys()].indexOf(table.logicalName),
		OwnershipType: table.ownership,
		IsIntersect: platform.model.intersects.has(table.logicalName),
		TableType: 'Standard',
		IsCustomEntity: custom,
		IsManaged: !custom,
		IsActivity: table.primaryId === 'activityid',
		IsStateModelAware: table.states !== undefined,
		HasNotes: holdsNotes,
		HasActivities: holdsNotes && table.ownership === 'UserOwned',
		HasEmailAddresses: table.columns.has('emailaddress1'),
		CreatedOn: '1900-01-01T00:00:00Z',
		ModifiedOn: '2026-01-01T00:00:00Z',
		ChangeTrackingEnabled: table.changeTracking,
		IsOptimisticConcurrencyEnabled: table.optimisticConcurrency,
		IsDuplicateDetectionEnabled: managed(['account', 'contact', 'lead'].includes(table.logicalName), 'canmodifyduplicatedetectionsettings'),
	};
	for (const [name, value] of Object.entries(managedProperties)) json[name] = managed(value, name.toLowerCase());
	return json;
}

/**
 * Tables share the privileges of others; rows that have no owner have none to assign or share.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/securityprivilegemetadata
 */
function privilegesOf(platform: Platform, table: Table): Json[] {
	if (platform.model.intersects.has(table.logicalName)) return [];
	const owned = table.ownership === 'UserOwned';
	return tableRights
		.filter((right) => owned || (right !== 'Assign' && right !== 'Share'))
		.map((right) => ({
			CanBeBasic: owned,
			CanBeDeep: owned,
			CanBeGlobal: true,
			CanBeLocal: owned,
			CanBeEntityReference: false,
			CanBeParentEntityReference: false,
			CanBeRecordFilter: false,
			Name: privilegeName(right, table),
			PrivilegeId: privilegeId(privilegeName(right, table)),
			PrivilegeType: right,
		}));
}
