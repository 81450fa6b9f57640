import type { OptionSet } from '../choices';
import type { Column, Table } from '../model';
import { label, labelIn, managed, metadataId, noLabel, type Json } from './labels';

const common = (id: string, name: string, isGlobal: boolean, type: string): Json => ({
	MetadataId: id,
	HasChanged: null,
	Name: name,
	DisplayName: label(name),
	Description: noLabel,
	IsGlobal: isGlobal,
	IsCustomOptionSet: isGlobal,
	IsManaged: true,
	IsCustomizable: managed(true, 'iscustomizable', false),
	IntroducedVersion: null,
	ExternalTypeName: null,
	ParentOptionSetName: null,
	OptionSetType: type,
});

const option = (value: number, text: Json, more: Json = {}): Json => ({
	Value: value,
	...more,
	Label: text,
	Description: noLabel,
	Color: null,
	IsManaged: true,
	ExternalValue: null,
	ParentValues: [],
	MetadataId: null,
	HasChanged: null,
});

/** A choice, local or global. */
export const choiceJson = (set: OptionSet, id: string): Json => ({
	...common(id, set.name, set.isGlobal, 'Picklist'),
	Options: [...set.published].map(([value, labels]) => option(value, labelIn(labels))),
});

/** Options of a state or status column; a status tells its state. */
export function stateOptions(table: Table, column: Column): Json {
	const states = Object.entries(table.states?.values ?? {});
	const options = Object.entries(column.options ?? {}).map(([value, text]) => {
		const state = states.find(([, each]) => each.statuses.includes(Number(value)))?.[0];
		const own = table.states?.values[value];
		return column.type === 'Status'
			? option(Number(value), label(text), { State: Number(state ?? 0), TransitionData: null })
			: option(Number(value), label(text), { DefaultStatus: own?.defaultStatus ?? null, InvariantName: text });
	});
	const id = metadataId(table.logicalName, column.logicalName, 'optionset');
	return { ...common(id, `${table.logicalName}_${column.logicalName}`, false, column.type), Options: options };
}

/** The two values of a yes/no column. */
export function booleanOptions(table: Table, column: Column): Json {
	const id = metadataId(table.logicalName, column.logicalName, 'optionset');
	return {
		...common(id, `${table.logicalName}_${column.logicalName}`, false, 'Boolean'),
		TrueOption: option(1, label('Yes')),
		FalseOption: option(0, label('No')),
	};
}
