import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { plainText } from './markdown';

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** Rows of a parameter table: name, default, and what it does with the choices there are. What only former versions of a node show is left out. */
export function propertyRows(properties: readonly INodeProperties[], path: readonly string[] = []): string[][] {
	return properties
		.filter(({ type, displayOptions }) => type !== 'hidden' && !displayOptions?.show?.['@version'])
		.flatMap((property) => {
			const name = [...path, property.displayName];
			if (property.type === 'collection') return propertyRows((property.options ?? []).filter(isProperty), name);
			const row = [`**${name.join(' → ')}**`, defaultOf(property, properties, path.length > 0), whatItDoes(property, properties)];
			return [row];
		});
}

const isProperty = (entry: Entry): entry is INodeProperties => 'type' in entry;

function whatItDoes(property: INodeProperties, all: readonly INodeProperties[]): string {
	const parts = [plainText(property.description ?? '').replace(/\.?\s*$/, '.')];
	if (property.type === 'options') parts.push(choices(property));
	if (property.type === 'resourceLocator') parts.push(`Named ${(property.modes ?? []).map(({ displayName }) => displayName.toLowerCase()).join(', ')}.`);
	const condition = shownWhen(property, all);
	if (condition) parts.push(`Shown when ${condition}.`);
	return parts.filter((part) => part !== '.' && part !== '').join(' ');
}

const choices = ({ options = [] }: INodeProperties): string =>
	(options as INodePropertyOptions[])
		.map(({ name, description }) => (description ? `*${name}*: ${plainText(description).replace(/\.$/, '')}.` : `*${name}*.`))
		.join(' ');

/** Conditions on other fields of the same operation, in their names. */
function shownWhen({ displayOptions }: INodeProperties, all: readonly INodeProperties[]): string {
	return Object.entries(displayOptions?.show ?? {})
		.filter(([name]) => name !== 'operation')
		.map(([name, values]) => {
			const field = all.find((each) => each.name === name);
			return `${field?.displayName ?? name} is ${(values ?? []).map((value) => `*${label(field, value)}*`).join(' or ')}`;
		})
		.join(' and ');
}

function label(field: INodeProperties | undefined, value: unknown): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	const option = (field?.options as INodePropertyOptions[] | undefined)?.find((each) => 'value' in each && each.value === value);
	return option?.name ?? String(value);
}

function defaultOf(property: INodeProperties, all: readonly INodeProperties[], inCollection: boolean): string {
	const { type, required } = property;
	// An entry of a collection does nothing until it is added; its default is only what the field then begins with.
	if (inCollection) return `not set (begins with ${shown(property, all) || 'nothing'})`;
	return shown(property, all) || (required ? 'required' : type === 'multiOptions' ? 'none' : 'empty');
}

function shown(property: INodeProperties, all: readonly INodeProperties[]): string {
	const value: unknown = property.default;
	if (property.type === 'resourceLocator' || value === '' || Array.isArray(value)) return '';
	if (typeof value === 'object') return '';
	return label(all.find((each) => each === property), value);
}
