import type { Topic } from '../expectation';
import { ACCOUNTS, changed, CUSTOMERS, type AnswerCase } from './answerCase';

const foreign = (prefix: 'BC' | 'CRM', message: string) => ({ errorClass: 'setup' as const, code: `${prefix}_FOREIGN_NEXT_LINK`, message });
const loop = { errorClass: 'setup' as const, code: 'BC_PAGING_LOOP', message: 'that was read already' };
const link = (what: string, nextLink: string, message: string): AnswerCase => ({
	what,
	system: 'businessCentral',
	request: CUSTOMERS,
	answer: (truth) => changed(truth, (page) => void (page['@odata.nextLink'] = nextLink)),
	expect: foreign('BC', message),
});
const noVersion = (prefix: 'BC' | 'CRM') => ({
	errorClass: 'setup' as const,
	code: `${prefix}_NO_VERSION`,
	message: 'records without their id or version',
});

export const pages: Topic<AnswerCase> = {
	title: 'Pages, links and rows',
	cases: [
		link('the next page is on another host: no token travels there', 'http://elsewhere.example/customers', 'http://elsewhere.example'),
		link(
			'the next page is on a host whose name begins like ours',
			'http://bc.sandbox.elsewhere.example/customers',
			'bc.sandbox.elsewhere.example',
		),
		link('our host stands in the link as a user name', 'http://bc.sandbox@elsewhere.example/customers', 'elsewhere.example'),
		link('the next page is on another port', 'http://bc.sandbox:8080/customers', 'bc.sandbox:8080'),
		link('the next page is under another scheme', 'https://bc.sandbox/customers', 'https://bc.sandbox'),
		link('the next page is a relative address', 'customers?$skiptoken=1', 'an address that cannot be read'),
		link('the next page is a script', 'javascript:alert(1)', 'null'),
		{
			what: 'a page names itself as the next one',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth, _nth, url) => changed(truth, (page) => void (page['@odata.nextLink'] = url)),
			expect: loop,
		},
		{
			what: 'pages lead in a circle',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth, nth, url) =>
				changed(truth, (page) => void (page['@odata.nextLink'] = `${url.replace(/&aid=turn\d/, '')}&aid=turn${nth % 3}`)),
			expect: loop,
		},
		{
			what: 'the same rows come without an end, under ever new addresses',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth, nth, url) =>
				changed(truth, (page) => void (page['@odata.nextLink'] = `${url.replace(/&aid=turn\d+/, '')}&aid=turn${nth}`)),
			expect: loop,
		},
		{
			what: 'a link of the next page that is null',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => void (page['@odata.nextLink'] = null)),
			expect: { works: 'it is the last page' },
		},
		{
			what: 'records of CRM without versions (etags)',
			system: 'crm',
			request: ACCOUNTS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => delete row['@odata.etag'])),
			expect: noVersion('CRM'),
		},
		{
			what: 'records of Business Central without versions (etags)',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => delete row['@odata.etag'])),
			expect: noVersion('BC'),
		},
		{
			what: 'one record among many without a version',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => delete page.value[17]!['@odata.etag']),
			expect: noVersion('BC'),
		},
		{
			what: 'records without their id',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => delete row['id'])),
			expect: noVersion('BC'),
		},
		{
			what: 'ids in upper case',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => (row['id'] = String(row['id']).toUpperCase()))),
			expect: { works: 'they are the same records; none is created twice' },
		},
		{
			what: 'every record comes twice on one page',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => changed(truth, (page) => page.value.push(...page.value.map((row) => ({ ...row })))),
			expect: { works: 'each is created once' },
		},
		{
			what: 'a record comes twice on one page, in two states',
			system: 'businessCentral',
			request: CUSTOMERS,
			times: 1,
			answer: (truth) =>
				changed(truth, (page) => page.value.unshift({ ...page.value[3]!, '@odata.etag': 'W/"older"', displayName: 'An older name' })),
			expect: { works: 'it is created once, and ends as it is now' },
		},
		{
			what: 'properties nobody asked for, also "__proto__" and "constructor"',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: (truth) => ({
				headers: { 'content-type': 'application/json' },
				body: truth.body.replaceAll(
					'"@odata.etag"',
					'"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"@odata.etag"',
				),
			}),
			expect: { works: 'they are passed over' },
		},
	],
};
