import {
	type Accelerator,
	type SyncError,
	TRIGGER_DEFAULTS,
	type TriggerHost,
	type TriggerItem,
	TriggerLoop,
	type TriggerSettings,
} from '../../../engine';
import type { StoredTrigger } from '../../../engine/model/trigger';
import type { Clock } from '../../../engine/ports/clock';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { createWorld, type SessionOptions, START, type World } from '../../kit/world';
import { seedCustomers } from '../../kit/customers';

/** What a trigger did, in order. */
export interface Started {
	/** Epoch milliseconds. */
	at: number;
	items: readonly TriggerItem[];
}

export interface LoopOptions extends Partial<TriggerSettings> {
	/** What the workflow does with its items; default: *Sync Mapping* for each. */
	workflow?: (items: readonly TriggerItem[]) => Promise<void>;
	session?: SessionOptions;
	open?: () => void;
	accelerator?: Accelerator;
	/** Milliseconds that this loop's clock is ahead of the world's. */
	aheadMs?: number;
	/** When a start is put down, and before it is made. */
	beforeEmit?: (loop: RunningLoop) => void;
}

export interface RunningLoop {
	started: Started[];
	told: SyncError[];
	logged: string[];
	/** As n8n's `closeFunction`: gives the lease back. */
	close(): Promise<void>;
	/** As a process that is killed: nothing of it happens any more. */
	kill(): void;
}

/** A world whose time passes for triggers: it stands still while anybody works, and then goes on to the next waking or event. */
export interface TriggerStage {
	world: World;
	loop(options?: LoopOptions): RunningLoop;
	/** Lets so many milliseconds pass; `events` happen at times after the beginning. */
	pass(ms: number, events?: ReadonlyArray<readonly [afterMs: number, event: () => void]>): Promise<void>;
	runs: JobResult[];
	/** Time stands still until the work is done. */
	busy(work: Promise<unknown>): void;
	stored(trigger?: string): Promise<StoredTrigger | null>;
	close(): Promise<void>;
}

interface Sleeper {
	of: { killed: boolean };
	at: number;
	wake(): void;
}

/** @param options `world`: one that is there already, and that stays open */
export async function createStage({ customers = 0, world: given }: { customers?: number; world?: World } = {}): Promise<TriggerStage> {
	const world = given ?? (await createWorld());
	if (customers > 0) {
		seedCustomers(world, customers);
		await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
		await world.run({ mapping: 'CUSTOMER' });
		world.minutes(60);
	}
	const sleepers = new Set<Sleeper>();
	const alive = new Set<object>();
	const runs: JobResult[] = [];
	let working = 0;
	/** What a workflow ended with that is no outcome of a run. */
	const broken: unknown[] = [];
	const loops: RunningLoop[] = [];

	const clockOf = (me: { killed: boolean }, aheadMs: number): Clock => ({
		now: () => world.sandbox.clock.now() + aheadMs,
		sleep: (ms, signal) =>
			new Promise((resolve, reject) => {
				if (me.killed) return;
				if (signal?.aborted) return reject(signal.reason as Error);
				const sleeper: Sleeper = {
					of: me,
					at: world.sandbox.clock.now() + ms,
					wake: () => {
						sleepers.delete(sleeper);
						resolve();
					},
				};
				sleepers.add(sleeper);
				signal?.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					reject(signal.reason as Error);
				});
			}),
	});

	const workflow = async (items: readonly TriggerItem[]): Promise<void> => {
		for (const { mapping } of items) runs.push(...(await world.run({ mapping })));
	};

	const loop = (options: LoopOptions = {}): RunningLoop => {
		const { workflow: own, session: sessionOptions, open, accelerator, aheadMs = 0, beforeEmit, ...more } = options;
		const settings: TriggerSettings = {
			trigger: 'n8n-1/12/node-1',
			lease: '12/node-1',
			name: 'workflow "Near real time" (id 12), node "Sync Trigger"',
			startWhen: 'looking',
			mappings: ['CUSTOMER'],
			startNow: false,
			...TRIGGER_DEFAULTS,
			...more,
		};
		const me = { killed: false };
		const abort = new AbortController();
		const owner = `loop ${loops.length + 1}`;
		const running: RunningLoop = {
			started: [],
			told: [],
			logged: [],
			close: async () => {
				abort.abort(new Error('closed'));
				await done;
				alive.delete(running);
			},
			kill: () => {
				me.killed = true;
				alive.delete(running);
				for (const sleeper of sleepers) if (sleeper.of === me) sleepers.delete(sleeper);
			},
		};
		const clock = clockOf(me, aheadMs);
		const host: TriggerHost = {
			clock,
			log: (level, message) => void running.logged.push(`${level}: ${message}`),
			open: async () => {
				open?.();
				const session = await world.open({ owner, ...sessionOptions });
				return {
					session: { ...session, clock },
					explain: (error) => Promise.resolve(error),
					close: () => session.store.close(),
				};
			},
			emit: (items) => {
				if (!me.killed) beforeEmit?.(running);
				if (me.killed) return;
				running.started.push({ at: world.sandbox.clock.now(), items });
				working += 1;
				(own ?? workflow)(items)
					.catch((error: unknown) => void broken.push(error))
					.finally(() => (working -= 1));
			},
			tell: (error) => void running.told.push(error),
		};
		alive.add(running);
		loops.push(running);
		const done = new TriggerLoop(host, settings, accelerator ?? null).run(abort.signal);
		return running;
	};

	/** Everybody sleeps. */
	const still = async (): Promise<void> => {
		for (let turn = 0; turn < 200_000; turn++) {
			if (broken.length > 0) throw broken[0];
			if (working === 0 && sleepers.size >= alive.size) return;
			await new Promise((resolve) => setImmediate(resolve));
		}
		throw new Error('A loop neither sleeps nor comes to an end.');
	};

	return {
		world,
		runs,
		loop,
		busy: (work) => {
			working += 1;
			void work.finally(() => (working -= 1)).catch(() => undefined);
		},
		pass: async (ms, events = []) => {
			await still();
			const begin = world.sandbox.clock.now();
			const end = begin + ms;
			const left = events.map(([after, event]) => ({ at: begin + after, event })).sort((a, b) => a.at - b.at);
			for (;;) {
				const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
				const event = left[0];
				const at = Math.min(next?.at ?? Infinity, event?.at ?? Infinity);
				if (at > end) break;
				// A run may have taken longer than until then.
				world.sandbox.clock.set(Math.max(at, world.sandbox.clock.now()));
				if (event && event.at <= at) {
					left.shift();
					event.event();
				} else next!.wake();
				await still();
			}
			world.sandbox.clock.set(Math.max(end, world.sandbox.clock.now()));
		},
		stored: async (trigger = 'n8n-1/12/node-1') => {
			const session = await world.open();
			const found = await session.store.trigger(trigger);
			await session.store.close();
			return found;
		},
		close: async () => {
			for (const each of loops) if (alive.has(each)) await each.close();
			if (!given) await world.close();
		},
	};
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export { START };

/** The reasons of all starts of a mapping, in order. */
export const reasonsOf = (loop: RunningLoop, mapping = 'CUSTOMER'): string[] =>
	loop.started.flatMap(({ items }) => items.filter((item) => item.mapping === mapping).map(({ reason }) => reason));

/** Somebody edits a customer. */
export function editCustomer(world: World, index: number, values: object = { phoneNumber: `+44 ${world.clock.now()}` }): void {
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	company.update('customers', String(company.rows('customers')[index]!['id']), values as never);
}

/** Somebody edits an account. */
export function editAccount(world: World, index: number, values: object = { fax: `+44 ${world.clock.now()}` }): void {
	const row = world.sandbox.crm.rows('account')[index]!;
	world.sandbox.crm.update('account', String(row['accountid']), values as never);
}
