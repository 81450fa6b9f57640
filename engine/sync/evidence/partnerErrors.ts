import { otherCompany } from '../../mapping/companyOfRow';
import { SyncError } from '../../model/errors';
import { type Side, SYSTEM_NAMES } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { bcTitle, type Coupling } from '../../model/coupling';

const NAMED = 5;

const called = ({ number, name, id }: SystemRecord): string => [number, name].filter(Boolean).join(' ') || id;

/** The record has a partner by all evidence, but that one is coupled with another record. */
export const partnerTaken = (side: Side, partner: SystemRecord, taken: Coupling): SyncError =>
	new SyncError({
		code: 'PARTNER_TAKEN',
		errorClass: 'data',
		system: side,
		recordId: partner.id,
		message: `Nothing was created, because this record has a partner in ${SYSTEM_NAMES[side]} already: ${called(partner)} (${partner.id}) carries its number or its id, but is coupled with ${
			side === 'crm' ? bcTitle(taken) : taken.crmName || taken.crmId
		}.`,
		hint: `Couple the records that belong together in Couple Records, or correct the number of the one it does not belong to.`,
	});

/** More than one record may be the partner, or the one there is agrees only in part. */
export const partnerUnclear = (side: Side, candidates: readonly SystemRecord[]): SyncError =>
	new SyncError({
		code: 'PARTNER_UNCLEAR',
		errorClass: 'data',
		system: side,
		...(candidates.length === 1 ? { recordId: candidates[0]!.id } : {}),
		message: `Nothing was created, because ${SYSTEM_NAMES[side]} holds ${candidates.length === 1 ? 'a record that may be' : 'several records that may be'} the partner of this one: ${candidates
			.slice(0, NAMED)
			.map((record) => `${called(record)} (${record.id})`)
			.join(', ')}${moreThan(candidates)}.`,
		hint: 'Couple it with the right one in Couple Records (many at once: Match-Based Coupling). If none of them is, clear the company of the CRM record that has no partner; the next run then creates one.',
	});

/** Several records of one side lay claim to the same one. */
export const partnerClaimed = (side: Side, partner: SystemRecord, rivals: readonly SystemRecord[]): SyncError =>
	new SyncError({
		code: 'PARTNER_UNCLEAR',
		errorClass: 'data',
		system: side,
		recordId: partner.id,
		message: `Nothing was created, because ${called(partner)} (${partner.id}) in ${SYSTEM_NAMES[side]} may be the partner of several records: ${rivals.slice(0, NAMED).map(called).join(', ')}${moreThan(rivals)}.`,
		hint: 'Couple it with the right one in Couple Records; the next run then creates partners for the others.',
	});

/** The partner is there, but the filter of the mapping leaves it out. */
export const partnerOutside = (side: Side, mapping: string, partner: SystemRecord): SyncError =>
	new SyncError({
		code: 'PARTNER_OUTSIDE_FILTER',
		errorClass: 'data',
		system: side,
		recordId: partner.id,
		message: `Nothing was created, because this record has a partner in ${SYSTEM_NAMES[side]} already, ${called(partner)} (${partner.id}), which the filter of the table mapping ${mapping} leaves out.`,
		hint: `Bring that record back into the filter (activate or unblock it, for instance), or change the filter in Table Mappings; the next run couples the two then. If it is not needed any more, delete it.`,
	});

/** The row made for the record was given to another company since. */
export const partnerOfOtherCompany = (partner: SystemRecord): SyncError =>
	otherCompany(
		partner.id,
		`Nothing was created, because the CRM record of this one, ${called(partner)} (${partner.id}), belongs to another Business Central company now.`,
		'Give the CRM record back to this company, or clear its company, in CRM; or delete it if it is not needed any more.',
	);

const moreThan = (records: readonly SystemRecord[]): string => (records.length > NAMED ? ` and ${records.length - NAMED} more` : '');
