import type { TriggerItem } from '../../../engine';
import type { End } from '../carry';
import type { Story } from '../story';
import { INTERVAL_MS } from './times';

/** No run without a reason: somebody did something since the last one, or the interval is over, or the run before came to nothing. */
export class Reasons {
	readonly found: string[] = [];
	private readonly starts: Array<{ at: number; reason: TriggerItem['reason'] }> = [];
	/** What people had done when the last run began. */
	private done = 0;
	private lastEnd: End | null = null;
	/** Deeds that are no edit of a field: a record leaves the filter, or comes back. */
	deeds = 0;

	constructor(private readonly story: Story) {}

	count(reason: TriggerItem['reason']): number {
		return this.starts.filter((start) => start.reason === reason).length;
	}

	note(items: readonly TriggerItem[]): void {
		const { story } = this;
		for (const { reason } of items) {
			const at = story.world.clock.now();
			const before = this.starts.at(-1);
			this.starts.push({ at, reason });
			const done = story.people.ledger.edits.length + this.deeds;
			if (!story.disturbed) this.judge(reason, { at, before: before?.at ?? null, news: done > this.done });
			this.done = done;
		}
	}

	ended(end: End): void {
		this.lastEnd = end;
	}

	private judge(reason: TriggerItem['reason'], { at, before, news }: { at: number; before: number | null; news: boolean }): void {
		const when = new Date(at).toISOString().slice(5, 19);
		const broken = (why: string) => void this.found.push(`${when}: a run began as "${reason}" ${why}`);
		if (reason === 'changed' && !news && !this.hasCreated()) return broken('although nobody did anything since the one before');
		if (reason === 'schedule' && before !== null && at - before < INTERVAL_MS) return broken('before the interval was over');
		if (reason === 'start' && before !== null) return broken('although nobody published anything');
		if (reason === 'retry' && !this.isUnfinished()) return broken('although the run before had ended well');
		if (reason === 'continue' || reason === 'manual') broken('although nothing asks for it');
	}

	/** Of a record that a run created the next one takes over what the service filled in. */
	private hasCreated(): boolean {
		return this.lastEnd?.jobs.some(({ job }) => job.inserted > 0) === true;
	}

	private isUnfinished(): boolean {
		const { lastEnd } = this;
		return lastEnd !== null && (lastEnd.error !== undefined || lastEnd.died === true || lastEnd.jobs.some(({ job }) => job.failed > 0));
	}
}
