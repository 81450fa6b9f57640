import { gzipSync } from 'node:zlib';
import type { Topic } from '../expectation';
import { BATCH, COMPANIES, CUSTOMERS, json, labelled, transientLost, type AnswerCase } from './answerCase';

const unreadable = { errorClass: 'transient' as const, code: 'BC_UNREADABLE_ANSWER', message: 'not the JSON it should be' };
const customers = (what: string, body: string | Buffer, expect: AnswerCase['expect'], headers?: Record<string, string>): AnswerCase => ({
	what,
	system: 'businessCentral',
	request: CUSTOMERS,
	answer: () => ({ headers: headers ?? { 'content-type': 'application/json' }, body }),
	expect,
});

/** 350 MB, made while they are read. */
function* page350(): Generator<Buffer> {
	yield Buffer.from('{"value":[{"displayName":"');
	const piece = Buffer.alloc(1024 * 1024, 'x');
	for (let megabyte = 0; megabyte < 350; megabyte++) yield piece;
	yield Buffer.from('"}]}');
}

/** 400 MB of blanks: a packed answer of less than half a megabyte. */
const bomb = (): Buffer => Buffer.concat(new Array<Buffer>(400).fill(gzipSync(Buffer.alloc(1024 * 1024, ' '))));

const tooLarge = { errorClass: 'setup' as const, code: 'BC_ANSWER_TOO_LARGE', message: 'larger than the 64 MB' };

export const bodies: Topic<AnswerCase> = {
	title: 'Answers that are cut, empty, mislabelled or too large',
	cases: [
		customers('an empty answer with status 200', '', unreadable),
		customers('the answer "null"', 'null', unreadable),
		customers('a list where an object should be', '[]', unreadable),
		customers('a collection without rows: "value" is missing', '{}', unreadable),
		customers('a collection whose "value" is no list', '{"value":{}}', unreadable),
		customers('rows that are no objects', '{"value":[1,"two",null]}', unreadable),
		customers('a link to the next page that is no text', '{"value":[],"@odata.nextLink":7}', unreadable),
		customers('plain text', 'Service is starting.', transientLost('BC', 'broke off or is not JSON'), { 'content-type': 'text/plain' }),
		customers('XML without a declaration', '<feed xmlns="http://www.w3.org/2005/Atom"/>', {
			errorClass: 'setup',
			code: 'BC_WEB_PAGE',
			message: 'instead of data',
		}),
		customers('JSON in UTF-16', Buffer.from('{"value":[]}', 'utf16le'), transientLost('BC', 'broke off or is not JSON')),
		customers('an answer that says it is packed and is not', '{"value":[]}', transientLost('BC', 'was lost'), {
			'content-encoding': 'gzip',
		}),
		{
			what: 'a packed answer that breaks off',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(truth.body).subarray(0, -20) }),
			expect: transientLost('BC', 'broke off or is not JSON'),
		},
		{
			what: 'JSON that breaks off, each time',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => json(truth.body.slice(0, -30)),
			expect: transientLost('BC', 'broke off or is not JSON'),
		},
		{
			what: 'JSON that breaks off once',
			system: 'businessCentral',
			request: CUSTOMERS,
			times: 1,
			answer: (truth) => json(truth.body.slice(0, 500)),
			expect: { works: 'the page is read again' },
		},
		{
			what: 'the connection is cut in the middle of the answer, twice',
			system: 'crm',
			request: COMPANIES,
			times: 2,
			answer: (truth) => ({ headers: { 'content-length': '100000' }, body: truth.body, cutAfter: 60 }),
			expect: { works: 'the page is read again' },
		},
		{
			what: 'the connection is cut in the middle of the answer to a write',
			system: 'crm',
			request: BATCH,
			times: 1,
			answer: (truth) => ({
				headers: { 'content-type': truth.headers['content-type']!, 'content-length': '9000000' },
				body: truth.body,
				cutAfter: 2000,
			}),
			expect: { works: 'the same write is sent again; no record is created twice' },
		},
		{
			what: 'JSON with a byte order mark',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => json(`\uFEFF${truth.body}`),
			expect: { works: 'all records are synchronized' },
		},
		{
			what: 'JSON labelled as plain text',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => labelled(truth, { 'content-type': 'text/plain; charset=utf-8' }),
			expect: { works: 'all records are synchronized' },
		},
		{
			what: 'JSON labelled as a web page',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => labelled(truth, { 'content-type': 'text/html' }),
			expect: { works: 'all records are synchronized' },
		},
		{
			what: 'JSON without a label',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => labelled(truth, {}),
			expect: { works: 'all records are synchronized' },
		},
		{
			what: 'a page of 350 MB: it is not read to its end, and memory stays as it was',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ headers: { 'content-type': 'application/json' }, body: page350() }),
			expect: tooLarge,
		},
		{
			what: 'a page of 350 MB that says so in advance',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({
				headers: { 'content-type': 'application/json', 'content-length': String(350 * 1024 * 1024 + 30) },
				body: page350(),
			}),
			expect: tooLarge,
		},
		{
			what: 'a packed answer of less than a megabyte that unpacks to 400 MB',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: bomb() }),
			expect: tooLarge,
		},
		{
			what: 'headers of 200 kB',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => ({ ...labelled(truth, {}), headers: { 'x-much': 'x'.repeat(200_000) } }),
			expect: transientLost('BC', 'was lost'),
		},
	],
};
