/** A small seeded generator (mulberry32), so that demonstration data is the same every time. */
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
		const hex = Array.from({ length: 32 }, () => this.whole(16).toString(16)).join('');
		return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
	}
}
