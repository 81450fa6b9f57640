import { comparedWith } from '../decide/comparedAgain';
import { hiddenNow } from '../../setup/hiddenColumns';
import type { FieldMapping } from '../../model/fieldMapping';
import type { PassContext } from '../contract/passContext';

/** Whether the systems show the field: its page is there, and its column is not hidden from the user, as far as this session has noticed. */
function isShown({ session, mapping }: PassContext, { bcField, crmField }: FieldMapping): boolean {
	const slash = bcField!.indexOf('/');
	if (slash > 0 && session.businessCentral.absentPages?.has(bcField!.slice(0, slash))) return false;
	return !hiddenNow(session, mapping.crm).has(crmField!);
}

/** Whether all fields of the pass could be seen until now. */
export function seesAll(context: PassContext): boolean {
	const { session, mapping, fields } = context;
	// Mostly nothing was found missing, and this is asked of every record.
	if (!session.businessCentral.absentPages?.size && hiddenNow(session, mapping.crm).size === 0) return true;
	return fields.every((field) => isShown(context, field));
}

/** What couples that are dealt with now were compared with. */
export const fieldSetSeen = (context: PassContext): string => comparedWith(context.fieldSets, seesAll(context));
