import { sourceSide as sourceSideOf, targetSide as targetSideOf } from '../../model/direction';
import { canonical, fingerprint } from '../../mapping/normalize';
import { round } from '../../mapping/transformations/numbers';
import { indexOf, markIn, owedTimes, standsAt } from '../../mapping/baseline';
import type { Side } from '../../model/side';
import type { FieldName, FieldValue } from '../../model/record';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { Coupling } from '../../model/coupling';
import { valueOn } from '../decide/decision';
import type { Completed } from './completed';

/** Values that go to and fro more often than this are left as they are: each side makes something else of what the other one says. */
const MOST_TIMES = 2;

/** A field that the service holds otherwise than it was to be. */
export interface Rewritten {
	field: FieldMapping;
	/** What it was given, or held before where it was not written; undefined where that was not read. */
	sent: FieldValue | undefined;
	kept: FieldValue;
	/** How often a value of the record was made anew in a row, when it travels back to the source; 0: it does not, and is to be told. */
	back: number;
}

/**
 * What the target made of what it was given: a validation that puts the city of the post code in place of the one sent, a plug-in that spells phone
 * numbers its own way. Also of fields that were not written: the version that guarded the write proves that nobody else changed them.
 * Fields of a new record that were not sent are left to the rule for new records.
 */
export function rewrittenBy(coupling: Coupling, settled: Completed): Rewritten[] {
	const { direction, fields, source, partner, sent } = settled;
	if (!sent || !partner) return [];
	const [sourceSide, targetSide] = [sourceSideOf(direction), targetSideOf(direction)];
	const timesOf = (field: FieldMapping): number => {
		const base = coupling.baseline?.[field.key]?.[indexOf(sourceSide)];
		return base === undefined || markIn(base) === base
			? 0
			: owedTimes(base, fingerprint(field, sourceSide, valueOn(source, field, sourceSide)));
	};
	const written = new Set(settled.writes.map(({ field }) => field.key));
	const ofWrites = settled.writes.map(({ field }) => timesOf(field));
	// Made anew once more along with somebody's own edit, a value may travel: that edit ends with its write.
	const again = ofWrites.length > 0 && ofWrites.every((times) => times > 0) ? Math.max(...ofWrites) : 0;
	const found: Rewritten[] = [];
	for (const field of fields) {
		const name = fieldOn(field, targetSide)!;
		const kept = valueOn(partner, field, targetSide);
		if (kept === undefined || valueOn(source, field, sourceSide) === undefined) continue;
		const own = written.has(field.key);
		// Mostly nothing has happened to a value; that costs no fingerprint.
		if ((own ? sent[name] : settled.before && valueOn(settled.before, field, targetSide)) === kept) continue;
		const wanted = own ? valueWith(field, targetSide, sent[name] ?? null) : expected(coupling, settled, field, name);
		if (!wanted || wanted.mark === fingerprint(field, targetSide, kept)) continue;
		// A field that only travels the other way is an edit like any other.
		if (!own && field.direction !== 'bidirectional' && field.direction !== direction) continue;
		const times = own ? timesOf(field) : again;
		const travels =
			settled.twoWay === true && field.direction === 'bidirectional' && !field.insertOnly && !isCut(field, targetSide, wanted.value, kept);
		const back = travels && times < (own ? 1 : MOST_TIMES) ? times + 1 : 0;
		found.push({ field, sent: wanted.value, kept, back });
	}
	return found;
}

interface Wanted {
	mark: string;
	/** Undefined where it was not read. */
	value: FieldValue | undefined;
}

const valueWith = (field: FieldMapping, side: Side, value: FieldValue): Wanted => ({ mark: fingerprint(field, side, value), value });

/** What a field that was not written held before, where it stood at the baseline; undefined where it did not, or a rule wrote it. */
function expected(coupling: Coupling, settled: Completed, field: FieldMapping, name: FieldName): Wanted | undefined {
	const { direction, before, sent } = settled;
	if (settled.inserted || sent![name] !== undefined) return undefined;
	const side = targetSideOf(direction);
	const base = coupling.baseline?.[field.key]?.[indexOf(side)];
	// The version that guarded the write proves that it stood there.
	if (!before) return base === undefined ? undefined : { mark: markIn(base), value: undefined };
	const value = valueOn(before, field, side);
	if (value === undefined) return undefined;
	const there = valueWith(field, side, value);
	const stood = settled.agreed.includes(field.key) || (base !== undefined && standsAt(base, there.mark));
	return stood ? there : undefined;
}

/** Fewer digits of the same number, or the beginning of the same text: nothing that the source should lose the rest of its own for. */
function isCut(field: FieldMapping, side: Side, sent: FieldValue | undefined, kept: FieldValue): boolean {
	if (sent === undefined) return false;
	if (field.kind === 'text' || field.kind === 'code') {
		const left = canonical(field, side, kept);
		return left !== '' && canonical(field, side, sent).startsWith(left);
	}
	if (field.kind !== 'number' && field.kind !== 'money') return false;
	const digits = String(kept).split('.')[1]?.length ?? 0;
	return Number(kept) === round(Number(sent), digits, 'nearest');
}
