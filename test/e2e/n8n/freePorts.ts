import { createServer, type AddressInfo, type Server } from 'node:net';

/** Ports nobody listens on at the moment, all different. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(
		Array.from(
			{ length: count },
			() =>
				new Promise<Server>((done, failed) => {
					const server = createServer();
					server.on('error', failed).listen(0, '127.0.0.1', () => done(server));
				}),
		),
	);
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
	return ports;
}
