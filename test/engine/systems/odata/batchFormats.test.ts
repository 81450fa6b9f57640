import type { BatchPart } from '../../../../engine/systems/odata/batch';
import { jsonBatchFormat, multipartFormat } from '../../../../engine/systems/odata/batchFormats';
import { buildMultipartBatch, readMultipart } from '../../../../engine/systems/odata/multipartBatch';

const ids = ['a', 'b', 'c'].map((letter) => `00000000-0000-4000-8000-00000000000${letter}`);
const parts: BatchPart[] = ids.map((id) => ({
	method: 'PATCH',
	url: `/api/data/v9.2/accounts(${id})`,
	headers: { 'If-Match': 'W/"1"' },
	body: { name: id },
	rowId: id,
}));
const json = (body: string) => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
const multipart = (body: string) => ({ status: 200, headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' }, body });
const part = (status: number, id: string | null, body = '') =>
	[
		'--batchresponse_1',
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		'',
		`HTTP/1.1 ${status} Whatever`,
		'OData-Version: 4.0',
		...(id ? [`OData-EntityId: https://org.example/api/data/v9.2/accounts(${id.toUpperCase()})`] : []),
		...(body ? ['Content-Type: application/json; odata.metadata=minimal', '', body] : ['', '']),
	].join('\r\n') + '\r\n';
const END = '--batchresponse_1--\r\n';

describe('JSON', () => {
	test('answers are matched by id, whatever their order; one that is missing stays open', () => {
		const body = JSON.stringify({
			responses: [
				{ id: '2', status: 409, headers: { 'Retry-After': '3' }, body: { error: { code: 'x', message: 'y' } } },
				{ id: '0', status: 200, body: { id: ids[0] } },
			],
		});
		expect(jsonBatchFormat.decode(json(body), parts)).toEqual([
			{ status: 200, headers: {}, body: { id: ids[0] } },
			null,
			{ status: 409, headers: { 'retry-after': '3' }, body: { error: { code: 'x', message: 'y' } } },
		]);
	});

	test('an operation that is answered twice is not answered: nobody knows which is true', () => {
		const responses = [
			{ id: '0', status: 201, body: {} },
			{ id: '1', status: 201, body: {} },
			{ id: '0', status: 400, body: {} },
		];
		expect(jsonBatchFormat.decode(json(JSON.stringify({ responses })), parts)).toEqual([
			null,
			{ status: 201, headers: {}, body: {} },
			null,
		]);
	});

	test.each(['', ' 0', '00', '0x0', '0.0', '-0', '1e0'])('"%s" is no name of an operation', (id) => {
		expect(jsonBatchFormat.decode(json(JSON.stringify({ responses: [{ id, status: 200, body: {} }] })), parts)).toEqual([null, null, null]);
	});

	test('from an answer that breaks off at any place, only whole answers are used, each for its own part', () => {
		const text = JSON.stringify({
			responses: ids.map((id, index) => ({ id: String(index), status: 200, body: { name: `a "quoted" } ${id} \\` } })),
		});
		let most = 0;
		for (let length = 0; length <= text.length; length++) {
			const answers = jsonBatchFormat.decode(json(text.slice(0, length)), parts);
			const known = answers.filter((answer) => answer !== null);
			expect(known.length).toBeGreaterThanOrEqual(most);
			most = known.length;
			answers.forEach((answer, index) => answer && expect(answer.body).toEqual({ name: `a "quoted" } ${ids[index]} \\` }));
		}
		expect(most).toBe(3);
	});

	test.each(['', '[]', 'null', '{"responses":{}}', '{"responses":[null,1,{"id":"7","status":200},{"id":"0"}]}', '<html></html>'])(
		'hostile answer %s answers nothing',
		(body) => {
			expect(jsonBatchFormat.decode(json(body), parts)).toEqual([null, null, null]);
		},
	);

	test('asks the service to go on after a failed part', () => {
		const { headers, body } = jsonBatchFormat.encode(parts);
		expect(headers['Prefer']).toBe('odata.continue-on-error');
		expect(JSON.parse(body).requests[1]).toEqual({
			id: '1',
			method: 'PATCH',
			url: parts[1]!.url,
			headers: { 'Content-Type': 'application/json', 'If-Match': 'W/"1"' },
			body: { name: ids[1] },
		});
	});
});

describe('multipart', () => {
	test('parts are written with CRLF, blank lines and ASCII only', () => {
		const { body, contentType } = buildMultipartBatch(
			[
				{ method: 'GET', url: '/x', headers: {} },
				{ ...parts[0]!, body: { name: 'Ångström\r\n--b--' } },
			],
			'b',
		);
		expect(contentType).toBe('multipart/mixed; boundary="b"');
		expect(body).toContain('GET /x HTTP/1.1\r\n\r\n\r\n--b\r\n');
		expect(body).toContain('{"name":"\\u00c5ngstr\\u00f6m\\r\\n--b--"}\r\n--b--\r\n');
	});

	test('answers stand in the order of the parts', () => {
		const answers = multipartFormat.decode(
			multipart(part(200, null, '{"name":"x"}') + part(412, null, '{"error":{"code":"","message":"m"}}') + part(204, ids[2]!) + END),
			parts,
		);
		expect(answers.map((answer) => answer?.status)).toEqual([200, 412, 204]);
		expect(answers[0]?.body).toEqual({ name: 'x' });
	});

	test('line feeds alone, another case of header names and a preamble are read as well', () => {
		const text = ('preamble\r\n' + part(204, ids[0]!) + part(204, ids[1]!) + part(204, ids[2]!) + END)
			.replaceAll('\r\n', '\n')
			.replaceAll('OData-EntityId', 'odata-entityid');
		expect(multipartFormat.decode(multipart(text), parts).map((answer) => answer?.status)).toEqual([204, 204, 204]);
	});

	test('answers out of order are given to the rows they name', () => {
		const answers = multipartFormat.decode(multipart(part(201, ids[2]!) + part(204, ids[0]!) + part(204, ids[1]!) + END), parts);
		expect(answers.map((answer) => answer?.status)).toEqual([204, 204, 201]);
	});

	test('when a part is missing, answers that name no row are used for none', () => {
		const answers = multipartFormat.decode(multipart(part(412, null, '{}') + part(204, ids[2]!) + END), parts);
		expect(answers.map((answer) => answer?.status)).toEqual([undefined, undefined, 204]);
	});

	test('of an answer that breaks off, the parts before the break are used', () => {
		const whole = part(204, ids[0]!) + part(204, ids[1]!) + part(200, ids[2]!, '{"name":"long"}') + END;
		const cut = whole.slice(0, whole.indexOf('long'));
		expect(multipartFormat.decode(multipart(cut), parts).map((answer) => answer?.status)).toEqual([204, 204, undefined]);
	});

	test('change sets are read part by part', () => {
		const inner =
			part(204, ids[0]!).replaceAll('batchresponse_1', 'cs') + part(204, ids[1]!).replaceAll('batchresponse_1', 'cs') + '--cs--\r\n';
		const text = `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary="cs"\r\n\r\n${inner}${part(200, ids[2]!)}${END}`;
		const { parts: read, complete } = readMultipart(text, 'multipart/mixed; boundary="batchresponse_1"');
		expect(complete).toBe(true);
		expect(read.map((answer) => answer.status)).toEqual([204, 204, 200]);
	});

	test.each(['', 'no boundary', '--batchresponse_1', '--batchresponse_1--', '<html></html>', `${'--batchresponse_1\r\n'.repeat(50)}`])(
		'hostile answer %# answers nothing',
		(body) => {
			expect(multipartFormat.decode(multipart(body), parts)).toEqual([null, null, null]);
		},
	);
});
