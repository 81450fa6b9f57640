import type { Lease } from '../model/lease';
import type { TriggerMapping, TriggerSignal, TriggerState } from '../model/trigger';
import type { SyncStore } from '../ports/syncStore';
import { waitOf } from './due';
import { freshMapping, freshSide, stateOf } from './freshState';
import type { Watched } from './periods';
import type { TriggerSettings } from './triggerSettings';

/** After so long without a look, everything is run once: a service may have forgotten what it noted, and a person may have trusted in it. */
const LONG_GONE_MS = 7 * 24 * 3_600_000;
/** Where looks begin is put down so often when nothing else changed: after a restart they begin that much earlier. */
const MARKS_EVERY_MS = 5 * 60_000;

/** What a trigger knows while it holds its lease: nobody else changes it then. */
export class TriggerMemory {
	private readonly saved = new Map<string, string>();
	private readonly gone = new Set<string>();
	private marksSavedMs = 0;
	private watched: ReadonlyMap<string, Watched> = new Map();
	/** Nothing was known of the trigger before. */
	private isNew: boolean;

	private constructor(
		private readonly settings: TriggerSettings,
		public state: TriggerState,
		readonly mappings: Map<string, TriggerMapping>,
	) {
		this.isNew = mappings.size === 0;
		for (const known of mappings.values()) this.saved.set(known.mapping, essence(known));
	}

	/** @param startNow all mappings are to run once, because the workflow was published just now */
	static async load(
		store: SyncStore,
		settings: TriggerSettings,
		{ startNow, now }: { startNow: boolean; now: number },
	): Promise<TriggerMemory> {
		const stored = await store.trigger(settings.trigger);
		const state = stateOf(settings, stored?.state ?? null, now);
		const mappings = new Map((stored?.mappings ?? []).map((known) => [known.mapping, known]));
		const isLongGone = state.lastLookMs !== null && now - state.lastLookMs > LONG_GONE_MS;
		if (startNow || isLongGone)
			for (const known of mappings.values()) mappings.set(known.mapping, { ...known, owed: 'start', notBeforeMs: null });
		return new TriggerMemory(settings, state, mappings);
	}

	/** Takes up mappings that are new, lets go of those that are gone, and wakes those that were changed. */
	follow(watched: readonly Watched[], now: number): void {
		this.watched = new Map(watched.map((each) => [each.mapping.name, each]));
		const names = new Set(this.watched.keys());
		for (const name of this.mappings.keys()) {
			if (names.has(name)) continue;
			this.mappings.delete(name);
			this.saved.delete(name);
			this.gone.add(name);
		}
		const owed = !this.isNew || this.settings.startNow ? 'start' : null;
		this.isNew = false;
		for (const { mapping, definition, sources } of watched) {
			const known = this.mappings.get(mapping.name);
			if (!known) this.put(freshMapping(mapping.name, definition, { owed, now }));
			else if (known.definition !== definition)
				this.put({
					...known,
					...{ definition, asleepSinceMs: null, waitsFromMs: null, notBeforeMs: null, brakeMs: 0, idleRuns: 0 },
					sides: sidesOf(known, sources),
				});
		}
	}

	put(known: TriggerMapping): void {
		const watched = this.watched.get(known.mapping);
		const dueMs = watched && known.waitsFromMs !== null ? known.waitsFromMs + waitOf(watched, known) : null;
		this.mappings.set(known.mapping, { ...known, dueMs });
	}

	/**
	 * Puts down what changed, in one transaction under the lease.
	 * @throws SyncError `LEASE_LOST` when somebody else is the trigger by now
	 */
	async save(
		store: SyncStore,
		lease: Lease,
		{ now, signalsTaken = [] }: { now: number; signalsTaken?: readonly TriggerSignal[] },
	): Promise<void> {
		const withMarks = now - this.marksSavedMs >= MARKS_EVERY_MS || now < this.marksSavedMs;
		const changed = [...this.mappings.values()].filter((known) => withMarks || this.saved.get(known.mapping) !== essence(known));
		const trigger = this.settings.trigger;
		await store.commit(
			{ trigger: { trigger, state: { ...this.state, aliveMs: now }, mappings: changed, mappingsGone: [...this.gone], signalsTaken } },
			lease,
		);
		this.state.aliveMs = now;
		if (withMarks) this.marksSavedMs = now;
		this.gone.clear();
		for (const known of changed) this.saved.set(known.mapping, essence(known));
	}
}

/** A side whose changes are carried nowhere any more has no news. */
const sidesOf = ({ sides }: TriggerMapping, sources: Watched['sources']): TriggerMapping['sides'] => ({
	businessCentral: sources.includes('businessCentral') ? sides.businessCentral : freshSide(),
	crm: sources.includes('crm') ? sides.crm : freshSide(),
});

/** All of it but where the looks begin. */
const essence = ({ sides, ...known }: TriggerMapping): string =>
	JSON.stringify([known, { ...sides.businessCentral, mark: null }, { ...sides.crm, mark: null }]);
