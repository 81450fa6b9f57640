import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What becomes of the bytes of a connection: they travel; they are held back until they may travel again; or they vanish, as behind a firewall that
 * forgot the connection, and neither end is ever told anything.
 */
export type Mode = 'pass' | 'stall' | 'swallow';

/** `lost`: the n-th commit is carried out, its answer vanishes. `cut`: as `lost`, then a reset. The others never reach the server. */
export type CommitTrouble = 'answer lost' | 'answer lost, reset' | 'commit lost' | 'commit lost, reset';

/** The driver sends each commit as a message of its own ("Query" of PostgreSQL's protocol). */
const COMMIT = Buffer.from('commit\0');
/** "ReadyForQuery", outside a transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

class Pair {
	mode: Mode;
	/** Swallows from the moment on at which the server is ready for its first statement. */
	untilReady = false;
	private readonly held: Array<() => void> = [];

	constructor(
		readonly client: Socket,
		readonly upstream: Socket,
		private readonly proxy: TcpProxy,
	) {
		this.mode = proxy.fresh;
		this.untilReady = proxy.freshUntilReady;
		client.on('data', (data) => this.fromClient(data));
		upstream.on('data', (data) => this.fromServer(data));
		for (const [from, to] of [
			[client, upstream],
			[upstream, client],
		] as const) {
			from.on('error', () => undefined);
			from.on('end', () => this.move(() => to.end()));
			from.on('close', () => this.move(() => to.destroy()));
		}
	}

	private fromClient(data: Buffer): void {
		if (this.mode === 'pass' && data.includes(COMMIT) && ++this.proxy.commits === this.proxy.troubleAt) {
			this.mode = 'swallow';
			const { trouble } = this.proxy;
			const reset = (): void => void this.client.resetAndDestroy();
			if (trouble === 'commit lost') return;
			if (trouble === 'commit lost, reset') {
				this.upstream.destroy();
				reset();
				return;
			}
			this.upstream.write(data);
			if (trouble === 'answer lost, reset') this.upstream.once('data', reset);
			return;
		}
		this.move(() => this.upstream.write(data));
	}

	private fromServer(data: Buffer): void {
		this.move(() => this.client.write(data));
		if (this.untilReady && data.includes(READY)) this.mode = 'swallow';
	}

	private move(action: () => void): void {
		if (this.mode === 'pass') action();
		else if (this.mode === 'stall') this.held.push(action);
	}

	goOn(): void {
		this.mode = 'pass';
		for (const action of this.held.splice(0)) action();
	}
}

/** A way to a server on which everything can go wrong that goes wrong on networks. */
export class TcpProxy {
	/** What becomes of connections that are made from now on. */
	fresh: Mode = 'pass';
	freshUntilReady = false;
	commits = 0;
	troubleAt = 0;
	trouble: CommitTrouble = 'answer lost';
	private readonly pairs = new Set<Pair>();

	private constructor(
		private readonly server: Server,
		readonly port: number,
	) {}

	static async start(target: { host: string; port: number }): Promise<TcpProxy> {
		const server = createServer({ allowHalfOpen: true });
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
		server.on('connection', (client) => {
			const upstream = connect({ ...target, allowHalfOpen: true });
			const pair = new Pair(client, upstream, proxy);
			proxy.pairs.add(pair);
			client.on('close', () => upstream.destroyed && proxy.pairs.delete(pair));
			upstream.on('close', () => client.destroyed && proxy.pairs.delete(pair));
		});
		return proxy;
	}

	/** The connections that stand now; those made later are as `fresh` says. */
	existing(mode: Mode): void {
		for (const pair of this.pairs) pair.mode = mode;
	}

	/** Everything, from now on. */
	all(mode: Mode): void {
		this.existing(mode);
		this.fresh = mode;
	}

	/** What was held back travels on. */
	goOn(): void {
		this.fresh = 'pass';
		this.freshUntilReady = false;
		for (const pair of this.pairs) if (pair.mode === 'stall') pair.goOn();
	}

	/** The n-th commit from now on has this trouble; connections made later have none. */
	atCommit(nth: number, trouble: CommitTrouble): void {
		this.commits = 0;
		this.troubleAt = nth;
		this.trouble = trouble;
	}

	reset(): void {
		for (const { client, upstream } of this.pairs) {
			client.resetAndDestroy();
			upstream.resetAndDestroy();
		}
	}

	/** One direction ends, the other one stays open. */
	halfClose(end: 'server' | 'client'): void {
		for (const { client, upstream } of this.pairs) (end === 'server' ? client : upstream).end();
	}

	async close(): Promise<void> {
		for (const { client, upstream } of this.pairs) {
			client.destroy();
			upstream.destroy();
		}
		await new Promise((resolve) => this.server.close(resolve));
	}
}
