import { SyncError } from '../../model/errors';
import type { TableMapping } from '../../model/tableMapping';
import type { RunRequest } from '../contract/runRequest';
import { directionFrom, type PassDirection } from '../../model/direction';

/** Whether the mapping carries records in this direction. */
export const serves = (mapping: TableMapping, direction: PassDirection): boolean =>
	mapping.direction === 'bidirectional' || mapping.direction === direction;

/**
 * The passes of a run, in their order: to CRM before from CRM.
 * @throws SyncError `DIRECTION`, `NO_FIELDS` (setup) when the mapping has nothing to run
 */
export function directionsOf(mapping: TableMapping, request: RunRequest): PassDirection[] {
	const both: PassDirection[] = ['toCrm', 'fromCrm'];
	const wanted = request.direction ? [request.direction] : request.selected ? [directionFrom(request.selected.side)] : both;
	const served = (wanted as PassDirection[]).filter((direction) => serves(mapping, direction));
	const words = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central', bidirectional: 'both directions' };
	if (served.length === 0) {
		throw wrongDirection(
			`The table mapping ${mapping.name} runs from ${words[mapping.direction]} only.`,
			'Choose the direction "As the mapping says", or change the direction of the table mapping.',
		);
	}
	for (const direction of served) {
		if (mapping.fields.some((field) => field.enabled && (field.direction === 'bidirectional' || field.direction === direction))) continue;
		throw new SyncError({
			code: 'NO_FIELDS',
			errorClass: 'setup',
			system: 'engine',
			message: `The table mapping ${mapping.name} has no enabled field mapping from ${words[direction]}.`,
			hint: 'Enable at least one field mapping for this direction, or change the direction of the table mapping.',
		});
	}
	return served;
}

/**
 * For work that needs one direction.
 * @throws SyncError `DIRECTION` (setup) when the mapping does not run that way.
 */
export function requireDirection(mapping: TableMapping, wanted: PassDirection, hint: string): void {
	if (serves(mapping, wanted)) return;
	throw wrongDirection(
		`The table mapping ${mapping.name} does not synchronize ${wanted === 'toCrm' ? 'to CRM' : 'to Business Central'}.`,
		hint,
	);
}

const wrongDirection = (message: string, hint: string): SyncError =>
	new SyncError({ code: 'DIRECTION', errorClass: 'setup', system: 'engine', message, hint });
