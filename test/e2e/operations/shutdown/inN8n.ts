import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import type { Sandbox } from '../../../../sandbox';
import { customerRow } from '../../../bench/data';
import { seedBase } from '../../../kit/baseData';
import type { Checks } from '../../checks';
import { startEnvironment, workFolder, type Environment } from '../../n8n/environment';
import type { Outcome } from '../../n8n/process';
import { itemsOf, type ExecutionReport } from '../../n8n/report';
import type { ExecutionSummary, Rest } from '../../n8n/rest';
import { by, byHand, byWebhook } from '../../workflows';
import { lookInto } from './stateFile';

const CUSTOMERS = 1_200;
const userFolder = join(workFolder, 'shutdown');
const stateFile = join(userFolder, 'state.sqlite');
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Creates what is missing in CRM; more mappings follow, which have no turn when the run is stopped. */
const workflow = byWebhook(
	byHand('all-customers', 'Customers to CRM', {
		name: 'Sync',
		type: 'fullSync',
		parameters: {
			operation: 'run',
			mappingSelection: 'selection',
			mappings: ['CURRENCY', 'CUSTOMER', 'VENDOR'],
			bothSides: 'createAll',
			afterwards: 'keep',
			preview: false,
			options: { ignoreDependencies: true },
		},
	}),
);
const modified = byWebhook(
	byHand('customers', 'Modified customers', {
		name: 'Sync',
		type: 'syncMapping',
		parameters: {
			operation: 'synchronizeModified',
			mapping: by('name', 'CUSTOMER'),
			direction: 'toCrm',
			preview: false,
			options: { createUncoupled: true, nothingCoupled: 'isNew' },
		},
	}),
);

function seedCustomers(sandbox: Sandbox): void {
	sandbox.log.keepBodies = false;
	const { companyName } = seedBase(sandbox);
	sandbox.businessCentral.company(companyName).seed(
		'customers',
		Array.from({ length: CUSTOMERS }, (_, index) => ({ ...customerRow(index), currencyCode: '' })),
	);
}

/** A real n8n is asked to end in the middle of runs, and started again. */
export async function checkInN8n(checks: Checks): Promise<void> {
	let environment: Environment | undefined;
	try {
		await checks.must('The package is installed in a real n8n', async () => {
			environment = await startEnvironment({
				userFolder,
				workflows: [workflow, modified],
				seed: seedCustomers,
				variables: { DYNAMICS365_SYNC_STATE_FILE: stateFile },
				note: (text) => checks.note(text),
			});
		});
		await new Story(checks, environment!).play();
	} finally {
		await environment?.stop();
	}
}

class Story {
	private rest: Rest | undefined;

	constructor(
		private readonly checks: Checks,
		private readonly environment: Environment,
	) {}

	async play(): Promise<void> {
		const { checks } = this;
		const { sandbox } = this.environment;
		sandbox.latency = { roundTripMs: 60, perOperationMs: 12 };
		await this.started();

		await checks.that(
			'Asked to end in the middle of a run, n8n ends by itself; the lease is given back, and the execution says why it stopped',
			async () => {
				const { code, output } = await this.asked('all-customers', () => this.accounts() > 100);
				equal(code, 0, output.slice(-1500));
				ok(this.accounts() < CUSTOMERS, 'The run was over before n8n was asked to end.');
				const left = lookInto(stateFile);
				deepEqual([left.held, left.running, left.failures], [[], 0, []]);
				await this.started();
				const jobs = await this.itemsOfLast('all-customers');
				const stopped = jobs.filter(({ status }) => status === 'stopped');
				equal(stopped.length, 1, JSON.stringify(jobs));
				match(String(stopped[0]!['message']), /^n8n was asked to end/);
				match(JSON.stringify(stopped[0]!['warnings']), /VENDOR/);
			},
		);

		await checks.that('A service that wants to be left alone for minutes does not keep n8n from ending', async () => {
			const throttled = { kind: 'answer' as const, status: 429, headers: { 'retry-after': '300' } };
			sandbox.faults.add({ system: 'crm', method: 'POST', url: /batch/, nth: 3, times: 1_000, fault: throttled });
			const refused = () => sandbox.log.requests.some(({ system, status }) => system === 'crm' && status === 429);
			const { code, output } = await this.asked('customers', refused);
			sandbox.faults.clear();
			equal(code, 0, output.slice(-1500));
			deepEqual(lookInto(stateFile).held, []);
			await this.started();
			match(String((await this.itemsOfLast('customers'))[0]?.['message']), /^n8n was asked to end/);
		});

		await checks.that(
			'With a grace time shorter than a request that is under way, n8n ends by force; the next run begins at once',
			async () => {
				await this.stopped();
				await this.started({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '1' });
				const before = this.accounts();
				let silentSince = 0;
				const { code, output } = await this.asked('customers', () => {
					if (silentSince === 0 && this.accounts() > before) {
						silentSince = Date.now();
						// A page of changes takes most of a minute from now on; reading, which ends at once when n8n does, takes what it took.
						sandbox.latency = { ...sandbox.latency, perKindMs: { update: 500 } };
					}
					// Changes are under way by then.
					return silentSince > 0 && Date.now() > silentSince + 3_000;
				});
				sandbox.latency = { roundTripMs: 60, perOperationMs: 12 };
				equal(code, 1, output.slice(-1500));
				match(output, /Shutdown timed out after 1 seconds/);
				ok(lookInto(stateFile).held.length > 0, 'The lease was to be held by the process that was ended.');
				await this.started();
				await this.runsOn();
			},
		);

		await checks.that('A second signal ends n8n at once, as without the package; the next run begins at once', async () => {
			const customers = sandbox.businessCentral.company(sandbox.businessCentral.companyList()[0]!.name);
			for (let index = 1; index <= 300; index++) customers.insert('customers', { displayName: `Late customer ${index}` });
			const before = this.accounts();
			const { code, output } = await this.asked('customers', () => this.accounts() > before, true);
			equal(code, null, output.slice(-1500));
			await this.started();
			await this.runsOn();
		});

		await checks.that('Every customer has exactly one account in the end', async () => {
			sandbox.latency = { roundTripMs: 0, perOperationMs: 0 };
			await this.ran('all-customers');
			const names = sandbox.crm.rows('account').map(({ name }) => String(name));
			equal(names.length, CUSTOMERS + 300);
			equal(new Set(names).size, names.length);
			await this.stopped();
			const left = lookInto(stateFile);
			deepEqual(left, { held: [], running: 0, intents: 0, failures: [] });
		});
	}

	private accounts(): number {
		return this.environment.sandbox.crm.rows('account').length;
	}

	private async started(variables: NodeJS.ProcessEnv = {}): Promise<void> {
		const rest = await this.environment.n8n.startServer(join(userFolder, 'n8n.log'), variables);
		if (this.rest) return;
		await rest.setUpOwner();
		for (const { id } of [workflow, modified]) await rest.activate(id);
		this.rest = rest;
	}

	private async stopped(): Promise<void> {
		await this.environment.n8n.stopServer();
	}

	private async start(workflowId: string): Promise<void> {
		const { origin } = this.environment.n8n;
		for (let tries = 1; ; tries++) {
			const response = await fetch(`${origin}/webhook/${workflowId}`, { method: 'POST' });
			if (response.ok) return;
			if (tries === 60) throw new Error(`The webhook of ${workflowId} answered ${response.status}.`);
			await wait(250);
		}
	}

	/** Starts the workflow and asks n8n to end as soon as the moment has come. */
	private async asked(workflowId: string, moment: () => boolean, twice = false): Promise<Outcome & { output: string }> {
		const { n8n, sandbox } = this.environment;
		sandbox.log.clear();
		await this.start(workflowId);
		const patience = Date.now() + 60_000;
		while (!moment()) {
			if (Date.now() > patience) throw new Error(`The moment did not come:\n${n8n.serverOutput().slice(-2000)}`);
			await wait(20);
		}
		const server = n8n.takeServer();
		const from = Date.now();
		server.signal('SIGTERM');
		if (twice) {
			await wait(50);
			server.signal('SIGTERM');
		}
		const outcome = await server.ended;
		this.checks.note(`n8n had ended after ${((Date.now() - from) / 1000).toFixed(1)} s`);
		return { ...outcome, output: server.output() };
	}

	private async last(workflowId: string): Promise<ExecutionSummary> {
		const [newest] = (await this.rest!.executions(workflowId)).sort((a, b) => Number(b.id) - Number(a.id));
		return newest!;
	}

	private async itemsOfLast(workflowId: string): Promise<Array<Record<string, unknown>>> {
		const { id, status } = await this.last(workflowId);
		equal(status, 'success');
		return itemsOf(await this.rest!.execution<ExecutionReport>(id), 'Sync');
	}

	/** Runs the workflow to its end; answers its jobs. */
	private async ran(workflowId: string): Promise<Array<Record<string, unknown>>> {
		const before = (await this.rest!.executions(workflowId)).length;
		await this.start(workflowId);
		const patience = Date.now() + 120_000;
		for (;;) {
			const executions = await this.rest!.executions(workflowId);
			if (executions.length > before && executions.every(({ stoppedAt }) => stoppedAt !== null)) break;
			if (Date.now() > patience) throw new Error(`The run did not end: ${JSON.stringify(executions[0])}`);
			await wait(200);
		}
		return await this.itemsOfLast(workflowId);
	}

	private async runsOn(): Promise<void> {
		const jobs = await this.ran('customers');
		deepEqual(
			jobs.map(({ status }) => status),
			['finished'],
			JSON.stringify(jobs),
		);
	}
}
