import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { readMapping } from './connectionParameters';
import { mappingProperty } from './locators';

/** A mapping, or none for all mappings. */
export const mappingFilterProperty: INodeProperties = {
	...mappingProperty,
	required: false,
	description: 'Only this integration table mapping. Leave empty for all.',
};

export function readMappingFilter(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const value: unknown = context.getNodeParameter('mapping', itemIndex, null);
	const text: unknown = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
	return text === null || text === undefined || text === '' ? undefined : readMapping(context, itemIndex);
}
