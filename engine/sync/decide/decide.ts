import { SyncError } from '../../model/errors';
import { canonical, fingerprint, sameValue } from '../../mapping/normalize';
import { indexOf, isUnsure, owedTimes, standsAt } from './baseline';
import { decideDeleted, hiddenError } from './decideDeleted';
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
	return partner === 'unread' ? decideUnread(input, coupling) : decideRead(input, coupling, partner);
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
		if (!travels(field, direction) || !isEdited(field, side, base, value)) continue;
		const desired = input.translate(field);
		if (desired.kind === 'error') return { action: 'fail', error: desired.error, conflicts: [] };
		if (desired.kind === 'leave') untouched.push(field.key);
		else writes.push({ field, value: desired.value, before: undefined });
	}
	if (writes.length === 0) return { action: 'unchanged', agreed: [], untouched };
	if (partnerVersion === null) return { action: 'needPartner' };
	return { action: 'modify', version: partnerVersion, writes, agreed: [], untouched, overwritten: [] };
}

function decideRead(input: DecisionInput, coupling: Coupling, partner: SystemRecord): Decision {
	const { direction } = input.options;
	const source = sourceSide(direction);
	const target: Side = otherSide(source);
	const writes: FieldWrite[] = [];
	const agreed: string[] = [];
	const untouched: string[] = [];
	const conflicts: FieldConflict[] = [];
	const overwritten: FieldConflict[] = [];
	const replaced: FieldConflict[] = [];
	// A mapping of one direction overwrites what was changed in the partner; its fields have no way back.
	const oneWay = input.options.writesSource === false;

	for (const field of input.fields) {
		const sourceValue = valueOn(input.source, field, source);
		const targetValue = valueOn(partner, field, target);
		if (sourceValue === undefined || targetValue === undefined) continue;
		const base = coupling.baseline?.[field.key];
		const edited = !base || isEdited(field, source, base, sourceValue);
		const targetMark = fingerprint(field, target, targetValue);
		const targetChanged = !base || !standsAt(base[indexOf(target)], targetMark);
		const unsure = base !== undefined && isUnsure(base[indexOf(target)], targetMark);
		const sourceChanged = edited || (!targetChanged && (input.due?.has(field.key) ?? false));
		if (!travels(field, direction) || (!sourceChanged && !targetChanged)) continue;
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
		if (sameValue(field, target, desired.value, targetValue)) agreed.push(field.key);
		else if (input.options.overwrite) {
			writes.push(write);
			if (targetChanged) overwritten.push({ field, source: sourceValue, target: targetValue });
		} else if (oneWay || field.direction !== 'bidirectional') {
			writes.push(write);
			const lost = { field, source: sourceValue, target: targetValue };
			if (base && (targetChanged || unsure)) overwritten.push(lost);
			else if (!base && !isBlank(field, target, targetValue)) replaced.push(lost);
		} else if (base && !targetChanged) {
			writes.push(write);
			// Values that were put back are nobody's edit, and nobody knows whose the value is that an interrupted run may have written: what they replace is told.
			if (input.options.rolledBack === 'asEdit' || unsure) overwritten.push({ field, source: sourceValue, target: targetValue });
		} else if (base && (!sourceChanged || isOwedBack(field, source, base, sourceValue)))
			continue; // the opposite pass delivers it
		else {
			const conflict = { field, source: sourceValue, target: targetValue };
			const winner = resolveConflict(input, coupling, partner, base === undefined);
			if (winner === 'undecided') conflicts.push(conflict);
			else if (winner === source) {
				writes.push(write);
				if (base) overwritten.push(conflict);
				else if (!isBlank(field, target, targetValue)) replaced.push(conflict);
			} else if (base || coupling.initial === null) conflicts.push(conflict);
		}
	}

	const strategy = resolveConflict(input, coupling, partner, false);
	if (conflicts.length > 0 && strategy === 'undecided') return { action: 'fail', error: conflictError(conflicts), conflicts };
	if (writes.length > 0) return { action: 'modify', version: partner.version, writes, agreed, untouched, overwritten, replaced };
	if (conflicts.length > 0) return { action: 'skip', conflicts, agreed };
	return { action: 'unchanged', agreed, untouched };
}

/** What its own service made of a value that was given counts, too. */
function isEdited(field: FieldMapping, side: Side, base: FieldBaseline, value: FieldValue): boolean {
	const mark = fingerprint(field, side, value);
	return !standsAt(base[indexOf(side)], mark) || owedTimes(base[indexOf(side)], mark) > 0;
}

/** The source's own service made the value; a person's edit of the other side is newer. */
const isOwedBack = (field: FieldMapping, side: Side, base: FieldBaseline, value: FieldValue): boolean =>
	owedTimes(base[indexOf(side)], fingerprint(field, side, value)) > 0;

const isBlank = (field: FieldMapping, side: Side, value: FieldValue): boolean => canonical(field, side, value) === '';

const travels = (field: FieldMapping, direction: PassDirection): boolean =>
	!field.insertOnly && (field.direction === 'bidirectional' || field.direction === direction);

/** Which side wins a field that differs: the first synchronization of a coupling has its own direction, later the strategy decides. */
function resolveConflict(input: DecisionInput, coupling: Coupling, partner: SystemRecord, fresh: boolean): Side | 'undecided' {
	if (fresh && coupling.initial === 'send') return 'businessCentral';
	if (fresh && coupling.initial === 'get') return 'crm';
	switch (input.options.conflict) {
		case 'none':
			return 'undecided';
		case 'send':
			return 'businessCentral';
		case 'get':
			return 'crm';
		case 'newest': {
			const source = sourceSide(input.options.direction);
			const [bc, crm] = source === 'businessCentral' ? [input.source, partner] : [partner, input.source];
			// Dataverse stamps have whole seconds: both are compared in seconds, and a tie goes to Business Central.
			return Math.floor(Date.parse(crm.modifiedAt) / 1000) > Math.floor(Date.parse(bc.modifiedAt) / 1000) ? 'crm' : 'businessCentral';
		}
	}
}

function conflictError(conflicts: readonly FieldConflict[]): SyncError {
	const names = conflicts.map((conflict) => conflict.field.caption).join(', ');
	return new SyncError({
		code: 'CONFLICT',
		errorClass: 'data',
		system: 'engine',
		field: conflicts[0]!.field.caption,
		message: `${names} ${conflicts.length === 1 ? 'was' : 'were'} changed to different values in both systems since the last synchronization.`,
		hint: 'Make the values equal, choose an update-conflict strategy for the table mapping, or synchronize this record with a direction.',
	});
}
