import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Client } from 'pg';
import { NoAnswerInTime, now, type Silence } from './silence';

/** What the connections of one pool have in common. */
export interface Guard {
	silence: Silence;
	/** How long (ms) one waits for the answer to a statement; above the time after which the server itself cancels it. */
	answerMs: number;
	/** How long (ms) one waits for a connection, and for anything from a server that is suspected. */
	patienceMs: number;
}

const heardAt = new WeakMap<Client, number>();

/** When the server last answered over the connection, on the clock of `now`. */
export const lastHeard = (client: Client): number => heardAt.get(client) ?? -Infinity;

/**
 * Sends a statement and waits for its answer, but not for ever. The driver's own `query_timeout` would leave the statement under way and the connection
 * in use: the next user's statement would wait behind it. Here the connection is destroyed, and everything sent over it fails.
 *
 * @throws NoAnswerInTime, or what the driver throws
 */
export async function ask<R>(client: Client, guard: Guard, send: () => Promise<R>, full = guard.answerMs): Promise<R> {
	const limit = guard.silence.limit(full, guard.patienceMs);
	let timer: NodeJS.Timeout | undefined;
	const inTime = new Promise<never>((_, reject) => {
		// An answer that arrived while this process was busy counts: it is read before the immediate.
		timer = setTimeout(() => setImmediate(() => reject(new NoAnswerInTime('answer a statement', limit))), limit);
	});
	try {
		const result = await Promise.race([send(), inTime]);
		heardAt.set(client, now());
		return result;
	} catch (error) {
		if (error instanceof NoAnswerInTime) {
			guard.silence.waitedInVain(limit === full);
			client.connection.stream.destroy(error);
		} else if (isAnswer(error)) heardAt.set(client, now());
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

/** Errors of the server have its severity; those of the network do not. */
const isAnswer = (error: unknown): boolean => typeof error === 'object' && error !== null && 'severity' in error;

/** A connection in the hands of a user, as Kysely wants it. */
export class GuardedConnection implements PostgresPoolClient {
	private deadBy: Error | undefined;

	constructor(
		private readonly client: Client,
		private readonly guard: Guard,
		private readonly giveBack: (destroy: boolean) => void,
	) {}

	query<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
	query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
	query<R>(
		statement: string | PostgresCursor<R>,
		parameters: readonly unknown[] = [],
	): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
		if (typeof statement !== 'string') throw new Error('The store does not use cursors.');
		return this.send<R>(statement, parameters);
	}

	/** A connection that died of silence says so again, so that the rollback that fails on it does not hide the reason. */
	private async send<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
		if (this.deadBy) throw this.deadBy;
		try {
			const result = await ask(this.client, this.guard, () => this.client.query(statement, [...parameters]));
			this.guard.silence.answered();
			return result as unknown as PostgresQueryResult<R>;
		} catch (error) {
			if (isAnswer(error)) this.guard.silence.answered();
			if (error instanceof NoAnswerInTime) this.deadBy = error;
			throw error;
		}
	}

	/** Ends whatever is under way; the user gets `reason`. */
	destroy(reason: Error): void {
		this.deadBy ??= reason;
		this.client.connection.stream.destroy(reason);
	}

	release(destroy = false): void {
		this.giveBack(destroy || this.deadBy !== undefined);
	}
}
