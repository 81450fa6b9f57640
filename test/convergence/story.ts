import { retryAll, synchronizeMapping } from '../../engine';
import type { SyncSession } from '../../engine/ports/session';
import { ENVIRONMENT } from '../../engine/environments/requireOwnEnvironment';
import { markNew, type World } from '../kit/world';
import { type Action, anew, prepare } from './actions';
import { atRequest, cancelled, type End, killed, paused, perform } from './carry';
import { close, takeBack } from './closings';
import { checkCounters } from './counters';
import { familyOf, type Manner, type Rules, type StoreStep } from './families';
import { describeFault, drawFault, LateRequests, LONGEST_MINUTES } from './faults';
import { SIDES } from './fields';
import { findViolations } from './invariants';
import { Ledger } from './ledger';
import { People } from './people';
import { Random } from './random';
import { type Script, type Step, weighted, writeScript } from './script';
import { NO_FIGURES, type StoryFigures, type StoryOutcome } from './outcome';
import { playDocuments } from './documents/play';
import { playHistory } from './histories/play';
import { playRestored } from './restoredStory';
import { playTogether } from './together/play';
import { playTriggered } from './triggered/play';
import { openStage } from './stage';
import type { Stores } from './stores';
import { fingerprintOf, Witness } from './witness';
import type { JobResult } from '../../engine/jobs/jobResult';

export { NO_FIGURES, type StoryFigures, type StoryOutcome } from './outcome';

/** Runs after the faults stop within which both sides must agree. */
const RUNS_TO_AGREE = 3;
/** A run that sends nothing for so long waits for another one (real time). */
const TURN_MS = 20;
const IDLE_TURNS = 10;

export const playStory = (seed: number, family: string): Promise<StoryOutcome> => playScript(writeScript(seed, family));

/** One story: people and runs and misfortune in any order, then quiet; ends with what was found broken. */
export async function playScript(script: Script): Promise<StoryOutcome> {
	if (script.rules.restores) return await playRestored(script);
	if (script.rules.documents) return await playDocuments(script);
	if (script.rules.together) return await playTogether(script);
	if (script.rules.triggered) return await playTriggered(script);
	if (script.rules.history) return await playHistory(script, script.rules.history);
	const stage = await openStage(script.seed, script.rules.store);
	const story = new Story(script, stage.world, stage.stores);
	try {
		return await story.play();
	} catch (error) {
		// The engine explains every failure; what it does not explain is broken.
		const violations = [`unexplained: ${error instanceof Error ? error.stack : String(error)}`];
		return { script, figures: story.figures, violations, plot: story.plot };
	} finally {
		await stage.close();
	}
}

export class Story {
	readonly people: People;
	readonly witness: Witness;
	readonly rules: Rules;
	readonly figures: StoryFigures = { ...NO_FIGURES };
	readonly plot: string[] = [];
	/** A fault, or the end of a process, came over a run: then a conflict may be found where there was none, and is logged. */
	disturbed = false;
	readonly late: LateRequests;
	/** A run is under way, and waits for what people do. */
	interrupted = false;
	/** What could not end before the run that hung went on. */
	private readonly alongside: Array<Promise<void>> = [];

	constructor(
		private readonly script: Script,
		readonly world: World,
		readonly stores: Stores,
	) {
		this.rules = script.rules;
		this.people = new People(world, new Ledger(), script.rules.texts);
		this.witness = new Witness(this.people, script.rules);
		this.late = new LateRequests(world);
	}

	async play(): Promise<StoryOutcome> {
		const { world, people, rules, script } = this;
		this.plot.push(`family ${script.family}, rules ${JSON.stringify(rules)}`);
		await this.setUp();
		const random = new Random(script.seed);
		for (let index = 0; index < script.start; index++) people.create(this.creatingSide(random));
		for (const step of script.steps) {
			if (this.witness.found.length > 0) break;
			await this.step(step);
		}
		await this.quiet();
		const violations = [...this.witness.found, ...(await findViolations(this))];
		if (world.sandbox.log.requests.length === 0) violations.push('nothing ever ran');
		return { script, figures: this.figures, violations, plot: this.plot };
	}

	tell(text: string): void {
		this.plot.push(`${new Date(this.world.clock.now()).toISOString().slice(5, 19)} ${text}`);
	}

	/** Settings of the mapping and of the systems, as the rules say. */
	async setUp(): Promise<void> {
		const { tracking, outsiders } = this.rules;
		await this.setUpStore();
		this.world.sandbox.crm.setChangeTracking('account', tracking);
		if (outsiders) this.people.createOutsiders();
	}

	private async setUpStore(): Promise<void> {
		const { conflict, deletion, direction, creates, numbered } = this.rules;
		const fields = numbered ? { fields: { accountnumber: { enabled: true } } } : {};
		await this.use(({ store }) => store.saveSettings('CUSTOMER', { conflict, deletion, direction, onlyCoupled: !creates, ...fields }));
	}

	/** Runs go on with another store: what it knows of is taken as it is. */
	private async goOnWith(kind: StoreStep): Promise<string> {
		this.disturbed = true;
		if (kind === 'backUp') return await this.stores.backUp();
		const name = kind === 'otherStore' ? this.stores.change() : kind === 'loseStore' ? this.stores.lose() : await this.stores.setBack();
		await this.setUpStore();
		// A person says that this store is meant to be new: what is asked before each creation must hold without the stop of NOTHING_COUPLED.
		await this.use(({ store }) => markNew(store, this.world.clock, ['CUSTOMER', ENVIRONMENT]));
		await this.use((session) => this.witness.moveTo(session));
		return name;
	}

	/** The faults stop, what left comes back, and a few runs go through. */
	private async quiet(): Promise<void> {
		const { world, people } = this;
		people.endTransaction();
		world.minutes(15);
		await this.late.arrive();
		this.witness.look();
		world.sandbox.faults.clear();
		for (const side of SIDES) world.sandbox.clock.skew[side] = 0;
		takeBack(this);
		this.tell(`quiet; back in the filters: ${people.enterAgain()}`);
		// What a service refused twice waits until somebody asks for another try.
		if (familyOf(this.script.family).steps?.misses) await this.use((session) => retryAll(session, { mapping: 'CUSTOMER' }));
		for (let run = 0; run < RUNS_TO_AGREE; run++) {
			world.minutes(15);
			const action: Action = {
				name: 'sync',
				text: 'in quiet',
				run: (session) => synchronizeMapping(session, { mapping: 'CUSTOMER', findDeleted: 'now', ...anew(people.ledger) }),
			};
			await this.clean(action);
		}
	}

	private async step(step: Step): Promise<void> {
		const random = new Random(step.seed);
		await this.late.arrive();
		this.witness.look();
		if (step.kind === 'act') await this.act(random);
		else await this.happen(step.kind, random);
	}

	/** Something people do, or time. */
	private async happen(kind: Exclude<Step['kind'], 'act'>, random: Random): Promise<void> {
		const { world, people } = this;
		const side = random.pick(SIDES);
		switch (kind) {
			case 'merge':
			case 'give':
			case 'reimport':
			case 'hide':
			case 'misses':
				return this.tell(`${kind}: ${await close(this, kind, random)}`);
			case 'otherStore':
			case 'loseStore':
			case 'backUp':
			case 'setBack':
				return this.tell(`${kind}: ${await this.goOnWith(kind)}`);
			case 'keep':
			case 'putBack':
				return; // told by restoredStory.ts
			case 'event':
				return; // told by histories/play.ts
			case 'edit':
				this.figures.edits++;
				return this.tell(`edit in ${side}: ${people.edit(random, side)}`);
			case 'create': {
				const where = this.creatingSide(random);
				return this.tell(`create in ${where}: ${people.create(where)}`);
			}
			case 'twin':
				return this.tell(`created in both: ${people.createTwice()}`);
			case 'remove':
				return this.tell(`delete in ${side}: ${people.remove(random, side)}`);
			case 'slow':
				return this.tell(`a long transaction in businessCentral: ${people.editSlowly(random)}`);
			case 'leave':
				return this.tell(`leaves the filter of ${side}: ${people.leave(random, side)}`);
			case 'enter':
				return this.tell(`back in the filters: ${people.enterAgain()}`);
			case 'skew':
				world.sandbox.clock.skew[side] = random.between(-300_000, 300_000);
				return this.tell(`clock of ${side} is ${world.sandbox.clock.skew[side]} ms off`);
			case 'week':
				people.endTransaction();
				world.minutes(8 * 24 * 60);
				return this.tell('eight days pass');
			case 'lull': {
				people.endTransaction();
				const minutes = random.between(15, 40);
				world.minutes(minutes);
				await this.late.arrive();
				return this.tell(`${minutes} minutes pass`);
			}
			case 'wait': {
				const minutes = random.pick([0.01, 0.5, 1, 3, 7, 20]);
				// No transaction of Business Central outlives its longest request.
				if (minutes > 5) people.endTransaction();
				world.minutes(minutes);
				await this.late.arrive();
				return this.tell(`${minutes} minutes pass`);
			}
		}
	}

	/** Something is run, often under bad luck. */
	private async act(random: Random): Promise<void> {
		const family = familyOf(this.script.family);
		const action = prepare(weighted(random, family.actions!), this, random);
		if (!action) return;
		const manner = weighted(random, family.manners!);
		for (let count = random.pick(family.faults!); count > 0; count--) {
			const rule = drawFault(random);
			this.world.sandbox.faults.add(rule);
			this.figures.faults++;
			this.disturbed = true;
			this.tell(`fault: ${describeFault(rule)}`);
		}
		await this.carry(action, manner, random);
		this.world.sandbox.faults.clear();
		if (random.chance(0.5)) this.people.endTransaction();
	}

	private async carry(action: Action, manner: Manner, random: Random): Promise<void> {
		// The first requests learn what the services are like; a small run writes between the seventh and the twentieth.
		const step = random.pick([random.between(1, 8), random.between(7, 20), random.between(1, 25)]);
		const when = random.pick(['before', 'after'] as const);
		if (manner !== 'preview') action.decided?.();
		this.figures.runs++;
		if (manner === 'kill' || manner === 'cancel' || manner === 'pause' || manner === 'late') this.disturbed = true;
		switch (manner) {
			case 'plain':
				if (this.isQuiet() && !this.late.any) await this.clean(action);
				else await this.told(action, manner, perform(this, action, {}));
				return;
			case 'preview':
				return await this.preview(action);
			case 'kill': {
				this.figures.kills++;
				await this.told(action, `killed ${when} step ${step}`, killed(this, action, step, when));
				if (random.chance(0.8)) this.world.minutes(3);
				return;
			}
			case 'cancel':
				return await this.told(action, `cancelled ${when} request ${step}`, cancelled(this, action, step, when));
			case 'late': {
				const arrival = {
					ms: random.pick([1_000, 60_000, LONGEST_MINUTES * 60_000]),
					requests: random.pick([random.between(1, 30), Infinity]),
				};
				const late = this.late.wrap(random.between(1, 6), arrival);
				await this.told(action, 'with a late request', perform(this, action, late));
				if (late.struck()) this.figures.faults++;
				return;
			}
			case 'busy': {
				const interrupted = [1, 2, 3].map(() =>
					atRequest(random.between(1, 12), random.pick(['before', 'after']), () => this.interrupt(random)),
				);
				const transport = interrupted.reduce((outer, inner) => (base) => outer(inner(base)));
				return await this.told(action, 'while people work', perform(this, action, { transport }));
			}
			case 'pause':
				await this.told(
					action,
					`held up ${when} request ${step}`,
					paused(this, action, step, when, () => this.meanwhile(random)),
				);
				await Promise.all(this.alongside.splice(0));
				return;
			case 'overlap': {
				const other = prepare(random.chance(0.7) ? 'sync' : weighted(random, familyOf(this.script.family).actions!), this, random);
				if (!other) return;
				other.decided?.();
				this.figures.runs++;
				await Promise.all([
					this.told(action, 'overlapping', perform(this, action, {})),
					this.told(other, 'overlapping', perform(this, other, {})),
				]);
			}
		}
	}

	/** What people do while a run goes on. */
	private async interrupt(random: Random): Promise<void> {
		this.witness.look();
		const family = familyOf(this.script.family);
		const kinds = {
			...family.steps,
			act: 0,
			wait: 0,
			lull: 0,
			week: 0,
			skew: 0,
			otherStore: 0,
			loseStore: 0,
			backUp: 0,
			setBack: 0,
			keep: 0,
			putBack: 0,
			event: 0,
		};
		this.interrupted = true;
		await this.happen(weighted(random, kinds) as Exclude<Step['kind'], 'act'>, random);
		this.interrupted = false;
	}

	/** While one run hangs, people work, minutes pass, and others run. */
	private async meanwhile(random: Random): Promise<void> {
		this.tell('… held up; meanwhile:');
		for (let count = random.between(0, 2); count > 0; count--) await this.interrupt(random);
		this.people.endTransaction();
		this.world.minutes(random.pick([0.5, 1.5, 3, 4]));
		await this.late.arrive();
		const other = prepare(random.chance(0.7) ? 'sync' : weighted(random, familyOf(this.script.family).actions!), this, random);
		if (!other) return;
		other.decided?.();
		this.figures.runs++;
		const told = this.told(other, 'meanwhile', perform(this, other, {}));
		if (await this.stalls(told)) this.alongside.push(told);
		else if (random.chance(0.5)) await this.interrupt(random);
		this.tell('… goes on');
	}

	/** Runs of one process share what they are just fetching (metadata, for instance): then the one that hangs has to go on first. */
	private async stalls(work: Promise<void>): Promise<boolean> {
		const ended = work.then(() => false);
		for (let [requests, idle] = [-1, 0]; idle < IDLE_TURNS; idle++) {
			let timer: NodeJS.Timeout | undefined;
			const turn = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), TURN_MS)));
			const outcome = await Promise.race([ended, turn]);
			clearTimeout(timer);
			if (outcome !== null) return outcome;
			const now = this.world.sandbox.log.requests.length;
			if (now !== requests) idle = 0;
			requests = now;
		}
		return true;
	}

	private async preview(action: Action): Promise<void> {
		// What a service carries out late is no write of the preview.
		await this.late.hurry();
		this.witness.look();
		const before = await this.use((session) => fingerprintOf(session));
		const rows = this.writes();
		await this.told(action, 'preview', perform(this, action, {}, true));
		if (this.writes() !== rows) this.witness.found.push(`a preview (${action.name} ${action.text}) wrote ${this.writes() - rows} rows`);
		if ((await this.use((session) => fingerprintOf(session))) !== before)
			this.witness.found.push(`a preview (${action.name} ${action.text}) changed the store`);
	}

	/** Without any disturbance: what the job says must be what happened. */
	private async clean(action: Action): Promise<void> {
		this.witness.look();
		const open = await this.use(openIntents);
		const end = await perform(this, action, {});
		this.report(action, 'undisturbed', end);
		const seen = this.witness.look();
		const pairs = await this.use((session) => this.witness.lookAtCouplings(session));
		action.ended?.();
		this.witness.found.push(...checkCounters(action, end, seen, pairs, open));
	}

	private async told(action: Action, manner: string, ending: Promise<End>): Promise<void> {
		this.report(action, manner, await ending);
		this.witness.look();
		await this.use((session) => this.witness.lookAtCouplings(session));
		action.ended?.();
	}

	/** Tells how it ended. */
	report(action: Action, manner: string, { jobs, error, died }: End): void {
		const how = died ? 'died' : error ? `${error.name} ${'code' in error ? error.code : error.reason}` : describe(jobs);
		this.tell(`${action.name} ${action.text} ${manner}: ${how}`);
	}

	async use<T>(work: (session: SyncSession) => Promise<T>): Promise<T> {
		const session = await this.world.open();
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	}

	writes(): number {
		return this.world.sandbox.log.requests.reduce((sum, { writes }) => sum + writes, 0);
	}

	private isQuiet(): boolean {
		return this.plot.at(-1)?.includes(' fault: ') !== true;
	}

	/** A mapping of one direction creates on one side only; elsewhere people create anywhere. */
	private creatingSide(random: Random) {
		const side = random.pick(SIDES);
		return this.rules.direction === 'toCrm' ? 'businessCentral' : this.rules.direction === 'fromCrm' ? 'crm' : side;
	}
}

const openIntents = async ({ store }: SyncSession): Promise<number> =>
	(await store.intents('CUSTOMER', 'toCrm', 1000)).length + (await store.intents('CUSTOMER', 'fromCrm', 1000)).length;

const describe = (jobs: readonly JobResult[]): string =>
	jobs
		.map(({ job, failed }) => {
			const errors = failed.map(({ errorCode, crm, businessCentral }) => `${errorCode}:${crm?.name ?? businessCentral?.name ?? ''}`);
			return `[${job.mapping === 'CUSTOMER' ? '' : `${job.mapping} `}${job.direction} ${job.status} ${job.message} ${errors.join(',')}]`;
		})
		.join(' ');
