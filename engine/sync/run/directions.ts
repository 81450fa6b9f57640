import { SyncError } from '../../model/errors';
import type { TableMapping } from '../../model/tableMapping';
import type { RunRequest } from '../contract/runRequest';
import { directionFrom, type PassDirection } from '../../model/direction';

/** Whether the mapping carries records in this direction. */
export const serves = (mapping: TableMapping, direction: PassDirection): boolean =>
	mapping.direction === 'bidirectional' || mapping.direction === direction;

const IN_WORDS = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central', bidirectional: 'both directions' };

/** What a run is asked for in terms of directions. */
type Asked = Pick<RunRequest, 'direction' | 'selected'>;

const wantedBy = ({ direction, selected }: Asked): PassDirection[] =>
	direction ? [direction] : selected ? [directionFrom(selected.side)] : ['toCrm', 'fromCrm'];

/**
 * The passes of a run, in their order: to CRM before from CRM. Empty where the mapping runs in none of the directions asked for.
 * @throws SyncError `NO_FIELDS` (setup) when the mapping has nothing to run
 */
export function directionsOf(mapping: TableMapping, request: Asked): PassDirection[] {
	const served = wantedBy(request).filter((direction) => serves(mapping, direction));
	for (const direction of served) {
		if (mapping.fields.some((field) => field.enabled && (field.direction === 'bidirectional' || field.direction === direction))) continue;
		throw new SyncError({
			code: 'NO_FIELDS',
			errorClass: 'setup',
			system: 'engine',
			message: `The table mapping ${mapping.name} has no enabled field mapping from ${IN_WORDS[direction]}.`,
			hint: 'Enable at least one field mapping for this direction, or change the direction of the table mapping.',
		});
	}
	return served;
}

/** Why a run in the direction asked for does nothing, and what can be done. */
export function notServed(mapping: TableMapping, request: Asked): { direction: PassDirection; message: string } {
	const direction = wantedBy(request)[0]!;
	const records = request.selected && !request.direction;
	const instead = records
		? `Name the records in ${mapping.direction === 'toCrm' ? 'Business Central' : 'CRM'}, choose its direction`
		: 'Choose the direction "As the Mapping Says"';
	return {
		direction,
		message: `The table mapping ${mapping.name} runs from ${IN_WORDS[mapping.direction]} only, so nothing was done from ${IN_WORDS[direction]}. ${instead}, or change the direction of the table mapping (Table Mappings → Update).`,
	};
}

/**
 * For work that needs one direction.
 * @throws SyncError `DIRECTION` (setup) when the mapping does not run that way.
 */
export function requireDirection(mapping: TableMapping, wanted: PassDirection, hint: string): void {
	if (serves(mapping, wanted)) return;
	throw new SyncError({
		code: 'DIRECTION',
		errorClass: 'setup',
		system: 'engine',
		message: `The table mapping ${mapping.name} does not synchronize ${wanted === 'toCrm' ? 'to CRM' : 'to Business Central'}.`,
		hint,
	});
}
