import net from 'node:net';
import tls from 'node:tls';

/**
 * Connections to the given host names go to servers on this machine instead, without TLS: clients that only speak to `https://….dynamics.com` and
 * sign in at `login.microsoftonline.com` stay as they are. Connections to all other hosts are refused. Returns a function that ends it.
 */
export function standInFor(hosts: Readonly<Record<string, string>>): () => void {
	const original = tls.connect;
	const ports = new Map(Object.entries(hosts).map(([host, origin]) => [host, Number(new URL(origin).port)]));
	const connect = (...args: unknown[]): net.Socket => {
		const options = args.find((arg): arg is { host?: string; servername?: string } => typeof arg === 'object' && arg !== null) ?? {};
		const host = options.servername || options.host || '';
		const port = ports.get(host);
		if (port === undefined) throw new Error(`No client may leave this machine: ${host} has no stand-in.`);
		const socket = net.connect(port, '127.0.0.1');
		// Who waits for TLS is told that it stands.
		socket.once('connect', () => socket.emit('secureConnect'));
		const done = args.find((arg): arg is () => void => typeof arg === 'function');
		if (done) socket.once('secureConnect', done);
		return Object.assign(socket, { encrypted: true, authorized: true, alpnProtocol: false, getSession: () => undefined, isSessionReused: () => false }); // prettier-ignore
	};
	tls.connect = connect as unknown as typeof tls.connect;
	return () => {
		tls.connect = original;
	};
}
