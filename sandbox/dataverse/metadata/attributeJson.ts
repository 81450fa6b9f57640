import type { Column, Table } from '../model';
import type { Platform } from '../platform';
import { schemaNameOf } from '../schemaNames';
import { isCustom, label, managed, metadataId, noLabel, type Json } from './labels';
import { booleanOptions, choiceJson, stateOptions } from './optionSets';

const kinds: Record<Column['type'], [attributeType: string, metadata: string]> = {
	String: ['String', 'StringAttributeMetadata'],
	Memo: ['Memo', 'MemoAttributeMetadata'],
	Integer: ['Integer', 'IntegerAttributeMetadata'],
	BigInt: ['BigInt', 'BigIntAttributeMetadata'],
	Boolean: ['Boolean', 'BooleanAttributeMetadata'],
	Decimal: ['Decimal', 'DecimalAttributeMetadata'],
	Money: ['Money', 'MoneyAttributeMetadata'],
	Double: ['Double', 'DoubleAttributeMetadata'],
	DateTime: ['DateTime', 'DateTimeAttributeMetadata'],
	Uniqueidentifier: ['Uniqueidentifier', 'UniqueIdentifierAttributeMetadata'],
	Picklist: ['Picklist', 'PicklistAttributeMetadata'],
	MultiSelectPicklist: ['Virtual', 'MultiSelectPicklistAttributeMetadata'],
	Image: ['Virtual', 'ImageAttributeMetadata'],
	State: ['State', 'StateAttributeMetadata'],
	Status: ['Status', 'StatusAttributeMetadata'],
	Lookup: ['Lookup', 'LookupAttributeMetadata'],
	Customer: ['Customer', 'LookupAttributeMetadata'],
	Owner: ['Owner', 'LookupAttributeMetadata'],
	EntityName: ['EntityName', 'EntityNameAttributeMetadata'],
};

/** Types a collection of attributes can be cast to: those above, and some no column of this model has. */
export const attributeTypes = new Set([
	...Object.values(kinds).map(([, metadata]) => metadata),
	'ManagedPropertyAttributeMetadata',
	'MultiSelectPicklistAttributeMetadata',
	'ImageAttributeMetadata',
	'FileAttributeMetadata',
]);

/** Navigation properties of choice columns: in the answer only when expanded. */
export const expandable = new Set(['OptionSet', 'GlobalOptionSet']);

export const metadataType = (column: Column): string => kinds[column.type][1];

/** Columns people must fill in, though the platform takes rows without. */
const applicationRequired = new Set([
	'account.name',
	'contact.lastname',
	'lead.subject',
	'lead.lastname',
	'product.name',
	'opportunity.name',
]);

/**
 * A column as AttributeMetadata with what its own type adds; `expandable` ones included.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/attributemetadata and the pages of the derived types.
 */
export function attributeJson(platform: Platform, table: Table, column: Column): Json {
	const [attributeType, metadata] = kinds[column.type];
	const companion = column.hidden === true && column.type !== 'EntityName';
	const custom = isCustom(column.logicalName);
	const full = `${table.logicalName}.${column.logicalName}`;
	const level = column.required ? 'SystemRequired' : applicationRequired.has(full) ? 'ApplicationRequired' : 'None';
	const secured = platform.columnSecurity.isSecured(table.logicalName, column.logicalName);
	const securable = !column.required && !column.system && column.logicalName !== table.primaryId && !companion;
	const writable = {
		create: column.access === 'full' || column.access === 'insert',
		update: column.access === 'full' || column.access === 'modify',
	};
	return {
		'@odata.type': `#Microsoft.Dynamics.CRM.${metadata}`,
		MetadataId: metadataId(table.logicalName, column.logicalName),
		HasChanged: null,
		LogicalName: column.logicalName,
		SchemaName: column.schemaName ?? schemaNameOf(column.logicalName),
		EntityLogicalName: table.logicalName,
		AttributeType: companion ? 'Virtual' : attributeType,
		AttributeTypeName: { Value: `${companion ? 'Virtual' : attributeType === 'Virtual' ? column.type : attributeType}Type` },
		AttributeOf: companion ? column.logicalName.replace(/(yomi)?name$/, '') : null,
		ColumnNumber: 1 + [...table.columns.keys()].indexOf(column.logicalName),
		DisplayName: label(column.displayName ?? title(column.logicalName)),
		Description: noLabel,
		DeprecatedVersion: null,
		IntroducedVersion: '5.0.0.0',
		ExternalName: null,
		InheritsFrom: null,
		LinkedAttributeId: null,
		SourceType: column.access === 'read' ? null : 0,
		AutoNumberFormat: null,
		CreatedOn: '1900-01-01T00:00:00Z',
		ModifiedOn: '2026-01-01T00:00:00Z',
		IsPrimaryId: column.logicalName === table.primaryId,
		IsPrimaryName: column.logicalName === table.primaryName,
		IsValidForCreate: writable.create,
		IsValidForUpdate: writable.update,
		IsValidForRead: true,
		IsValidForForm: writable.update,
		IsValidForGrid: !companion,
		IsRequiredForForm: level !== 'None',
		IsValidODataAttribute: !column.hidden,
		IsLogical: companion,
		IsCustomAttribute: custom,
		IsManaged: !custom,
		IsDataSourceSecret: false,
		IsFilterable: false,
		IsSearchable: column.type === 'String',
		IsRetrievable: true,
		IsSecured: secured,
		CanBeSecuredForRead: securable,
		CanBeSecuredForCreate: securable && writable.create,
		CanBeSecuredForUpdate: securable && writable.update,
		IsAuditEnabled: managed(true, 'canmodifyauditsettings'),
		IsCustomizable: managed(true, 'iscustomizable', custom),
		IsRenameable: managed(true, 'isrenameable'),
		IsGlobalFilterEnabled: managed(false, 'canmodifyglobalfiltersettings'),
		IsSortableEnabled: managed(false, 'canmodifyissortablesettings'),
		IsValidForAdvancedFind: managed(!column.hidden, 'canmodifysearchsettings'),
		CanModifyAdditionalSettings: managed(true, 'canmodifyadditionalsettings'),
		RequiredLevel: managed(level, 'canmodifyrequirementlevelsettings', level !== 'SystemRequired'),
		Settings: [],
		...ofType(platform, table, column),
	};
}

/** `accountid` → `Accountid`: good enough for a title where the schema file has none. */
const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const calculated = { FormulaDefinition: null, SourceTypeMask: 0 };

function ofType(platform: Platform, table: Table, column: Column): Json {
	switch (column.type) {
		case 'String': {
			const MaxLength = column.maxLength ?? 100;
			return { MaxLength, DatabaseLength: 2 * MaxLength, Format: 'Text', FormatName: { Value: 'Text' }, ImeMode: 'Auto', IsLocalizable: false, YomiOf: null, ...calculated }; // prettier-ignore
		}
		case 'Memo':
			return { MaxLength: column.maxLength ?? 2000, Format: 'TextArea', FormatName: { Value: 'TextArea' }, ImeMode: 'Auto', IsLocalizable: false }; // prettier-ignore
		case 'Integer':
			return { Format: 'None', MinValue: -2147483648, MaxValue: 2147483647, ...calculated };
		case 'BigInt':
			return { MinValue: -9223372036854776000, MaxValue: 9223372036854776000 };
		case 'Decimal':
			return { Precision: column.logicalName === 'exchangerate' ? 12 : 10, MinValue: -100000000000, MaxValue: 100000000000, ImeMode: 'Disabled', ...calculated }; // prettier-ignore
		case 'Double':
			return { Precision: 5, MinValue: -100000000000, MaxValue: 100000000000, ImeMode: 'Disabled', ...calculated };
		case 'Money':
			return { Precision: 2, PrecisionSource: 2, MinValue: -922337203685477, MaxValue: 922337203685477, ImeMode: 'Disabled', CalculationOf: null, IsBaseCurrency: column.logicalName.endsWith('_base'), ...calculated }; // prettier-ignore
		case 'DateTime':
			return {
				Format: column.format ?? 'DateAndTime',
				DateTimeBehavior: { Value: column.behavior ?? 'UserLocal' },
				ImeMode: 'Inactive',
				CanChangeDateTimeBehavior: managed(false, 'canchangedatetimebehavior'),
				MinSupportedValue: '1753-01-01T00:00:00Z',
				MaxSupportedValue: '9999-12-30T23:59:59Z',
				...calculated,
			};
		case 'Lookup':
		case 'Customer':
		case 'Owner':
			return { Targets: column.targets, Format: 'None' };
		case 'Boolean':
			return { DefaultValue: false, OptionSet: booleanOptions(table, column), GlobalOptionSet: null, ...calculated };
		case 'State':
		case 'Status':
			return { DefaultFormValue: null, OptionSet: stateOptions(table, column), GlobalOptionSet: null };
		case 'EntityName':
			return { DefaultFormValue: null, IsEntityReferenceStored: true, OptionSet: null, GlobalOptionSet: null };
		case 'Picklist': {
			const set = platform.choices.of(table.logicalName, column);
			const id = set.isGlobal ? metadataId('optionset', set.name) : metadataId(table.logicalName, column.logicalName, 'optionset');
			const json = choiceJson(set, id);
			return { DefaultFormValue: -1, ParentPicklistLogicalName: null, ChildPicklistLogicalNames: [], OptionSet: set.isGlobal ? null : json, GlobalOptionSet: set.isGlobal ? json : null, ...calculated }; // prettier-ignore
		}
		default:
			return {};
	}
}

/** Properties that every column has, whatever its type. */
export const commonAttributeProperties = new Set(
	'@odata.type MetadataId HasChanged LogicalName SchemaName EntityLogicalName AttributeType AttributeTypeName AttributeOf ColumnNumber DisplayName Description DeprecatedVersion IntroducedVersion ExternalName InheritsFrom LinkedAttributeId SourceType AutoNumberFormat CreatedOn ModifiedOn IsPrimaryId IsPrimaryName IsValidForCreate IsValidForUpdate IsValidForRead IsValidForForm IsValidForGrid IsRequiredForForm IsValidODataAttribute IsLogical IsCustomAttribute IsManaged IsDataSourceSecret IsFilterable IsSearchable IsRetrievable IsSecured CanBeSecuredForRead CanBeSecuredForCreate CanBeSecuredForUpdate IsAuditEnabled IsCustomizable IsRenameable IsGlobalFilterEnabled IsSortableEnabled IsValidForAdvancedFind CanModifyAdditionalSettings RequiredLevel Settings'.split(
		' ',
	),
);
