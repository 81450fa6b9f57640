import { encodeOption } from '../../systems/odata/literals';
import { express } from './express';
import type { FilterNode } from './resolve';
import type { Side } from '../../model/side';

/**
 * How much of a filter goes into a request, encoded: it shares the query string with columns, the watermark and the order (Business Central's
 * gateway takes about 8,099 characters, Dataverse 500 conditions).
 */
const LIMITS = { businessCentral: { characters: 4_000, conditions: 200 }, crm: { characters: 12_000, conditions: 300 } } as const;

export interface Pushed {
	/** Asked of the service: selects everything the filter does, and maybe more; null for all. */
	odata: string | null;
	/** What is left to look at in the records themselves; null when the service's answer is exact. */
	rest: FilterNode | null;
}

/** The widest correct part of a filter that a service can be asked for, and the rest. */
export function push(node: FilterNode, side: Side): Pushed {
	const parts = node.kind === 'all' ? node.parts : [node];
	const texts: string[] = [];
	const rest: FilterNode[] = [];
	let characters = 0;
	let conditions = 0;
	// An expert's own text cannot be evaluated here: it goes first, whatever its length.
	for (const part of [...parts.filter(({ kind }) => kind === 'raw'), ...parts.filter(({ kind }) => kind !== 'raw')]) {
		const text = express(part, side);
		const length = text === null ? 0 : encodeOption(` and ${text}`).length;
		const count = conditionsIn(part);
		const fits = characters + length <= LIMITS[side].characters && conditions + count <= LIMITS[side].conditions;
		if (text === null || (!fits && part.kind !== 'raw')) {
			rest.push(part);
			continue;
		}
		texts.push(text);
		characters += length;
		conditions += count;
	}
	// In the order in which the conditions were written.
	const inOrder = parts.flatMap((part) => {
		const text = rest.includes(part) ? null : express(part, side);
		return text === null ? [] : [text];
	});
	return {
		odata: inOrder.length === 0 ? null : inOrder.join(' and '),
		rest: rest.length === 0 ? null : rest.length === 1 ? rest[0]! : { kind: 'all', parts: rest },
	};
}

const conditionsIn = (node: FilterNode): number =>
	node.kind === 'test' ? node.values.length : node.kind === 'raw' ? 1 : node.parts.reduce((sum, part) => sum + conditionsIn(part), 0);
