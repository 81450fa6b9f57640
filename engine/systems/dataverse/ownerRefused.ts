import { SyncError } from '../../model/errors';
import type { FieldName, FieldValue, LookupValue } from '../../model/record';

const GUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Tables whose rows may own others. */
const OWNERS: ReadonlySet<string> = new Set(['systemuser', 'team']);

/**
 * A refusal for want of a privilege names the principal that lacks it. Where that is the one who is to own the row, it is nobody else's trouble: a row
 * can be given only to a user or team whose security roles let it be read ("Assign a record to a user or team", learn.microsoft.com/power-apps).
 * Null where the text names nobody whom the row was to be given to: then the user of the credential lacks the privilege.
 */
export function ownerRefused(error: SyncError, values: Readonly<Record<FieldName, FieldValue | LookupValue>>): SyncError | null {
	if (error.code !== 'CRM_PERMISSION_MISSING') return null;
	const named = new Set((error.message.match(GUIDS) ?? []).map((id) => id.toLowerCase()));
	const given = Object.entries(values).find(
		([, value]) => typeof value === 'object' && value !== null && OWNERS.has(value.table) && named.has(value.id.toLowerCase()),
	);
	if (!given) return null;
	const [field, value] = given as [FieldName, LookupValue];
	const { table, recordId, httpStatus } = error;
	const kind = value.table === 'team' ? 'team' : 'user';
	return new SyncError({
		code: 'CRM_OWNER_NOT_ALLOWED',
		...{ errorClass: 'data', system: 'crm', field, cause: error },
		...(table ? { table } : {}),
		...(recordId ? { recordId } : {}),
		...(httpStatus ? { httpStatus } : {}),
		message: `The ${kind} who is to own the row may not own it: ${error.message}`,
		hint: `Give the ${kind} a security role with the privilege named above in the Power Platform admin center, or put another salesperson into the record. Records of other salespeople are not held up.`,
	});
}
