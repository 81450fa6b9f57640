import { SyncError } from '../../model/errors';

/** What is wrong with a mapping, in words. */
export interface MappingProblem {
	/** Caption of the field mapping it is about; null for the mapping as a whole. */
	field: string | null;
	/** A sentence without the names of mapping and field. */
	message: string;
	/** What to do, a sentence. */
	remedy: string;
	/** A warning is told, an error keeps the mapping from being saved and run. */
	level: 'error' | 'warning';
}

export const problem = (message: string, remedy: string, field: string | null = null): MappingProblem => ({
	field,
	message,
	remedy,
	level: 'error',
});

export const warning = (message: string, remedy: string, field: string | null = null): MappingProblem => ({
	...problem(message, remedy, field),
	level: 'warning',
});

/** The problem as a sentence of its own. */
export const inWords = ({ field, message }: MappingProblem): string => (field === null ? message : `Field "${field}": ${message}`);

const TOLD = 5;

/**
 * Answers the warnings.
 * @throws SyncError `MAPPING_INVALID` (setup) that tells the errors there are, with what to do about each
 */
export function refuseErrors(mapping: string, problems: readonly MappingProblem[]): MappingProblem[] {
	const errors = problems.filter(({ level }) => level === 'error');
	if (errors.length === 0) return [...problems];
	const told = errors.slice(0, TOLD);
	const more = errors.length > TOLD ? ` There are ${errors.length - TOLD} more.` : '';
	throw new SyncError({
		code: 'MAPPING_INVALID',
		errorClass: 'setup',
		system: 'engine',
		...(told[0]!.field === null ? {} : { field: told[0]!.field }),
		message: `The table mapping ${mapping} cannot be used. ${told.map(inWords).join(' ')}${more}`,
		hint: [...new Set(told.map(({ remedy }) => remedy))].join(' '),
	});
}
