import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';
import type { UnresolvedReference } from '../../model/failure';
import { unresolvedReferences, referenceKey } from '../references/unresolvedReferences';
import { deferredReferences } from '../references/deferredReferences';
import { prepareReferences } from '../references/prepareReferences';

/** Has the missing records of a page brought in before it is decided; each is tried once in a run. */
export async function bringIn(context: PassContext, items: readonly WorkItem[]): Promise<void> {
	if (!context.pull) return;
	const wanted = new Map<string, UnresolvedReference>();
	for (const item of items) {
		for (const each of [...unresolvedReferences(context, item.source, item.coupling), ...deferredReferences(context, item.source)]) {
			const key = referenceKey(each);
			if (each.mapping !== null && !context.pulled.has(key)) wanted.set(key, each);
		}
	}
	if (wanted.size === 0) return;
	for (const key of wanted.keys()) context.pulled.add(key);
	if (!(await context.pull([...wanted.values()]))) return;
	context.references.forget([...wanted.values()]);
	await prepareReferences(
		context,
		items.map(({ source }) => source),
	);
}
