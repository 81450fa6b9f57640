import type { FieldMapping } from '../../model/fieldMapping';
import { isGuid } from '../../model/guid';
import type { FieldValue } from '../../model/record';
import type { ColumnShape } from '../../model/shape';
import { instantOf } from '../days';
import { typeInWords } from './columnTypes';
import { type MappingProblem, problem } from './problem';

/** A constant that its column cannot hold would fail each record. */
export function constantColumn({ caption, constant }: FieldMapping, column: ColumnShape | undefined): MappingProblem[] {
	if (!column || constant === undefined || constant === null || constant === '') return [];
	const expected = constantFits(column, constant);
	if (expected === null) return [];
	return [problem(`the constant "${String(constant)}" is not ${expected}, which ${column.name} holds.`, 'Correct the constant.', caption)];
}

function constantFits(column: ColumnShape, constant: FieldValue): string | null {
	const options = column.options ?? [];
	switch (column.type) {
		case 'integer':
			return Number.isInteger(constant) ? null : typeInWords(column);
		case 'decimal':
		case 'money':
			return typeof constant === 'number' ? null : typeInWords(column);
		case 'boolean':
			return typeof constant === 'boolean' ? null : typeInWords(column);
		case 'date':
		case 'dateTime':
			return Number.isNaN(instantOf(constant)) ? `${typeInWords(column)} such as 2026-01-31` : null;
		case 'guid':
			return isGuid(constant) ? null : typeInWords(column);
		case 'choice':
		case 'enum':
			return options.length === 0 || options.some(({ value }) => value === constant)
				? null
				: `among its options (${options.map(({ label }) => label).join(', ')})`;
		default:
			return null;
	}
}
