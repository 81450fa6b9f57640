/**
 * Run as a process of its own, as a worker of n8n is one: Sync Mapping on customers and accounts, in n8n's own execution engine, again and again. It
 * prints a line of JSON after each run. Ends when its input does.
 */
import '../../../kit/n8nEnvironment';
import { setTimeout as pause } from 'node:timers/promises';
import { SyncMapping } from '../../../../nodes/SyncMapping/SyncMapping.node.js';
import type { PostgresSettings } from '../../../../engine/store/openStore';
import type { SandboxAddresses } from '../../../../sandbox/core/types';
import { CredentialVault, runNode, sandboxCredentials } from '../../../kit/workflow';

export interface ScheduleSettings {
	addresses: SandboxAddresses;
	/** Name of the company. */
	company: string;
	store: PostgresSettings;
	/** Between two runs (ms). */
	everyMs: number;
}

/** One run, as its node ended. */
export interface Run {
	/** Milliseconds since the Unix epoch. */
	began: number;
	ended: number;
	/** Code of the error that ended the node or one of its jobs, such as STORE_UNREACHABLE. */
	code: string | null;
	message: string;
	/** Of its jobs, where it had any. */
	statuses: string[];
}

async function main({ addresses, company, store, everyMs }: ScheduleSettings): Promise<void> {
	let over = false;
	process.stdin.on('end', () => (over = true)).resume();
	const { host, port, database, user, password, schema } = store;
	const fields = { host, port, database, user, password, schema, ssl: 'disable' };
	const credentials = new CredentialVault({ ...sandboxCredentials(addresses), syncStorePostgresApi: fields as never });
	const by = (value: string) => ({ __rl: true, mode: 'name', value });
	const parameters = { company: by(company), mapping: by('CUSTOMER'), options: { createUncoupled: true, nothingCoupled: 'isNew' } };
	while (!over) {
		const began = Date.now();
		const { error, json } = await runNode(SyncMapping, parameters, { credentials });
		const failed = json[1]?.find(({ errorCode }) => String(errorCode).startsWith('STORE_'));
		const run: Run = {
			began,
			ended: Date.now(),
			code: /\(([A-Z_]+)\)$/.exec(error?.description ?? '')?.[1] ?? (failed ? String(failed['errorCode']) : error ? 'ERROR' : null),
			message: error ? `${error.message} ${error.description ?? ''}` : '',
			statuses: (json[0] ?? []).map(({ status }) => String(status)),
		};
		console.log(JSON.stringify(run));
		await pause(everyMs);
	}
}

if (require.main === module) void main(JSON.parse(process.env['SCHEDULE'] ?? '') as ScheduleSettings);
