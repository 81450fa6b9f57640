import { settleRestored, synchronizeMapping, synchronizeWithSide } from '../../engine';
import type { JobResult } from '../../engine/jobs/jobResult';
import type { World } from '../kit/world';
import { FIELDS as ALL, MARK, markOf, otherSide, SIDES, Tables, type EditableField, type Side } from './fields';
import { Random } from './random';
import type { Script, Step } from './script';
import { openStage } from './stage';
import { NO_FIGURES, type StoryFigures, type StoryOutcome } from './outcome';

/** Fields of the customers themselves: those of the page have a row of their own. */
const FIELDS = ALL.filter((field) => !field.page);

type Values = Map<string, string>;
/** Values by record and field, on one side. */
type Picture = Map<string, Values>;

/**
 * Stories in which systems are put back to earlier states, or copies of those take their place. A model of its own: what both sides agreed on when
 * a system went back, what it holds since, and what people enter afterwards say which value every field must have in the end.
 */
export async function playRestored(script: Script): Promise<StoryOutcome> {
	const stage = await openStage(script.seed, script.rules.store);
	const story = new RestoredStory(script, stage.world);
	try {
		return await story.play();
	} catch (error) {
		const violations = [`unexplained: ${error instanceof Error ? error.stack : String(error)}`];
		return { script, figures: story.figures, violations, plot: story.plot };
	} finally {
		await stage.close();
	}
}

class RestoredStory {
	readonly figures: StoryFigures = { ...NO_FIGURES };
	readonly plot: string[] = [];
	private readonly found: string[] = [];
	private readonly tables: Tables;
	private readonly kept = new Map<Side, { putBack: () => void; picture: Picture }>();
	/** Records whose couple ended with a restore that was accepted: they need not have a partner. */
	private readonly parted = new Set<string>();
	private readonly dirty = new Map<string, Side>();
	private token = 0;

	constructor(
		private readonly script: Script,
		private readonly world: World,
	) {
		this.tables = new Tables(world);
	}

	async play(): Promise<StoryOutcome> {
		const { script } = this;
		this.tell(`family ${script.family}, rules ${JSON.stringify(script.rules)}`);
		const { conflict, deletion, creates } = script.rules;
		const session = await this.world.open();
		await session.store.saveSettings('CUSTOMER', { conflict, deletion, onlyCoupled: !creates });
		await session.store.close();
		const random = new Random(script.seed);
		for (let index = 0; index < script.start; index++) this.create(random.pick(SIDES));
		await this.agreed();
		for (const step of script.steps) {
			if (this.found.length > 0) break;
			await this.step(step);
		}
		if (this.found.length === 0) await this.agreed();
		return { script, figures: this.figures, violations: this.found, plot: this.plot };
	}

	private tell(text: string): void {
		this.plot.push(`${new Date(this.world.clock.now()).toISOString().slice(5, 19)} ${text}`);
	}

	private broken(text: string): void {
		this.found.push(text);
		this.tell(`BROKEN: ${text}`);
	}

	private async step({ kind, seed }: Step): Promise<void> {
		const random = new Random(seed);
		switch (kind) {
			case 'edit':
				return this.edit(random, random.pick(SIDES), () => true);
			case 'create':
				return this.create(random.pick(SIDES));
			case 'wait':
			case 'lull':
				return this.world.minutes(random.pick([1, 5, 20, 90]));
			case 'keep':
				return await this.keep(random);
			case 'putBack':
				return await this.putBack(random);
			default:
				return await this.agreed();
		}
	}

	private create(side: Side): void {
		const mark = `#${++this.token}`;
		const name = `r${this.token}`;
		if (side === 'crm') this.world.sandbox.crm.insert('account', { name, customertypecode: 3, [MARK.crm]: mark });
		else this.tables.company.insert('customers', { displayName: name, [MARK.bc]: mark });
		this.dirty.set(mark, side);
		this.tell(`create in ${side}: ${mark}`);
	}

	/** Nobody edits a record in both systems between two runs: what conflicts come to is other families' matter. */
	private edit(random: Random, side: Side, may: (mark: string, field: EditableField) => boolean): void {
		const rows = this.tables.rows(side).filter((row) => (this.dirty.get(markOf(side, row)) ?? side) === side);
		if (rows.length === 0) return;
		const row = random.pick(rows);
		const field = random.pick(FIELDS);
		const mark = markOf(side, row);
		if (!may(mark, field)) return;
		const value = `v${++this.token}`;
		this.figures.edits++;
		this.tables.write(side, row, field, value);
		this.dirty.set(mark, side);
		this.tell(`edit in ${side}: ${mark} ${field.caption} = ${value}`);
	}

	private async run(more: object = {}): Promise<JobResult[]> {
		this.figures.runs++;
		const session = await this.world.open();
		try {
			const jobs = await synchronizeMapping(session, { mapping: 'CUSTOMER', allowMassChanges: true, ...more });
			this.tell(
				`run ${JSON.stringify(more)}: ${jobs.map(({ job, failed }) => `${job.status} I${job.inserted} M${job.modified} F${failed.map(({ errorCode }) => errorCode).join()}`).join('; ')}`,
			);
			return jobs;
		} finally {
			await session.store.close();
		}
	}

	/** A run that nothing is in the way of; both sides hold the same afterwards. */
	private async agreed(): Promise<void> {
		this.world.minutes(15);
		for (let round = 0; round < 2; round++) {
			for (const { job, failed } of await this.run()) {
				if (job.status !== 'finished') this.broken(`a run that nothing is in the way of ended as ${job.status}: ${job.message}`);
				else if (failed.length > 0) this.broken(`failed without a reason: ${failed[0]!.errorCode} ${failed[0]!.message}`);
			}
		}
		this.dirty.clear();
		const [bc, crm] = [this.picture('businessCentral'), this.picture('crm')];
		for (const mark of new Set([...bc.keys(), ...crm.keys()])) {
			if (this.parted.has(mark) && !(bc.has(mark) && crm.has(mark))) continue;
			for (const { caption } of FIELDS) {
				const [left, right] = [bc.get(mark)?.get(caption), crm.get(mark)?.get(caption)];
				if (left !== right) this.broken(`${mark} ${caption}: ${left} in Business Central, ${right} in CRM, though both were to agree`);
			}
		}
		this.world.minutes(15);
	}

	private picture(side: Side): Picture {
		const picture: Picture = new Map();
		for (const row of this.tables.rows(side)) {
			const mark = markOf(side, row);
			if (picture.has(mark)) this.broken(`${mark} is twice in ${side}`);
			picture.set(mark, new Map(FIELDS.map((field) => [field.caption, this.tables.value(side, row, field)])));
		}
		return picture;
	}

	/** A backup of one system, or of both, while both agree. */
	private async keep(random: Random): Promise<void> {
		await this.agreed();
		const { sandbox } = this.world;
		for (const side of this.restored(random)) {
			const picture = this.picture(side);
			if (side === 'crm') {
				const state = sandbox.crm.snapshot();
				const copies = this.script.rules.copies && random.chance(0.5);
				this.kept.set(side, { picture, putBack: () => (sandbox.crm.restore(state), copies && void sandbox.crm.becomeCopy()) });
			} else {
				const state = sandbox.businessCentral.snapshot();
				this.kept.set(side, { picture, putBack: () => sandbox.businessCentral.restore(state) });
			}
			this.tell(`${side} is backed up`);
		}
		this.world.minutes(5);
	}

	private restored(random: Random): readonly Side[] {
		const which = this.script.rules.restores ?? 'either';
		return which === 'both' ? SIDES : which === 'either' ? [random.pick(SIDES)] : [which];
	}

	private async putBack(random: Random): Promise<void> {
		if (this.kept.size === 0) return;
		await this.agreed();
		if (this.found.length > 0) return;
		const before = this.picture('crm');
		const changed = new Map([...this.kept].map(([side, { picture }]) => [side, changedSince(picture, before)] as const));
		const [first] = changed.values();
		// Where only a few new records go, nothing tells a restore from deletions; that is written in the documentation.
		if ([...changed.values()].some(({ values }) => values.size === 0) || !first) return;
		for (const { putBack } of this.kept.values()) putBack();
		this.tell(`put back: ${[...this.kept.keys()].join(', ')}`);
		const sides = [...this.kept.keys()];
		const pictures = new Map(sides.map((side) => [side, this.kept.get(side)!.picture]));
		this.kept.clear();
		this.world.minutes(random.pick([1, 5, 30]));
		// People go on working in the system that did not go back; what they enter in the other one on top of old values is asked about, not settled.
		const later: Array<{ mark: string; caption: string; value: string }> = [];
		const working = SIDES.filter((side) => !sides.includes(side));
		const isBack = (mark: string, { caption }: EditableField): boolean =>
			sides.some((side) => pictures.get(side)!.get(mark)?.get(caption) !== before.get(mark)?.get(caption));
		for (let count = random.between(0, 3); count > 0; count--) {
			for (const side of working) this.edit(random, side, (mark, field) => !isBack(mark, field));
		}
		for (const [mark, side] of this.dirty) {
			for (const [caption, value] of this.picture(side).get(mark) ?? []) {
				if (value !== before.get(mark)?.get(caption)) later.push({ mark, caption, value });
			}
		}
		await this.expectStopped(random);
		const way = random.pick(['sendAgain', 'accept'] as const);
		const survivors = this.picture(otherSide(sides[0]!));
		await this.settle(way, random);
		if (this.found.length > 0) return;
		if (way === 'accept' && first.created.size > 0 && sides.length === 1) {
			for (const mark of first.created) {
				const left = this.picture(otherSide(sides[0]!)).get(mark);
				if (!left || !sameValues(left, survivors.get(mark)!))
					this.broken(`${mark}, which the restore took from ${sides[0]}, did not stay as it was on the other side`);
			}
		}
		if (sides.length > 1) await this.personDecides(random);
		if (way === 'accept') for (const { created } of changed.values()) for (const mark of created) this.parted.add(mark);
		await this.agreed();
		const after = this.picture('crm');
		for (const [mark, values] of before) {
			if (this.parted.has(mark)) continue;
			for (const { caption } of FIELDS) {
				const entered = later.find((each) => each.mark === mark && each.caption === caption)?.value;
				const allowed = entered !== undefined ? [entered] : expected(way, pictures, changed, mark, caption, values.get(caption)!);
				const value = after.get(mark)?.get(caption);
				if (allowed !== null && (value === undefined || !allowed.includes(value)))
					this.broken(`${way}: ${mark} ${caption} is ${value}, and should be ${allowed.join(' or ')}`);
			}
		}
	}

	/** What went back on both sides, to different times, and has no strategy: somebody chooses a side. */
	private async personDecides(random: Random): Promise<void> {
		const session = await this.world.open();
		try {
			const jobs = await synchronizeMapping(session, { mapping: 'CUSTOMER', allowMassChanges: true });
			const failed = jobs.flatMap((job) => job.failed).filter(({ errorCode }) => errorCode === 'CONFLICT');
			const ids = [...new Set(failed.flatMap(({ businessCentral }) => businessCentral?.id ?? []))];
			if (ids.length === 0) return;
			const winner = random.pick(SIDES);
			await synchronizeWithSide(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids, winner, allowMassChanges: true });
			this.tell(`a person decides for ${winner}: ${ids.length}`);
		} finally {
			await session.store.close();
		}
	}

	/** Whatever is run: nothing is written, and the error says so. */
	private async expectStopped(random: Random): Promise<void> {
		const writes = this.world.sandbox.log.requests.reduce((sum, request) => sum + request.writes, 0);
		const more = random.pick([
			{},
			{ fromStart: true, createUncoupled: true },
			{ findDeleted: 'now', deletion: 'deleteOther' },
			{ preview: true },
		]);
		const [result] = await this.run(more);
		const since = this.world.sandbox.log.requests.reduce((sum, request) => sum + request.writes, 0) - writes;
		if (since > 0) this.broken(`${since} rows were written although a system was put back`);
		if (result!.failed[0]?.errorCode !== 'RESTORED')
			this.broken(`a run on a system that was put back ended as ${result!.job.status}: ${result!.job.message}`);
	}

	private async settle(way: 'sendAgain' | 'accept', random: Random): Promise<void> {
		const session = await this.world.open();
		try {
			for (const preview of random.chance(0.3) ? [true, false] : [false]) {
				const before = preview ? JSON.stringify([...this.picture('crm')]) : '';
				const jobs = await settleRestored(session, { mapping: 'CUSTOMER', way, preview });
				this.tell(`${way}${preview ? ' (preview)' : ''}: ${jobs.map(({ job }) => `${job.status} ${job.message}`).join(' | ')}`);
				if (preview && JSON.stringify([...this.picture('crm')]) !== before) this.broken('a preview of settling wrote');
				if (!preview && jobs.some(({ job }) => job.status !== 'finished'))
					this.broken(`settling ended as ${jobs.map(({ job }) => job.status).join()}`);
			}
		} finally {
			await session.store.close();
		}
	}
}

/** What went back with a picture: records whose values changed since, and those that were created since. */
function changedSince(kept: Picture, now: Picture): { values: Set<string>; created: Set<string> } {
	const values = new Set([...now].flatMap(([mark, each]) => (kept.has(mark) && !sameValues(kept.get(mark)!, each) ? [mark] : [])));
	return { values, created: new Set([...now.keys()].filter((mark) => !kept.has(mark))) };
}

const sameValues = (one: Values, other: Values): boolean => [...one].every(([caption, value]) => other.get(caption) === value);

/** Values a field may have in the end; null where it may be anything. */
function expected(
	way: 'sendAgain' | 'accept',
	pictures: ReadonlyMap<Side, Picture>,
	changed: ReadonlyMap<Side, { values: ReadonlySet<string>; created: ReadonlySet<string> }>,
	mark: string,
	caption: string,
	agreed: string,
): string[] | null {
	const back = [...pictures].filter(([side]) => changed.get(side)!.values.has(mark));
	const taken = [...pictures].filter(([side]) => changed.get(side)!.created.has(mark));
	// Gone on both sides, or gone on one and old on the other.
	if (taken.length > 1 || (taken.length > 0 && back.length > 0)) return null;
	const old = back.map(([, picture]) => picture.get(mark)!.get(caption)!);
	if (back.length > 1) return [...old, agreed];
	return way === 'accept' && old.length === 1 ? old : [agreed];
}
