/** Four digits each: ids are made by the hundred thousand. */
const hex = Array.from({ length: 0x10000 }, (_, number) => number.toString(16).padStart(4, '0'));

/** A small seeded generator (mulberry32), so that ids and demonstration data are the same every time. */
export class Random {
	constructor(private state: number) {}

	/** From 0 up to, but not including, 1. */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	}

	/** A whole number from 0 to `below` - 1. */
	whole(below: number): number {
		return Math.floor(this.next() * below);
	}

	pick<Item>(items: readonly Item[]): Item {
		return items[this.whole(items.length)]!;
	}

	chance(share: number): boolean {
		return this.next() < share;
	}

	/** A GUID made of this generator's numbers. */
	guid(): string {
		const [a, b, c, d] = [this.word(), this.word(), this.word(), this.word()];
		return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
	}

	private word(): string {
		const number = this.whole(0x100000000);
		return hex[number >>> 16]! + hex[number & 0xffff]!;
	}
}
