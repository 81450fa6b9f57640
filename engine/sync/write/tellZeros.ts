import type { RecordPair } from '../../jobs/recorder';
import { transformed } from '../../mapping/transformations/apply';
import { SyncError } from '../../model/errors';
import { fieldOn, type FieldMapping } from '../../model/fieldMapping';
import type { FieldValue } from '../../model/record';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';
import { type FieldWrite, valueOn } from '../decide/decision';

/**
 * Names the prices and numbers of a written record that are something in the source and nothing in the target, because the field mapping or the service
 * keeps too few digits. A price of 0 is no smaller price, so it is told with both values.
 */
export function tellZeros(context: PassContext, item: WorkItem, writes: readonly FieldWrite[], pair: RecordPair): void {
	const { recorder, direction, source, target } = context;
	const zeros = writes.flatMap(({ field, value }) => {
		if (field.kind !== 'money' && field.kind !== 'number') return [];
		const given = arriving(context, field, valueOn(item.source, field, source.side));
		const kept = typeof item.partner === 'string' ? value : (item.partner.values[fieldOn(field, target.side)!] ?? value);
		// Half a unit is the most that rounding takes away; what a rule of the mapping made 0 of more is meant.
		const lost = typeof given === 'number' && given > 0 && given <= 0.5 && Number(kept) === 0;
		return lost ? [{ caption: field.caption, given }] : [];
	});
	if (zeros.length > 0) recorder.zeroed(direction, pair, zeros);
}

function arriving({ direction }: PassContext, field: FieldMapping, value: FieldValue | undefined): FieldValue {
	if (value === undefined) return null;
	try {
		return transformed(field, direction, value);
	} catch (error) {
		if (error instanceof SyncError) return null;
		throw error;
	}
}
