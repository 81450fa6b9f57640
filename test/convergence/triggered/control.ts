import { synchronizeMapping, type TriggerItem } from '../../../engine';
import { createWebhookStage, type WebhookStage } from '../../scenarios/trigger/webhookStage';
import type { RunningLoop } from '../../scenarios/trigger/stage';
import type { Action } from '../actions';
import { type End, killed, perform } from '../carry';
import type { Rules } from '../families';
import { SIDES } from '../fields';
import { findViolations, standingViolations } from '../invariants';
import type { Random } from '../random';
import type { Story } from '../story';
import { Reasons } from './reasons';
import { CROWDED_BOUND_MS, HOUR, LOOKING_BOUND_MS, MINUTE, SECOND, TOLD_BOUND_MS } from './times';

type Triggered = NonNullable<Rules['triggered']>;

/** The n-th request or commit at which the process of a run dies. */
export interface RunDeath {
	step: number;
	when: 'before' | 'after';
	/** n8n died with it. */
	withLoop: boolean;
}

/** While nobody does anything for long, signals are read so seldom: no latency is asked for. */
const LULL_MS = 2 * MINUTE;

/** The trigger of one story, and what becomes of what it starts. */
export class Control {
	readonly reasons: Reasons;
	/** Deaths of runs to come. */
	readonly deaths: RunDeath[] = [];
	/** The next starts are put down, and never made: the process dies in between. */
	lostStarts = 0;
	private readonly loops = new Set<RunningLoop>();
	/** Records are outside the filters, whose edits wait until they come back. */
	someLeft = false;
	private lastActMs = 0;
	private lastButOneActMs = 0;

	private constructor(
		readonly story: Story,
		readonly stage: WebhookStage,
		private readonly triggered: Triggered,
	) {
		this.reasons = new Reasons(story);
	}

	static async open(story: Story, triggered: Triggered, seed: number): Promise<Control> {
		const stage = await createWebhookStage({ world: story.world, jitterSeed: 1 + (seed % 1_000_000) });
		return new Control(story, stage, triggered);
	}

	/** A process of n8n begins; without `startNow` it is none that somebody has just published. */
	begin({ startNow = false }: { startNow?: boolean } = {}): RunningLoop {
		const { stage } = this;
		const options = {
			startNow,
			workflow: (items: readonly TriggerItem[]) => this.carry(items),
			beforeEmit: (loop: RunningLoop) => {
				if (this.lostStarts === 0) return;
				this.lostStarts -= 1;
				this.story.tell('… dies between putting a start down and making it');
				this.kill(loop);
			},
		};
		const loop = this.triggered.how === 'webhooks' ? stage.hooked(options) : stage.loop(options);
		this.loops.add(loop);
		return loop;
	}

	get running(): readonly RunningLoop[] {
		return [...this.loops];
	}

	kill(loop: RunningLoop): void {
		loop.kill();
		this.loops.delete(loop);
		this.story.figures.kills++;
		this.story.disturbed = true;
	}

	async shut(loop: RunningLoop): Promise<void> {
		await loop.close();
		this.loops.delete(loop);
	}

	/** Somebody does something in a system. */
	act(what: string, does: () => string): void {
		this.story.witness.look();
		this.lastButOneActMs = this.lastActMs;
		this.lastActMs = this.story.world.clock.now();
		this.story.tell(`${what}: ${does()}`);
	}

	/** Time passes; where nothing is wrong, and nobody did anything for so long, all must have arrived. */
	async pass(ms: number): Promise<void> {
		const { story } = this;
		const before = story.people.ledger.edits.length;
		if (ms > 2 * LULL_MS) {
			this.stage.everyMs = LULL_MS;
			await this.stage.pass(ms - LULL_MS);
			this.stage.everyMs = SECOND;
		}
		await this.stage.pass(ms > 2 * LULL_MS ? LULL_MS : ms);
		story.witness.look();
		await story.use((session) => story.witness.lookAtCouplings(session));
		// A long transaction has ended meanwhile, which nobody is told of.
		if (story.people.ledger.edits.length > before) this.lastActMs = story.world.clock.now();
		if (story.disturbed || this.someLeft || story.world.clock.now() - this.lastActMs < this.bound()) return;
		const standing = await standingViolations(story);
		story.witness.found.push(...standing.map((each) => `not there in time: ${each}`));
	}

	private bound(): number {
		if (this.triggered.how === 'looking') return LOOKING_BOUND_MS;
		return this.lastActMs - this.lastButOneActMs >= 90 * SECOND ? TOLD_BOUND_MS : CROWDED_BOUND_MS;
	}

	/** What n8n makes of the items: *Sync Mapping* for each. */
	private async carry(items: readonly TriggerItem[]): Promise<void> {
		const { story } = this;
		this.reasons.note(items);
		for (const { mapping, reason, attempt, businessCentral, crm } of items) {
			story.figures.runs++;
			const action: Action = {
				name: 'sync',
				text: `${reason} (attempt ${attempt}; ${businessCentral.changed} in Business Central, ${crm.changed} in CRM)`,
				run: (session) => synchronizeMapping(session, { mapping }),
			};
			const death = this.deaths.shift();
			if (death) story.disturbed = true;
			const end = death ? await killed(story, action, death.step, death.when) : await perform(story, action, {});
			this.reasons.ended(end);
			story.report(action, death ? `killed ${death.when} step ${death.step}` : '', end);
			if (!end.died) continue;
			story.figures.kills++;
			if (death?.withLoop) for (const loop of this.running) this.kill(loop);
			// What the process had in hand ended with it.
			return;
		}
	}

	/** All is well again, and time enough passes for every wait: then everything must have arrived, and nothing more may happen. */
	async end(random: Random): Promise<string[]> {
		const { story, stage } = this;
		const { witness, people, world } = story;
		people.endTransaction();
		witness.look();
		world.sandbox.faults.clear();
		for (const side of SIDES) world.sandbox.clock.skew[side] = 0;
		Object.assign(stage, { n8n: 'up', onTheWay: (call: never) => [call] });
		this.deaths.length = this.lostStarts = 0;
		this.reasons.deeds++;
		this.someLeft = false;
		story.tell(`quiet; back in the filters: ${people.enterAgain()}`);
		if (this.loops.size === 0) this.begin();
		await this.pass(2.5 * HOUR);
		if (witness.found.length > 0) return witness.found;
		witness.found.push(...(await standingViolations(story)).map((each) => `after all waits: ${each}`));
		const started = this.reasons.count('changed');
		await this.pass(HOUR);
		if (this.reasons.count('changed') > started) witness.found.push('runs begin for changes although nobody did anything');
		await this.lastEdit(random);
		return [...witness.found, ...this.reasons.found, ...(await findViolations(story))];
	}

	/** Whatever happened, an edit is delivered as fast as ever now. */
	private async lastEdit(random: Random): Promise<void> {
		const { story } = this;
		const { people, witness } = story;
		this.act('last edit', () => people.edit(random, 'businessCentral'));
		await this.pass(this.bound() + SECOND);
		witness.found.push(...(await standingViolations(story)).map((each) => `the last edit: ${each}`));
		await this.pass(MINUTE);
	}

	async close(): Promise<void> {
		await this.stage.close();
	}
}

export type { End };
