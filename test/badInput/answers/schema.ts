import type { Topic } from '../expectation';
import { ACCOUNTS, changed, CUSTOMERS, json, type AnswerCase } from './answerCase';

const refused =
	(status: number, code: string, message: string): AnswerCase['answer'] =>
	() =>
		json({ error: { code, message } }, status);

/** Tables and columns that are not what they were in the run before. */
export const schema: Topic<AnswerCase> = {
	title: 'Tables and columns that changed between two runs',
	cases: [
		{
			what: 'a mapped CRM column was removed or renamed',
			system: 'crm',
			request: ACCOUNTS,
			answer: refused(400, '0x80060888', "Could not find a property named 'fax' on type 'Microsoft.Dynamics.CRM.account'."),
			expect: { errorClass: 'setup', code: 'CRM_FIELD_NOT_FOUND', message: "named 'fax'" },
		},
		{
			what: 'a mapped field of the Business Central page was removed or renamed',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: refused(400, 'BadRequest', "Could not find a property named 'creditLimit' on type 'Microsoft.NAV.customer'."),
			expect: { errorClass: 'setup', code: 'BC_FIELD_NOT_FOUND', message: "named 'creditLimit'" },
		},
		{
			what: 'the CRM table was removed',
			system: 'crm',
			request: ACCOUNTS,
			answer: refused(404, '0x8006088a', "Resource not found for the segment 'accounts'."),
			expect: { errorClass: 'setup', code: 'CRM_TABLE_NOT_FOUND', message: "segment 'accounts'" },
		},
		{
			what: 'the Business Central page was unpublished',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: refused(404, 'BadRequest_ResourceNotFound', "Resource not found for the segment 'customers'."),
			expect: { errorClass: 'setup', code: 'BC_TABLE_NOT_FOUND', message: "segment 'customers'" },
		},
		{
			what: 'the right to read the CRM table was taken away',
			system: 'crm',
			request: ACCOUNTS,
			answer: refused(403, '0x80040220', 'SecLib::AccessCheckEx failed. Missing prvReadAccount.'),
			expect: { errorClass: 'setup', code: 'CRM_PERMISSION_MISSING', message: 'prvReadAccount' },
		},
		{
			what: 'a column is left out of the rows without a word',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => delete row['phoneNumber'])),
			expect: { works: 'the field is neither compared nor written; it is not taken for blank' },
		},
		{
			what: 'a number comes as text',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => (row['creditLimit'] = String(row['creditLimit'])))),
			expect: { works: 'equal values are the same, however they are written' },
		},
		{
			what: 'a number column holds a word',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => (row['creditLimit'] = 'unlimited'))),
			expect: { works: 'a row that stands as it was is known by its version, and its values are not read' },
		},
		{
			what: 'a number no computer holds (1e400)',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => ({
				headers: { 'content-type': 'application/json' },
				body: truth.body.replace(/"creditLimit":\d+/g, '"creditLimit":1e400'),
			}),
			expect: { works: 'a row that stands as it was is known by its version, and its values are not read' },
		},
	],
};
