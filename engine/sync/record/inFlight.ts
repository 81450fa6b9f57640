import { fingerprint } from '../../mapping/normalize';
import { CHANGED, indexOf, pair, standsAt, unsureOf } from '../../mapping/baseline';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import { sourceSide, targetSide } from '../../model/direction';
import { otherSide } from '../../model/side';
import type { Baseline, Coupling, FieldBaseline } from '../../model/coupling';
import { valueOn } from '../decide/decision';
import type { PlannedWrite } from '../contract/plannedWrite';

/**
 * The couplings of updates about to be sent, with what they write; those of a couple's first synchronization have no baseline to mistake.
 */
export function inFlight({ direction }: PassContext, planned: readonly PlannedWrite[]): Coupling[] {
	const [source, target] = [sourceSide(direction), targetSide(direction)];
	return planned.flatMap(({ item, decision }) => {
		const { coupling } = item;
		if (decision.action !== 'modify' || !coupling?.baseline || item.matched || decision.writes.length === 0) return [];
		const marks: Record<string, FieldBaseline> = {};
		for (const { field, value } of decision.writes) {
			const sent = fingerprint(field, target, value);
			const from = fingerprint(field, source, valueOn(item.source, field, source));
			marks[field.key] = pair(source, from, sent);
		}
		return [{ ...(item.again?.stored ?? coupling), inFlight: { side: target, marks, version: decision.version } }];
	});
}

/**
 * A run announced an update and died: did it arrive? A record that still has the version it was decided on was not reached. Otherwise nobody can tell:
 * the value that was sent may be ours or a person's, and so may the one that was agreed on before. Per field, with A as agreed on before, B as sent, and
 * C for anything else:
 *
 * | source | partner | |
 * |---|---|---|
 * | B | B | agreed, whoever wrote it |
 * | C | B | C is newer than B in the source itself: it is delivered, and B is logged |
 * | A | B | our own B, which the source took back, or a person's, which the source has to get: a conflict |
 * | A | A | as before |
 * | B, C | A | not arrived, or taken back by a person: the source's is delivered, and A is logged |
 * | B, C | C | a conflict, as without the update |
 * | A | C | the source took B back, or never was anything else for anybody who looks: a conflict |
 *
 * Where one of the records was not read, nothing is said: in a decision about a deletion, values are edits rather than nobody's.
 */
export function arrived(
	{ fields, direction }: Pick<PassContext, 'fields' | 'direction'>,
	coupling: Coupling,
	source: SystemRecord,
	partner: SystemRecord | null,
): Coupling {
	const { inFlight: sent, ...rest } = coupling;
	if (!sent || !partner) return coupling;
	const toTarget = sent.side === targetSide(direction);
	const [from, to] = toTarget ? [source, partner] : [partner, source];
	if (to.version === sent.version) return rest;
	const other = otherSide(sent.side);
	const baseline: Record<string, FieldBaseline> = { ...coupling.baseline };
	for (const field of fields) {
		const marks = (sent.marks as Partial<Baseline>)[field.key];
		const base = baseline[field.key];
		const [here, there] = [valueOn(from, field, other), valueOn(to, field, sent.side)];
		if (!marks || here === undefined || there === undefined) continue;
		const mark = fingerprint(field, other, here);
		const isSent = mark === marks[indexOf(other)];
		// What the source is again, or cannot be told from.
		const tookBack = !isSent && base !== undefined && (base[indexOf(other)] === CHANGED || standsAt(base[indexOf(other)], mark));
		const found = fingerprint(field, sent.side, there);
		const unsure = (own: string): FieldBaseline => pair(other, own, unsureOf(found));
		if (found === marks[indexOf(sent.side)]) {
			baseline[field.key] = tookBack ? [CHANGED, CHANGED] : isSent ? marks : unsure(marks[indexOf(other)]);
		} else if (base && standsAt(base[indexOf(sent.side)], found)) {
			if (!tookBack) baseline[field.key] = unsure(base[indexOf(other)]);
		} else if (tookBack) baseline[field.key] = [CHANGED, CHANGED];
	}
	return { ...rest, baseline };
}

/** The coupling once nothing is under way any more. */
export function withoutInFlight({ inFlight: _sent, ...coupling }: Coupling): Coupling {
	return coupling;
}
