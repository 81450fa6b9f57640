import { canonical, fingerprint } from '../../mapping/normalize';
import { translate, writable } from '../../mapping/translate';
import type { BroughtBack, Insertion } from '../contract/insertion';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';
import { indexOf, markIn } from '../../mapping/baseline';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { Coupling } from '../../model/coupling';
import type { SystemRecord } from '../../model/record';

/**
 * What a deleted record had and the mapping does not carry to its side: its number, and fields that only travel the other way, of which the
 * partner holds the values. Nothing for a record that is created for the first time.
 */
export function broughtBack(
	context: PassContext,
	item: Pick<WorkItem, 'source' | 'coupling' | 'restoresWithout'>,
): BroughtBack | undefined {
	const { source, coupling, restoresWithout } = item;
	if (!coupling) return undefined;
	const { mapping, target } = context;
	const back: BroughtBack = { number: null, former: '', values: {}, writes: [], left: [] };
	const number = target.side === 'businessCentral' ? mapping.bc.numberField : null;
	if (number !== null && coupling.bcNumber !== '') {
		back.former = coupling.bcNumber;
		if (!restoresWithout?.has('number')) back.number = { field: number, value: coupling.bcNumber };
	}
	const seen = new Set<string>();
	for (const field of context.fields) {
		const name = fieldOn(field, target.side)!;
		if (!onlyLeaves(context, field) || name === number || seen.has(name)) continue;
		if (wasEmpty(context, coupling, field)) continue;
		const wanted = isSettable(context, name) ? valueOf(context, source, field) : null;
		seen.add(name);
		if (wanted === null || restoresWithout?.has('values')) back.left.push(field.caption);
		else {
			back.values[name] = writable(context.direction, field, wanted.value);
			back.writes.push({ field, value: wanted.value, before: undefined });
		}
	}
	return back;
}

/** It travels from the side of the deleted record only. What is derived there is nothing that the record had. */
const onlyLeaves = ({ direction, target }: PassContext, field: FieldMapping): boolean =>
	field.direction !== 'bidirectional' && field.direction !== direction && !fieldOn(field, target.side)!.startsWith('@');

const isSettable = ({ rules }: PassContext, name: string): boolean => !rules.calculated?.includes(name);

/** The partner's value in the words of the deleted record's side; null where it cannot be told, as after a transformation. */
function valueOf({ references, direction, target }: PassContext, source: SystemRecord, field: FieldMapping) {
	if (field.transform?.toCrm?.length || field.transform?.fromCrm?.length || field.constant !== undefined) return null;
	const desired = translate(references, direction, field, source, true);
	if (desired.kind !== 'value' || desired.waitsFor || canonical(field, target.side, desired.value) === '') return null;
	return desired;
}

/** Nothing was there when the sides last agreed, or no more than a service puts there by itself. */
function wasEmpty({ target: { side } }: PassContext, { baseline }: Coupling, field: FieldMapping): boolean {
	const base = baseline?.[field.key]?.[indexOf(side)];
	return base !== undefined && [null, 0, false].some((nothing) => fingerprint(field, side, nothing) === markIn(base));
}

/** Captions of what the service did not take, or holds otherwise, of a record that was restored. */
export function notBroughtBack({ target }: PassContext, { back }: Insertion, record: SystemRecord): string[] {
	if (!back) return [];
	const lost = [...back.left];
	for (const { field, value } of back.writes) {
		const there = record.values[fieldOn(field, target.side)!];
		if (there === undefined || canonical(field, target.side, there) !== canonical(field, target.side, value)) lost.push(field.caption);
	}
	return [...new Set(lost)];
}
