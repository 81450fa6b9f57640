import { synchronizeMapping } from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import { openPostgresStore, type PostgresSettings } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { BC_ROOT, createWorld, CRM_ROOT, type SessionOptions, type World } from '../../kit/world';
import type { JobResult } from '../../../engine/jobs/jobResult';

export type Around = (name: string, call: () => unknown) => unknown;

/** Both systems, with their state in PostgreSQL. */
export interface PostgresWorld extends World {
	/** One run of CUSTOMER that may create records. `around` gets each call of the store and may hold it up. */
	synchronize(around?: Around): Promise<JobResult[]>;
	/** A store session beside the runs. */
	openStore(): Promise<SyncStore>;
}

export const createPostgresWorld = async (settings: PostgresSettings): Promise<PostgresWorld> => onPostgres(await createWorld(), settings);

/** The same systems and clock, with the state kept as `settings` say: one world can be reached in several ways. */
export function onPostgres(world: World, settings: PostgresSettings): PostgresWorld {
	const { base, clock } = world;
	const openStore = () =>
		openPostgresStore({
			...settings,
			clock,
			connection: { bcAddress: `${BC_ROOT}/api/v2.0`, companyId: base.companyId, companyName: base.companyName, crmAddress: CRM_ROOT },
		});
	const open = async (options: SessionOptions = {}, around?: Around): Promise<SyncSession> => {
		const store = await openStore();
		const shown = around ? wrapped(store, around) : store;
		return await world.open({
			...options,
			store: (embedded) => {
				void embedded.close();
				return shown;
			},
		});
	};
	return {
		...world,
		open,
		openStore,
		synchronize: async (around) => {
			const session = await open({}, around);
			try {
				return await synchronizeMapping(session, { mapping: 'CUSTOMER', createUncoupled: true });
			} finally {
				await session.store.close();
			}
		},
	};
}

const wrapped = (store: SyncStore, around: Around): SyncStore =>
	new Proxy(store, {
		get: (target, name) => {
			const value: unknown = Reflect.get(target, name);
			if (typeof value !== 'function') return value;
			return (...parameters: unknown[]) => around(String(name), () => Reflect.apply(value, target, parameters) as unknown);
		},
	});
