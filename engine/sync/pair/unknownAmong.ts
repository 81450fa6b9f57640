import type { SystemRecord } from '../../model/record';
import { waitsForReferences } from '../../model/requeued';
import { breather } from '../../ports/breath';
import type { PassContext } from '../contract/passContext';
import { isToBeCompared } from '../decide/comparedAgain';
import type { SeenBefore } from '../contract/seenBefore';
import { isKnown } from './pairPage';

/** Rows asked of the store at a time. */
const PART = 1_000;

/**
 * Those of the rows, read by id and version alone, whose values have to be read. `pairPage` would pass over all others, whatever they hold: rows that
 * stand as they were last agreed (own writes among them), skipped ones that nobody changed, and those without a partner where none is created.
 * @param isExact the rows are those that the filter selects, and no others: those without a partner are counted at once, others once it is known which of
 * them it selects
 */
export async function unknownAmong(
	context: PassContext,
	{ retryNow, handled }: SeenBefore,
	rows: readonly SystemRecord[],
	isExact: boolean,
): Promise<SystemRecord[]> {
	const { session, mapping, direction, source, options } = context;
	const unknown: SystemRecord[] = [];
	const breathe = breather();
	for (let start = 0; start < rows.length; start += PART) {
		const part = rows.slice(start, start + PART);
		const ids = part.map(({ id }) => id);
		const couplings = await session.store.couplingsOf(mapping.name, source.side, ids);
		const failures = await session.store.failuresOf(mapping.name, direction, ids);
		const requeued = await session.store.requeuedOf(mapping.name, direction, ids);
		for (const row of part) {
			const coupling = couplings.get(row.id);
			const failure = failures.get(row.id);
			const again = requeued.get(row.id);
			const changed = coupling !== undefined && isToBeCompared(context.fieldSets, coupling);
			const wanted = changed || retryNow.has(row.id) || (again !== undefined && !waitsForReferences(again));
			const left = failure ? failure.skipped && failure.sourceVersion === row.version : coupling ? isKnown(context, coupling, row) : false;
			const nobodys = !coupling && !failure && !again && !options.createUncoupled;
			if (!nobodys && (wanted || !left)) unknown.push(row);
			// A row that the pass has just uncoupled is news of its own making.
			if (!nobodys || handled.has(row.id)) continue;
			if (isExact) context.recorder.notCoupled.add(row.id);
			else context.recorder.notCoupled.addUnsure(row.id);
		}
		await breathe();
	}
	return unknown;
}
