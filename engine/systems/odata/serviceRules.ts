import type { ErrorClass } from '../../model/errors';
import type { Side } from '../../model/side';

/** One row: an answer that fits all the conditions given has this meaning. */
export interface ServiceRule {
	status?: readonly number[];
	/** Tested against the service's error code. */
	service?: RegExp;
	/** Tested against the service's text; only where the code alone does not tell. */
	text?: RegExp;
	/** Our code, without the prefix of the system. */
	code: string;
	errorClass: ErrorClass;
	hint: string;
	/** What the same answer means when rows are being read, where there is no single record to blame. */
	reading?: { code: string; hint: string };
	/** A lock, deadlock or time-out of the moment that the service rolled back: the same write may be sent again. */
	momentary?: true;
}

const AGAIN = 'Nothing needs to be done: it is tried again by the next run.';
const CREDENTIAL = 'Open the credential in n8n, test it, and connect it again if it is an OAuth2 credential.';
/** Only texts that surely mean a rolled-back transaction: inserts are repeated on them. */
const LOCK = /deadlock|locked by another|lock (time-?out|request)/i;

/**
 * The first row that fits decides; the last one takes the rest. Codes:
 * learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/dynamics-error-codes
 */
const businessCentral: readonly ServiceRule[] = [
	{ status: [401], code: 'SIGN_IN_REFUSED', errorClass: 'setup', hint: CREDENTIAL },
	{
		status: [403],
		code: 'PERMISSION_MISSING',
		errorClass: 'setup',
		hint: 'Give the user or Microsoft Entra application of the credential a permission set for this table in Business Central.',
	},
	// Older servers refuse a write for want of a permission with 400 and the text of their dialog; a right that only this record needs is missing, too.
	{
		status: [400],
		text: /you do not have (the following )?permissions? (on|to)|sorry, the current permissions prevented the action/i,
		code: 'PERMISSION_MISSING',
		errorClass: 'data',
		hint: 'Give the user or Microsoft Entra application of the credential a permission set with the right named above in Business Central, then use Couple Records → Retry.',
	},
	{ service: /^Application_TooManyRequests$/, code: 'THROTTLED', errorClass: 'transient', hint: AGAIN },
	{ status: [429, 503], code: 'THROTTLED', errorClass: 'transient', hint: AGAIN },
	{ service: /^Internal_TenantUnavailable$/, code: 'UNAVAILABLE', errorClass: 'transient', hint: AGAIN },
	{ status: [408, 502, 504], code: 'UNAVAILABLE', errorClass: 'transient', hint: AGAIN },
	{
		service: /^Internal_CompanyNotFound$/,
		code: 'COMPANY_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Choose the company again in the node: it was deleted, or the user of the credential may not open it.',
	},
	{ service: /^Request_EntityChanged$/, code: 'STALE', errorClass: 'transient', hint: AGAIN },
	{ status: [412], code: 'STALE', errorClass: 'transient', hint: AGAIN },
	{
		service: /^Internal_EntityWithSameKeyExists$/,
		code: 'DUPLICATE_KEY',
		errorClass: 'data',
		hint: 'A record with this number or code is already there: if it is this one, couple the two in Couple Records; otherwise give one of them another number.',
	},
	{ service: /^Internal_ServerError$/, text: LOCK, code: 'LOCKED', errorClass: 'transient', hint: AGAIN, momentary: true },
	{ status: [409, 500], text: LOCK, code: 'LOCKED', errorClass: 'transient', hint: AGAIN, momentary: true },
	{
		service: /^BadRequest_ResourceNotFound$/,
		text: /segment/i,
		code: 'TABLE_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the name of the API page in the table mapping, and that its extension is installed and published in this company.',
	},
	{
		service: /^NoEnvironment$|^Internal_TenantNotFound$/,
		code: 'ENVIRONMENT_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the address in the credential: tenant and environment name.',
	},
	{
		status: [404],
		code: 'NOT_FOUND',
		errorClass: 'data',
		hint: 'What the text above names does not exist in Business Central: a set-up record, for instance, or a record this one refers to. Create it there, or correct what refers to it; then use Couple Records → Retry.',
		reading: {
			code: 'ADDRESS_NOT_FOUND',
			hint: 'Check the address in the credential, the company, and the name of the API page in the table mapping.',
		},
	},
	{
		status: [405],
		code: 'NOT_ALLOWED',
		errorClass: 'setup',
		hint: 'Let the table mapping run from Business Central to CRM only (its direction in Table Mappings), because this API page does not allow the change; or switch OData and API services on, where they are off on the server.',
	},
	{
		status: [413, 414],
		code: 'TOO_LARGE',
		errorClass: 'setup',
		hint: 'The request or answer is larger than the server allows: choose fewer fields, or raise the limits of the server.',
	},
	{
		status: [501],
		code: 'FILTER_NOT_SUPPORTED',
		errorClass: 'setup',
		hint: "Business Central joins conditions on different fields with 'and' only; correct the filter of the table mapping.",
	},
	{
		service: /^Application_FilterErrorException$/,
		code: 'FILTER_INVALID',
		errorClass: 'data',
		hint: 'Correct the filter of the table mapping: a value in it does not fit its field, for instance because it is too long.',
	},
	{
		service: /^Application_StringExceededLength$/,
		code: 'VALUE_TOO_LONG',
		errorClass: 'data',
		hint: 'Shorten the text in CRM, or use a transformation that cuts it.',
	},
	{
		service: /^Internal_InvalidTableRelation$/,
		code: 'RELATED_RECORD_MISSING',
		errorClass: 'data',
		hint: 'Create the related record in Business Central (for instance the code), or correct the value in CRM.',
	},
	{
		service: /^Internal_(RecordNotFound|DataNotFoundFilter)$/,
		code: 'RELATED_RECORD_MISSING',
		errorClass: 'data',
		hint: 'A record this one refers to is missing in Business Central: create it there, or correct what refers to it in CRM.',
	},
	{ service: /^BadRequest_InvalidToken$/, code: 'VERSION_REFUSED', errorClass: 'transient', hint: AGAIN },
	{
		service: /^BadRequest_InvalidOperation$/,
		code: 'FIELD_READ_ONLY',
		errorClass: 'data',
		hint: 'Set the direction of this field to "Business Central to CRM", or disable it: Business Central does not let it be written.',
	},
	{
		service: /^BadRequest_RequiredParamNotProvided$/,
		code: 'VALUE_REQUIRED',
		errorClass: 'data',
		hint: 'Business Central needs a value in this field: fill it in CRM, or map a constant.',
	},
	{
		status: [400],
		text: /property '.*' does not exist|could not find a property/i,
		code: 'FIELD_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the field names of the table mapping: this page does not have the field.',
	},
	{
		service: /^Application_(FieldValidationException|EvaluateException|InvalidGUID|DialogException|CallbackNotAllowed)$/,
		code: 'VALIDATION',
		errorClass: 'data',
		hint: 'Business Central refuses the values by a business rule; its text says which. Correct the record in CRM or the setup in Business Central.',
	},
	{
		status: [400],
		service: /^BadRequest/,
		code: 'BAD_REQUEST',
		errorClass: 'data',
		hint: 'Check the fields and filters of the table mapping against the text above.',
	},
	{
		status: [500],
		code: 'INTERNAL_ERROR',
		errorClass: 'data',
		hint: 'Business Central failed on this record; its event log has the details. Try the same change there by hand; when it works, use Couple Records → Retry.',
	},
	{
		status: [300, 301, 302, 303, 304, 305, 307, 308],
		code: 'REDIRECTED',
		errorClass: 'setup',
		hint: 'The address in the credential leads elsewhere; enter the final address of the service.',
	},
	{ code: 'REFUSED', errorClass: 'data', hint: 'The text above comes from Business Central; correct the record or the setup it names.' },
];

/** Sources: "Service protection API limits", "Web service error codes". Statuses first, then codes, never texts where a code exists. */
const crm: readonly ServiceRule[] = [
	{ status: [401], code: 'SIGN_IN_REFUSED', errorClass: 'setup', hint: CREDENTIAL },
	{
		status: [403],
		service: /^0x80072560$/i,
		code: 'USER_NOT_IN_ENVIRONMENT',
		errorClass: 'setup',
		hint: 'Add the app registration as an application user in the Power Platform admin center and give it a security role.',
	},
	// The privilege is there, but does not reach this row, which belongs to somebody else.
	{
		service: /^0x80048306$/i,
		code: 'ROW_OUT_OF_REACH',
		errorClass: 'data',
		hint: "Give the security role of the credential's user the privilege for the whole organization, or share the row with the user; then use Couple Records → Retry.",
	},
	{
		status: [403],
		code: 'PERMISSION_MISSING',
		errorClass: 'setup',
		hint: 'Give the user of the credential a security role with the privilege named above.',
	},
	{
		service: /^0x(80040220|80040299)$/i,
		code: 'PERMISSION_MISSING',
		errorClass: 'setup',
		hint: 'Give the user of the credential a security role with the privilege named above.',
	},
	{ service: /^0x8007232[126]$/i, code: 'THROTTLED', errorClass: 'transient', hint: AGAIN },
	{ status: [429, 503], code: 'THROTTLED', errorClass: 'transient', hint: AGAIN },
	{ status: [408, 502, 504], code: 'UNAVAILABLE', errorClass: 'transient', hint: AGAIN },
	{ service: /^0x8004415[01]$/i, code: 'LOCKED', errorClass: 'transient', hint: AGAIN, momentary: true },
	{
		service: /^0x80060892$/i,
		code: 'DUPLICATE_KEY',
		errorClass: 'data',
		hint: 'Another row has the same values in an alternate key: if it is this record, couple the two in Couple Records; otherwise change the values in one of the systems.',
	},
	// Of an update: what may exist once belongs to another row already. Of an insert it is looked at first whose row is there.
	{
		service: /^0x80040237$/i,
		code: 'DUPLICATE_KEY',
		errorClass: 'data',
		hint: 'Another row has the same value where each may exist only once, for instance its number: if it is this record, couple the two in Couple Records; otherwise change the value in one of the systems.',
	},
	// Status 412 in the current table of codes, 500 in an older one, 400 in some versions.
	{
		service: /^0x80040333$/i,
		code: 'DUPLICATE_DETECTED',
		errorClass: 'data',
		hint: 'A duplicate detection rule found a similar row: if it is this record, couple the two in Couple Records; otherwise change the rule, or switch off that it is asked in Table Mappings.',
	},
	{ status: [412], code: 'STALE', errorClass: 'transient', hint: AGAIN },
	{
		status: [404],
		service: /^0x8006088a$/i,
		code: 'TABLE_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the table name in the table mapping, and that the solution that brings the table is installed.',
	},
	{
		status: [404],
		text: /segment|no http resource/i,
		code: 'TABLE_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the environment address and the table name in the table mapping.',
	},
	{
		status: [404],
		code: 'NOT_FOUND',
		errorClass: 'data',
		hint: 'What the text above names does not exist in Dataverse: mostly a row that this one refers to. Create it, or correct what refers to it; then use Couple Records → Retry.',
		reading: {
			code: 'ADDRESS_NOT_FOUND',
			hint: 'Check the environment address in the credential and the table name in the table mapping.',
		},
	},
	{
		service: /^0x80060883$/i,
		code: 'NO_CONCURRENCY_CONTROL',
		errorClass: 'setup',
		hint: 'Let the table mapping run from CRM to Business Central only (its direction in Table Mappings): this table cannot be written safely, because optimistic concurrency is switched off for it.',
	},
	{ service: /^0x80040227$/i, code: 'STILL_IN_USE', errorClass: 'data', hint: 'Other rows refer to this one; remove them first.' },
	{
		status: [405],
		code: 'NOT_ALLOWED',
		errorClass: 'setup',
		hint: 'Let the table mapping run from CRM to Business Central only (its direction in Table Mappings): the table does not allow this change.',
	},
	{
		status: [413, 414],
		code: 'TOO_LARGE',
		errorClass: 'setup',
		hint: 'The request is larger than the service allows: choose fewer fields.',
	},
	{
		service: /^0x80044331$/i,
		code: 'VALUE_TOO_LONG',
		errorClass: 'data',
		hint: 'Shorten the text in Business Central, or use a transformation that cuts it.',
	},
	{
		service: /^0x80048408$/i,
		code: 'STATE_NOT_ALLOWED',
		errorClass: 'data',
		hint: 'The status reason does not belong to this status; correct the mapping of the two columns.',
	},
	{
		service: /^0x80040265$/i,
		code: 'PLUGIN_REFUSED',
		errorClass: 'data',
		hint: 'A plug-in of the environment refuses the change, and its text says why: correct the record accordingly, or have the plug-in changed; then use Couple Records → Retry.',
	},
	{
		service: /^0x80048d19$/i,
		text: /invalid property|undeclared property|does not exist on type/i,
		code: 'FIELD_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the column names of the table mapping: the table lacks the column, or it cannot be written.',
	},
	{
		service: /^0x80048d19$/i,
		code: 'VALUE_REFUSED',
		errorClass: 'data',
		hint: 'A value does not fit its column; correct it in Business Central, or map the field with a transformation.',
	},
	{
		status: [400],
		text: /could not find a property/i,
		code: 'FIELD_NOT_FOUND',
		errorClass: 'setup',
		hint: 'Check the column names of the table mapping and its filter.',
	},
	{ service: /^0x80060888$/i, code: 'QUERY_REFUSED', errorClass: 'setup', hint: 'Check the filter of the table mapping.' },
	{
		status: [500],
		code: 'INTERNAL_ERROR',
		errorClass: 'data',
		hint: 'Dataverse failed on this row; try the same change by hand, and look at its plug-in trace log.',
	},
	{
		status: [300, 301, 302, 303, 304, 305, 307, 308],
		code: 'REDIRECTED',
		errorClass: 'setup',
		hint: 'The environment address leads elsewhere; enter the final address, as in the browser.',
	},
	{ code: 'REFUSED', errorClass: 'data', hint: 'The text above comes from Dataverse; correct the row or the setting it names.' },
];

export const serviceRules: Readonly<Record<Side, readonly ServiceRule[]>> = { businessCentral, crm };
