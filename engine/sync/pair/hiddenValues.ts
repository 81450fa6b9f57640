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
 * entered must not travel. Whether columns are hidden is asked where a value that was there has gone, and where a row changed and shows blanks: what
 * changed may be what the user does not see, and the couple must not count as compared in it. What a column is said to be elsewhere may be a day old.
 */
export async function withoutHiddenValues(context: PassContext, rows: readonly CoupledRow[]): Promise<SystemRecord[]> {
	const { session, mapping, fields, recorder } = context;
	const own = fields.filter(({ crmField }) => !/[@/]/.test(crmField!));
	const given = rows.map(({ row }) => row);
	const isEmptied = rows.some((each) => own.some((field) => isBlank(field, each) && wasFilled(field, each)));
	if (!isEmptied && !rows.some((each) => isNews(each) && own.some((field) => isBlank(field, each)))) return given;
	const columns = [...new Set(own.map(({ crmField }) => crmField!))];
	const hidden = await lookForHidden(session, mapping.crm, columns, isEmptied ? 'now' : 'session');
	if (hidden.size === 0) return given;
	for (const warning of withoutHidden(mapping, [...hidden])) recorder.warn(warning);
	return given.map((row) => ({ ...row, values: Object.fromEntries(Object.entries(row.values).filter(([column]) => !hidden.has(column))) }));
}

/** A value that may not be read is null, as is one that is not there. */
const isBlank = (field: FieldMapping, { row }: CoupledRow): boolean => row.values[field.crmField!] === null;

/** Something was there when both sides agreed last, or nobody knows what was there. */
function wasFilled(field: FieldMapping, { coupling }: CoupledRow): boolean {
	if (!coupling?.baseline) return coupling !== null;
	const base = coupling.baseline[field.key];
	return base !== undefined && markIn(base[1]) !== fingerprint(field, 'crm', null) && base[1] !== CHANGED;
}

const isNews = ({ row, coupling }: CoupledRow): boolean => coupling?.crmVersion !== row.version;
