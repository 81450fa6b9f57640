/** The measured process: holds one session and does what it is told over the IPC channel, so that the sandbox's memory and time are not counted. */
import { FullSync } from '../../nodes/FullSync/FullSync.node.js';
import { CredentialVault, runNode, sandboxCredentials } from '../kit/workflow';
import { synchronizeMapping } from '../../engine';
import type { INodeParameters } from 'n8n-workflow';
import { type Counted, measure } from './measure';
import type { Answer, Order, Setting } from './messages';
import { oneByOne } from './oneByOne';
import { openBench, type OpenBench } from './session';
import type { JobResult } from '../../engine/jobs/jobResult';

let bench: OpenBench | undefined;
let setting: Setting | undefined;
let vault: CredentialVault | undefined;

async function obey(order: Order): Promise<Answer> {
	if (order.kind === 'open') {
		setting = order.setting;
		bench = await openBench(order.setting);
		// The first token and the first connection are part of opening, as is looking at the company.
		await bench.session.businessCentral.count({ name: 'customers', numberField: 'number', nameField: 'displayName' }, null);
		await bench.session.crm.count({ name: 'account', numberField: 'accountnumber', nameField: 'name' }, null);
		// Idle is n8n's engine with the nodes loaded, after a first workflow: what the process of a user is before the synchronization begins.
		process.env['DYNAMICS365_SYNC_STATE_FILE'] = setting.stateFile;
		const { dataverseOAuth2Api, ...credentials } = sandboxCredentials(setting.addresses);
		vault = new CredentialVault({ ...credentials, dataverseOAuth2Api: { ...dataverseOAuth2Api, ownershipModel: 'team' } });
		await fullSyncNode(setting, vault, { operation: 'review' });
		return { ok: true, measured: null };
	}
	if (!bench || !setting || !vault) throw new Error('Open the session first.');
	const { session } = bench;
	const [here, where, signedIn] = [bench, setting, vault];
	switch (order.kind) {
		case 'fullSync':
			return {
				ok: true,
				measured: await measure(() => fullSyncNode(where, signedIn, { operation: 'run', afterwards: 'keep' }), order.collecting ?? false),
			};
		case 'preview':
			return {
				ok: true,
				measured: await measure(() => fullSyncNode(where, signedIn, { operation: 'run', afterwards: 'keep', preview: true })),
			};
		case 'incremental':
			return { ok: true, measured: await measure(async () => counted(await synchronizeMapping(session, { mapping: 'CUSTOMER' }))) };
		case 'oneByOne':
			return { ok: true, measured: await measure(() => oneByOne(here, where, order.order)) };
		case 'close':
			await bench.close();
			return { ok: true, measured: null };
	}
}

/** The node Full Sync in n8n's own engine, over all mappings. */
async function fullSyncNode({ companyName }: Setting, credentials: CredentialVault, parameters: INodeParameters): Promise<Counted> {
	const company = { __rl: true, mode: 'name', value: companyName };
	const { json, error } = await runNode(FullSync, { company, mappingSelection: 'all', ...parameters }, { credentials });
	if (error) throw error;
	const jobs = json[0] ?? [];
	const sum = (name: 'inserted' | 'modified' | 'unchanged' | 'failed'): number =>
		jobs.reduce((total, job) => total + Number(job[name] ?? 0), 0);
	const finished = jobs.length > 0 && jobs.every((job) => job['status'] === 'finished');
	return { inserted: sum('inserted'), modified: sum('modified'), unchanged: sum('unchanged'), failed: sum('failed'), finished };
}

function counted(results: readonly JobResult[]): Counted {
	const sum = (name: 'inserted' | 'modified' | 'unchanged' | 'failed'): number => results.reduce((total, { job }) => total + job[name], 0);
	const finished = results.length > 0 && results.every(({ job }) => job.status === 'finished');
	return { inserted: sum('inserted'), modified: sum('modified'), unchanged: sum('unchanged'), failed: sum('failed'), finished };
}

process.on('message', (order: Order) => {
	obey(order)
		.catch((error: unknown): Answer => ({ ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
		.then((answer) => process.send!(answer))
		.catch(() => process.exit(1));
});
