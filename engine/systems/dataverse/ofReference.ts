import type { SyncError } from '../../model/errors';
import type { FieldName, FieldValue, LookupValue } from '../../model/record';

type Values = Readonly<Record<FieldName, FieldValue | LookupValue>>;

const GUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Tables whose rows may own others. */
const OWNERS: ReadonlySet<string> = new Set(['systemuser', 'team']);

/**
 * A refusal that concerns what the row is to refer to, rather than the row or the user of the credential: the text names it. Null where it names none of
 * what was sent.
 */
export const ofReference = (error: SyncError, values: Values): SyncError | null =>
	ownerRefused(error, values) ?? referenceGone(error, values);

/**
 * A refusal for want of a privilege names the principal that lacks it. Where that is the one who is to own the row, it is nobody else's trouble: a row
 * can be given only to a user or team whose security roles let it be read ("Assign a record to a user or team", learn.microsoft.com/power-apps).
 */
function ownerRefused(error: SyncError, values: Values): SyncError | null {
	if (error.code !== 'CRM_PERMISSION_MISSING') return null;
	const given = named(error, values, ({ table }) => OWNERS.has(table));
	if (!given) return null;
	const kind = given.value.table === 'team' ? 'team' : 'user';
	return error.with({
		code: 'CRM_OWNER_NOT_ALLOWED',
		...{ errorClass: 'data', field: given.field },
		message: `The ${kind} who is to own the row may not own it: ${error.message}`,
		hint: `Give the ${kind} a security role with the privilege named above in the Power Platform admin center, or put another salesperson into the record. Records of other salespeople are not held up.`,
	});
}

/** "… With Id = … Does Not Exist" of a row that was to be referred to: it was deleted, and its coupling is still there. */
function referenceGone(error: SyncError, values: Values): SyncError | null {
	if (error.code !== 'CRM_NOT_FOUND') return null;
	const given = named(error, values, () => true);
	if (!given) return null;
	return error.with({
		code: 'CRM_REFERENCE_GONE',
		...{ errorClass: 'data', field: given.field },
		message: `The row of ${given.value.table} that ${given.field} is to refer to does not exist any more: ${error.message}`,
		hint: `Couple the record that the field refers to with another row of ${given.value.table} in Couple Records, or remove its coupling there. This record follows by itself.`,
	});
}

function named(
	{ message }: SyncError,
	values: Values,
	isWanted: (value: LookupValue) => boolean,
): { field: FieldName; value: LookupValue } | null {
	const ids = new Set((message.match(GUIDS) ?? []).map((id) => id.toLowerCase()));
	for (const [field, value] of Object.entries(values))
		if (typeof value === 'object' && value !== null && ids.has(value.id.toLowerCase()) && isWanted(value)) return { field, value };
	return null;
}
