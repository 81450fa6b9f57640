import type { INodeProperties } from 'n8n-workflow';

/** Version of nodes that are created now. Workflows that were saved with version 1 go on doing what they did. */
export const VERSIONS = [1, 1.1];

/** A field that nodes of version 1 do not have. */
export const notInFirst = (property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: { ...property.displayOptions, hide: { ...property.displayOptions?.hide, '@version': [1] } },
});

/** A field as nodes of version 1 have it, and as new ones have it. */
export const sinceFirst = (former: INodeProperties, changes: Partial<INodeProperties>): INodeProperties[] => [
	{ ...former, displayOptions: { ...former.displayOptions, show: { ...former.displayOptions?.show, '@version': [1] } } },
	notInFirst({ ...former, ...changes }),
];
