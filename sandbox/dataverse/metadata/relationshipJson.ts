import type { ManyToMany } from '../associations';
import type { Relationship, Table } from '../model';
import type { Platform } from '../platform';
import { isCustom, label, managed, metadataId, type Json } from './labels';

/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/onetomanyrelationshipmetadata */
export function relationshipJson(relationship: Relationship): Json {
	const custom = isCustom(relationship.column);
	return {
		'@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
		MetadataId: metadataId('relationship', relationship.name),
		HasChanged: null,
		SchemaName: relationship.name,
		RelationshipType: 'OneToManyRelationship',
		SecurityTypes: 'Append',
		IntroducedVersion: '5.0.0.0',
		IsCustomRelationship: custom,
		IsManaged: !custom,
		IsValidForAdvancedFind: true,
		IsCustomizable: managed(true, 'iscustomizable'),
		IsHierarchical: false,
		IsRelationshipAttributeDenormalized: false,
		EntityKey: null,
		RelationshipAttributes: [],
		RelationshipBehavior: 1,
		ReferencedEntity: relationship.referenced,
		ReferencedAttribute: relationship.referencedKey,
		ReferencingEntity: relationship.referencing,
		ReferencingAttribute: relationship.column,
		ReferencingEntityNavigationPropertyName: relationship.navigation,
		ReferencedEntityNavigationPropertyName: relationship.name,
		AssociatedMenuConfiguration: {
			Behavior: 'UseCollectionName',
			Group: 'Details',
			Order: 10000,
			IsCustomizable: true,
			AvailableOffline: true,
		},
		CascadeConfiguration: {
			Assign: 'NoCascade',
			Delete: relationship.onDelete === 'None' ? 'NoCascade' : relationship.onDelete,
			Archive: 'RemoveLink',
			Merge: 'NoCascade',
			Reparent: 'NoCascade',
			Share: 'NoCascade',
			Unshare: 'NoCascade',
			RollupView: 'NoCascade',
		},
	};
}

/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/manytomanyrelationshipmetadata */
export function manyToManyJson({ name, intersect, sides: [first, second] }: ManyToMany): Json {
	const menu = { Behavior: 'UseCollectionName', Group: 'Details', Order: null, IsCustomizable: true };
	return {
		'@odata.type': '#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
		MetadataId: metadataId('relationship', name),
		HasChanged: null,
		SchemaName: name,
		RelationshipType: 'ManyToManyRelationship',
		SecurityTypes: 'None',
		IntroducedVersion: '5.0.0.0',
		IsCustomRelationship: false,
		IsManaged: true,
		IsValidForAdvancedFind: true,
		IsCustomizable: managed(false, 'iscustomizable'),
		IntersectEntityName: intersect,
		Entity1LogicalName: first.table,
		Entity1IntersectAttribute: first.column,
		Entity1NavigationPropertyName: first.navigation,
		Entity1AssociatedMenuConfiguration: menu,
		Entity2LogicalName: second.table,
		Entity2IntersectAttribute: second.column,
		Entity2NavigationPropertyName: second.navigation,
		Entity2AssociatedMenuConfiguration: menu,
	};
}

/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/entitykeymetadata */
export const keysJson = (table: Table): Json[] =>
	[...table.keys, ...table.failedKeys].map(([name, columns]) => ({
		MetadataId: metadataId(table.logicalName, 'key', name),
		HasChanged: null,
		LogicalName: name.toLowerCase(),
		SchemaName: name,
		EntityLogicalName: table.logicalName,
		KeyAttributes: columns,
		EntityKeyIndexStatus: table.failedKeys.has(name) ? 'Failed' : 'Active',
		DisplayName: label(name),
		IsManaged: false,
		IsCustomizable: managed(true, 'iscustomizable'),
		IsSynchronous: true,
		IsSecondaryKey: false,
		IsExportKey: false,
		IntroducedVersion: '1.0.0.0',
	}));

/** What hangs on a table's definition under a name; null: nothing of that name. */
export function relatedJson(platform: Platform, table: Table, name: string): Json[] | null {
	const { relationships } = platform.model;
	switch (name) {
		case 'Keys':
			return keysJson(table);
		case 'ManyToOneRelationships':
			return relationships.filter((each) => each.referencing === table.logicalName).map(relationshipJson);
		case 'OneToManyRelationships':
			return relationships.filter((each) => each.referenced === table.logicalName).map(relationshipJson);
		case 'ManyToManyRelationships':
			return platform.model.manyToMany.filter(({ sides }) => sides.some((side) => side.table === table.logicalName)).map(manyToManyJson);
		default:
			return null;
	}
}

/** Properties a filter or selection may name on what `relatedJson` lists, also where the list is empty. */
export const relatedProperties = new Set([
	...Object.keys(
		relationshipJson({ name: '', referencing: '', column: '', referenced: '', referencedKey: '', navigation: '', onDelete: 'None' }),
	),
	...'LogicalName EntityLogicalName KeyAttributes EntityKeyIndexStatus DisplayName IsSynchronous IsSecondaryKey IsExportKey'.split(' '),
	...'Entity1LogicalName Entity2LogicalName IntersectEntityName Entity1IntersectAttribute Entity2IntersectAttribute Entity1NavigationPropertyName Entity2NavigationPropertyName Entity1AssociatedMenuConfiguration Entity2AssociatedMenuConfiguration'.split(' '), // prettier-ignore
]);
