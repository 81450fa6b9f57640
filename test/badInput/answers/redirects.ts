import type { Topic } from '../expectation';
import { COMPANIES, CUSTOMERS, webPage, type AnswerCase } from './answerCase';

const leads = (status: number) => ({
	errorClass: 'setup' as const,
	code: 'CRM_REDIRECTED',
	message: `Dataverse answered ${status}`,
});
const to =
	(status: number, location: string, body = '') =>
	() => ({ status, headers: { location, 'content-type': 'text/html' }, body });

export const redirects: Topic<AnswerCase> = {
	title: 'Redirects and web pages in place of data',
	cases: [
		...[301, 302, 303, 307, 308].map((status): AnswerCase => ({
			what: `CRM redirects to another host (${status}): it is not followed, no token travels there`,
			system: 'crm',
			request: COMPANIES,
			answer: to(status, 'http://elsewhere.example/api/data/v9.2/'),
			expect: leads(status),
		})),
		{
			what: 'CRM redirects a write to another host (307)',
			system: 'crm',
			request: /^POST .*\$batch/,
			answer: to(307, 'http://elsewhere.example/$batch'),
			expect: leads(307),
		},
		{
			what: 'CRM redirects to itself without an end',
			system: 'crm',
			request: COMPANIES,
			answer: (_truth, _nth, url) => ({ status: 302, headers: { location: url } }),
			expect: leads(302),
		},
		{
			what: 'Business Central redirects to the sign-in page, dressed up as a web page',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: to(302, 'http://elsewhere.example/signin', webPage('Object moved')),
			expect: { errorClass: 'setup', code: 'BC_REDIRECTED', message: 'Business Central answered 302' },
		},
		{
			what: 'a redirect that names no address',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ status: 302 }),
			expect: { errorClass: 'setup', code: 'BC_REDIRECTED', message: '302' },
		},
		{
			what: 'a web page with status 200 instead of records',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ headers: { 'content-type': 'text/html' }, body: webPage('Sign in') }),
			expect: { errorClass: 'setup', code: 'BC_WEB_PAGE', message: 'with a web page instead of data' },
		},
		{
			what: 'a web page that is labelled as JSON',
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ headers: { 'content-type': 'application/json' }, body: `\uFEFF ${webPage('Portal')}` }),
			expect: { errorClass: 'setup', code: 'CRM_WEB_PAGE', message: 'with a web page instead of data' },
		},
		{
			what: 'a refused sign-in as a web page, as on-premises servers send it (401)',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ status: 401, headers: { 'content-type': 'text/html' }, body: webPage('401 - Unauthorized') }),
			expect: { errorClass: 'setup', code: 'BC_SIGN_IN_REFUSED', message: 'answered 401' },
		},
		{
			what: 'a firewall that forbids the request with a web page (403)',
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ status: 403, headers: { 'content-type': 'text/html' }, body: webPage('Forbidden') }),
			expect: { errorClass: 'setup', code: 'CRM_WEB_PAGE', message: 'answered 403 with a web page' },
		},
		{
			what: 'an address that does not exist, told by a web page (404)',
			system: 'businessCentral',
			request: CUSTOMERS,
			answer: () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: webPage('404') }),
			expect: { errorClass: 'setup', code: 'BC_WEB_PAGE', message: 'answered 404 with a web page' },
		},
		...[500, 502, 503, 504].map((status): AnswerCase => ({
			what: `a gateway in trouble, told by a web page (${status})`,
			system: 'crm',
			request: COMPANIES,
			answer: () => ({ status, headers: { 'content-type': 'text/html' }, body: webPage('Bad gateway') }),
			expect: { errorClass: 'transient', code: 'CRM_WEB_PAGE', message: `answered ${status} with a web page` },
		})),
		{
			what: 'a web page in place of the answer to a write: whether it was carried out is found out by the next run',
			system: 'crm',
			request: /^POST .*\$batch/,
			answer: () => ({ headers: { 'content-type': 'text/html' }, body: webPage('Proxy') }),
			expect: { errorClass: 'setup', code: 'CRM_WEB_PAGE', message: 'with a web page' },
		},
	],
};
