import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createAxiosTransport, type AxiosTransportOptions, type ClosableTransport } from '../../../../engine/systems/odata/axiosTransport';
import { NoAnswer } from '../../../../engine/systems/odata/transport';

let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let seen: IncomingMessage[];
let connections: number;
const open: ClosableTransport[] = [];

beforeEach(async () => {
	seen = [];
	connections = 0;
	server = createServer((request, response) => {
		seen.push(request);
		answer(request, response);
	});
	server.on('connection', () => connections++);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
	for (const transport of open.splice(0)) transport.close();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

function transport(options: Partial<AxiosTransportOptions> = {}): ClosableTransport {
	const created = createAxiosTransport({ maxSockets: 4, userAgent: 'test/1', ...options });
	open.push(created);
	return created;
}
const get = (path = '/', more: object = {}) => ({
	method: 'GET' as const,
	url: origin + path,
	headers: { Authorization: 'Bearer secret' },
	...more,
});

async function noAnswer(promise: Promise<unknown>): Promise<NoAnswer> {
	const error: unknown = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(NoAnswer);
	return error as NoAnswer;
}

test('any status resolves, with lower-case headers and the body as it was sent', async () => {
	answer = (_, response) => response.writeHead(409, { 'X-Some': 'Thing', 'Content-Type': 'application/json' }).end('{"a": 1 }');
	expect(await transport()(get())).toEqual({ status: 409, headers: expect.objectContaining({ 'x-some': 'Thing' }), body: '{"a": 1 }' });
	expect(seen[0]!.headers['user-agent']).toBe('test/1');
});

test('bytes that are no text come whole, in base64; what is said against them stays text', async () => {
	const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe, 0xc3, 0x28, 0x80]);
	answer = (_, response) => response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(bytes);
	expect((await transport()(get('/', { binary: true }))).body).toBe(bytes.toString('base64'));
	answer = (_, response) => response.writeHead(404).end('{"error":"Söhne"}');
	expect((await transport()(get('/', { binary: true }))).body).toBe('{"error":"Söhne"}');
});

test('one connection carries request after request', async () => {
	answer = (_, response) => response.end('ok');
	const send = transport();
	for (let request = 0; request < 5; request++) await send(get());
	expect(connections).toBe(1);
});

test('a body is sent verbatim', async () => {
	answer = (request, response) => request.pipe(response);
	const body = '--b\r\nÅ\r\n--b--';
	const sent = await transport()({ method: 'POST', url: origin, headers: { 'Content-Type': 'multipart/mixed; boundary="b"' }, body });
	expect(sent.body).toBe(body);
	expect(seen[0]!.headers['content-type']).toBe('multipart/mixed; boundary="b"');
});

test('a redirect is answered as it is; nobody else is asked', async () => {
	answer = (_, response) => response.writeHead(302, { location: `${origin}/elsewhere` }).end();
	expect((await transport()(get())).status).toBe(302);
	expect(seen).toHaveLength(1);
});

test('an answer over the limit is refused, also when it only grows on unpacking', async () => {
	const send = transport({ maxResponseBytes: 100_000 });
	answer = (_, response) => response.end('x'.repeat(200_000));
	expect((await noAnswer(send(get()))).message).toContain('larger than allowed');
	answer = (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('x'.repeat(5_000_000)));
	expect((await noAnswer(send(get()))).message).toContain('larger than allowed');
});

test('packed answers within the limit are unpacked', async () => {
	answer = (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"value":[]}'));
	expect((await transport()(get())).body).toBe('{"value":[]}');
});

test('a connection that breaks may have delivered the request; the error names the host and no secret', async () => {
	answer = (_, response) => response.destroy();
	const error = await noAnswer(transport()(get('/customers?$filter=secret')));
	expect(error.delivered).toBe(true);
	expect(error.message).toContain(new URL(origin).host);
	expect(JSON.stringify(error) + error.message + String(error.cause)).not.toContain('secret');
});

test('an answer that breaks off is no answer', async () => {
	answer = (_, response) => {
		response.writeHead(200, { 'Content-Length': '1000' });
		response.write('{"value":[');
		setImmediate(() => response.destroy());
	};
	expect((await noAnswer(transport()(get()))).delivered).toBe(true);
});

test('silence ends with the time limit', async () => {
	answer = () => undefined;
	const error = await noAnswer(transport()(get('/', { timeoutMs: 50 })));
	expect(error).toMatchObject({ delivered: true, message: expect.stringContaining('No answer') });
});

test('a request that cannot reach the service was surely not delivered', async () => {
	const closed = createServer();
	await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
	const { port } = closed.address() as AddressInfo;
	await new Promise((resolve) => closed.close(resolve));
	expect((await noAnswer(transport()({ ...get(), url: `http://127.0.0.1:${port}/` }))).delivered).toBe(false);
	const lookup: AxiosTransportOptions['lookup'] = (host, _, done) => done(Object.assign(new Error(host), { code: 'ENOTFOUND' }), '', 4);
	expect((await noAnswer(transport({ lookup })({ ...get(), url: 'http://nowhere.example/' }))).delivered).toBe(false);
});

test('a request that ends in a failed TLS handshake was surely not delivered', async () => {
	answer = (_, response) => response.end('plain');
	expect((await noAnswer(transport()({ ...get(), url: origin.replace('http:', 'https:') }))).delivered).toBe(false);
});

test('names are resolved by the lookup that is given', async () => {
	answer = (_, response) => response.end('found');
	const asked: string[] = [];
	const lookup: AxiosTransportOptions['lookup'] = (host, options, done) => {
		asked.push(host);
		if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
		else done(null, '127.0.0.1', 4);
	};
	const sent = await transport({ lookup })({ ...get(), url: origin.replace('127.0.0.1', 'service.example') });
	expect(sent.body).toBe('found');
	expect(asked).toEqual(['service.example']);
});

test('an address the lookup refuses was surely not asked', async () => {
	const lookup: AxiosTransportOptions['lookup'] = (_host, _options, done) => done(new Error('blocked by policy'), '', 4);
	expect((await noAnswer(transport({ lookup })({ ...get(), url: 'http://internal.example/' }))).delivered).toBe(false);
});

test('a proxy of the environment is used, and nothing goes past it', async () => {
	answer = (request, response) => response.end(`asked for ${request.url}`);
	const sent = await transport({ proxyEnv: { HTTP_PROXY: origin } })({ ...get(), url: 'http://service.example/api' });
	expect(sent.body).toBe('asked for http://service.example/api');
});

test('an abort ends the exchange with the reason of the signal', async () => {
	const controller = new AbortController();
	const reason = new Error('stop');
	answer = () => controller.abort(reason);
	await expect(transport()(get('/', { signal: controller.signal }))).rejects.toBe(reason);
});
