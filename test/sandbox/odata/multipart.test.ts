import { boundaryOf, buildBatch, buildBatchAnswer, MultipartError, parseBatch } from '../../../sandbox/odata/multipart';

const sample = [
	'--batch_1',
	'Content-Type: application/http',
	'Content-Transfer-Encoding: binary',
	'',
	'GET /api/data/v9.2/accounts?$select=name&$filter=name eq \'a b\' HTTP/1.1',
	'Accept: application/json',
	'',
	'',
	'--batch_1',
	'Content-Type: multipart/mixed; boundary="changeset_1"',
	'',
	'--changeset_1',
	'Content-Type: application/http',
	'Content-Transfer-Encoding: binary',
	'Content-ID: 1',
	'',
	'POST /api/data/v9.2/accounts HTTP/1.1',
	'Content-Type: application/json; type=entry',
	'',
	'{"name":"A"}',
	'',
	'--changeset_1--',
	'',
	'--batch_1--',
	'',
]; // prettier-ignore

describe('a multipart batch', () => {
	test.each(['\r\n', '\n'])('is read with line end %j', (end) => {
		const items = parseBatch(sample.join(end), 'multipart/mixed; boundary="batch_1"');
		expect(items).toEqual([
			{
				kind: 'request',
				request: {
					method: 'GET',
					url: "/api/data/v9.2/accounts?$select=name&$filter=name eq 'a b'",
					headers: { accept: 'application/json' },
					body: '',
					contentId: null,
				},
			},
			{
				kind: 'changeset',
				requests: [
					{
						method: 'POST',
						url: '/api/data/v9.2/accounts',
						headers: { 'content-type': 'application/json; type=entry' },
						body: '{"name":"A"}',
						contentId: '1',
					},
				],
			},
		]);
	});

	test('survives writing and reading', () => {
		const items = parseBatch(sample.join('\n'), 'multipart/mixed;boundary=batch_1');
		const { contentType, body } = buildBatch(items);
		expect(parseBatch(body, contentType)).toEqual(items);
	});

	test('a GET part may end right after its headers, as the DynamicsWebApi library sends it', () => {
		const body = [
			'',
			'--b',
			'Content-Type: application/http',
			'',
			'GET http://h/api/data/v9.2/accounts HTTP/1.1',
			'Accept: x',
			'',
			'--b--',
		];
		expect(parseBatch(body.join('\r\n'), 'multipart/mixed;boundary=b')).toMatchObject([
			{ request: { method: 'GET', headers: { accept: 'x' } } },
		]);
	});

	test('a body without the boundary or a wrong content type is refused', () => {
		expect(() => parseBatch('hello', 'multipart/mixed; boundary=b')).toThrow(MultipartError);
		expect(() => parseBatch('hello', 'application/json')).toThrow(MultipartError);
		expect(boundaryOf('multipart/mixed; boundary=abc; charset=utf-8')).toBe('abc');
	});

	test('the answer starts with its delimiter and nests change sets', () => {
		const response = { status: 204, headers: { 'odata-entityid': 'http://h/accounts(1)' }, body: '' };
		const { body } = buildBatchAnswer(
			[
				{ kind: 'changeset', responses: [{ contentId: '7', response }] },
				{ kind: 'response', response: { status: 404, headers: { 'content-type': 'application/json' }, body: '{"error":{}}' } },
			],
			() => 'x',
		);
		expect(body.split('\r\n')[0]).toBe('--batchresponse_x');
		expect(body).toContain('Content-ID: 7\r\n\r\nHTTP/1.1 204 No Content\r\nOData-EntityId: http://h/accounts(1)\r\n');
		expect(body).toContain('--changesetresponse_x--');
		expect(body).toContain('HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{"error":{}}\r\n');
	});
});
