import { noteKeys } from '../../jobs/noteKeys';
import { NEVER_COMPARED, type VersionComparison } from '../../model/comparison';
import type { CoupledPair } from '../../model/coupling';
import type { Side } from '../../model/side';
import type { StoreChanges } from '../../ports/storeChanges';
import { askByIds } from './byIds';
import type { ComparisonRun, ComparisonWish, SideReading } from './comparisonRun';
import { deletedOn } from './deletedPartners';
import { isDueOn } from './due';
import { type ComparedSide, judge } from './overlooked';
import { walkedPage, WalkLost } from './walk';
import { PER_REQUEST, wayOf } from './way';

/** So many records of a side are looked at in one run; a comparison of a larger table goes on in the next one. */
const MOST_IN_A_RUN = 200_000;
/** A page counts as so many at least: a service may send pages that a filter has emptied. */
const LEAST_OF_A_PAGE = 1_000;
/** Couplings that are looked through for marks at a time. */
const SLICE = 2_000;

/**
 * Compares id and version of every record of one side with the couplings, when it is time for it: finds what was deleted or has left the filter without
 * its partner changing, and what was changed or created without a stamp that a run would read. What it finds is kept in the store, and dealt with
 * by the passes of this run. Each page is one transaction; one that was interrupted goes on where it stood. Answers whether it compared.
 */
export async function compareSide(run: ComparisonRun, side: Side, wish: ComparisonWish): Promise<boolean> {
	const { session, mapping } = run;
	const now = new Date(session.clock.now()).toISOString();
	const reading = await run.readingOf(side);
	const known = await session.store.comparison(mapping.name, side);
	const knowsUncoupled = await isUncoupledKnown(run, side, known, reading);
	const comparison: VersionComparison = { mapping: mapping.name, side, ...NEVER_COMPARED, ...known, knowsUncoupled };
	// What this run is told to leave without a partner is taken stock of by the next one.
	const asKnown = known && { ...known, knowsUncoupled: knowsUncoupled || reading?.uncoupled === 'leaves' };
	if (wish === 'off' || (wish === 'mapping' && !isDueOn(session, mapping, side, asKnown))) {
		if (known ? known.knowsUncoupled !== knowsUncoupled : wish === 'mapping')
			await save(run, { ...comparison, checkedAt: known ? known.checkedAt : now });
		return false;
	}
	await new Comparison(run, comparison, reading).go(now);
	return true;
}

/**
 * Whether couples have lost a record of this side, by asking for every one of them; for a run that has to know it before it writes. What a comparison
 * is about stays as it is.
 */
export async function searchDeleted(run: ComparisonRun, side: Side): Promise<void> {
	const { session, mapping, lease } = run;
	const of: ComparedSide = { run, side, reading: null, knowsUncoupled: false };
	const limit = PER_REQUEST[side].ids;
	for (let after = ''; ;) {
		await run.checkpoint();
		const pairs = await session.store.couplingPairs(mapping.name, after, limit);
		const { gone } = pairs.length > 0 ? await askByIds(of, pairs) : { gone: [] };
		if (gone.length > 0) await session.store.commit({ deletedPartners: deletedOn(mapping.name, side, gone) }, lease);
		if (pairs.length < limit) return;
		after = pairs.at(-1)!.bcId;
	}
}

/** See `VersionComparison.knowsUncoupled`. */
async function isUncoupledKnown(
	{ session, mapping }: ComparisonRun,
	side: Side,
	known: VersionComparison | null,
	reading: SideReading | null,
): Promise<boolean> {
	if (reading?.uncoupled === 'everything') return true;
	if (!reading?.creates || reading.uncoupled === 'leaves') return false;
	// A mapping that was never run has overlooked nothing.
	return known?.knowsUncoupled ?? (await session.store.watermark(mapping.name, side)) === null;
}

const save = ({ session, lease }: ComparisonRun, comparison: VersionComparison): Promise<void> =>
	session.store.commit({ comparison }, lease);

/** One comparison of one side, as far as it comes in this run. */
class Comparison {
	private readonly of: ComparedSide;
	private looked = 0;

	constructor(
		private readonly run: ComparisonRun,
		private state: VersionComparison,
		reading: SideReading | null,
	) {
		this.of = { run, side: state.side, reading, knowsUncoupled: state.knowsUncoupled };
	}

	/** @param now when this run began it; ISO, UTC */
	async go(now: string): Promise<void> {
		if (this.state.phase === null) await this.begin(now);
		const walked = this.state.phase !== 'walk' || (await this.walk(now));
		if (walked && (await this.askForTheRest())) await this.end(now);
		await this.tell();
	}

	private async begin(now: string): Promise<void> {
		await this.keep({}, { beganAt: now, phase: await wayOf(this.of), position: '' });
	}

	/** Answers whether it came to the end of the table. */
	private async walk(now: string): Promise<boolean> {
		for (;;) {
			if (this.looked >= MOST_IN_A_RUN) return false;
			await this.run.checkpoint();
			let page: Awaited<ReturnType<typeof walkedPage>>;
			try {
				page = await walkedPage(this.run, this.state.side, this.state.position ?? '');
			} catch (error) {
				if (!(error instanceof WalkLost)) throw error;
				await this.keep({}, { beganAt: now, position: '' });
				continue;
			}
			const { requeued, marks } = await judge(this.of, page.records);
			const next = page.next === null ? { phase: 'rest' as const, position: '' } : { position: page.next };
			await this.keep({ requeued, compared: this.marked(marks) }, next);
			this.looked += Math.max(page.records.length, LEAST_OF_A_PAGE);
			if (page.next === null) return true;
		}
	}

	/** Couplings whose record the walk has not met; without a walk, all of them. Answers whether it came to their end. */
	private async askForTheRest(): Promise<boolean> {
		const { side, beganAt } = this.state;
		const atOnce = PER_REQUEST[side].ids;
		let position: string | null = this.state.position ?? '';
		let open: CoupledPair[] = [];
		while (position !== null) {
			if (this.looked >= MOST_IN_A_RUN) return false;
			await this.run.checkpoint();
			const slice = await this.run.session.store.unmetCouplings(this.state.mapping, side, {
				...{ beganAt: beganAt!, afterBcId: position, limit: SLICE },
			});
			open.push(...slice.pairs);
			position = slice.last;
			if (open.length + SLICE <= atOnce && position !== null) continue;
			if (open.length > 0) await this.ask(open, position);
			this.looked += open.length;
			open = [];
		}
		return true;
	}

	private async ask(pairs: readonly CoupledPair[], position: string | null): Promise<void> {
		const { requeued, marks, gone } = await askByIds(this.of, pairs);
		const { mapping, side } = this.state;
		// Only what has to be remembered is marked: that it was asked for says the position.
		const compared = this.marked(marks.filter(({ version }) => version !== null));
		await this.keep({ requeued, compared, deletedPartners: deletedOn(mapping, side, gone) }, position === null ? {} : { position });
	}

	private async end(now: string): Promise<void> {
		const { mapping, side, beganAt } = this.state;
		const knowsUncoupled = this.of.reading?.creates ?? false;
		await this.keep({}, { beganAt: null, phase: null, position: null, checkedAt: now, knowsUncoupled });
		await this.run.session.store.forgetCompared(mapping, side, beganAt!);
	}

	private async tell(): Promise<void> {
		const { side, untold } = this.state;
		if (untold === 0) return;
		await this.keep({ log: this.run.tellOverlooked(side, untold) }, { untold: 0 });
	}

	private marked(records: Awaited<ReturnType<typeof judge>>['marks']): NonNullable<StoreChanges['compared']> {
		const { mapping, side, beganAt } = this.state;
		return { mapping, side, beganAt: beganAt!, records };
	}

	/** What a page has found, and how far the comparison has come with it, in one transaction. */
	private async keep(changes: StoreChanges, progress: Partial<VersionComparison>): Promise<void> {
		const untold = this.state.untold + (changes.requeued?.length ?? 0);
		const comparison = { ...this.state, untold, ...progress };
		await noteKeys(this.run.session);
		await this.run.session.store.commit({ ...changes, comparison }, this.run.lease);
		this.state = comparison;
	}
}
