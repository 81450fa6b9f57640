import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { readParameter, wholeNumber, yesOrNo } from './parameters';

/** n8n's usual pair of fields for lists. */
export const limitProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
];

export function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	if (readParameter(context, 'returnAll', 'Return All', itemIndex, yesOrNo)) return Number.MAX_SAFE_INTEGER;
	return readParameter(context, 'limit', 'Limit', itemIndex, wholeNumber(1));
}

/** A list that ends at its limit is not whole: whoever looks at it is told above the output. */
export function tellMore(context: IExecuteFunctions, shown: number): void {
	const message = `Only the first ${shown} are listed; there are more. Raise Limit, or switch Return All on.`;
	context.addExecutionHints({ type: 'info', location: 'outputPane', message });
}
