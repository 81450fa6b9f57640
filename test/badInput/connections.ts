import type { INodeParameters } from 'n8n-workflow';
import type { FaultRule, SandboxAddresses } from '../../sandbox/core/types';
import { selfSigned, type TestCertificate } from '../kit/certificate';
import type { Case, Topic } from './expectation';

/** What a user filled in wrongly, or an administrator switched off, and what the node Sync Mapping or Couple Records says to it. */
export interface ConnectionCase extends Case {
	/** Fields of credentials, by type; null: the credential is not chosen. */
	credentials?(at: SandboxAddresses): Record<string, Record<string, string> | null>;
	parameters?: INodeParameters;
	/** What the services do. */
	fault?: FaultRule;
	/** Node *Couple Records* with this pair, instead of *Sync Mapping*. */
	couple?: { businessCentralRecord: INodeParameters; crmRecord: INodeParameters };
}

/** In place of ids that the test knows. */
export const CUSTOMER_ID = '@customer';
export const ACCOUNT_ID = '@account';

const locator = (mode: string, value: string): INodeParameters => ({ __rl: true, mode, value });
const accessKey = { authentication: 'accessKey' };
const certificate = { authentication: 'servicePrincipal' };
const principal = (made: () => TestCertificate) => () => ({
	businessCentralServicePrincipalApi: { clientAuthentication: 'certificate', ...made() },
});
const setup = (code: string, message: string) => ({ errorClass: 'setup' as const, code, message });
const crm = (fields: Record<string, string>) => () => ({ dataverseOAuth2Api: fields });
const bc = (fields: Record<string, string>) => () => ({ businessCentralOAuth2Api: fields });
const answer = (status: number, code: string, message: string): FaultRule['fault'] => ({
	kind: 'answer',
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify({ error: { code, message } }),
});
const always = { times: 100_000 };

const credentials: Topic<ConnectionCase> = {
	title: 'Credentials',
	cases: [
		{
			what: 'a wrong client secret for Business Central',
			credentials: bc({ clientSecret: 'wrong' }),
			expect: setup('SIGN_IN_FAILED', 'Signing in to Business Central failed'),
		},
		{
			what: 'a wrong client secret for CRM',
			credentials: crm({ clientSecret: 'wrong' }),
			expect: setup('SIGN_IN_FAILED', 'Signing in to CRM failed'),
		},
		{ what: 'no client secret', credentials: crm({ clientSecret: '' }), expect: setup('SIGN_IN_FAILED', 'Signing in to CRM failed') },
		{
			what: 'a client id nobody registered',
			credentials: crm({ clientId: '99999999-0000-4000-8000-000000000000' }),
			expect: setup('SIGN_IN_FAILED', 'Signing in to CRM failed'),
		},
		{
			what: 'the tenant of somebody else',
			credentials: bc({ tenantId: '99999999-0000-4000-8000-000000000000' }),
			expect: setup('SIGN_IN_FAILED', 'Signing in to Business Central failed'),
		},
		{
			what: 'a private key that belongs to another certificate',
			parameters: certificate,
			credentials: principal(() => ({ ...selfSigned(), privateKey: selfSigned().privateKey })),
			expect: setup('CERTIFICATE_UNUSABLE', 'The private key does not belong to the certificate'),
		},
		{
			what: 'a certificate that was never uploaded to the application',
			parameters: certificate,
			credentials: principal(() => selfSigned()),
			expect: setup('CERTIFICATE_REFUSED', 'The app registration has no certificate with this thumbprint'),
		},
		{
			what: 'a certificate that has expired',
			parameters: certificate,
			credentials: principal(() => selfSigned({ from: Date.parse('2026-01-01'), until: Date.parse('2026-02-01') })),
			expect: setup('CERTIFICATE_EXPIRED', 'The certificate expired on 2026-02-01'),
		},
		{
			what: 'a wrong web service access key',
			parameters: accessKey,
			credentials: () => ({ businessCentralApi: { accessKey: 'wrong' } }),
			expect: setup('BC_SIGN_IN_REFUSED', 'answered 401'),
		},
		{
			what: 'no web service access key',
			parameters: accessKey,
			credentials: () => ({ businessCentralApi: { accessKey: '' } }),
			expect: setup('BC_SIGN_IN_REFUSED', 'answered 401'),
		},
		{
			what: 'a user name nobody has',
			parameters: accessKey,
			credentials: () => ({ businessCentralApi: { username: 'NOBODY' } }),
			expect: setup('BC_SIGN_IN_REFUSED', 'answered 401'),
		},
		{
			what: 'no credential for CRM is chosen',
			credentials: () => ({ dataverseOAuth2Api: null }),
			expect: setup('CREDENTIAL_MISSING', 'No credential is chosen for CRM Connection'),
		},
		{
			what: 'no credential for Business Central is chosen',
			credentials: () => ({ businessCentralOAuth2Api: null }),
			expect: setup('CREDENTIAL_MISSING', 'No credential is chosen for Business Central'),
		},
		{
			what: 'a token that expired in the middle of the run',
			fault: { system: 'crm', nth: 2, fault: { kind: 'answer', status: 401 } },
			expect: { works: 'it is renewed once, and the run goes on' },
		},
		{
			what: 'a user who was disabled: every new token is refused too',
			fault: {
				system: 'businessCentral',
				...always,
				fault: answer(401, 'Authentication_InvalidCredentials', 'The server has rejected the client credentials.'),
			},
			expect: setup('BC_SIGN_IN_REFUSED', 'rejected the client credentials'),
		},
		{
			what: 'an application that is no user of the environment, or a user without a licence',
			fault: { system: 'crm', ...always, fault: answer(403, '0x80072560', 'The user is not a member of the organization.') },
			expect: setup('CRM_USER_NOT_IN_ENVIRONMENT', 'not a member of the organization'),
		},
		{
			what: 'a security role without the privilege to create accounts',
			fault: {
				system: 'crm',
				method: 'PATCH',
				url: /accounts\(/,
				...always,
				fault: answer(403, '0x80040220', 'Principal user is missing prvCreateAccount privilege.'),
			},
			expect: setup('CRM_PERMISSION_MISSING', 'prvCreateAccount'),
		},
		{
			what: 'no permission set for customers',
			fault: {
				system: 'businessCentral',
				url: /customers\?/,
				...always,
				fault: answer(403, 'Authorization_RequestDenied', 'You do not have permission to read Customer.'),
			},
			expect: setup('BC_PERMISSION_MISSING', 'permission to read Customer'),
		},
		{
			what: 'the sign-in service is out of reach',
			credentials: crm({ authority: 'http://127.0.0.1:1' }),
			expect: { errorClass: 'transient', code: 'NO_ANSWER', message: 'The sign-in service of CRM cannot be reached' },
		},
	],
};

const addresses: Topic<ConnectionCase> = {
	title: 'Addresses',
	cases: [
		{
			what: 'an address without https://',
			credentials: crm({ environmentUrl: 'contoso.crm4.dynamics.com' }),
			expect: setup('ADDRESS_INVALID', 'The credential for CRM holds no usable address'),
		},
		{ what: 'no address', credentials: crm({ environmentUrl: '' }), expect: setup('ADDRESS_INVALID', 'holds no usable address') },
		{
			what: 'an address of blanks',
			credentials: crm({ environmentUrl: '   ' }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'http:// to a public host',
			credentials: crm({ environmentUrl: 'http://contoso.crm4.dynamics.com' }),
			expect: setup('ADDRESS_NOT_ENCRYPTED', 'unencrypted to contoso.crm4.dynamics.com'),
		},
		{
			what: 'http:// to a public host, with the access key',
			parameters: accessKey,
			credentials: () => ({ businessCentralApi: { baseUrl: 'http://bc.contoso.com:7048/BC' } }),
			expect: setup('ADDRESS_NOT_ENCRYPTED', 'unencrypted to bc.contoso.com'),
		},
		{
			what: 'http:// to a public IP address',
			parameters: accessKey,
			credentials: () => ({ businessCentralApi: { baseUrl: 'http://203.0.113.7/BC' } }),
			expect: setup('ADDRESS_NOT_ENCRYPTED', 'unencrypted to 203.0.113.7'),
		},
		{
			what: 'ftp://',
			credentials: crm({ environmentUrl: 'ftp://contoso.crm4.dynamics.com' }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'a file of the server',
			credentials: crm({ environmentUrl: 'file:///etc/passwd' }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'a password inside the address',
			credentials: crm({ environmentUrl: 'https://user:pass@contoso.crm4.dynamics.com' }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'the address of a page as it stands in the browser',
			credentials: crm({ environmentUrl: 'https://contoso.crm4.dynamics.com/main.aspx?appid=1&pagetype=entitylist' }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'an address with a blank inside',
			credentials: crm({ environmentUrl: 'https://contoso .crm4.dynamics.com' }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'blanks and slashes around the address',
			credentials: (at) => ({ dataverseOAuth2Api: { environmentUrl: `  ${at.crm}//  ` } }),
			expect: { works: 'they do not count' },
		},
		{
			what: 'the address of the Web API instead of the environment',
			credentials: (at) => ({ dataverseOAuth2Api: { environmentUrl: `${at.crm}/api/data/v9.2` } }),
			expect: setup('ADDRESS_INVALID', 'holds no usable address'),
		},
		{
			what: 'the address of Business Central for CRM',
			credentials: (at) => ({ dataverseOAuth2Api: { environmentUrl: at.businessCentral } }),
			expect: setup('CRM_TABLE_NOT_FOUND', 'Dataverse has no table'),
		},
		{
			what: 'the address of CRM for Business Central',
			credentials: (at) => ({ businessCentralOAuth2Api: { baseUrlOverride: at.crm } }),
			expect: setup('BC_ADDRESS_NOT_FOUND', 'Business Central answered 404'),
		},
		{
			what: 'an environment name that does not exist',
			credentials: (at) => ({ businessCentralOAuth2Api: { baseUrlOverride: `${at.businessCentral}/v2.0/nowhere` } }),
			expect: setup('BC_ENVIRONMENT_NOT_FOUND', 'Environment does not exist'),
		},
		{
			what: 'a host that does not exist',
			credentials: crm({ environmentUrl: 'https://no-such-host.invalid' }),
			expect: { errorClass: 'transient', code: 'CRM_NOT_REACHABLE', message: 'no-such-host.invalid cannot be reached' },
		},
		{
			what: 'a port where nobody listens',
			credentials: crm({ environmentUrl: 'http://127.0.0.1:1' }),
			expect: { errorClass: 'transient', code: 'CRM_NOT_REACHABLE', message: '127.0.0.1:1 cannot be reached' },
		},
		{
			what: 'https:// to a server that speaks http://',
			credentials: (at) => ({ dataverseOAuth2Api: { environmentUrl: at.crm.replace('http:', 'https:') } }),
			expect: { errorClass: 'transient', code: 'CRM_NOT_REACHABLE', message: 'No secure connection' },
		},
	],
};

const companies: Topic<ConnectionCase> = {
	title: 'Companies and records',
	cases: [
		{
			what: 'a company id that does not exist (deleted, or of another environment)',
			parameters: { company: locator('id', '99999999-2222-4333-8444-555555555555') },
			expect: setup('COMPANY_NOT_FOUND', 'has no company with the id'),
		},
		{
			what: 'the zero id as company',
			parameters: { company: locator('id', '00000000-0000-0000-0000-000000000000') },
			expect: setup('COMPANY_NOT_FOUND', 'has no company with the id'),
		},
		{
			what: 'a company id that is none',
			parameters: { company: locator('id', 'CRONUS') },
			expect: setup('PARAMETER', 'An id looks like'),
		},
		{
			what: 'a company id in braces',
			parameters: { company: locator('id', '{99999999-2222-4333-8444-555555555555}') },
			expect: setup('PARAMETER', 'An id looks like'),
		},
		{ what: 'no company', parameters: { company: locator('name', '  ') }, expect: setup('PARAMETER', 'must be filled in') },
		{
			what: 'a company name that does not exist (renamed): those there are stand in the hint',
			parameters: { company: locator('name', 'CRONUS before it was renamed') },
			expect: setup('COMPANY_NOT_FOUND', 'has no company named "CRONUS before it was renamed"'),
		},
		{
			what: 'a company whose name has an apostrophe',
			parameters: { company: locator('name', "Crêpes d'Or & Söhne #1") },
			expect: { works: 'it is found by its name' },
		},
		{
			what: 'a company name in other letters (upper case)',
			parameters: { company: locator('name', 'CRONUS INTERNATIONAL LTD.') },
			expect: { works: 'it is the same company' },
		},
		{
			what: 'a mapping that does not exist',
			parameters: { mapping: locator('name', "CUSTOMER' or 1 eq 1") },
			expect: setup('MAPPING_UNKNOWN', 'There is no table mapping named'),
		},
		{
			what: 'a record id that is none',
			couple: { businessCentralRecord: locator('id', 'C1'), crmRecord: locator('id', ACCOUNT_ID) },
			expect: { errorClass: 'data', code: 'RECORD_NOT_FOUND', message: 'has no record with id' },
		},
		{
			what: 'a record id in braces',
			couple: { businessCentralRecord: locator('id', `{${CUSTOMER_ID}}`), crmRecord: locator('id', ACCOUNT_ID) },
			expect: { errorClass: 'data', code: 'RECORD_NOT_FOUND', message: 'has no record with id' },
		},
		{
			what: 'a record id in upper case',
			couple: { businessCentralRecord: locator('id', CUSTOMER_ID.toUpperCase()), crmRecord: locator('id', ACCOUNT_ID.toUpperCase()) },
			expect: { works: 'it is the same record' },
		},
		{
			what: 'the zero id as record',
			couple: { businessCentralRecord: locator('id', '00000000-0000-0000-0000-000000000000'), crmRecord: locator('id', ACCOUNT_ID) },
			expect: { errorClass: 'data', code: 'RECORD_MISSING', message: 'no record' },
		},
		{
			what: 'a record id that exists on neither side',
			couple: { businessCentralRecord: locator('id', CUSTOMER_ID), crmRecord: locator('id', '99999999-2222-4333-8444-555555555555') },
			expect: { errorClass: 'data', code: 'RECORD_MISSING', message: 'no record' },
		},
		{
			what: 'a record number that tries to be a filter',
			couple: { businessCentralRecord: locator('number', "' or 1 eq 1 or number eq '"), crmRecord: locator('id', ACCOUNT_ID) },
			expect: { errorClass: 'data', code: 'BC_FILTER_INVALID', message: 'less than or equal to 20 characters' },
		},
		{
			what: 'a record name that tries to be a filter',
			couple: { businessCentralRecord: locator('id', CUSTOMER_ID), crmRecord: locator('name', "x') or (1 eq 1") },
			expect: { errorClass: 'data', code: 'RECORD_NOT_FOUND', message: 'has no record with name' },
		},
	],
};

/** One operation of a batch that the service does not carry out. */
const refusedRow = (status: number, code: string, message: string): FaultRule => ({
	system: 'crm',
	method: 'PATCH',
	url: /accounts\(/,
	...always,
	fault: answer(status, code, message),
});

const refusals: Topic<ConnectionCase> = {
	title: 'Records that a service refuses',
	cases: [
		{
			what: 'another row of CRM has the same alternate key',
			fault: refusedRow(412, '0x80060892', 'A record that has the attribute values Account Number already exists.'),
			expect: { errorClass: 'data', code: 'CRM_DUPLICATE_KEY', message: 'already exists' },
		},
		{
			what: 'a duplicate detection rule of CRM found a similar row',
			fault: refusedRow(412, '0x80040333', 'A record was not created or updated because a duplicate of the current record already exists.'),
			expect: { errorClass: 'data', code: 'CRM_DUPLICATE_DETECTED', message: 'duplicate of the current record' },
		},
		...[400, 500].map((status): ConnectionCase => ({
			what: `the same, from a server that says so with ${status}`,
			fault: refusedRow(status, '0x80040333', 'A duplicate of the current record already exists.'),
			expect: { errorClass: 'data', code: 'CRM_DUPLICATE_DETECTED', message: 'duplicate of the current record' },
		})),
		{
			what: 'a row that the security role of the user does not reach',
			fault: refusedRow(403, '0x80048306', 'SecLib::AccessCheckEx failed. Returned hr = -2147187962, AccessRights: WriteAccess'),
			expect: { errorClass: 'data', code: 'CRM_ROW_OUT_OF_REACH', message: 'AccessCheckEx failed' },
		},
		{
			what: 'a privilege that the user of the credential lacks',
			fault: refusedRow(403, '0x80040220', 'Principal user is missing prvWriteAccount privilege.'),
			expect: setup('CRM_PERMISSION_MISSING', 'prvWriteAccount'),
		},
		{
			what: 'a status that does not belong to the state',
			fault: refusedRow(400, '0x80048408', '2 is not a valid status code for state code 0.'),
			expect: { errorClass: 'data', code: 'CRM_STATE_NOT_ALLOWED', message: 'not a valid status code' },
		},
		{
			what: 'a row that CRM fails on for a reason of its own',
			fault: refusedRow(500, '0x80040216', 'An unexpected error occurred.'),
			expect: { errorClass: 'data', code: 'CRM_INTERNAL_ERROR', message: 'unexpected error' },
		},
		{
			what: 'an answer without code and text',
			fault: refusedRow(400, '', ''),
			expect: { errorClass: 'data', code: 'CRM_REFUSED', message: 'answered 400' },
		},
		{
			what: 'a whole number that its column cannot hold (2,147,483,648)',
			fault: refusedRow(400, '0x80048d19', "Cannot convert the literal '2147483648' to the expected type 'Edm.Int32'."),
			expect: { errorClass: 'data', code: 'CRM_VALUE_REFUSED', message: "'2147483648'" },
		},
		{
			what: 'a text that is longer than its column',
			fault: refusedRow(
				400,
				'0x80044331',
				"The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'.",
			),
			expect: { errorClass: 'data', code: 'CRM_VALUE_TOO_LONG', message: 'maximum allowed length' },
		},
		{
			what: 'a plug-in of the environment refuses the change',
			fault: refusedRow(400, '0x80040265', 'Accounts need a sponsor.'),
			expect: { errorClass: 'data', code: 'CRM_PLUGIN_REFUSED', message: 'Accounts need a sponsor.' },
		},
		{
			what: 'CRM is locked by a long operation of somebody else, for good',
			fault: refusedRow(500, '0x80044151', 'Sql timeout expired.'),
			expect: { errorClass: 'transient', code: 'CRM_LOCKED', message: 'Sql timeout expired' },
		},
	],
};

export const connectionTopics = { credentials, addresses, companies, refusals };
