/** Hands out a fixed number of turns, first come, first served. */
export class Turns {
	private readonly waiting: Array<(mine: boolean) => void> = [];
	private free: number;

	constructor(count: number) {
		this.free = count;
	}

	/** Whether a turn came within `ms` milliseconds; who got one gives it back with `giveBack`. */
	take(ms: number): Promise<boolean> {
		if (this.free > 0) {
			this.free--;
			return Promise.resolve(true);
		}
		return new Promise((resolve) => {
			const called = (mine: boolean): void => {
				clearTimeout(timer);
				resolve(mine);
			};
			const timer = setTimeout(() => {
				this.waiting.splice(this.waiting.indexOf(called), 1);
				resolve(false);
			}, ms);
			this.waiting.push(called);
		});
	}

	giveBack(): void {
		const next = this.waiting.shift();
		if (next) next(true);
		else this.free++;
	}
}
