import { type ErrorContext, noAnswerError, serviceError } from '../../../../engine/systems/odata/errors';
import { NoAnswer } from '../../../../engine/systems/odata/transport';
import type { Side } from '../../../../engine/model/side';

const context = (system: Side, reading = false): ErrorContext => ({
	system,
	systemName: system === 'crm' ? 'Dataverse' : 'Business Central',
	host: 'service.example',
	reading,
	table: 'things',
	recordId: 'id',
	now: Date.parse('2026-03-07T08:00:00Z'),
});
const error = (system: Side, status: number, code: string, message = 'text of the service', reading = false) =>
	serviceError({ status, headers: {}, body: JSON.stringify({ error: { code, message } }) }, context(system, reading));

test.each<[Side, number, string, string, string, string]>([
	['businessCentral', 401, 'Authentication_InvalidCredentials', '', 'BC_SIGN_IN_REFUSED', 'setup'],
	['businessCentral', 403, 'Authorization_Denied', '', 'BC_PERMISSION_MISSING', 'setup'],
	['businessCentral', 429, 'Application_TooManyRequests', '', 'BC_THROTTLED', 'transient'],
	['businessCentral', 404, 'NoEnvironment', '', 'BC_ENVIRONMENT_NOT_FOUND', 'setup'],
	['businessCentral', 404, 'Internal_CompanyNotFound', '', 'BC_COMPANY_NOT_FOUND', 'setup'],
	['businessCentral', 404, 'BadRequest_ResourceNotFound', "Resource not found for the segment 'x'.", 'BC_TABLE_NOT_FOUND', 'setup'],
	['businessCentral', 400, 'Application_StringExceededLength', '', 'BC_VALUE_TOO_LONG', 'data'],
	['businessCentral', 400, 'Internal_InvalidTableRelation', '', 'BC_RELATED_RECORD_MISSING', 'data'],
	['businessCentral', 400, 'Application_DialogException', '', 'BC_VALIDATION', 'data'],
	['businessCentral', 409, 'Internal_EntityWithSameKeyExists', '', 'BC_DUPLICATE_KEY', 'data'],
	['businessCentral', 400, 'BadRequest_InvalidOperation', '', 'BC_FIELD_READ_ONLY', 'data'],
	[
		'businessCentral',
		400,
		'BadRequest',
		"The property 'x' does not exist on type 'Microsoft.NAV.customer'.",
		'BC_FIELD_NOT_FOUND',
		'setup',
	],
	['businessCentral', 500, 'Internal_ServerError', 'deadlocked with another user', 'BC_LOCKED', 'transient'],
	['businessCentral', 500, 'Internal_ServerError', '', 'BC_INTERNAL_ERROR', 'data'],
	['businessCentral', 400, 'Unknown', '', 'BC_REFUSED', 'data'],
	['crm', 403, '0x80072560', '', 'CRM_USER_NOT_IN_ENVIRONMENT', 'setup'],
	['crm', 403, '0x80040220', '', 'CRM_PERMISSION_MISSING', 'setup'],
	['crm', 429, '0x80072322', '', 'CRM_THROTTLED', 'transient'],
	['crm', 404, '0x80040217', '', 'CRM_NOT_FOUND', 'data'],
	['crm', 404, '0x8006088a', '', 'CRM_TABLE_NOT_FOUND', 'setup'],
	['crm', 412, '', '', 'CRM_STALE', 'transient'],
	['crm', 412, '0x80060892', '', 'CRM_DUPLICATE_KEY', 'data'],
	['crm', 412, '0x80040333', '', 'CRM_DUPLICATE_DETECTED', 'data'],
	['crm', 400, '0x80044331', '', 'CRM_VALUE_TOO_LONG', 'data'],
	['crm', 400, '0x80048d19', "Invalid property 'x' was found in entity 'y'.", 'CRM_FIELD_NOT_FOUND', 'setup'],
	['crm', 400, '0x80048d19', 'Cannot convert the literal to the expected type.', 'CRM_VALUE_REFUSED', 'data'],
	['crm', 400, '0x80048408', '', 'CRM_STATE_NOT_ALLOWED', 'data'],
	['crm', 400, '0x80040265', '', 'CRM_PLUGIN_REFUSED', 'data'],
	['crm', 500, '0x80044150', '', 'CRM_LOCKED', 'transient'],
])('%s %i %s "%s" is %s, of class %s', (system, status, code, message, ours, errorClass) => {
	const found = error(system, status, code, message || undefined);
	expect(found).toMatchObject({ code: ours, errorClass, system, table: 'things', recordId: 'id', httpStatus: status });
	expect(found.hint).not.toBe('');
});

test('what would be the trouble of one record is a matter of the set-up when a table is read', () => {
	expect(error('businessCentral', 400, 'BadRequest', 'Syntax error in the filter.', true)).toMatchObject({
		code: 'BC_BAD_REQUEST',
		errorClass: 'setup',
	});
	expect(error('businessCentral', 404, '', '', true)).toMatchObject({ code: 'BC_ADDRESS_NOT_FOUND', errorClass: 'setup' });
	expect(error('crm', 404, '', '', true)).toMatchObject({ code: 'CRM_ADDRESS_NOT_FOUND', errorClass: 'setup' });
	expect(error('businessCentral', 503, '', '', true)).toMatchObject({ errorClass: 'transient' });
});

test('the text of the service is kept, its correlation id is not, so that equal errors read equal', () => {
	const found = error(
		'businessCentral',
		400,
		'Application_DialogException',
		'Blocked customer.  CorrelationId:  1e0c0000-0000-4000-8000-000000000001.',
	);
	expect(found.message).toBe('Business Central answered 400 (Application_DialogException) on things: Blocked customer.');
});

test.each(['', 'null', '[]', '{"error":null}', '{"error":{"code":5,"message":{}}}', '{"Message":"gateway"}', 'plain text'])(
	'the body %s still makes a readable error',
	(body) => {
		const found = serviceError({ status: 400, headers: {}, body }, context('crm'));
		expect(found.message).toMatch(/^Dataverse answered 400/);
	},
);

test('an answer that never came says whether the request may have been carried out', () => {
	expect(noAnswerError(new NoAnswer('reset', true), context('crm'))).toMatchObject({ code: 'CRM_ANSWER_LOST', errorClass: 'transient' });
	const unreachable = noAnswerError(new NoAnswer('refused', false), context('crm'));
	expect(unreachable.code).toBe('CRM_NOT_REACHABLE');
	expect(unreachable.hint).toContain('service.example');
});
