import { spelledCode } from '../../../model/upperCase';
import { hash } from 'node:crypto';
import type { ChoiceColumn } from './choiceColumns';
import type { FieldName, FieldValue, SystemRecord } from '../../../model/record';

/** Fields of a choice taken as a table. */
export const VALUE = 'value';
export const LABEL = 'label';

/** Changes when the label does: all there is to a value. */
export const versionOf = (label: string): string => hash('sha256', label, 'base64url').slice(0, 16);

/** A value of the choice as a record. */
export const choiceRecord = (value: number, label: string): SystemRecord => ({
	id: String(value),
	modifiedAt: '',
	version: versionOf(label),
	number: label,
	name: label,
	values: { [VALUE]: value, [LABEL]: label },
});

export const recordsOf = (column: ChoiceColumn): SystemRecord[] =>
	[...column.options].map(([value, { label }]) => choiceRecord(value, label));

/** Records whose field equals one of the values; text without regard to case. */
export function withValues(records: readonly SystemRecord[], field: FieldName, values: readonly FieldValue[]): SystemRecord[] {
	const spelled = (value: FieldValue | undefined): string => spelledCode(value);
	const wanted = new Set(values.map(spelled));
	return records.filter((record) => wanted.has(spelled(record.values[field])));
}
