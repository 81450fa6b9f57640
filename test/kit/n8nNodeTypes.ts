import './n8nEnvironment';
import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	type IVersionedNodeType,
} from 'n8n-workflow';

/** Name under which the first node of a workflow hands the given items on, as a Manual Trigger with pinned data would. */
export const INPUT = 'Input';

/** Node type of that first node. */
export function inputType(items: INodeExecutionData[]): INodeType {
	return {
		description: {
			displayName: INPUT,
			name: INPUT,
			group: ['trigger'],
			version: 1,
			description: '',
			defaults: { name: INPUT },
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		} satisfies INodeTypeDescription,
		execute: async () => [items],
	};
}

/** Node types by name. */
export function nodeTypesOf(known: ReadonlyMap<string, INodeType>): INodeTypes {
	const find = (name: string): INodeType => {
		const type = known.get(name);
		if (!type) throw new Error(`There is no node type ${name}.`);
		return type;
	};
	return {
		getByName: (name: string): INodeType | IVersionedNodeType => find(name),
		getByNameAndVersion: (name: string): INodeType => find(name),
		getKnownTypes: () => ({}),
	};
}

/** For working out expressions of credentials, where there is no node. */
export const emptyNodeTypes: INodeTypes = nodeTypesOf(
	new Map<string, INodeType>([['resolver', { description: { ...inputType([]).description, displayName: 'resolver', name: 'resolver' } }]]),
);
