import { canonical, fingerprint } from '../../mapping/normalize';
import { agrees, isEdited } from '../../mapping/tails';
import { indexOf, isUnsure, owedTimes, plainOf, standsAt } from '../../mapping/baseline';
import type { Desired } from '../../mapping/desired';
import { conflictError, neverAgreed, resolveConflict } from './conflicts';
import { firstAgreement } from './firstAgreement';
import { decideDeleted, hiddenError } from './decideDeleted';
import { empties } from './emptied';
import { decideRolledBack } from './decideRolledBack';
import { otherSide, type Side } from '../../model/side';
import type { FieldValue, SystemRecord } from '../../model/record';
import { type PassDirection, sourceSide, targetSide } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';
import { type Coupling, type FieldBaseline, versionOn } from '../../model/coupling';
import { type Decision, type DecisionInput, type FieldWrite, valueOn } from './decision';
import type { FieldConflict } from '../../model/fieldConflict';

/**
 * What one record needs in one direction. Pure: no I/O, no clock, no randomness. The baseline is kept per field: a side
 * changed a field when its value differs from the fingerprint both sides last agreed on, whoever wrote it and whatever its stamp says.
 */
export function decide(input: DecisionInput): Decision {
	const { coupling, partner, options } = input;
	if (!coupling) return options.createUncoupled ? { action: 'insert', restoring: false } : { action: 'ignore' };
	if (partner === 'missing') return decideDeleted(input, coupling);
	if (partner === 'hidden') return { action: 'fail', conflicts: [], error: hiddenError(options.direction) };
	const putBack = decideRolledBack(input, coupling);
	if (putBack) return putBack;
	const decision = partner === 'unread' ? decideUnread(input, coupling) : decideRead(input, coupling, partner);
	return decision.action === 'modify' && decision.writes.length > 0 ? (withoutParent(input) ?? decision) : decision;
}

/** A part of something that is not coupled, any more or yet, is left alone. */
function withoutParent({ fields, translate, options }: DecisionInput): Decision | null {
	for (const field of fields) {
		if (!field.parent || (field.direction !== 'bidirectional' && field.direction !== options.direction)) continue;
		const desired = translate(field);
		if (desired.kind === 'error') return { action: 'fail', error: desired.error, conflicts: [] };
	}
	return null;
}

/** The partner is known to stand at the baseline: its version goes into the write and proves it. */
function decideUnread(input: DecisionInput, coupling: Coupling): Decision {
	const { direction, force } = input.options;
	const side = sourceSide(direction);
	const partnerVersion = versionOn(coupling, targetSide(direction));
	const writes: FieldWrite[] = [];
	const untouched: string[] = [];
	if (force || !coupling.baseline) return { action: 'needPartner' };
	for (const field of input.fields) {
		// Written once, when the record was created: nothing is to be done, whatever happened to it since.
		if (field.insertOnly) continue;
		const base = coupling.baseline[field.key];
		const value = valueOn(input.source, field, side);
		if (value === undefined) continue;
		if (!base) return { action: 'needPartner' };
		if (!travels(field, direction) || isAt(field, side, value, base)) continue;
		// Another tail of a text that the partner holds the beginning of.
		if (!isChanged(field, side, value, base)) {
			untouched.push(field.key);
			continue;
		}
		const desired = input.translate(field);
		if (desired.kind === 'error') return { action: 'fail', error: desired.error, conflicts: [] };
		// Another word for what the partner has: a renamed code, for instance. One that may stand elsewhere by now is read.
		const stands = partnerVersion !== null && desired.kind === 'value' && isThere(field, otherSide(side), desired, base);
		if (desired.kind === 'leave' || stands) untouched.push(field.key);
		else writes.push({ field, value: desired.value, before: undefined });
	}
	if (writes.length === 0) return { action: 'unchanged', agreed: [], untouched };
	if (partnerVersion === null) return { action: 'needPartner' };
	return {
		action: 'modify',
		version: partnerVersion,
		writes,
		agreed: [],
		untouched,
		overwritten: [],
		emptied: emptiedBy(input, coupling, writes),
	};
}

function decideRead(input: DecisionInput, coupling: Coupling, partner: SystemRecord): Decision {
	const { direction } = input.options;
	const source = sourceSide(direction);
	const target: Side = otherSide(source);
	const writes: FieldWrite[] = [];
	const agreed: string[] = [];
	const untouched: string[] = [];
	const conflicts: FieldConflict[] = [];
	/** Of fields that the couple never agreed on, though it was synchronized: they alone are left. */
	const unsettled: FieldConflict[] = [];
	/** A conflict that nobody settles keeps the whole record from being written. */
	let undecided = false;
	const overwritten: FieldConflict[] = [];
	const replaced: FieldConflict[] = [];
	// A mapping of one direction overwrites what was changed in the partner; its fields have no way back.
	const oneWay = input.options.writesSource === false;
	const established = coupling.baseline !== null && coupling.initial === null;

	for (const field of input.fields) {
		const sourceValue = valueOn(input.source, field, source);
		const targetValue = valueOn(partner, field, target);
		if (sourceValue === undefined || targetValue === undefined) continue;
		const base = coupling.baseline?.[field.key];
		const edited = !base || isChanged(field, source, sourceValue, base);
		const targetChanged = !base || isEdited(field, target, targetValue, plainOf(base));
		const unsure = base !== undefined && isUnsure(base[indexOf(target)], fingerprint(field, target, targetValue));
		const sourceChanged = edited || (!targetChanged && (input.due?.has(field.key) ?? false));
		if (!travels(field, direction) || (!sourceChanged && !targetChanged && isAsAgreed(field, source, [sourceValue, targetValue], base!)))
			continue;
		const desired = input.translate(field);
		if (desired.kind === 'error') {
			if (sourceChanged) return { action: 'fail', error: desired.error, conflicts: [] };
			continue; // an unresolvable value that nobody touched since the sides agreed does not hold the other fields back
		}
		// A stand-in value takes the place of an older value, never of one that the sides have not agreed on.
		if (desired.kind === 'leave' || (desired.waitsFor && (!base || !edited))) {
			untouched.push(field.key);
			continue;
		}
		const write = { field, value: desired.value, before: targetValue };
		const conflict = { field, source: sourceValue, target: targetValue };
		const isOneWay = oneWay || field.direction !== 'bidirectional';
		const meansTheSame = desired.alike?.includes(canonical(field, target, targetValue)) ?? false;
		if (meansTheSame || agrees(field, source, { source: sourceValue, desired: desired.value, target: targetValue })) agreed.push(field.key);
		else if (input.options.overwrite) {
			writes.push(write);
			if (targetChanged) overwritten.push(conflict);
		} else if (!base && established) {
			switch (firstAgreement(field, source, sourceValue, targetValue)) {
				case 'bothBlank':
					agreed.push(field.key);
					break;
				case 'sourceBlank':
					// The value that is there has no way back, or is delivered by the opposite pass; a blank does not take its place.
					if (isOneWay) untouched.push(field.key);
					break;
				case 'targetBlank':
					writes.push(write);
					break;
				case 'different': {
					const winner = isOneWay ? source : resolveConflict(input, coupling, partner, field);
					if (winner === source) {
						writes.push(write);
						replaced.push(conflict);
					} else if (winner === 'undecided') unsettled.push(conflict);
				}
			}
		} else if (isOneWay) {
			writes.push(write);
			if (base && (targetChanged || unsure)) overwritten.push(conflict);
			else if (!base && !isBlank(field, target, targetValue)) replaced.push(conflict);
		} else if (base && !targetChanged) {
			writes.push(write);
			// Values that were put back are nobody's edit, and nobody knows whose the value is that an interrupted run may have written: what they replace is told.
			if (input.options.rolledBack === 'asEdit' || unsure) overwritten.push(conflict);
		} else if (base && (!sourceChanged || isOwedBack(field, source, base, sourceValue)))
			continue; // the opposite pass delivers it
		else {
			const winner = resolveConflict(input, coupling, partner, field);
			if (winner === source) {
				writes.push(write);
				if (base) overwritten.push(conflict);
				else if (!isBlank(field, target, targetValue)) replaced.push(conflict);
			} else if (winner === 'undecided' && input.reopened?.has(field.key)) unsettled.push(conflict);
			else if (winner === 'undecided') {
				conflicts.push(conflict);
				undecided = true;
			} else if (base || coupling.initial === null) conflicts.push(conflict);
		}
	}

	if (undecided) return { action: 'fail', error: conflictError([...conflicts, ...unsettled]), conflicts: [...conflicts, ...unsettled] };
	const left = unsettled.length > 0 ? { error: neverAgreed(unsettled), conflicts: unsettled } : null;
	if (writes.length > 0) {
		const told = left ? { unsettled: left } : {};
		const emptied = emptiedBy(input, coupling, writes);
		return { action: 'modify', version: partner.version, writes, agreed, untouched, overwritten, replaced, emptied, ...told };
	}
	if (left) return { action: 'fail', ...left, settled: { agreed, untouched, forgotten: keysOf(unsettled) } };
	if (conflicts.length > 0) return { action: 'skip', conflicts, agreed };
	return { action: 'unchanged', agreed, untouched };
}

/** Of fields without a baseline it is told as replaced. */
function emptiedBy({ source, options: { direction } }: DecisionInput, { baseline }: Coupling, writes: readonly FieldWrite[]): string[] {
	return writes.flatMap((write) => {
		const base = baseline?.[write.field.key];
		const value = valueOn(source, write.field, sourceSide(direction)) ?? null;
		return base && empties(write, targetSide(direction), value, base) ? [write.field.key] : [];
	});
}

/** It stands as it was agreed on, its tail included. */
function isAt(field: FieldMapping, side: Side, value: FieldValue, base: FieldBaseline): boolean {
	const mark = fingerprint(field, side, value);
	return standsAt(base[indexOf(side)], mark) && owedTimes(base[indexOf(side)], mark) === 0;
}

/** What its own service made of a value that was given counts, too. */
const isChanged = (field: FieldMapping, side: Side, value: FieldValue, base: FieldBaseline): boolean =>
	isEdited(field, side, value, plainOf(base)) || isOwedBack(field, side, base, value);

/** The source's own service made the value; a person's edit of the other side is newer. */
const isOwedBack = (field: FieldMapping, side: Side, base: FieldBaseline, value: FieldValue): boolean =>
	owedTimes(base[indexOf(side)], fingerprint(field, side, value)) > 0;

/** Both values are, with their tails, those the sides agreed on. */
const isAsAgreed = (field: FieldMapping, source: Side, [own, other]: readonly [FieldValue, FieldValue], base: FieldBaseline): boolean =>
	standsAt(base[indexOf(source)], fingerprint(field, source, own)) &&
	standsAt(base[indexOf(otherSide(source))], fingerprint(field, otherSide(source), other));

/** The partner stood at that very value when the sides last agreed; nobody doubts it, and nothing is still to come. */
const isThere = (field: FieldMapping, target: Side, desired: Extract<Desired, { kind: 'value' }>, base: FieldBaseline): boolean =>
	!desired.waitsFor && base[indexOf(target)] === fingerprint(field, target, desired.value);

const isBlank = (field: FieldMapping, side: Side, value: FieldValue): boolean => canonical(field, side, value) === '';

/** Keys of the fields of conflicts. */
export const keysOf = (conflicts: readonly FieldConflict[]): string[] => conflicts.map(({ field }) => field.key);

const travels = (field: FieldMapping, direction: PassDirection): boolean =>
	!field.insertOnly && (field.direction === 'bidirectional' || field.direction === direction);
