import { RunStopped, SyncError } from '../../../../engine/model/errors';
import { NoAnswer } from '../../../../engine/systems/odata/transport';
import { connectionTo, scripted, tokens } from '../scripted';
import { virtualClock } from '../virtualClock';

const URL = 'https://bc.example/api/v2.0/companies';

async function failure(promise: Promise<unknown>): Promise<SyncError> {
	const error = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SyncError);
	return error as SyncError;
}

test('a 401 in the middle of a run gets one new token for all requests in flight, and each is sent once more', async () => {
	const authenticator = tokens();
	const transport = scripted(
		Array.from({ length: 6 }, () => (request) => (request.headers['Authorization'] === 'Bearer token-1' ? {} : { status: 401, body: '' })),
	);
	const connection = connectionTo(transport, virtualClock(), { authenticator });
	await Promise.all([connection.getJson(URL), connection.getJson(URL), connection.getJson(URL)]);
	expect(authenticator.refreshes).toBe(1);
	expect(connection.counts.requests).toBe(6);
});

test('a second 401 ends in one clear error, without further tries', async () => {
	const transport = scripted([{ status: 401 }, { status: 401 }]);
	const error = await failure(connectionTo(transport, virtualClock()).getJson(URL));
	expect(error).toMatchObject({ code: 'BC_SIGN_IN_REFUSED', errorClass: 'setup', system: 'businessCentral', httpStatus: 401 });
	expect(transport.requests).toHaveLength(2);
});

test('a token that cannot be had is a set-up error that does not repeat the secret', async () => {
	const authenticator = { header: () => Promise.reject(new Error('invalid_client')), refresh: () => Promise.resolve() };
	const transport = scripted([]);
	const error = await failure(connectionTo(transport, virtualClock(), { authenticator }).getJson(URL));
	expect(error).toMatchObject({ code: 'SIGN_IN_FAILED', errorClass: 'setup' });
	expect(transport.requests).toHaveLength(0);
});

test('a storm of 429 is waited out', async () => {
	const clock = virtualClock();
	const start = clock.now();
	const transport = scripted([
		{ status: 429, headers: { 'retry-after': '20' } },
		{ status: 429 },
		{ status: 503, headers: { 'retry-after': '5' } },
		{ body: '{"value":[]}' },
	]);
	await connectionTo(transport, clock).getJson(URL);
	expect(transport.requests).toHaveLength(4);
	expect(clock.now() - start).toBeGreaterThanOrEqual(25_000);
});

test('throttling that does not end is a transient error that says how long the service wants to be left alone', async () => {
	const transport = scripted([
		{
			status: 429,
			headers: { 'retry-after': '1200' },
			body: '{"error":{"code":"Application_TooManyRequests","message":"Too many requests reached."}}',
		},
	]);
	const error = await failure(connectionTo(transport, virtualClock()).getJson(URL));
	expect(error).toMatchObject({ code: 'BC_THROTTLED', errorClass: 'transient', retryAfterMs: 1_200_000 });
});

test.each([
	[200, 'setup'],
	[403, 'setup'],
	[404, 'setup'],
	[502, 'transient'],
	[503, 'transient'],
])('a web page with status %i becomes a %s error that names the system and the host', async (status, errorClass) => {
	const page = { status, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><html>secret page</html>' };
	const error = await failure(connectionTo(scripted(Array.from({ length: 12 }, () => page)), virtualClock()).getJson(URL));
	expect(error).toMatchObject({ code: 'BC_WEB_PAGE', errorClass });
	expect(error.message).toContain('Business Central');
	expect(error.message).toContain('bc.example');
	expect(error.message).not.toContain('secret');
});

test('JSON that breaks off is read again; when it stays so, the error is transient', async () => {
	const cut = { body: '{"value":[{"id":' };
	expect(await connectionTo(scripted([cut, { body: '{"value":[]}' }]), virtualClock()).getJson(URL)).toEqual({ value: [] });
	const error = await failure(connectionTo(scripted([cut, cut, cut, cut, cut]), virtualClock()).getJson(URL));
	expect(error).toMatchObject({ code: 'BC_ANSWER_LOST', errorClass: 'transient' });
});

test('a redirect is an error, and nothing is sent to where it points', async () => {
	const transport = scripted([{ status: 302, headers: { location: 'https://evil.example/' }, body: '' }]);
	expect(await failure(connectionTo(transport, virtualClock()).getJson(URL))).toMatchObject({ code: 'BC_REDIRECTED', errorClass: 'setup' });
	expect(transport.requests).toHaveLength(1);
});

test.each([
	'https://evil.example/api/v2.0/companies?page=2',
	'http://bc.example/api/v2.0',
	'/relative',
	'https://bc.example.evil.example/',
])('a next page at %s is refused, and no request goes there', async (link) => {
	const transport = scripted([{ body: JSON.stringify({ value: [{ id: 1 }], '@odata.nextLink': link }) }]);
	expect(await failure(connectionTo(transport, virtualClock()).all(URL))).toMatchObject({
		code: 'BC_FOREIGN_NEXT_LINK',
		errorClass: 'setup',
	});
	expect(transport.requests).toHaveLength(1);
});

test('pages are followed verbatim, each with the preference again', async () => {
	const next = 'https://bc.example/api/v2.0/companies?$skiptoken=a%2Fb';
	const transport = scripted([{ body: JSON.stringify({ value: [{ id: 1 }], '@odata.nextLink': next }) }, { body: '{"value":[{"id":2}]}' }]);
	expect(await connectionTo(transport, virtualClock()).all(URL, { headers: { Prefer: 'odata.maxpagesize=1' } })).toEqual([
		{ id: 1 },
		{ id: 2 },
	]);
	expect(transport.requests.map((request) => [request.url, request.headers['Prefer']])).toEqual([
		[URL, 'odata.maxpagesize=1'],
		[next, 'odata.maxpagesize=1'],
	]);
});

test('a page that names itself as the next one does not hold the run for ever', async () => {
	const transport = scripted([{ body: JSON.stringify({ value: [], '@odata.nextLink': URL }) }]);
	expect(await failure(connectionTo(transport, virtualClock()).all(URL))).toMatchObject({ code: 'BC_PAGING_LOOP', errorClass: 'setup' });
	expect(transport.requests).toHaveLength(1);
});

test.each([
	['a circle of pages', (page: number) => ({ value: [{ id: page % 3 }], '@odata.nextLink': `${URL}?page=${(page + 1) % 3}` })],
	['the same rows under ever new addresses', (page: number) => ({ value: [{ id: 1 }], '@odata.nextLink': `${URL}?page=${page + 1}` })],
	['empty pages without end', (page: number) => ({ value: [], '@odata.nextLink': `${URL}?page=${page + 1}` })],
])('%s does not hold the run for ever either', async (_what, page) => {
	const transport = scripted(Array.from({ length: 1_200 }, (_, number) => ({ body: JSON.stringify(page(number)) })));
	expect(await failure(connectionTo(transport, virtualClock()).all(URL))).toMatchObject({ code: 'BC_PAGING_LOOP' });
});

test('a page that moved rows show once more is no circle', async () => {
	const page = (id: number, next: number | null) => ({
		body: JSON.stringify({ value: [{ id }], ...(next === null ? {} : { '@odata.nextLink': `${URL}?page=${next}` }) }),
	});
	const transport = scripted([page(1, 1), page(1, 2), page(2, 3), page(3, null)]);
	expect(await connectionTo(transport, virtualClock()).all(URL)).toHaveLength(4);
});

test('an answer that is larger than allowed is asked for once, and the error says so', async () => {
	const transport = scripted([new NoAnswer('The answer of bc.example is larger than allowed.', true, { tooLarge: true })]);
	expect(await failure(connectionTo(transport, virtualClock()).getJson(URL))).toMatchObject({
		code: 'BC_ANSWER_TOO_LARGE',
		errorClass: 'setup',
	});
});

test('a byte order mark before the JSON is passed over', async () => {
	expect(await connectionTo(scripted([{ body: '\uFEFF{"value":[{"id":1}]}' }]), virtualClock()).all(URL)).toEqual([{ id: 1 }]);
});

test('a service that asks to come back in a year is not obeyed beyond this run: the next is held for ten minutes at most', async () => {
	const clock = virtualClock();
	const start = clock.now();
	const connection = connectionTo(scripted([{ status: 429, headers: { 'retry-after': '31536000' } }, {}]), clock);
	expect(await failure(connection.getJson(URL))).toMatchObject({ code: 'BC_THROTTLED', errorClass: 'transient' });
	expect(clock.now()).toBe(start);
	await connection.getJson(URL);
	expect(clock.now() - start).toBeLessThanOrEqual(600_000);
});

test('an envelope that is none is not taken for an empty one', async () => {
	expect(await failure(connectionTo(scripted([{ body: '{"rows":[]}' }]), virtualClock()).all(URL))).toMatchObject({
		code: 'BC_UNREADABLE_ANSWER',
	});
});

test('an address that cannot be reached says so', async () => {
	const refused = new NoAnswer('bc.example cannot be reached (ENOTFOUND).', false);
	const error = await failure(connectionTo(scripted(Array.from({ length: 5 }, () => refused)), virtualClock()).getJson(URL));
	expect(error).toMatchObject({ code: 'BC_NOT_REACHABLE', errorClass: 'transient' });
});

test('an aborted run stops waiting and sends nothing more', async () => {
	const controller = new AbortController();
	const transport = scripted([
		() => {
			controller.abort(new RunStopped('timeBudget'));
			return { status: 429, headers: { 'retry-after': '60' } };
		},
	]);
	await expect(connectionTo(transport, virtualClock(), { signal: controller.signal }).getJson(URL)).rejects.toMatchObject({
		name: 'RunStopped',
		reason: 'timeBudget',
	});
	expect(transport.requests).toHaveLength(1);
});

test('the log holds method, path, names of options, status and time — no values, no headers', async () => {
	const lines: string[] = [];
	const log = (_level: string, message: string, details?: Record<string, unknown>) => lines.push(message + JSON.stringify(details));
	await connectionTo(scripted([{}]), virtualClock(), { log }).getJson(`${URL}?$filter=name%20eq%20'Secret%20Ltd'&$select=id`);
	expect(lines).toEqual(['Business Central: GET /api/v2.0/companies?$filter&$select → 200{"ms":0}']);
});
