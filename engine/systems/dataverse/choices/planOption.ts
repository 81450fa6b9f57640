import type { ChoiceColumn } from './choiceColumns';
import { choiceRecord, LABEL, versionOf } from './choiceRecords';
import { noDeletion, noLabel } from './refusals';
import type { RecordOperation, WriteOutcome } from '../../../ports/write';

/** A change of one value that has to be sent. */
export interface Task {
	kind: 'insert' | 'update';
	value: number;
	label: string;
	/** The label it had; null for a new value. */
	before: string | null;
}

/** What an operation asks of the column as it is now: a change, or an outcome at once. */
export function planOption(column: ChoiceColumn, mirrors: readonly ChoiceColumn[], operation: RecordOperation): Task | WriteOutcome {
	if (operation.kind === 'delete') return { status: 'failed', error: noDeletion(operation.id) };
	const wanted = operation.values[LABEL];
	const label = wanted === undefined || wanted === null ? '' : String(wanted).trim();
	const value = Number(operation.id);
	const current = column.options.get(value)?.label;
	if (operation.kind === 'insert') {
		if (label === '') return { status: 'failed', error: noLabel(operation.id ?? '') };
		// A mirrored column that gave the number to something else counts like the column itself: another one has to be chosen.
		const taken = mirrors.some(({ options }) => (options.get(value)?.label ?? label) !== label);
		return current !== undefined || taken ? { status: 'exists' } : { kind: 'insert', value, label, before: null };
	}
	if (current === undefined) return { status: 'missing' };
	if (versionOf(current) !== operation.version) return { status: 'stale' };
	if (wanted === undefined || label === current) return { status: 'written', record: choiceRecord(value, current) };
	if (label === '') return { status: 'failed', error: noLabel(operation.id) };
	return { kind: 'update', value, label, before: current };
}
