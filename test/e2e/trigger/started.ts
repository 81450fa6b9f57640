import type { TriggerItem } from '../../../engine';
import { itemsOf, type ExecutionReport } from '../n8n/report';
import type { Rest } from '../n8n/rest';
import { triggerNode } from './workflow';

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Longer than anything here takes on a busy machine: what does not happen until then does not happen. */
const PATIENCE_MS = 600_000;

/** Asks again and again until there is an answer. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false> | T | null | undefined | false): Promise<T> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const answer = await ask();
		if (answer !== null && answer !== undefined && answer !== false) return answer;
		if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 60_000} minutes in vain: ${what}.`);
		await wait(300);
	}
}

/** One execution that the trigger started. */
export interface Start {
	id: number;
	status: string;
	mode: string;
	items: TriggerItem[];
}

/** What the trigger of one workflow started, as n8n keeps it. */
export class Starts {
	private readonly known = new Map<string, Start>();

	constructor(
		private readonly rest: Rest,
		private readonly workflowId: string,
	) {}

	/** All that have ended, oldest first. */
	async all(): Promise<Start[]> {
		for (const { id, status, stoppedAt } of await this.rest.executions(this.workflowId)) {
			if (stoppedAt === null || this.known.has(id)) continue;
			const report = await this.rest.execution<ExecutionReport & { mode: string }>(id);
			const items = itemsOf(report, triggerNode) as unknown as TriggerItem[];
			this.known.set(id, { id: Number(id), status, mode: report.mode, items });
		}
		return [...this.known.values()].sort((a, b) => a.id - b.id);
	}

	/** Id of the newest, ended or not: what is started from now on has a greater one. */
	async newest(): Promise<number> {
		return Math.max(0, ...(await this.rest.executions(this.workflowId)).map(({ id }) => Number(id)));
	}

	/** The first one after another that fits. */
	async after(id: number, what: string, fits: (start: Start) => boolean): Promise<Start> {
		return await until(what, async () => (await this.all()).find((start) => start.id > id && fits(start)));
	}

	/** Until nothing is under way any more. */
	async still(): Promise<void> {
		await until('all executions to end', async () =>
			(await this.rest.executions(this.workflowId)).every(({ stoppedAt }) => stoppedAt !== null),
		);
	}
}

export const hasReason =
	(reason: TriggerItem['reason'], toldBy?: TriggerItem['toldBy']) =>
	({ items }: Start) =>
		items.some((item) => item.reason === reason && (toldBy === undefined || item.toldBy === toldBy));
