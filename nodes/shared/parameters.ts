import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';

/**
 * Reads a node parameter and checks it.
 * @param label name of the parameter as the editor shows it
 * @throws NodeOperationError that names the parameter and the item when the value does not fit, e.g. after an expression came to nothing
 */
export function readParameter<T>(context: IExecuteFunctions, name: string, label: string, itemIndex: number, schema: z.ZodType<T>): T {
	const value: unknown = context.getNodeParameter(name, itemIndex, null);
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const labels = fieldLabels.get(schema)?.labels;
	const inner = (issue?.path ?? []).flatMap((key) => labels?.[String(key)] ?? []);
	throw new NodeOperationError(context.getNode(), `Parameter "${[label, ...inner].join(' → ')}" ${issue?.message ?? 'is not valid.'}`, {
		itemIndex,
		description: 'Open the node and correct the parameter. If it is an expression, check what it gives for this item.',
	});
}

const fieldLabels = z.registry<{ labels: Record<string, string> }>();

/** Names of the fields inside a collection as the editor shows them, for messages. */
export function labelled<T extends z.ZodType>(schema: T, labels: Record<string, string>): T {
	fieldLabels.add(schema, { labels });
	return schema;
}

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
	z.enum(values, { error: `must be one of: ${values.join(', ')}.` });

export const yesOrNo = z.boolean({ error: 'must be true or false.' });

/** Whole number of at least `least`. */
export const wholeNumber = (least: number) =>
	z
		.number({ error: 'must be a number.' })
		.int({ error: 'must be a whole number.' })
		.min(least, { error: `must be ${least} or more.` });

export const positiveNumber = z.number({ error: 'must be a number.' }).positive({ error: 'must be more than 0.' });

export const filledText = z.string({ error: 'must be filled in.' }).trim().min(1, { error: 'must be filled in.' });
