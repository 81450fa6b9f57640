import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createSandbox, type Sandbox } from '../../sandbox';
import { seedDemo } from '../../sandbox/demo';
import { CredentialVault, runWorkflow, sandboxCredentials, useNewState, type NodeClass } from '../../test/kit/workflow';
import { compareSides } from './compare';

export const COMPANY = 'CRONUS International Ltd.';
const CUSTOMERS = 60;

/** One workflow run of the story. */
export interface RunReport {
	title: string;
	/** Job items of the node, as a workflow gets them. */
	jobs: IDataObject[];
	/** Items of the output *Failed*. */
	failed: IDataObject[];
	requests: { businessCentral: number; crm: number };
	/** Rows created, changed or deleted by this run, as the services counted them. */
	writes: { businessCentral: number; crm: number };
	durationMs: number;
	/** What people did on both sides before it. */
	before: string[];
	asExpected: boolean;
}

export interface Stage {
	sandbox: Sandbox;
	/** Runs one node in a workflow of its own and reports what it did; `expect` says whether that is what should have happened. */
	run(
		title: string,
		type: NodeClass,
		parameters: INodeParameters,
		before: string[],
		expect: (run: RunReport) => boolean,
	): Promise<RunReport>;
	/** Differences between coupled customers and accounts, in words. */
	differences(): Promise<string[]>;
	close(): Promise<void>;
}

/** Starts both systems with demonstration data on loopback, and an empty state folder. */
export async function openStage(say: (text: string) => void): Promise<Stage> {
	const sandbox = createSandbox();
	seedDemo(sandbox, { customers: CUSTOMERS });
	const addresses = await sandbox.listen();
	say(`Business Central  ${addresses.businessCentral}  company ${COMPANY}`);
	say(`Dataverse         ${addresses.crm}`);
	useNewState();
	const credentials = new CredentialVault(sandboxCredentials(addresses));
	return {
		sandbox,
		async run(title, type, parameters, before, expect) {
			const seen = sandbox.log.requests.length;
			const started = Date.now();
			const outcome = await runWorkflow({
				credentials,
				nodes: [{ name: title, type, parameters: { company: { __rl: true, mode: 'name', value: COMPANY }, ...parameters } }],
			});
			const node = outcome.nodes.get(title);
			if (outcome.error || !node) throw outcome.error ?? new Error(`The workflow "${title}" did not run.`);
			const requests = sandbox.log.requests.slice(seen);
			const count = (system: 'businessCentral' | 'crm', weight: (writes: number) => number): number =>
				requests.filter((request) => request.system === system).reduce((sum, request) => sum + weight(request.writes), 0);
			const report: RunReport = {
				title,
				jobs: node.json[0] ?? [],
				failed: node.json[1] ?? [],
				requests: { businessCentral: count('businessCentral', () => 1), crm: count('crm', () => 1) },
				writes: { businessCentral: count('businessCentral', (writes) => writes), crm: count('crm', (writes) => writes) },
				durationMs: Date.now() - started,
				before,
				asExpected: true,
			};
			report.asExpected = expect(report);
			say(`${report.asExpected ? '✓' : '✗'} ${title}${before.length > 0 ? `  (before: ${before.join('; ')})` : ''}`);
			return report;
		},
		differences: () => Promise.resolve(compareSides(sandbox, COMPANY)),
		close: async () => {
			await sandbox.close();
		},
	};
}
