import { otherCompany } from '../../mapping/companyOfRow';
import { SyncError } from '../../model/errors';
import { bcTitle, type Coupling } from '../../model/coupling';
import type { SystemRecord } from '../../model/record';
import { type Side, SYSTEM_NAMES } from '../../model/side';

const called = ({ name, id }: SystemRecord): string => (name ? `${name} (${id})` : id);

/** The row was given to another company, whoever it was coupled with before. */
export const rowOfOtherCompany = (row: SystemRecord): SyncError =>
	otherCompany(
		row.id,
		`The CRM record ${called(row)} belongs to another Business Central company. Nothing is exchanged with it.`,
		'Synchronize it with the company it belongs to. If it is coupled here, uncouple it in Couple Records (it keeps its company), or give it back to this company in CRM; then runs go on with it.',
	);

/**
 * Somebody merged the row into another one.
 * @param survivor the row it went into; null when that is gone, or the user may not see it
 * @param holder what the survivor is coupled with
 */
export function rowMerged(row: SystemRecord, survivor: SystemRecord | null, holder: Coupling | null): SyncError {
	const into = survivor ? called(survivor) : 'a record that is not there (any more)';
	const other = holder ? bcTitle(holder) : '';
	return new SyncError({
		code: 'PARTNER_MERGED',
		errorClass: 'data',
		system: 'crm',
		recordId: row.id,
		message: `The CRM record ${called(row)} was merged into ${into}${holder ? `, which is coupled with ${other}: two records of Business Central share one CRM record now` : ''}. Nothing is written to the merged record, and nothing is taken from it.`,
		hint: holder
			? `Uncouple this record in Couple Records, and keep ${other} for the account; or uncouple ${other} and choose Couple Records → Couple With Surviving Record for this one.`
			: survivor
				? 'Couple it with the surviving record: Couple Records → Couple With Surviving Record. If it needs no partner, uncouple it.'
				: 'Uncouple it in Couple Records, or couple it with another record.',
	});
}

/** A coupled record that the filter of its mapping does not select any more. */
export const leftFilter = (side: Side, mapping: string, record: SystemRecord): SyncError =>
	new SyncError({
		code: 'LEFT_FILTER',
		errorClass: 'data',
		system: side,
		recordId: record.id,
		message: `${[record.number, called(record)].filter(Boolean).join(' ')} is coupled, but outside the filter that the table mapping ${mapping} has on ${SYSTEM_NAMES[side]} now. Its changes are not synchronized as long as it stays there; changes of its partner are.`,
		hint: 'If it is to take part, bring it back into the filter (activate or unblock it, for instance), or change the filter in Table Mappings. If not, uncouple it in Couple Records. Nothing more is said of it.',
	});
