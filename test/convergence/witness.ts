import type { SyncSession } from '../../engine/ports/session';
import type { Rules } from './families';
import { FIELDS, idOf, keyOf, markOf, type Side, SIDES, tokenOf } from './fields';
import { pairKey } from './ledger';
import type { People } from './people';
import type { Coupling } from '../../engine/model/coupling';

/** What changed by the engine's hand since somebody looked last. */
export interface Seen {
	created: Record<Side, number>;
	deleted: Record<Side, number>;
}

/** Looks at both systems and at the couplings between the steps of a story, and says what must not have happened. */
export class Witness {
	readonly found: string[] = [];
	/** Records that lost their partner once: runs leave them alone until they change. */
	readonly parted = new Set<string>();
	private couplings = new Map<string, Coupling>();
	/** When couplings were looked at last, in the order of edits. */
	private lookedAt = 0;

	constructor(
		private readonly people: People,
		private readonly rules: Rules,
	) {}

	/** To be called before people do something, so that what the engine did is not taken for theirs. */
	look(): Seen {
		const { ledger, tables } = this.people;
		const seen: Seen = { created: { businessCentral: 0, crm: 0 }, deleted: { businessCentral: 0, crm: 0 } };
		for (const side of SIDES) {
			const there = new Set<string>();
			for (const row of tables.rows(side)) {
				const key = keyOf(side, row);
				there.add(key);
				if (!ledger.marks.has(key)) {
					ledger.marks.set(key, markOf(side, row));
					seen.created[side]++;
				} else if (ledger.isGone(key)) {
					ledger.rise(key);
					seen.created[side]++;
				}
				for (const field of FIELDS) {
					const token = tokenOf(tables.value(side, row, field));
					if (token === '') continue;
					ledger.remember(key, field, token);
					const sides = ledger.seen.get(token);
					if (sides) sides.add(side);
					else ledger.seen.set(token, new Set([side]));
				}
			}
			for (const key of ledger.marks.keys()) {
				if (!key.startsWith(side) || there.has(key) || ledger.isGone(key)) continue;
				ledger.lose(key, 'engine');
				seen.deleted[side]++;
				this.engineDeleted(key);
			}
		}
		return seen;
	}

	/** No coupling ends by itself, and none is made between strangers. */
	async lookAtCouplings(session: SyncSession): Promise<{ coupled: number; uncoupled: number }> {
		const { ledger } = this.people;
		const { rows } = await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 1000 });
		const now = new Map(rows.map((row) => [pairKey(row.bcId, row.crmId), row]));
		let [coupled, uncoupled] = [0, 0];
		for (const [pair, coupling] of this.couplings) {
			if (now.has(pair)) continue;
			uncoupled++;
			const keys = keysOf(coupling);
			for (const key of keys) this.parted.add(key);
			if (keys.some((key) => ledger.moving.includes(key))) {
				ledger.allow(ledger.marks.get(keys[0]) ?? '');
				continue;
			}
			if (ledger.mayPart.has(pair) || keys.some((key) => ledger.wasGoneSince(key, this.lookedAt))) continue;
			this.found.push(`${coupling.bcNumber} ${coupling.bcName}: the coupling of two living records ended by itself`);
		}
		for (const [pair, coupling] of now) {
			if (this.couplings.has(pair)) continue;
			coupled++;
			const [customer, account] = keysOf(coupling);
			const strangers = [customer, account].every((key) => ledger.marks.has(key)) && ledger.family(customer) !== ledger.family(account);
			if (strangers) this.found.push(`${coupling.bcNumber} ${coupling.bcName}: coupled with a stranger, ${coupling.crmName}`);
			for (const key of [customer, account])
				if (ledger.outsiders.has(key)) this.found.push(`${key}: is outside the filters and was coupled`);
			ledger.unite(customer, account);
		}
		this.couplings = now;
		this.lookedAt = ledger.nextOrder();
		return { coupled, uncoupled };
	}

	/** Runs go on with a store that knows of other couplings: none ended, and none was made. */
	async moveTo(session: SyncSession): Promise<void> {
		const { rows } = await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 1000 });
		this.couplings = new Map(rows.map((row) => [pairKey(row.bcId, row.crmId), row]));
	}

	/** Couplings as they were seen last. */
	get pairs(): readonly Coupling[] {
		return [...this.couplings.values()];
	}

	private engineDeleted(key: string): void {
		const { ledger } = this.people;
		if (ledger.mayDelete.has(key)) return;
		const coupling = this.pairs.find((each) => keysOf(each).includes(key));
		if (this.rules.deletion !== 'deleteOther') this.found.push(`${key} (${ledger.marks.get(key)}): was deleted by nobody`);
		else if (coupling && !keysOf(coupling).some((each) => each !== key && ledger.gone.has(each)))
			this.found.push(`${key} (${ledger.marks.get(key)}): was deleted although its partner is there`);
	}
}

export const keysOf = (coupling: Pick<Coupling, 'bcId' | 'crmId'>): [string, string] => [
	`businessCentral ${coupling.bcId}`,
	`crm ${coupling.crmId}`,
];

/** Everything the store holds that a preview must leave as it is. */
export async function fingerprintOf({ store }: SyncSession): Promise<string> {
	const mapping = 'CUSTOMER';
	const all = { limit: 1000 };
	return JSON.stringify([
		await store.findCouplings({ mapping, ...all }),
		await store.listFailures({ mapping, ...all }),
		await store.intents(mapping, 'toCrm', 1000),
		await store.intents(mapping, 'fromCrm', 1000),
		await Promise.all(SIDES.map((side) => store.watermark(mapping, side))),
		await Promise.all(SIDES.map((side) => store.comparison(mapping, side))),
		await Promise.all(SIDES.map((side) => store.deletedPartners(mapping, side, all))),
		[...(await store.fullSyncLines())],
		[...(await store.settings())],
		(await store.jobs(all)).rows.map(({ id, status }) => [id, status]),
		(await store.log(all)).rows.length,
	]);
}

/** Ids of a side, for actions on chosen records. */
export const idsOf = (people: People, side: Side): string[] => people.rows(side).map((row) => idOf(side, row));
