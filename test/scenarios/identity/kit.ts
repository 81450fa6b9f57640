import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import type { SyncSession } from '../../../engine/ports/session';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { BC_ROOT, createWorld, CRM_ROOT, markNew, type SessionOptions, type World } from '../../kit/world';
import { defaultNames } from '../../../engine/defaults/catalog';
import type { Coupling } from '../../../engine/model/coupling';
import type { JobResult } from '../../../engine/jobs/jobResult';

/** Mappings that tests of this folder make themselves. */
const OWN_MAPPINGS = ['LEADS', 'RESOURCES'];

export type Row = Record<string, unknown> & { id: string; number: string };

/** A store of its own beside that of the world: another n8n, a new file, or a copy from a backup. */
export interface OtherStore {
	/** Makes a session work with this store. */
	options: SessionOptions;
	couplings(mapping?: string): Promise<Coupling[]>;
	/** The store as it is now, as a backup keeps it. */
	copy(): Promise<OtherStore>;
	use<T>(work: (session: SyncSession) => Promise<T>): Promise<T>;
}

export interface Stage {
	world: World;
	store(): Promise<OtherStore>;
	/** One mapping with one store, allowed to create; checks that it finished. */
	run(store: OtherStore, mapping?: string, request?: Partial<RunRequest>): Promise<JobResult[]>;
	customer(displayName: string, values?: Record<string, unknown>): Row;
	account(name: string, values?: Record<string, unknown>): string;
	customers(): Array<Record<string, unknown>>;
	accounts(): Array<Record<string, unknown>>;
	/** Names on both sides, in order. */
	names(): { businessCentral: string[]; crm: string[] };
	close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
	const world = await createWorld();
	const folder = mkdtempSync(join(tmpdir(), 'd365-identity-'));
	const connection = {
		...{ bcAddress: `${BC_ROOT}/api/v2.0`, companyId: world.base.companyId, companyName: world.base.companyName, crmAddress: CRM_ROOT },
	};
	const stores: SyncStore[] = [];
	let files = 0;
	const openFile = async (file: string): Promise<OtherStore> => {
		const open = async (): Promise<SyncStore> => {
			const store = await openSqliteStore({ file, clock: world.clock, connection });
			stores.push(store);
			return store;
		};
		let kept = await open();
		// A person says that the store is meant to be new: what is asked before each creation must hold without the stop of NOTHING_COUPLED.
		await markNew(kept, world.clock, [...defaultNames(), ...OWN_MAPPINGS]);
		// Sessions close the world's own store; this one stays open until the stage is struck.
		const options: SessionOptions = {
			store: (own) =>
				new Proxy(own, {
					get: (_target, name) => {
						if (name === 'close') return () => own.close();
						const value: unknown = Reflect.get(kept, name);
						return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(kept) : value;
					},
				}),
		};
		const use: OtherStore['use'] = async (work) => {
			const session = await world.open(options);
			try {
				return await work(session);
			} finally {
				await session.store.close();
			}
		};
		return {
			options,
			use,
			couplings: async (mapping = 'CUSTOMER') => (await kept.findCouplings({ mapping, limit: 5000 })).rows,
			copy: async () => {
				// Closing the last handle folds the log of the database into its file.
				await kept.close();
				const copy = join(folder, `${++files}.sqlite`);
				copyFileSync(file, copy);
				kept = await open();
				return await openFile(copy);
			},
		};
	};
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	const stage: Stage = {
		world,
		store: () => openFile(join(folder, `${++files}.sqlite`)),
		run: async (store, mapping = 'CUSTOMER', request = {}) => {
			world.minutes(15);
			const results = await world.run({ mapping, createUncoupled: true, ...request }, store.options);
			for (const { job } of results) if (job.status !== 'finished') throw new Error(`${job.mapping} ${job.direction}: ${job.message}`);
			return results;
		},
		customer: (displayName, values = {}) => company().insert('customers', { displayName, ...values } as never) as unknown as Row,
		account: (name, values = {}) => world.sandbox.crm.insert('account', { name, customertypecode: 3, ...values } as never),
		customers: () => company().rows('customers'),
		accounts: () => world.sandbox.crm.rows('account'),
		names: () => ({
			businessCentral: stage.customers().map((row) => String(row['displayName'])).sort(), // prettier-ignore
			crm: stage.accounts().map((row) => String(row['name'])).sort(), // prettier-ignore
		}),
		close: async () => {
			for (const store of stores) await store.close().catch(() => undefined);
			await world.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return stage;
}

/** Counters that are not nought, direction by direction. */
export const counts = (results: readonly JobResult[]): string[] =>
	results.map(({ job }) => {
		const numbers = (['inserted', 'modified', 'coupled', 'failed', 'skipped', 'uncoupled'] as const).filter((name) => job[name] > 0);
		return `${job.direction}: ${numbers.map((name) => `${name} ${job[name]}`).join(', ') || 'nothing'}`;
	});

export const codes = (results: readonly JobResult[]): string[] => results.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode));
