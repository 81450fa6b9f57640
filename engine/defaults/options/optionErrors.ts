import { SyncError } from '../../model/errors';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** A code fits several labels, so that nobody can tell which of them is meant. */
export const codeAmbiguous = (code: string, labels: readonly string[], column: string): SyncError =>
	new SyncError({
		code: 'OPTION_CODE_AMBIGUOUS',
		errorClass: 'data',
		system: 'crm',
		field: 'Code',
		message: `The code "${code}" fits several choices of the CRM column ${column}: ${quoted(labels)}.`,
		hint: 'Couple the code with the right choice in Couple Records, or rename the choices in Dataverse so that one of them is called like the code.',
	});

/** A choice already has the label that the code asks for, and is another one's. */
export const labelTaken = (code: string, column: string): SyncError =>
	new SyncError({
		code: 'OPTION_LABEL_TAKEN',
		errorClass: 'data',
		system: 'crm',
		field: 'Code',
		message: `Another choice of the CRM column ${column} is called "${code}" already.`,
		hint: 'Rename that choice in Dataverse, or couple it with this code in Couple Records: two choices of one name cannot be told apart.',
	});

/** Labels that are one code in Business Central. */
export const codeShared = (label: string, code: string, labels: readonly string[]): SyncError =>
	new SyncError({
		code: 'OPTION_CODE_SHARED',
		errorClass: 'data',
		system: 'crm',
		field: 'Code',
		message: `The choice "${label}" would become the code "${code}" in Business Central, and so would others: ${quoted(labels)}.`,
		hint: 'Rename these choices in Dataverse so that their first ten characters differ, or couple them by hand with codes of your own choice.',
	});

export const codeWithComma = (label: string, code: string): SyncError =>
	new SyncError({
		code: 'OPTION_CODE_COMMA',
		errorClass: 'data',
		system: 'crm',
		field: 'Code',
		message: `The choice "${label}" would become the code "${code}", and a code with a comma breaks lists of codes in Business Central.`,
		hint: 'Rename the choice in Dataverse so that its first ten characters hold no comma, or couple it by hand with a code of your own choice.',
	});

export const codeTaken = (label: string, code: string): SyncError =>
	new SyncError({
		code: 'OPTION_CODE_TAKEN',
		errorClass: 'data',
		system: 'businessCentral',
		field: 'Code',
		message: `The choice "${label}" would become the code "${code}", which another record of Business Central has that belongs to another choice.`,
		hint: 'Rename the choice in Dataverse, or rename or delete the other record in Business Central.',
	});
