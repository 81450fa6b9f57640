import { SyncError } from '../../../model/errors';

/** The user may not change or publish choices. */
export function notAllowed(cause: SyncError): SyncError {
	return new SyncError({
		code: 'CRM_CHOICE_PRIVILEGE',
		errorClass: 'setup',
		system: 'crm',
		httpStatus: 403,
		message: `The user of the CRM credential may not add or rename choices: ${cause.message}`,
		hint:
			'Give the user the security role System Customizer in Dataverse, or a role with the privileges to write option sets (prvWriteOptionSet) and ' +
			'to publish customizations (prvPublishCustomization). Or disable the table mapping and add the choices by hand.',
		cause,
	});
}

/** Rows may hold the value, and forms offer it. */
export const noDeletion = (id: string): SyncError =>
	new SyncError({
		code: 'CRM_CHOICE_NO_DELETION',
		errorClass: 'data',
		system: 'crm',
		recordId: id,
		message: `The choice ${id} is not deleted: rows that hold it would be left with a number that means nothing.`,
		hint: 'Remove the coupling of the choice, and delete the choice in Dataverse by hand where no row holds it any more.',
	});

export const noLabel = (id: string): SyncError =>
	new SyncError({
		code: 'CRM_CHOICE_WITHOUT_LABEL',
		errorClass: 'data',
		system: 'crm',
		recordId: id,
		message: 'A choice cannot be without a label.',
		hint: 'Give the record in Business Central a code.',
	});

export const noFilter = (table: string): SyncError =>
	new SyncError({
		code: 'CRM_CHOICE_FILTER',
		errorClass: 'setup',
		system: 'crm',
		table,
		message: `The values of the choice ${table} cannot be filtered.`,
		hint: 'Remove the CRM filter of the table mapping; filter on the side of Business Central instead.',
	});
