import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData, type INodeProperties } from 'n8n-workflow';

/** One entry of a node's *Operation* drop-down: a file under `operations/` exports exactly one. */
export interface Operation {
	name: string;
	/** Stored in workflows; never changes once released. */
	value: string;
	/** Title in n8n's node creator. */
	action: string;
	description: string;
	properties: INodeProperties[];
	/** Handles all input items; answers the items per output. Throws NodeApiError or NodeOperationError unless the node continues on fail. */
	execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]>;
}

/** The drop-down (default: the first operation given) and the fields of each operation, shown only for it. */
export function operationProperties(operations: readonly Operation[]): INodeProperties[] {
	const alphabetical = [...operations].sort((a, b) => a.name.localeCompare(b.name));
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			options: alphabetical.map(({ name, value, action, description }) => ({ name, value, action, description })),
			default: operations[0]?.value ?? '',
		},
		...operations.flatMap((operation) => operation.properties.map((property) => shownFor(operation.value, property))),
	];
}

function shownFor(operation: string, property: INodeProperties): INodeProperties {
	const { show, hide } = property.displayOptions ?? {};
	return { ...property, displayOptions: { show: { operation: [operation], ...show }, ...(hide ? { hide } : {}) } };
}

/** Runs the operation chosen in the node. */
export async function dispatch(context: IExecuteFunctions, operations: readonly Operation[]): Promise<INodeExecutionData[][]> {
	const chosen = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ value }) => value === chosen);
	if (!operation) {
		throw new NodeOperationError(context.getNode(), `The operation "${String(chosen)}" does not exist.`, {
			description: `Choose one of: ${operations.map(({ name }) => name).join(', ')}.`,
		});
	}
	return await operation.execute(context);
}
