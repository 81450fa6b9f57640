import { deepEqual, equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import type { Checks } from '../checks';
import { type Environment, withCredentials } from '../n8n/environment';
import type { Rest } from '../n8n/rest';
import { Person } from '../person';
import { Customer } from './customer';
import { isRegistered, receive, registered } from './reception';
import { hasReason, Starts, until } from './started';
import { looking, onSchedule, startedByTrigger, triggerNode, type TriggerParameters, webhooks, workflowId } from './workflow';

const nothing = { subscriptions: [], endpoints: [], steps: 0 };

/** The trigger in a real n8n: published, restarted, killed, started while nobody answers, published otherwise, tried in the editor, unpublished. */
export async function checkTrigger(checks: Checks, environment: Environment, rest: Rest): Promise<void> {
	await new Story(checks, environment, rest).play();
}

class Story {
	private readonly starts: Starts;
	private customer!: Customer;

	constructor(
		private readonly checks: Checks,
		private readonly environment: Environment,
		private readonly rest: Rest,
	) {
		this.starts = new Starts(rest, workflowId);
		receive(environment.sandbox, () => environment.n8n.origin);
	}

	async play(): Promise<void> {
		await this.looking();
		await this.restarts();
		await this.withoutServices();
		await this.stepOfLooks();
		await this.told();
		await this.stepOfWebhooks();
		await this.unpublished();
	}

	private async looking(): Promise<void> {
		const { checks, rest, starts } = this;
		const { addresses } = this.environment;
		const [anna, ben] = await Promise.all([Person.signIn(addresses, 'ANNA'), Person.signIn(addresses, 'BEN')]);
		this.customer = await Customer.enter(anna, ben);
		await checks.must('Trigger: published, it starts the mapping once', async () => {
			await this.set(looking);
			await rest.activate(workflowId);
			const { items, mode } = await starts.after(0, 'the first execution', hasReason('start'));
			deepEqual([items.map(({ mapping }) => mapping), mode], [['CUSTOMER'], 'trigger']);
			await this.customer.findAccount();
		});
		await checks.that('Trigger: a look finds an edit in either system, and starts one execution for it', async () => {
			await this.editsArrive('look');
		});
		await checks.that('Trigger: what its runs wrote starts nothing', async () => {
			await starts.still();
			const before = await starts.newest();
			const looks = this.looks();
			await until('two further looks', () => this.looks() >= looks + 2);
			equal(await starts.newest(), before);
		});
	}

	private async restarts(): Promise<void> {
		const { checks, starts } = this;
		await checks.that('Trigger: n8n is ended (SIGTERM) and started: an edit of meanwhile is found, without publishing again', async () => {
			const before = await starts.newest();
			await this.end('SIGTERM');
			const value = await this.customer.editInCrm();
			await this.begin();
			await starts.after(before, 'an execution after the restart', hasReason('changed'));
			await this.customer.arrivedInBusinessCentral(value);
			ok(!(await starts.all()).some((start) => start.id > before && hasReason('start')(start)), 'It was started as if published anew.');
		});
	}

	/** Killed, and started while nobody answers: this must heal by itself. */
	private async withoutServices(): Promise<void> {
		const { checks, rest, starts } = this;
		const { sandbox, addresses, n8n } = this.environment;
		await checks.that(
			'Trigger: n8n is killed (SIGKILL) and started while both services are down: it recovers by itself once they are back',
			async () => {
				const before = await starts.newest();
				await this.end('SIGKILL');
				const value = await this.customer.editInBusinessCentral();
				await sandbox.close();
				await this.begin();
				await until('the trigger to miss the services', () => /\[workflow "Started by the trigger"/.test(n8n.serverOutput()));
				ok(await rest.isActive(workflowId));
				equal(await starts.newest(), before);
				const port = (origin: string) => Number(new URL(origin).port);
				const { businessCentral, crm, login } = addresses;
				await sandbox.listen({ businessCentral: port(businessCentral), crm: port(crm), login: port(login) });
				await starts.after(before, 'an execution after the services came back', hasReason('changed'));
				await this.customer.arrivedInCrm(value);
			},
		);
		await checks.that('Trigger: no execution failed meanwhile', async () => {
			await starts.still();
			const bad = (await starts.all()).filter(({ status }) => status !== 'success');
			equal(bad.length, 0, JSON.stringify(bad));
		});
	}

	private async stepOfLooks(): Promise<void> {
		const { checks } = this;
		for (const [name, parameters] of Object.entries({ 'Records Change': looking, 'On Schedule': onSchedule }))
			await checks.that(`Trigger: Execute step (${name}) gives the mappings at once`, async () => {
				const before = await this.starts.newest();
				equal(await this.rest.executeStep(this.workflow(parameters), triggerNode), false);
				const { items } = await this.starts.after(before, 'the execution in the editor', ({ mode }) => mode === 'manual');
				deepEqual(
					items.map(({ mapping }) => mapping),
					['CUSTOMER'],
				);
				// What is published may not have dealt with an edit of before: then it is given as what it is.
				ok(['manual', 'changed'].includes(String(items[0]?.reason)), String(items[0]?.reason));
			});
	}

	private async told(): Promise<void> {
		const { checks, rest, starts } = this;
		const { sandbox } = this.environment;
		await checks.must('Trigger: published anew with other parameters, it registers with both systems', async () => {
			await this.set(webhooks);
			await rest.activate(workflowId);
			await until('the webhooks to be registered', () => isRegistered(sandbox, '/webhook/') && registered(sandbox).steps === 3);
		});
		await checks.that('Trigger: a webhook of either system starts one execution', async () => {
			await this.editsArrive('webhook');
		});
		await checks.that('Trigger: after a restart the webhooks are there once, and tell', async () => {
			await starts.still();
			const before = registered(sandbox);
			await this.end('SIGTERM');
			const looks = this.looks();
			await this.begin();
			// The first look of the new process must not find the edit before anybody told of it.
			await until('the first look after the restart', () => this.looks() > looks);
			await this.editsArrive('webhook');
			deepEqual(registered(sandbox), before);
		});
	}

	private async stepOfWebhooks(): Promise<void> {
		const { checks, rest, starts } = this;
		const { sandbox } = this.environment;
		await checks.that(
			'Trigger: Execute step (webhooks) registers for itself, gives what it was told, and leaves the published one alone',
			async () => {
				await starts.still();
				const published = registered(sandbox);
				const before = await starts.newest();
				equal(await rest.executeStep(this.workflow(webhooks), triggerNode), true);
				await until('the test to be registered', () => isRegistered(sandbox, '/webhook-test/') && registered(sandbox).steps === 6);
				await this.customer.editInCrm();
				const { items } = await starts.after(before, 'the execution in the editor', ({ mode }) => mode === 'manual');
				deepEqual(
					items.map(({ mapping, reason, toldBy }) => [mapping, reason, toldBy]),
					[['CUSTOMER', 'manual', 'webhook']],
				);
				await until('the test to be withdrawn', () => registered(sandbox).steps === 3);
				deepEqual(registered(sandbox), published);
				await starts.after(before, 'the published one to be told as well', hasReason('changed', 'webhook'));
			},
		);
	}

	private async unpublished(): Promise<void> {
		const { checks, rest, starts } = this;
		const { sandbox } = this.environment;
		await checks.that('Trigger: unpublished, it leaves nothing behind, and nothing starts any more', async () => {
			await starts.still();
			const before = await starts.newest();
			await rest.deactivate(workflowId);
			await until('all to be removed', () => registered(sandbox).steps === 0 && registered(sandbox).subscriptions.length === 0);
			deepEqual(registered(sandbox), nothing);
			const looks = this.looks();
			await this.customer.editInBusinessCentral();
			equal(await starts.newest(), before);
			equal(this.looks(), looks);
		});
	}

	/** An edit in CRM, and then one in Business Central, each arrives by a run that was started for it. */
	private async editsArrive(toldBy: 'look' | 'webhook'): Promise<void> {
		const { customer, starts } = this;
		let before = await starts.newest();
		const inCrm = await customer.editInCrm();
		await starts.after(before, 'an execution for the edit in CRM', hasReason('changed', toldBy));
		await customer.arrivedInBusinessCentral(inCrm);
		await starts.still();
		before = await starts.newest();
		const inBusinessCentral = await customer.editInBusinessCentral();
		await starts.after(before, 'an execution for the edit in Business Central', hasReason('changed', toldBy));
		await customer.arrivedInCrm(inBusinessCentral);
	}

	/** Looks at Business Central so far: batches that change nothing. */
	private looks(): number {
		const { requests } = this.environment.sandbox.log;
		return requests.filter(
			({ system, method, path, writes }) => system === 'businessCentral' && method === 'POST' && /batch/.test(path) && writes === 0,
		).length;
	}

	private workflow(parameters: TriggerParameters) {
		return withCredentials(startedByTrigger(parameters), this.environment.credentials);
	}

	private async set(parameters: TriggerParameters): Promise<void> {
		await this.rest.update(this.workflow(parameters));
	}

	private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		await this.starts.still();
		const server = this.environment.n8n.takeServer();
		if (signal === 'SIGKILL') return await server.kill();
		server.signal(signal);
		await server.ended;
	}

	private async begin(): Promise<void> {
		const { n8n } = this.environment;
		await n8n.startServer(join(n8n.userFolder, 'n8n-restarted.log'));
	}
}
