import { type Consent, type DayOfChanges, lossesOf, type MassChange, type MassChangeAction, NO_CHANGES } from '../../model/massChange';
import type { Job } from '../../model/job';
import type { Lease } from '../../model/lease';
import type { MassChangeLimits, TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import { tooManyCreations, tooManyLosses } from './refusal';

/** Limits of a mapping that sets none of its own. */
export const DEFAULT_LIMITS: MassChangeLimits = { share: 0.2, absolute: 100, minimum: 10 };
/** Runs create so many records a day without being asked, however few are coupled. */
const CREATIONS = 10_000;
const TITLES = 5;

/** The run that is guarded. */
export interface GuardedRun {
	session: SyncSession;
	mapping: TableMapping;
	/** `watch`: counts without stopping anything. `open`: the user has allowed what comes. */
	manner: 'strict' | 'watch' | 'open';
	consented?: readonly Consent[] | undefined;
	/** The run's; what the guard tidies up in the store is written with it. */
	lease?: Lease;
}

/**
 * Stops runs that would delete, uncouple, overwrite or empty more records than a mapping allows within 24 hours: an import gone wrong, a table emptied
 * by mistake or a lost permission would otherwise spread to the other system at once, or in portions. Each record counts once. Creations have a limit
 * of their own. What a run did is in the store with its pages (`GuardedOfPage`); the guard only looks.
 */
export class MassChangeGuard {
	/** What a run that is only watched would do, by record. */
	private readonly watched = new Map<string, MassChange>();
	private readonly jobs: Job[] = [];
	private readonly writesBefore: number;

	constructor(private readonly run: GuardedRun) {
		this.writesBefore = this.writes();
	}

	get manner(): GuardedRun['manner'] {
		return this.run.manner;
	}

	get limits(): MassChangeLimits {
		return { ...DEFAULT_LIMITS, ...this.run.mapping.massChange };
	}

	consents(to: Consent): boolean {
		return this.run.manner === 'open' || (this.run.consented ?? []).includes(to);
	}

	/** The same limits for a rehearsal of the run. What a service would not create is not known in it, so creations are left to the run. */
	watching(): MassChangeGuard {
		return new MassChangeGuard({ ...this.run, manner: 'watch', consented: ['create', ...(this.run.consented ?? [])] });
	}

	/** A job of the run: what it has changed so far is told when the guard stops it. */
	follow(job: Job): void {
		this.jobs.push(job);
	}

	/**
	 * Before the run looks at anything. A person who allows mass changes for a whole mapping has seen what was done before: the day begins again.
	 */
	async begin(wholeMapping: boolean): Promise<void> {
		const { session, mapping, manner, lease } = this.run;
		const { counts, untidy } = await session.store.massChangesOfDay(mapping.name);
		const forgets = manner === 'open' && wholeMapping;
		if (!untidy && !(forgets && lossesOf(counts) + counts.create > 0)) return;
		await session.store.commit({ massChangesForgotten: { mapping: mapping.name, which: forgets ? 'all' : 'old' } }, lease);
	}

	/** Whether that many further records may lose something today. */
	async allows(count: number): Promise<boolean> {
		return this.manner === 'open' || (await this.losses(await this.day(), count)).within;
	}

	/** Whether that many further records may be created today. */
	async allowsCreations(count: number): Promise<boolean> {
		return this.consents('create') || (await this.creations(await this.day(), count)).within;
	}

	/** To be called before the changes are carried out. @throws SyncError `MASS_CHANGE` (setup) when they are too many. */
	async spend(changes: readonly MassChange[]): Promise<void> {
		const counted = this.consents('create') ? changes.filter(({ action }) => action !== 'create') : changes;
		if (this.manner === 'open' || counted.length === 0) return;
		const fresh = await this.notCounted(counted);
		if (this.manner === 'watch') for (const [key, change] of fresh) this.watched.set(key, change);
		else await this.require([...fresh.values()]);
	}

	/** @throws SyncError `MASS_CHANGE` (setup) when what was watched is too much. */
	async check(): Promise<void> {
		await this.require([...this.watched.values()]);
	}

	private async require(changes: readonly MassChange[]): Promise<void> {
		if (changes.length === 0) return;
		const day = await this.day();
		const lost = changes.filter(({ action }) => action !== 'create');
		const told = { mapping: this.run.mapping.name, day, changed: this.changed(), preview: this.run.session.preview ?? false };
		const losses = await this.losses(day, lost.length);
		if (lost.length > 0 && !losses.within)
			throw tooManyLosses({
				...told,
				limits: this.limits,
				limit: losses.limit,
				base: losses.base,
				would: countsOf(lost),
				titles: titlesOf(lost),
			});
		const created = changes.filter(({ action }) => action === 'create');
		const creations = await this.creations(day, created.length);
		if (created.length > 0 && !creations.within)
			throw tooManyCreations({ ...told, limit: creations.limit, would: countsOf(created), titles: titlesOf(created) });
	}

	private day = (): Promise<DayOfChanges> => this.run.session.store.massChangesOfDay(this.run.mapping.name);

	/** Small numbers need no look at the couplings. */
	private async losses({ counts }: DayOfChanges, more: number): Promise<{ within: boolean; limit: number; base: number }> {
		const { share, absolute, minimum } = this.limits;
		const total = lossesOf(counts) + more;
		if (total < minimum) return { within: true, limit: minimum - 1, base: 0 };
		const base = await this.coupledAtFirst(counts);
		const limit = Math.max(minimum - 1, Math.min(absolute, Math.floor(share * base)));
		return { within: total <= limit, limit, base };
	}

	private async creations({ counts }: DayOfChanges, more: number): Promise<{ within: boolean; limit: number }> {
		const own = this.limits.creations;
		const total = counts.create + more;
		if (own !== undefined || total <= CREATIONS) return { within: total <= (own ?? CREATIONS), limit: own ?? CREATIONS };
		const limit = Math.max(CREATIONS, (await this.coupledAtFirst(counts)) - counts.create);
		return { within: total <= limit, limit };
	}

	/** Couplings before the day's runs ended some of them. */
	private async coupledAtFirst(counts: DayOfChanges['counts']): Promise<number> {
		return (await this.run.session.store.countCouplings(this.run.mapping.name)) + counts.delete + counts.uncouple;
	}

	/** Those that do not count already, by what they count as. */
	private async notCounted(changes: readonly MassChange[]): Promise<Map<string, MassChange>> {
		const { session, mapping } = this.run;
		const known = await session.store.massChangesAmong(
			mapping.name,
			changes.map(({ recordId }) => recordId),
		);
		const counted = new Set(known.map(keyOf));
		return new Map(changes.flatMap((each): Array<[string, MassChange]> => (counted.has(keyOf(each)) ? [] : [[keyOf(each), each]])));
	}

	/** Records that the run has changed so far; what a write came to before it was counted is at least written. */
	private changed(): number {
		const counted = this.jobs.reduce((sum, job) => sum + job.inserted + job.modified + job.deleted + job.coupled + job.uncoupled, 0);
		return counted > 0 ? counted : this.writes() - this.writesBefore;
	}

	private writes(): number {
		const { businessCentral, crm } = this.run.session;
		return businessCentral.counts.writes + crm.counts.writes;
	}
}

const keyOf = ({ recordId, action }: Pick<MassChange, 'recordId' | 'action'>): string =>
	`${action === 'create' ? 'create' : 'loss'} ${recordId}`;

function countsOf(changes: readonly MassChange[]): DayOfChanges['counts'] {
	const counts: Record<MassChangeAction, number> = { ...NO_CHANGES };
	for (const { action } of changes) counts[action]++;
	return counts;
}

const titlesOf = (changes: readonly MassChange[]): string[] => changes.slice(0, TITLES).map(({ title }) => title);
