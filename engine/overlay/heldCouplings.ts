import type { Side } from '../model/side';
import type { Baseline, CoupledPair, Coupling } from '../model/coupling';

/** A coupling as it is kept, because a preview may make as many as there are records: its field keys are one list for all, the rest is text. */
interface Packed {
	crmId: string;
	/** Everything but the baseline: JSON. */
	rest: string;
	/** Null before the first synchronization. */
	keys: readonly string[] | null;
	marks: string;
}

const BETWEEN = '\n';

/** Couplings of one mapping that were made, changed or ended in the overlay. */
export class HeldCouplings {
	private readonly own = new Map<string, Packed>();
	private readonly bcIdOf = new Map<string, string>();
	/** Pairs of the store that the overlay has replaced or ended: CRM ids by BC id. */
	private readonly hidden = new Map<string, string>();
	private readonly keyLists = new Map<string, readonly string[]>();
	/** BC ids by number. */
	private readonly numbers = new Map<string, string>();

	/** Of the ids those of which nobody has looked yet what the store says. */
	unknown(bcIds: readonly string[]): string[] {
		return bcIds.filter((id) => !this.own.has(id) && !this.hidden.has(id));
	}

	/** `stored`: what the store says of the record, for ids that were unknown. */
	put(coupling: Coupling, stored: CoupledPair | undefined): void {
		if (stored) this.hidden.set(stored.bcId, stored.crmId);
		this.drop(coupling.bcId);
		this.own.set(coupling.bcId, this.pack(coupling));
		this.bcIdOf.set(coupling.crmId, coupling.bcId);
		if (coupling.bcNumber !== '') this.numbers.set(coupling.bcNumber, coupling.bcId);
	}

	withNumber(number: string): Coupling | undefined {
		const bcId = this.numbers.get(number);
		const coupling = bcId === undefined ? undefined : this.get('businessCentral', bcId);
		return coupling?.bcNumber === number ? coupling : undefined;
	}

	/** A pair that is not coupled (any more, or with each other) is left alone. */
	remove({ bcId, crmId }: CoupledPair, stored: CoupledPair | undefined): void {
		if (this.own.get(bcId)?.crmId === crmId) this.drop(bcId);
		else if (stored?.crmId === crmId) this.hidden.set(bcId, crmId);
	}

	isHidden({ bcId }: CoupledPair): boolean {
		return this.hidden.has(bcId);
	}

	get(side: Side, id: string): Coupling | undefined {
		const bcId = side === 'crm' ? this.bcIdOf.get(id) : id;
		const packed = bcId === undefined ? undefined : this.own.get(bcId);
		return packed && unpack(packed);
	}

	/** By how many the overlay has more couplings than the store; negative where it has fewer. */
	get difference(): number {
		return this.own.size - this.hidden.size;
	}

	get size(): number {
		return this.own.size;
	}

	pairs(): CoupledPair[] {
		return [...this.own].map(([bcId, { crmId }]) => ({ bcId, crmId }));
	}

	/** Those whose baseline is, or is not, there yet. */
	*all(pending?: boolean): Generator<Coupling> {
		for (const packed of this.own.values()) if (pending === undefined || pending === (packed.keys === null)) yield unpack(packed);
	}

	private drop(bcId: string): void {
		const known = this.own.get(bcId);
		if (!known) return;
		this.own.delete(bcId);
		if (this.bcIdOf.get(known.crmId) === bcId) this.bcIdOf.delete(known.crmId);
	}

	private pack({ baseline, ...others }: Coupling): Packed {
		const { crmId } = others;
		const rest = JSON.stringify(others);
		if (baseline === null) return { crmId, rest, keys: null, marks: '' };
		const names = Object.keys(baseline);
		const name = names.join(BETWEEN);
		const keys = this.keyLists.get(name) ?? names;
		this.keyLists.set(name, keys);
		return { crmId, rest, keys, marks: keys.flatMap((key) => baseline[key]!).join(BETWEEN) };
	}
}

function unpack({ rest, keys, marks }: Packed): Coupling {
	const others = JSON.parse(rest) as Omit<Coupling, 'baseline'>;
	if (keys === null) return { ...others, baseline: null };
	const texts = marks.split(BETWEEN);
	const baseline: Record<string, readonly [string, string]> = {};
	keys.forEach((key, index) => (baseline[key] = [texts[2 * index]!, texts[2 * index + 1]!]));
	return { ...others, baseline: baseline as Baseline };
}
