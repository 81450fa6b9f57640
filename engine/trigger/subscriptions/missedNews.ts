import type { Side } from '../../model/side';
import type { TriggerMapping } from '../../model/trigger';

/** A webhook that has not told by then does not tell any more: Business Central takes 30 to 42 s, Dataverse seconds. */
const LATEST_MS = 90_000;
/** Once may be a restart of n8n; three times in a row is a webhook that does not work. */
const TIMES = 3;

/** Counts looks that found changes which no webhook had told of. */
export class MissedNews {
	private readonly missed = new Map<Side, number>();
	private readonly counted = new Set<string>();

	/** What is known of the mappings after a look at the side. */
	looked(side: Side, known: ReadonlyMap<string, TriggerMapping>): void {
		const news = [...known.values()].flatMap(({ mapping, sides }) => (sides[side].news ? [{ mapping, ...sides[side].news }] : []));
		if (news.some(({ told }) => told)) this.missed.delete(side);
		const late = news.filter(({ told, since, seenAt, mapping, foundMs }) => {
			const key = `${side} ${mapping} ${foundMs}`;
			if (told || since === null || Date.parse(seenAt) - Date.parse(since) < LATEST_MS || this.counted.has(key)) return false;
			this.counted.add(key);
			return true;
		});
		if (this.counted.size > 1_000) this.counted.clear();
		if (late.length > 0) this.missed.set(side, (this.missed.get(side) ?? 0) + 1);
	}

	isMissed(side: Side): boolean {
		return (this.missed.get(side) ?? 0) >= TIMES;
	}
}
