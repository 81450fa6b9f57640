import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mappingCatalog } from '../../../engine';
import type { Sandbox } from '../../../sandbox';
import type { SandboxAddresses } from '../../../sandbox/core/types';
import { installAsCommunityPackage } from '../../package/communityInstall';
import { packProject } from '../../package/stagedProject';
import { startDatabase, type Database } from '../n8n/database';
import { credentialsFor, withCredentials, workFolder } from '../n8n/environment';
import { installN8n } from '../n8n/install';
import { N8n, type StoredCredential } from '../n8n/n8n';
import { WorkerPlace } from './cluster';
import { sandboxOfFour } from './companies';
import { startRedis } from './redis';
import { nameOfProcess, StoreLog, storeSchema } from './storeLog';
import { firstSyncs, schedules, withoutStore, type Scheduled } from './workflows';

/** n8n in queue mode: the main process not yet started, two places for workers, the sandbox behind it. */
export interface QueueEnvironment {
	n8n: N8n;
	workers: [WorkerPlace, WorkerPlace];
	sandbox: Sandbox;
	addresses: SandboxAddresses;
	/** With the shared store. */
	credentials: StoredCredential[];
	store: StoreLog;
	mappings: string[];
	scheduled: Scheduled[];
	/** Ends everything that was started, the workers too. */
	stop(): Promise<void>;
}

/** The database of n8n serves the store as well, in a schema of its own. */
const storeCredential = ({ host, port, name, user, password }: Database): StoredCredential => ({
	id: 'sharedSyncStore1',
	name: 'Sync store',
	type: 'syncStorePostgresApi',
	data: { host, port, database: name, user, password, schema: storeSchema, ssl: 'disable' },
});

/** @param note told about each step, for steps take from seconds to minutes */
export async function startQueueEnvironment(note: (text: string) => void): Promise<QueueEnvironment> {
	const userFolder = join(workFolder, 'queue');
	const undo: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => note(String(error)));
	};
	try {
		const redis = await startRedis();
		undo.push(() => redis.stop());
		note(`Redis at ${redis.host}:${redis.port}, keys of this run under ${redis.prefix}`);
		note('n8n (the first time it is installed, which takes some minutes)');
		await installN8n();
		note('building, packing and installing the package');
		rmSync(userFolder, { recursive: true, force: true });
		mkdirSync(userFolder, { recursive: true });
		installAsCommunityPackage(packProject(join(userFolder, 'packed')), userFolder);
		note('sandbox, database, credentials and workflows');
		const sandbox = sandboxOfFour();
		undo.push(() => sandbox.close());
		const addresses = await sandbox.listen();
		const database = await startDatabase();
		undo.push(() => database.stop());
		const n8n = await N8n.create(userFolder, database, undefined, {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: redis.host,
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			QUEUE_BULL_PREFIX: redis.prefix,
			N8N_REDIS_KEY_PREFIX: redis.prefix,
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			...nameOfProcess('main'),
		});
		undo.push(() => n8n.stopServer());
		const systems = credentialsFor(addresses, 'person');
		const credentials = [...systems, storeCredential(database)];
		await n8n.importCredentials(credentials);
		const mappings = mappingCatalog().map(({ name }) => name);
		const scheduled = schedules(mappings);
		await n8n.importWorkflows([
			...[...firstSyncs(mappings), ...scheduled.map(({ workflow }) => workflow)].map((workflow) => withCredentials(workflow, credentials)),
			withCredentials(withoutStore(), systems),
		]);
		const store = await StoreLog.open(database);
		undo.push(() => store.close());
		const workers: [WorkerPlace, WorkerPlace] = [new WorkerPlace(n8n, 'worker-1'), new WorkerPlace(n8n, 'worker-2')];
		for (const worker of workers) undo.push(() => worker.stop());
		return { n8n, workers, sandbox, addresses, credentials, store, mappings, scheduled, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
