import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toNodeError } from './errors';

/** Input items whose parameters came to the same, handled together. */
export interface Group<T> {
	/** Parameters as the first item of the group has them. */
	first: T;
	members: ReadonlyArray<{ itemIndex: number; value: T }>;
	itemIndexes: readonly number[];
	/** One item of the group cannot be done: it leaves as an error item when the node continues on fail, otherwise the node ends with the error. */
	fail(itemIndex: number, error: unknown): void;
}

export interface Plan<T> {
	outputs: number;
	/** Parameters of one input item; throws when they are not valid. */
	read(itemIndex: number): T;
	/** Items with the same key are one group, so ten input items that ask for the same run start one run. */
	key(value: T): unknown;
	/** Answers the items per output. */
	run(group: Group<T>): Promise<INodeExecutionData[][]>;
}

/**
 * Handles all input items, group by group, and looks after "continue on fail": a failed item leaves on the first output with its error, from where
 * n8n moves it to the error output if there is one. Left to n8n, the input items would be passed on as if they were results.
 */
export async function runPerItem<T>(context: IExecuteFunctions, plan: Plan<T>): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = Array.from({ length: plan.outputs }, () => []);
	const fail = (itemIndex: number, error: unknown): void => {
		const nodeError = toNodeError(context.getNode(), error, itemIndex);
		if (!context.continueOnFail()) throw nodeError;
		// Without the item's own `error`: n8n would put the bare message in place of this JSON, and the remedy would be lost.
		const json = { error: nodeError.message, details: nodeError.description ?? '' };
		outputs[0]?.push({ json, pairedItem: { item: itemIndex } });
	};
	for (const group of groups(context, plan, fail)) {
		try {
			const items = await plan.run(group);
			items.forEach((list, index) => outputs[index]?.push(...list));
		} catch (error) {
			for (const itemIndex of group.itemIndexes) fail(itemIndex, error);
		}
	}
	return outputs;
}

function groups<T>(context: IExecuteFunctions, plan: Plan<T>, fail: (itemIndex: number, error: unknown) => void): Array<Group<T>> {
	const byKey = new Map<string, Array<{ itemIndex: number; value: T }>>();
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex += 1) {
		try {
			const value = plan.read(itemIndex);
			const key = JSON.stringify(plan.key(value));
			byKey.set(key, [...(byKey.get(key) ?? []), { itemIndex, value }]);
		} catch (error) {
			fail(itemIndex, error);
		}
	}
	return [...byKey.values()].flatMap((members) => {
		const [first] = members;
		return first ? [{ first: first.value, members, itemIndexes: members.map(({ itemIndex }) => itemIndex), fail }] : [];
	});
}
