import type { Side } from '../../model/side';
import type { Watermark } from '../../model/watermark';
import type { Clock } from '../../ports/clock';
import type { StoreChanges } from '../../ports/storeChanges';
import type { Reading } from './reading';

/** The watermark as it is to be kept, and when the reading began by the service's clock (ISO; absent where that is not known). */
export type FrontierMark = NonNullable<StoreChanges['watermark']> & { beganAt?: string };

/** What is kept beside the stamp, whatever it is. */
export interface Kept {
	mapping: string;
	side: Side;
	scope: string;
	uncoupledToo: boolean | null;
	/** What is kept of the watermark tells nothing of what is read now: it may move back. */
	anew: boolean;
}

/** How far what a pass reads is dealt with: while it goes on by the stamps of its records, and by the service's clock when it is at its end. */
export class Frontier {
	private reached: FrontierMark | null = null;

	constructor(
		private readonly reading: Reading,
		private readonly kept: Kept,
		private readonly clock: Clock,
	) {}

	/**
	 * A page is dealt with whose newest record is stamped so. Never later than the time at which the reading began, whatever the stamp: what others
	 * write meanwhile need not be among what is read. Null where the records have no stamps.
	 */
	upTo(stamp: string | null): FrontierMark | null {
		if (stamp === null) return null;
		const { beganAt } = this.reading;
		const limit = beganAt?.at ?? this.clock.now();
		const at = Date.parse(stamp) > limit ? new Date(limit).toISOString() : stamp;
		return (this.reached = this.change({ stamp: at, clockAheadMs: beganAt?.ahead ?? null }, this.mayMoveBack ? 'anyhow' : 'forward'));
	}

	/**
	 * All that was read is dealt with. Where the service's answers do not tell the time, no more is known than the newest stamp; our own clock is no
	 * substitute, for one that is ahead would pass over edits.
	 */
	end(): FrontierMark | null {
		const until = this.reading.doneUntil();
		if (until === null) return this.reached;
		return this.change({ stamp: new Date(until.at).toISOString(), clockAheadMs: until.ahead }, 'anyhow');
	}

	/** Something about a clock, or about what is read, is not as it was when the watermark was noted. */
	get mayMoveBack(): boolean {
		return this.kept.anew || this.reading.beginsEarlier;
	}

	private change(at: Pick<Watermark, 'stamp' | 'clockAheadMs'>, moves: 'forward' | 'anyhow'): FrontierMark {
		const { mapping, side, scope, uncoupledToo } = this.kept;
		const began = this.reading.beganAt;
		const beganAt = began === null ? {} : { beganAt: new Date(began.at).toISOString() };
		return { mapping, side, scope, uncoupledToo, ...at, moves, ...beganAt };
	}
}
