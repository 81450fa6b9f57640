import { evaluator, fieldsOf } from './filters/evaluate';
import { push } from './filters/push';
import { resolveFilter } from './filters/resolve';
import type { Side } from '../model/side';
import type { FieldName, SystemRecord, TableSource } from '../model/record';
import type { Filter } from '../model/filter';

export { COMPANY, usesCompany } from './filters/resolve';

/** A filter, made ready for one side. */
export interface SideFilter {
	/** Asked of the service; null for all. Selects everything the filter does, and more where `accepts` is given. */
	odata: string | null;
	/** Fields `accepts` looks at. */
	fields: readonly FieldName[];
	/** What the service cannot be asked for, looked at in the records; null when its answer is exact. */
	accepts: ((record: SystemRecord) => boolean) | null;
}

/**
 * A filter for one side: as much of it as the service takes as OData, the rest as a look at the records read (Business Central refuses `or`
 * between two properties; lists longer than a request; fields of companion pages).
 * @param table where given: values of a choice column are looked at here altogether
 * @throws SyncError (setup) when the filter cannot be understood
 */
export function sideFilter(filter: Filter, side: Side, companyRowId: string | null, table?: TableSource): SideFilter {
	const node = resolveFilter(filter, side, companyRowId);
	const { odata, rest } = table?.choice ? { odata: null, rest: node } : push(node, side);
	if (rest === null || (rest.kind === 'all' && rest.parts.length === 0)) return { odata, fields: [], accepts: null };
	return { odata, fields: fieldsOf(rest), accepts: evaluator(rest, side) };
}

/**
 * OData text that selects everything the filter does, or null for all. Where the service cannot be asked for the whole of it the text selects
 * more: callers that need the exact records use `sideFilter`.
 */
export const compileFilter = (filter: Filter, side: Side, companyRowId: string | null): string | null =>
	sideFilter(filter, side, companyRowId).odata;
