import { SyncError } from '../model/errors';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { UsedField } from './usedFields';
import type { Side } from '../model/side';

const SYSTEMS: Readonly<Record<Side, string>> = { businessCentral: 'Business Central', crm: 'Dataverse' };

/** Fields of a table that a run cannot do without. */
export function fieldsMissing(mapping: TableMapping, side: Side, needed: readonly UsedField[]): SyncError {
	const table = tableOn(mapping, side).name;
	const purposes = new Map<string, string[]>();
	for (const { field, purpose } of needed) purposes.set(field, [...new Set([...(purposes.get(field) ?? []), purpose])]);
	const fields = [...purposes].map(([field, why]) => `${field} (needed by ${why.join(' and ')})`);
	const own = needed.some(({ mapped }) => mapped !== null);
	const remedy = own ? 'correct or disable these field mappings in Table Mappings' : 'correct the table mapping in Table Mappings';
	const cause =
		side === 'crm'
			? 'Bring the column back or publish the customization in Dataverse, install the solution it belongs to'
			: 'A published page may change with a new version of Business Central or of the extension: bring the field back on the page';
	return new SyncError({
		code: 'SETUP_FIELD_MISSING',
		errorClass: 'setup',
		system: side,
		table,
		field: [...purposes.keys()].join(', '),
		message: `${SYSTEMS[side]} has no ${fields.length === 1 ? 'field' : 'fields'} ${fields.join(', ')} in "${table}", which the table mapping ${mapping.name} uses.`,
		hint: `${cause}, or ${remedy}.`,
	});
}

/** One error for all that is missing. */
export function severalMissing([first, ...others]: readonly SyncError[]): SyncError {
	if (others.length === 0) return first!;
	const texts = (of: (error: SyncError) => string): string => [...new Set([first!, ...others].map(of))].join(' ');
	const { code, errorClass, system, table, field } = first!;
	return new SyncError({
		code,
		errorClass,
		system,
		...(table === undefined ? {} : { table }),
		...(field === undefined ? {} : { field }),
		message: texts(({ message }) => message),
		hint: texts(({ hint }) => hint),
	});
}

/** A service no longer knows something that the run can do without. */
export const setupChanged = (mapping: TableMapping, side: SyncError['system'], warnings: readonly string[]): SyncError =>
	new SyncError({
		code: 'SETUP_CHANGED',
		errorClass: 'transient',
		system: side,
		message: `A system changed while ${mapping.name} was being synchronized. ${warnings.join(' ')}`,
		hint: 'Nothing needs to be done: the next run goes on without what is missing.',
	});
