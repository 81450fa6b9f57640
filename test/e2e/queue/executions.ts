import type { ExecutionSummary, Rest } from '../n8n/rest';

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Starts the workflow by its webhook, which n8n registers some moments after the workflow was activated. */
export async function start(origin: string, workflowId: string): Promise<void> {
	for (let tries = 1; ; tries++) {
		const response = await fetch(`${origin}/webhook/${workflowId}`, { method: 'POST' });
		if (response.ok) return;
		if (response.status !== 404 || tries === 40) {
			throw new Error(`The webhook of ${workflowId} answered ${response.status}: ${await response.text()}`);
		}
		await wait(250);
	}
}

/**
 * Waits until that many executions of the workflow have ended.
 * @throws when they take longer than two minutes
 */
export async function executionsEnded(rest: Rest, workflowId: string, count: number): Promise<ExecutionSummary[]> {
	const deadline = Date.now() + 120_000;
	for (;;) {
		const executions = await rest.executions(workflowId);
		const ended = executions.filter(({ stoppedAt }) => stoppedAt !== null);
		if (ended.length >= count) return ended;
		if (Date.now() > deadline) throw new Error(`${workflowId} did not end within two minutes: ${JSON.stringify(executions)}`);
		await wait(300);
	}
}
