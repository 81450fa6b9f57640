import { HeldBySource } from './heldBySource';
import { HeldCouplings } from './heldCouplings';
import { HeldComparisons } from './heldComparisons';
import { HeldDeletions } from './heldDeletions';
import { HeldMassChanges } from './heldMassChanges';
import { HeldRequeued } from './heldRequeued';
import type { Side } from '../model/side';
import type { ChangeToken, ChangeTokenUpdate } from '../model/changeToken';
import type { CoupledPair, OwnWrite } from '../model/coupling';
import type { FieldSetProgress, KnownFieldSets } from '../model/fieldSet';
import type { Failure } from '../model/failure';
import type { FullSyncLine } from '../model/fullSync';
import type { Intent } from '../model/intent';
import type { Origin } from '../model/storeIdentity';
import type { CompanySettings } from '../model/companySettings';
import type { MappingSettings } from '../model/tableMapping';
import type { Tombstone } from '../model/tombstone';
import type { Watermark } from '../model/watermark';
import type { StoreChanges } from '../ports/storeChanges';
import type { SyncStore } from '../ports/syncStore';

/** What was committed to the overlay, beside what the store holds. Jobs and the log are for those who come later: nobody does. */
export class HeldState {
	readonly intents = new HeldBySource<Intent>();
	readonly failures = new HeldBySource<Failure>();
	readonly requeued: HeldRequeued;
	readonly massChanges: HeldMassChanges;
	readonly deletions = new HeldDeletions();
	readonly watermarks = new Map<string, Watermark>();
	private readonly changeTokens = new Map<string, ChangeToken | null>();
	readonly comparisons = new HeldComparisons();
	readonly origins = new Map<string, Origin>();
	private readonly progress = new Map<string, FieldSetProgress>();
	readonly tombstones = new Map<string, Tombstone>();
	/** Mappings whose tombstones in the store count no more. */
	readonly forgotten = new Set<string>();
	readonly fullSync = new Map<string, FullSyncLine | null>();
	readonly settings = new Map<string, MappingSettings | null>();
	companySettings: Partial<CompanySettings> | null | undefined;
	private readonly couplings = new Map<string, HeldCouplings>();

	constructor(private readonly store: SyncStore) {
		this.requeued = new HeldRequeued(store);
		this.massChanges = new HeldMassChanges(store);
	}

	couplingsOf(mapping: string): HeldCouplings {
		const known = this.couplings.get(mapping);
		if (known) return known;
		const made = new HeldCouplings();
		this.couplings.set(mapping, made);
		return made;
	}

	mappingsWithCouplings(): string[] {
		return [...this.couplings.keys()];
	}

	/** In the order of the store: what goes away goes before what comes. `now`: epoch milliseconds. */
	async apply(changes: StoreChanges, now: number): Promise<void> {
		const { uncouple = [], couplings = [] } = changes;
		const stored = await this.stored([...uncouple, ...couplings]);
		const storedOf = (pair: CoupledPair & { mapping: string }): CoupledPair | undefined => stored.get(`${pair.mapping}\n${pair.bcId}`);
		for (const pair of uncouple) this.couplingsOf(pair.mapping).remove(pair, storedOf(pair));
		this.deletions.remove(uncouple);
		await this.rememberUncoupled(uncouple, new Date(now).toISOString());
		if (changes.forgetTombstones !== undefined) this.forgetTombstones(changes.forgetTombstones);
		for (const each of changes.tombstones ?? []) this.tombstones.set(`${each.mapping}\n${each.crmId}`, each);
		for (const coupling of couplings) this.couplingsOf(coupling.mapping).put(coupling, storedOf(coupling));
		for (const each of changes.ownWrites ?? []) await this.noteOwnWrite(each);
		for (const each of changes.intentsDone ?? []) this.intents.remove(each);
		for (const each of changes.intents ?? []) this.intents.put(each);
		for (const each of changes.failuresDone ?? []) this.failures.remove(each);
		await this.makeDue(changes.failuresDue ?? []);
		for (const each of changes.failures ?? []) this.failures.put(each);
		for (const each of changes.requeuedDone ?? []) this.requeued.remove(each);
		await this.requeued.add(changes.requeued ?? []);
		this.deletions.remove(changes.deletedPartnersDone ?? []);
		this.deletions.add(changes.deletedPartners ?? []);
		if (changes.comparison !== undefined) this.comparisons.put(changes.comparison);
		if (changes.compared !== undefined) this.comparisons.mark(changes.compared);
		if (changes.watermark !== undefined) await this.advance(changes.watermark);
		if (changes.changeToken !== undefined) this.keepToken(changes.changeToken);
		for (const each of changes.origins ?? []) this.origins.set(each.mapping, each);
		if (changes.fieldSet !== undefined) this.progress.set(changes.fieldSet.mapping, changes.fieldSet);
		this.massChanges.apply(changes);
		for (const each of changes.fullSync ?? []) this.fullSync.set(each.mapping, each);
	}

	async fieldSets(mapping: string): Promise<KnownFieldSets> {
		const known = await this.store.fieldSets(mapping);
		const own = this.progress.get(mapping);
		return own ? { current: own.set.hash, position: own.position, sets: new Map([...known.sets, [own.set.hash, own.set]]) } : known;
	}

	async origin(mapping: string): Promise<Origin | null> {
		return this.origins.get(mapping) ?? (await this.store.origin(mapping));
	}

	async watermark(mapping: string, side: Side): Promise<Watermark | null> {
		return this.watermarks.get(`${mapping}\n${side}`) ?? (await this.store.watermarkOf(mapping, side));
	}

	async changeToken(mapping: string, side: Side): Promise<ChangeToken | null> {
		const own = this.changeTokens.get(`${mapping}\n${side}`);
		return own === undefined ? await this.store.changeToken(mapping, side) : own;
	}

	private keepToken(token: ChangeTokenUpdate): void {
		this.changeTokens.set(`${token.mapping}\n${token.side}`, token.link === null ? null : token);
	}

	/** What the store says of the records, by `mapping BC id`; nobody asks twice. */
	private async stored(pairs: ReadonlyArray<CoupledPair & { mapping: string }>): Promise<Map<string, CoupledPair>> {
		const found = new Map<string, CoupledPair>();
		for (const mapping of new Set(pairs.map((pair) => pair.mapping))) {
			const ids = pairs.filter((pair) => pair.mapping === mapping).map(({ bcId }) => bcId);
			const unknown = this.couplingsOf(mapping).unknown(ids);
			if (unknown.length === 0) continue;
			for (const { bcId, crmId } of (await this.store.couplingsOf(mapping, 'businessCentral', unknown)).values())
				found.set(`${mapping}\n${bcId}`, { bcId, crmId });
		}
		return found;
	}

	private async noteOwnWrite({ mapping, bcId, crmId, marks }: OwnWrite): Promise<void> {
		const held = this.couplingsOf(mapping);
		const stored =
			held.unknown([bcId]).length > 0 ? (await this.store.couplingsOf(mapping, 'businessCentral', [bcId])).get(bcId) : undefined;
		const coupling = held.get('businessCentral', bcId) ?? stored;
		if (coupling?.crmId === crmId && coupling.baseline) held.put({ ...coupling, baseline: { ...coupling.baseline, ...marks } }, stored);
	}

	/** What a person said of a mapping when it was new stands. */
	private async rememberUncoupled(ended: ReadonlyArray<{ mapping: string }>, at: string): Promise<void> {
		for (const mapping of new Set(ended.map((pair) => pair.mapping))) {
			if ((await this.origin(mapping))?.kind !== 'new') this.origins.set(mapping, { mapping, kind: 'uncoupled', at });
		}
	}

	private forgetTombstones(mapping: string): void {
		this.forgotten.add(mapping);
		for (const [key, each] of this.tombstones) if (each.mapping === mapping) this.tombstones.delete(key);
	}

	private async makeDue(due: NonNullable<StoreChanges['failuresDue']>): Promise<void> {
		for (const { mapping, direction, sourceId } of due) {
			const held = this.failures.get(mapping, direction, sourceId);
			const failure = held === undefined ? (await this.store.failuresOf(mapping, direction, [sourceId])).get(sourceId) : held;
			if (failure) this.failures.put({ ...failure, skipped: false });
		}
	}

	/** Forward only, unless told otherwise; null starts over. */
	private async advance({ moves, ...mark }: NonNullable<StoreChanges['watermark']>): Promise<void> {
		const { mapping, side, stamp } = mark;
		const known = (await this.watermark(mapping, side))?.stamp ?? null;
		if (stamp === null || known === null || moves === 'anyhow' || Date.parse(known) < Date.parse(stamp))
			this.watermarks.set(`${mapping}\n${side}`, mark);
	}
}
