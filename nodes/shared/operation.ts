import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

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

/**
 * n8n puts its own *Custom API Call* at the end of the operations of every node with OAuth2 credentials, and such a call is not carried out by this node.
 * It adds none where one stands at the end already: this one is never shown.
 */
const noCustomApiCall: INodePropertyOptions = {
	name: 'Custom API Call',
	value: '__CUSTOM_API_CALL__',
	displayOptions: { show: { operation: ['__CUSTOM_API_CALL__'] } },
};

/**
 * The drop-down, in the order given (that of use), and the fields of each operation, shown only for it.
 * @param usual the operation a new node begins with; default the first. Workflows do not hold a value that is the default, so it never changes.
 */
export function operationProperties(operations: readonly Operation[], usual = operations[0]?.value ?? ''): INodeProperties[] {
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			options: [...operations.map(({ name, value, action, description }) => ({ name, value, action, description })), noCustomApiCall],
			default: usual,
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
