import { composedColumn } from './fullName';
import { type Attribute, type ChoiceOptions, labelOf, type Metadata } from './metadata';
import type { ColumnShape, TableShape } from '../../model/shape';

/** Columns of a table that the Web API reads, from the environment's metadata. */
export async function describeTable(metadata: Metadata, table: string): Promise<TableShape> {
	const { info, attributes, relationships, choices } = await metadata.everything(table);
	const targets = new Map<string, string[]>();
	for (const { column, target } of relationships) targets.set(column, [...(targets.get(column) ?? []), target]);
	const columns = attributes.flatMap((attribute): Array<[string, ColumnShape]> => {
		const column = columnShape(attribute, targets, choices);
		if (!column) return [];
		// It is written as its parts.
		return [[column.name, column.name === composedColumn(table) ? { ...column, writable: true, creatable: true } : column]];
	});
	const known = new Map(columns);
	const uncarried = attributes.flatMap((attribute): Array<[string, string]> => {
		return known.has(attribute.LogicalName) ? [] : [[attribute.LogicalName, whatIsNotCarried(attribute)]];
	});
	const named = known.has(info.primaryName) ? { primaryName: info.primaryName } : {};
	return { name: table, label: info.label, columns: known, uncarried: new Map(uncarried), ...named };
}

/** Null for columns that are not in the Web API's model (names and types of lookups) or hold no plain value. */
function columnShape(attribute: Attribute, targets: ReadonlyMap<string, string[]>, choices: readonly ChoiceOptions[]): ColumnShape | null {
	if (attribute.AttributeOf || attribute.IsValidForRead === false || attribute.IsValidODataAttribute === false) return null;
	const type = typeOf(attribute);
	if (type === null) return null;
	const name = attribute.LogicalName;
	const options = choices.find((choice) => choice.column === name)?.options;
	return {
		name,
		label: labelOf(attribute.DisplayName, name),
		type,
		maxLength: type === 'text' ? (attribute.MaxLength ?? null) : null,
		writable: attribute.IsValidForUpdate === true,
		creatable: attribute.IsValidForCreate === true,
		...decimalsOf(attribute),
		...(type === 'dateTime' && attribute.Format === 'DateOnly' && attribute.DateTimeBehavior?.Value !== 'TimeZoneIndependent'
			? { daysOnly: true as const }
			: {}),
		...(type === 'choice' && options ? { options } : {}),
		...(type === 'lookup' ? { targets: attribute.Targets ?? ownerTargets(attribute) ?? targets.get(name) ?? [] } : {}),
	};
}

/** Of amounts only where the column has digits of its own, not those of its currency or of the organization. */
function decimalsOf({ AttributeType, Precision, PrecisionSource }: Attribute): Pick<ColumnShape, 'decimals'> {
	if (typeof Precision !== 'number' || (AttributeType === 'Money' && PrecisionSource !== 0)) return {};
	return { decimals: Precision };
}

/** What a column holds that is no value a field could carry, in words. */
function whatIsNotCarried({ AttributeType, AttributeTypeName, AttributeOf }: Attribute): string {
	if (AttributeOf) return `what Dataverse itself keeps beside the column ${AttributeOf}; map that one`;
	return (
		WORDS[AttributeTypeName?.Value ?? ''] ??
		`something that the Web API does not show as a value (${AttributeTypeName?.Value ?? AttributeType ?? 'unknown'})`
	);
}

const WORDS: Readonly<Record<string, string>> = {
	ImageType: 'an image',
	FileType: 'a file',
	PartyListType: 'a list of people',
	CalendarRulesType: 'the rules of a calendar',
	ManagedPropertyType: 'a setting of a solution',
};

const ownerTargets = (attribute: Attribute): string[] | undefined =>
	attribute.AttributeType === 'Owner' ? ['systemuser', 'team'] : undefined;

function typeOf(attribute: Attribute): ColumnShape['type'] | null {
	if (attribute.AttributeType === 'DateTime') return attribute.DateTimeBehavior?.Value === 'DateOnly' ? 'date' : 'dateTime';
	if (attribute.AttributeTypeName?.Value === 'MultiSelectPicklistType') return 'multiChoice';
	return types[attribute.AttributeType ?? ''] ?? null;
}

const types: Readonly<Record<string, ColumnShape['type']>> = {
	String: 'text',
	Memo: 'text',
	EntityName: 'text',
	Integer: 'integer',
	BigInt: 'integer',
	Decimal: 'decimal',
	Double: 'decimal',
	Money: 'money',
	Boolean: 'boolean',
	Uniqueidentifier: 'guid',
	Picklist: 'choice',
	State: 'choice',
	Status: 'choice',
	Lookup: 'lookup',
	Customer: 'lookup',
	Owner: 'lookup',
};
