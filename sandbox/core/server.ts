import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionDropped, type SandboxRequest, type SandboxResponse } from './http';

/** Bytes that are no text travel one character a byte. */
const encodingOf = (type: string | undefined): 'latin1' | 'utf8' =>
	/^(application\/(octet-stream|pdf)|image\/)/i.test(type ?? '') ? 'latin1' : 'utf8';

export interface RunningServer {
	/** e.g. http://127.0.0.1:7048 */
	origin: string;
	close(): Promise<void>;
}

/** Puts `answer` behind a keep-alive HTTP server on 127.0.0.1. A dropped connection destroys the socket. */
export async function serve(port: number, answer: (request: SandboxRequest) => Promise<SandboxResponse>): Promise<RunningServer> {
	let origin = '';
	const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 65_536 }, (incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			const headers: Record<string, string> = {};
			for (const [name, value] of Object.entries(incoming.headers)) headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
			const request = {
				method: incoming.method ?? 'GET',
				url: calledAs(incoming.headers.host, origin) + (incoming.url ?? '/'),
				headers,
				body: Buffer.concat(chunks).toString(encodingOf(headers['content-type'])),
			};
			answer(request).then(
				(response) => {
					const body = Buffer.from(response.body, encodingOf(response.headers['content-type']));
					const length: Record<string, string> = response.status === 204 ? {} : { 'content-length': String(body.length) };
					outgoing.writeHead(response.status, { ...response.headers, ...length });
					outgoing.end(response.status === 204 ? undefined : body);
				},
				(error: unknown) => {
					if (error instanceof ConnectionDropped) return void incoming.socket.destroy();
					outgoing.writeHead(500, { 'content-type': 'text/plain' });
					outgoing.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
				},
			);
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { origin, close: () => closeServer(server) };
}

/** The address a client called: links in answers go there. Behind a proxy that stands in for the services' host names it is one of those. */
function calledAs(host: string | undefined, origin: string): string {
	return host && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host) ? `https://${host}` : origin;
}

async function closeServer(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise<void>((resolve) => server.close(() => resolve()));
}
