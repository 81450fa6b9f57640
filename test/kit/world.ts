import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../engine/ports/clock';
import { synchronizeMapping } from '../../engine';
import { defaultNames } from '../../engine/defaults/catalog';
import type { CompanySettings } from '../../engine/model/companySettings';
import type { Log, SyncSession } from '../../engine/ports/session';
import { type ConnectionIdentity, openSqliteStore } from '../../engine/store/openStore';
import type { SyncStore } from '../../engine/ports/syncStore';
import type { RunRequest } from '../../engine/sync/contract/runRequest';
import { clearBusinessCentralMetadata, createBusinessCentral } from '../../engine/systems/businessCentral';
import { clearDataverseMetadata, createDataverse } from '../../engine/systems/dataverse';
import { NoAnswer, type Transport } from '../../engine/systems/odata/transport';
import { createSandbox, type Sandbox } from '../../sandbox';
import { ConnectionDropped } from '../../sandbox/core/http';
import type { LoggedRequest } from '../../sandbox/core/types';
import { ENVIRONMENT } from '../../engine/environments/requireOwnEnvironment';
import { type BaseData, seedBase } from './baseData';
import { placeEmptyStore, storeFolder } from './storeFolder';
import { jsonOf, watch, watchRequests, watchText } from './secrets/watch';
import type { JobResult } from '../../engine/jobs/jobResult';
import type { LeaseHolder } from '../../engine/model/lease';

export const BC_ROOT = 'http://bc.sandbox/v2.0/sandbox';
export const CRM_ROOT = 'http://crm.sandbox';
/** Saturday, so that no test depends on the day it runs. */
export const START = Date.parse('2026-03-07T08:00:00Z');

export interface SessionOptions {
	signal?: AbortSignal;
	/** The process was asked to end; see `SyncSession.ending`. */
	ending?: AbortSignal;
	/** Wraps the way to both systems, for instance to cut it. */
	transport?: (transport: Transport) => Transport;
	store?: (store: SyncStore) => SyncStore;
	owner?: string;
	/** Who holds leases, for people. */
	holder?: LeaseHolder;
	/** What is done is done by hand; see `SyncSession.waitForTurnMs`. */
	waitForTurnMs?: number;
	ownershipModel?: 'person' | 'team';
}

/** Both systems with basic data, a store, and sessions on them: on virtual time and in process. */
export interface World {
	sandbox: Sandbox;
	base: BaseData;
	clock: Clock;
	/** A new session, as a new process would open it: nothing is shared but the store. */
	open(options?: SessionOptions): Promise<SyncSession>;
	/** Opens a session, runs one mapping, closes it. */
	run(request: Partial<RunRequest> & { mapping: string }, options?: SessionOptions): Promise<JobResult[]>;
	/** Saves settings of the company, over those saved before. */
	settings(changes: Partial<CompanySettings>): Promise<void>;
	/** Requests since the last call, by system. */
	takeRequests(): LoggedRequest[];
	/** Lets time pass (minutes), so that edits have stamps of their own. */
	minutes(count: number): void;
	close(): Promise<void>;
}

export interface WorldOptions {
	/** Opens the store that all sessions share; default a file of the world's own. */
	store?: (identity: ConnectionIdentity, clock: Clock) => Promise<SyncStore>;
	/**
	 * Whether the store, as it is when the world is made, knows that nothing was synchronized before: as if a person had said "It Is New" for every
	 * default mapping. Default yes, because most tests fill both systems and then run. Without it a run on two filled systems ends with
	 * `NOTHING_COUPLED`, as it does in a store that is opened later. Mappings of one's own: `itIsNew`.
	 */
	isNew?: boolean;
}

export async function createWorld(settings: WorldOptions = {}): Promise<World> {
	clearBusinessCentralMetadata();
	clearDataverseMetadata();
	const sandbox = createSandbox();
	sandbox.clock.set(START);
	const base = seedBase(sandbox);
	const folder = settings.store ? null : storeFolder();
	if (folder) await placeEmptyStore(join(folder, 'state.sqlite'));
	const clock: Clock = {
		now: () => sandbox.clock.now(),
		sleep: async (ms) => {
			sandbox.clock.advance(ms);
			await new Promise((resolve) => setImmediate(resolve));
		},
	};
	let sessions = 0;
	const identity: ConnectionIdentity = {
		bcAddress: `${BC_ROOT}/api/v2.0`,
		companyId: base.companyId,
		companyName: base.companyName,
		crmAddress: CRM_ROOT,
	};
	const openStore = (): Promise<SyncStore> =>
		settings.store
			? settings.store(identity, clock)
			: openSqliteStore({ file: join(folder!, 'state.sqlite'), clock, connection: identity });
	// Keeps the file open between sessions: what is tested is the engine, not opening files.
	const keeper = await openStore();
	if (settings.isNew ?? true) await markNew(keeper, clock);

	const open = async (options: SessionOptions = {}): Promise<SyncSession> => {
		const inProcess = inProcessTransport(sandbox);
		const transport = options.transport ? options.transport(inProcess) : inProcess;
		const authenticator = (audience: 'businessCentral' | 'crm') => {
			let token = sandbox.login.token(audience);
			return {
				header: () => Promise.resolve(`Bearer ${token}`),
				refresh: () => {
					token = sandbox.login.token(audience);
					return Promise.resolve();
				},
			};
		};
		const signals = { ...(options.signal ? { signal: options.signal } : {}), ...(options.ending ? { ending: options.ending } : {}) };
		const common = { transport, clock, log: watchedLog, random: () => 0.5, ...signals };
		const store = await openStore();
		return {
			businessCentral: createBusinessCentral({
				...common,
				apiRoot: `${BC_ROOT}/api/v2.0`,
				odataRoot: `${BC_ROOT}/ODataV4`,
				companyId: base.companyId,
				authenticator: authenticator('businessCentral'),
				webClient: {
					baseUrl: 'https://businesscentral.dynamics.com',
					companyName: base.companyName,
					tenant: 'cronus.example',
					environment: 'sandbox',
				},
			}),
			crm: createDataverse({ ...common, environmentUrl: CRM_ROOT, authenticator: authenticator('crm') }),
			store: options.store ? options.store(store) : store,
			clock,
			log: watchedLog,
			owner: options.owner ?? `session ${++sessions}`,
			...(options.holder ? { holder: options.holder } : {}),
			...(options.waitForTurnMs === undefined ? {} : { waitForTurnMs: options.waitForTurnMs }),
			companyId: base.companyId,
			ownershipModel: options.ownershipModel ?? 'person',
			...signals,
		};
	};
	let taken = 0;
	return {
		sandbox,
		base,
		clock,
		open,
		run: async (request, options) => {
			const session = await open(options);
			try {
				const results = await synchronizeMapping(session, request);
				watchText('the result of a run', jsonOf(results));
				return results;
			} finally {
				await session.store.close();
			}
		},
		settings: async (changes) => keeper.saveCompanySettings({ ...(await keeper.companySettings()), ...changes }),
		takeRequests: () => {
			const requests = sandbox.log.requests.slice(taken);
			taken = sandbox.log.requests.length;
			return requests;
		},
		minutes: (count) => sandbox.clock.advance(count * 60_000),
		close: async () => {
			await keeper.close();
			watchRequests(sandbox.log.requests);
			await sandbox.close();
			if (folder) rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Goes nowhere, but is looked at for secrets. */
const watchedLog: Log = (_level, message, details) => watch('a log line', [message, details]);

/** Says of mappings that nothing was synchronized before, as a person does with "It Is New"; for mappings of one's own. */
export async function itIsNew(world: Pick<World, 'open' | 'clock'>, ...mappings: readonly string[]): Promise<void> {
	const { store } = await world.open();
	await markNew(store, world.clock, mappings);
	await store.close();
}

/** The same for a store that a test opened itself; default all default mappings. */
export const markNew = (store: SyncStore, clock: Clock, mappings: readonly string[] = [...defaultNames(), ENVIRONMENT]): Promise<void> => {
	const at = new Date(clock.now()).toISOString();
	return store.commit({ origins: mappings.map((mapping) => ({ mapping, kind: 'new', at })) });
};

/** The way to the sandbox without a network. */
export function inProcessTransport(sandbox: Sandbox): Transport {
	return async (request) => {
		if (request.signal?.aborted) throw request.signal.reason;
		try {
			const { method, url, body = '' } = request;
			const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
			const answer = await sandbox.handle({ method, url, headers, body });
			const isBytes = request.binary === true && answer.status >= 200 && answer.status < 300;
			return isBytes ? { ...answer, body: Buffer.from(answer.body, 'utf8').toString('base64') } : answer;
		} catch (error) {
			if (error instanceof ConnectionDropped) throw new NoAnswer('The connection was reset.', true, { cause: error });
			throw error;
		}
	};
}
