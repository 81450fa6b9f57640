import type { PostgresPool } from 'kysely';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';
import { ask, GuardedConnection, lastHeard, type Guard } from './guardedConnection';
import { NoAnswerInTime, now, PoolBusy, Silence } from './silence';
import { Turns } from './turns';

/** A connection that nobody used for so long (ms) is asked for a sign of life before it is used again. */
const UNHEARD_MS = 5_000;
/** What is still under way when the pool is closed, such as the heartbeat of a run, has this long (ms) to end. */
const CLOSING_MS = 2_000;
/** A dead peer is noticed after this time (ms) without traffic; Node.js then asks ten times, once a second. */
const KEEP_ALIVE_MS = 10_000;

export interface PoolSettings {
	config: PoolConfig & { max: number };
	/** Runs on each new connection before anybody uses it. */
	prepare: (client: Client) => Promise<unknown>;
	/** How long (ms) one waits for the answer to a statement. */
	answerMs: number;
	/** How long (ms) one waits for a connection. */
	patienceMs: number;
}

/**
 * The driver's pool, with an end to every wait: for a free connection, for a new one, for the answer to a statement, for the pool to close. A
 * connection that was silent is destroyed, and so are those that have not been heard of since.
 */
export class GuardedPool implements PostgresPool {
	readonly options: object = {};
	private readonly guard: Guard;
	private readonly pool: Pool;
	private readonly turns: Turns;
	private readonly inUse = new Set<GuardedConnection>();
	private probing: Promise<void> | undefined;

	constructor(private readonly settings: PoolSettings) {
		const { config, prepare, answerMs, patienceMs } = settings;
		this.guard = { silence: new Silence(), answerMs, patienceMs };
		// The driver's pool never makes anybody wait in line: who has a turn finds room in it.
		this.turns = new Turns(config.max);
		this.pool = new Pool({
			...config,
			Client: ClosingClient,
			connectionTimeoutMillis: patienceMs,
			keepAlive: true,
			keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
			// The pool waits for it, and drops a connection for which it fails; its types speak of a plain function.
			// eslint-disable-next-line @typescript-eslint/no-misused-promises
			onConnect: async (client) => {
				// The pool listens only to connections that are idle. One that breaks in the hands of a user tells that user by the failing statement, and
				// everybody by this event; without a listener Node would end the process, and n8n with it.
				client.on('error', () => undefined);
				await ask(client as Client, this.guard, () => prepare(client as Client), patienceMs);
			},
		});
		// A connection that breaks while idle is dropped and replaced; without a listener Node would end the process.
		this.pool.on('error', () => undefined);
	}

	/** @throws NoAnswerInTime, PoolBusy, or what the driver throws */
	async connect(): Promise<GuardedConnection> {
		if (!(await this.turns.take(this.guard.patienceMs))) {
			await this.probe();
			throw new PoolBusy(this.settings.config.max, this.guard.patienceMs);
		}
		try {
			const client = await this.living();
			const connection: GuardedConnection = new GuardedConnection(client, this.guard, (destroy) => {
				this.inUse.delete(connection);
				client.release(destroy);
				this.turns.giveBack();
			});
			this.inUse.add(connection);
			return connection;
		} catch (error) {
			this.turns.giveBack();
			throw error;
		}
	}

	/** Whoever still uses a connection when its time is up loses it: closing must not wait for a server that is silent. */
	async end(): Promise<void> {
		const ended = this.pool.end();
		const timer = setTimeout(() => {
			for (const connection of this.inUse) connection.destroy(new Error('Connection terminated'));
		}, CLOSING_MS);
		let overdue: NodeJS.Timeout | undefined;
		await Promise.race([ended, new Promise((resolve) => (overdue = setTimeout(resolve, 2 * CLOSING_MS)))]);
		clearTimeout(timer);
		clearTimeout(overdue);
	}

	/** A connection that was heard of just now. */
	private async living(): Promise<PoolClient> {
		const { silence, patienceMs } = this.guard;
		for (;;) {
			if (this.pool.idleCount === 0) silence.refuseToWait();
			const client = await this.inTime(() => this.pool.connect());
			// What was there before the server fell silent may be dead, too. Each turn of this loop makes the pool smaller.
			if (lastHeard(client) < silence.since) client.release(true);
			else if (now() - lastHeard(client) < UNHEARD_MS || (await answers(client, this.guard, patienceMs))) return client;
			else client.release(true);
		}
	}

	private async inTime<T>(connect: () => Promise<T>): Promise<T> {
		const { silence, patienceMs } = this.guard;
		try {
			return await connect();
		} catch (error) {
			if (!isConnectTimeout(error)) throw error;
			silence.waitedInVain(true);
			throw new NoAnswerInTime('accept a connection', patienceMs);
		}
	}

	/**
	 * Nobody got a turn: is the server at work for those who have one, or silent? One connection more tells; who asks meanwhile hears the same.
	 * @throws what keeps this process from connecting
	 */
	private probe(): Promise<void> {
		return (this.probing ??= this.connectOnce().finally(() => (this.probing = undefined)));
	}

	private async connectOnce(): Promise<void> {
		this.guard.silence.refuseToWait();
		const client = new ClosingClient({ ...this.settings.config, connectionTimeoutMillis: this.guard.patienceMs });
		client.on('error', () => undefined);
		await this.inTime(() => client.connect());
		void client.end();
	}
}

const answers = (client: Client, guard: Guard, withinMs: number): Promise<boolean> =>
	ask(client, guard, () => client.query('select 1'), withinMs).then(
		() => true,
		() => false,
	);

/** The driver says goodbye and waits for the other side to hang up; a side that never does is left standing. */
class ClosingClient extends Client {
	override end(): Promise<void>;
	override end(callback: (error: Error) => void): void;
	override end(callback?: (error: Error) => void): Promise<void> | void {
		setTimeout(() => this.connection.stream.destroy(), CLOSING_MS).unref();
		return callback ? super.end(callback) : super.end();
	}
}

/** The driver has no code for it: from the pool, and from a connection of its own. */
const isConnectTimeout = (error: unknown): boolean =>
	/^(timeout exceeded when trying to connect|connection terminated due to connection timeout|timeout expired)/i.test(
		String((error as Error | undefined)?.message),
	);
