import type { TriggerSignal, TriggerSubscription } from '../model/trigger';
import type { TriggerMailbox } from '../ports/triggerMailbox';
import type { Backend } from './backend';
import { openPostgresBackend } from './postgres/postgresBackend';
import type { PostgresSettings } from './postgres/postgresSettings';
import type { Scope } from './scope';
import { openSqliteBackend } from './sqlite/sqliteBackend';
import { connectionOfTrigger, noteSignals, noteTold, readSubscriptions } from './tables/triggers';

/** As `openSqliteStore`, for the requests to a trigger's address. */
export const openSqliteMailbox = async (options: { file: string; trigger: string }): Promise<TriggerMailbox> =>
	new StoredMailbox(await openSqliteBackend(options.file), options.trigger);

/** As `openPostgresStore`, for the requests to a trigger's address. */
export const openPostgresMailbox = async ({ trigger, ...settings }: PostgresSettings & { trigger: string }): Promise<TriggerMailbox> =>
	new StoredMailbox(await openPostgresBackend(settings), trigger);

class StoredMailbox implements TriggerMailbox {
	private scope: Scope | null = null;

	constructor(
		private readonly backend: Backend,
		private readonly trigger: string,
	) {}

	subscriptions = (): Promise<TriggerSubscription[]> =>
		this.explained(async () => {
			const { db, dialect, scanSlice } = this.backend;
			const connectionKey = await connectionOfTrigger(db, this.trigger);
			if (connectionKey === null) return [];
			this.scope = { db, dialect, scanSlice, connectionKey };
			return await readSubscriptions(this.scope, this.trigger);
		});

	note = (signals: readonly TriggerSignal[], toldBy: readonly TriggerSubscription[], now: number): Promise<void> =>
		this.explained(async () => {
			if (!this.scope) return;
			await noteSignals(this.scope, this.trigger, signals);
			for (const subscription of toldBy) await noteTold(this.scope, subscription, now);
		});

	close = (): Promise<void> => this.backend.release();

	private async explained<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			throw this.backend.explain(error);
		}
	}
}
