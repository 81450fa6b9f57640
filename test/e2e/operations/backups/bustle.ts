import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../../../sandbox';
import type { Random } from '../../../convergence/random';
import type { People } from './people';

/** So long nothing was written by a run that had something to do, and one goes on all the same. */
const PATIENCE_MS = 10_000;

/** People at work while runs deliver what they do. */
export class Bustle {
	private seen: number;
	private written = 0;

	constructor(
		private readonly sandbox: Sandbox,
		private readonly people: People,
		private readonly random: Random,
	) {
		this.seen = sandbox.log.requests.length;
	}

	/** Until the runs have written that many times more, and then to some moment in between. However fast the machine is, it comes to the same. */
	async until(writes: number): Promise<void> {
		const wanted = this.count() + writes;
		const deadline = Date.now() + PATIENCE_MS;
		for (let acts = this.random.between(3, 8); acts > 0; acts--) this.people.act();
		do {
			if (this.random.chance(0.3)) this.people.act();
			await pause(this.random.between(2, 25));
		} while (this.count() < wanted && Date.now() < deadline);
		await pause(this.random.between(0, 15));
	}

	private count(): number {
		const { requests } = this.sandbox.log;
		this.written += requests.slice(this.seen).filter(({ writes }) => writes > 0).length;
		this.seen = requests.length;
		return this.written;
	}
}
