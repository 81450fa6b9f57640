import { fingerprint } from '../../mapping/normalize';
import { indexOf, pair } from '../decide/baseline';
import type { PassContext } from '../contract/passContext';
import type { SystemRecord } from '../../model/record';
import { sourceSide, targetSide } from '../../model/direction';
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
		return [{ ...(item.again?.stored ?? coupling), inFlight: { side: target, marks } }];
	});
}

/**
 * The coupling with what an unconfirmed update wrote as its baseline, where the record it was written to holds it: a run that died between its
 * write and its record is not somebody's edit. `partner`: null when it was not read.
 */
export function arrived(
	{ fields, direction }: Pick<PassContext, 'fields' | 'direction'>,
	coupling: Coupling,
	source: SystemRecord,
	partner: SystemRecord | null,
): Coupling {
	const { inFlight: sent } = coupling;
	const record = sent?.side === sourceSide(direction) ? source : partner;
	if (!sent || !record) return coupling;
	const baseline: Record<string, FieldBaseline> = { ...coupling.baseline };
	for (const field of fields) {
		const marks = (sent.marks as Partial<Baseline>)[field.key];
		const value = valueOn(record, field, sent.side);
		if (marks && value !== undefined && fingerprint(field, sent.side, value) === marks[indexOf(sent.side)]) baseline[field.key] = marks;
	}
	return { ...coupling, baseline };
}

/** The coupling once nothing is under way any more. */
export function withoutInFlight({ inFlight: _sent, ...coupling }: Coupling): Coupling {
	return coupling;
}
