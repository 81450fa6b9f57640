import type { UnresolvedReference } from '../../model/failure';
import type { WorkItem } from '../contract/workItem';
import { referenceKey } from '../references/unresolvedReferences';
import type { Pass } from './passState';

/** Has the missing records of a page brought in before it is decided; each is tried once in a run. */
export async function bringIn({ context, unit, duties, state }: Pass, items: readonly WorkItem[]): Promise<void> {
	if (!duties.pull) return;
	const wanted = new Map<string, UnresolvedReference>();
	for (const each of unit.lacks(items)) {
		const key = referenceKey(each);
		if (each.mapping !== null && !state.pulled.has(key)) wanted.set(key, each);
	}
	if (wanted.size === 0) return;
	for (const key of wanted.keys()) state.pulled.add(key);
	if (!(await duties.pull([...wanted.values()]))) return;
	context.references.forget([...wanted.values()]);
	await unit.matchAgain?.(items);
	await unit.prepare(items);
}
