import type { RecordPair } from '../../jobs/recorder';
import { isCut } from '../../mapping/tails';
import { lengthOn } from '../../model/fieldMapping';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';
import { type FieldWrite, valueOn } from '../decide/decision';

/** Names the texts of a written record of which the target has room for the beginning only. */
export function tellCuts(
	{ recorder, direction, source, target }: PassContext,
	item: WorkItem,
	writes: readonly FieldWrite[],
	pair: RecordPair,
): void {
	const cut = writes.filter(({ field }) => isCut(field, source.side, valueOn(item.source, field, source.side)));
	if (cut.length === 0) return;
	recorder.cut(
		direction,
		pair,
		cut.map(({ field }) => ({ caption: field.caption, length: lengthOn(field, target.side)! })),
	);
}
