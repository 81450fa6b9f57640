import type { Topic } from '../expectation';
import { BATCH, COMPANIES, CUSTOMERS, json, type AnswerCase } from './answerCase';

const odata = (code: string, message: string) => ({ error: { code, message } });

export const statuses: Topic<AnswerCase> = {
	title: 'Refusals and requests to wait',
	cases: [
		{
			what: 'a refusal without a reason (400, empty)',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ status: 400 }),
			expect: { errorClass: 'setup', code: 'BC_REFUSED', message: 'Business Central answered 400 on customers' },
		},
		{
			what: 'a refusal whose reason breaks off',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => json('{"error":{"code":"BadRequest_Inv', 400),
			expect: { errorClass: 'setup', code: 'BC_REFUSED', message: 'Business Central answered 400 on customers' },
		},
		{
			what: 'a reason of a megabyte: the message holds its beginning',
			system: 'crm',
			request: COMPANIES,
			answer: () => json(odata('0x80048d19', `Invalid. ${'x'.repeat(1_000_000)}`), 400),
			expect: { errorClass: 'setup', code: 'CRM_VALUE_REFUSED', message: 'Invalid. xxx' },
		},
		{
			what: 'a reason in other shapes than text',
			system: 'crm',
			request: COMPANIES,
			answer: () => json({ error: { code: { a: 1 }, message: ['no'] } }, 400),
			expect: { errorClass: 'setup', code: 'CRM_REFUSED', message: 'Dataverse answered 400' },
		},
		{
			what: 'a status nobody knows (418)',
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ status: 418, body: '{}' }),
			expect: { errorClass: 'setup', code: 'CRM_REFUSED', message: 'answered 418' },
		},
		{
			what: 'a success without content where records were asked for (204)',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ status: 204 }),
			expect: { errorClass: 'setup', code: 'BC_REFUSED', message: 'answered 204' },
		},
		{
			what: 'the company is not there any more',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => json(odata('Internal_CompanyNotFound', 'Cannot find company.'), 404),
			expect: { errorClass: 'setup', code: 'BC_COMPANY_NOT_FOUND', message: 'Cannot find company.' },
		},
		{
			what: 'the environment is being updated',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => json(odata('Internal_TenantUnavailable', 'The tenant is being updated.'), 503),
			expect: { errorClass: 'transient', code: 'BC_THROTTLED', message: 'being updated' },
		},
		{
			what: 'a request to wait for 3,000 years (429)',
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ status: 429, headers: { 'retry-after': '99999999999' } }),
			expect: { errorClass: 'transient', code: 'CRM_THROTTLED', message: 'answered 429' },
		},
		{
			what: 'a request to wait with a number of 400 digits',
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ status: 503, headers: { 'retry-after': '9'.repeat(400) } }),
			expect: { errorClass: 'transient', code: 'CRM_THROTTLED', message: 'answered 503' },
		},
		{
			what: 'a request to wait until a day in a hundred years',
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ status: 429, headers: { 'retry-after': 'Sun, 07 Mar 2126 08:00:00 GMT' } }),
			expect: { errorClass: 'transient', code: 'CRM_THROTTLED', message: 'answered 429' },
		},
		...['-5', 'soon', '', '0', 'Sun, 06 Nov 1994 08:49:37 GMT', 'NaN', '1e9'].map((value): AnswerCase => ({
			what: `a request to wait that makes no sense ("${value}"), once`,
			system: 'crm',
			request: COMPANIES,
			times: 1,
			answer: () => ({ status: 429, headers: { 'retry-after': value } }),
			expect: { works: 'it is tried again after a moment' },
		})),
		{
			what: 'one operation of a batch is asked to wait for a day; the others are done',
			system: 'businessCentral',
			request: BATCH,
			answer: (truth) => {
				const batch = JSON.parse(truth.body) as { responses: Array<{ status: number; headers: object }> };
				batch.responses[0] = { ...batch.responses[0], status: 429, headers: { 'Retry-After': '86400' } };
				return json(batch);
			},
			expect: { errorClass: 'transient', code: 'BC_THROTTLED', message: 'answered 429' },
		},
		{
			what: 'advice to send a million requests at a time',
			system: 'crm',
			request: /./,
			answer: (truth) => ({ ...truth, headers: { ...truth.headers, 'x-ms-dop-hint': '1000000' } }),
			expect: { works: 'no more are sent than the service documents' },
		},
		{
			what: 'advice to send less than one request at a time',
			system: 'crm',
			request: /./,
			answer: (truth, nth) => ({ ...truth, headers: { ...truth.headers, 'x-ms-dop-hint': ['0', '-3', '1.5', 'many'][nth % 4]! } }),
			expect: { works: 'the advice is passed over' },
		},
	],
};
