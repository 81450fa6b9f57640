import { fingerprint } from '../../mapping/normalize';
import type { SystemRecord } from '../../model/record';
import type { Coupling } from '../../model/coupling';
import type { FieldMapping } from '../../model/fieldMapping';
import { lookForHidden } from '../../setup/hiddenColumns';
import { withoutHidden } from '../../setup/leftOut';
import { CHANGED, markIn } from '../../mapping/baseline';
import type { PassContext } from '../contract/passContext';

/** A row of CRM with the couple it belongs to. */
export interface CoupledRow {
	row: SystemRecord;
	coupling: Coupling | null;
}

/**
 * The rows without values that column security keeps from the user: those read as blank ("Column-level security with code"), and a blank that nobody
 * entered must not travel. Whether a column is hidden is asked only where a value that was there has gone.
 */
export async function withoutHiddenValues(context: PassContext, rows: readonly CoupledRow[]): Promise<SystemRecord[]> {
	const { session, mapping, fields, recorder } = context;
	const own = fields.filter(({ crmField }) => !/[@/]/.test(crmField!));
	const given = rows.map(({ row }) => row);
	const emptied = own.filter((field) => rows.some((row) => isEmptied(field, row)));
	if (emptied.length === 0) return given;
	const columns = emptied.map(({ crmField }) => crmField!);
	const hidden = await lookForHidden(session, mapping.crm, columns);
	if (hidden.size === 0) return given;
	for (const warning of withoutHidden(mapping, [...hidden])) recorder.warn(warning);
	return given.map((row) => ({ ...row, values: Object.fromEntries(Object.entries(row.values).filter(([column]) => !hidden.has(column))) }));
}

/** It was filled when both sides agreed last, or nobody knows what was there. */
function isEmptied(field: FieldMapping, { row, coupling }: CoupledRow): boolean {
	const value = row.values[field.crmField!];
	const blank = fingerprint(field, 'crm', null);
	if (!coupling || value === undefined || fingerprint(field, 'crm', value) !== blank) return false;
	if (!coupling.baseline) return true;
	const base = coupling.baseline[field.key];
	return base !== undefined && markIn(base[1]) !== blank && base[1] !== CHANGED;
}
