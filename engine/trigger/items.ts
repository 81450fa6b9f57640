import type { SeenRun, TriggerMapping, TriggerReason } from '../model/trigger';
import type { BySide, Side } from '../model/side';
import type { Watched } from './periods';

/** Changes of one side that a run is started for. */
export interface NewsItem {
	changed: number;
	/** There may be more. */
	atLeast: boolean;
	/** The oldest stamp among them; ISO, UTC. */
	since: string | null;
}

/** What a trigger hands to its workflow for one mapping. */
export interface TriggerItem {
	mapping: string;
	reason: TriggerReason;
	/** Who told of the changes; null where it was started for another reason. */
	toldBy: 'look' | 'webhook' | null;
	/** As *Sync Mapping* takes it: as the mapping says. */
	direction: 'mapping';
	businessCentral: NewsItem;
	crm: NewsItem;
	/** It was asleep, and changes ended that. */
	wokenUp: boolean;
	attempt: number;
	lastRun: SeenRun | null;
}

export function itemOf({ mapping }: Watched, known: TriggerMapping, reason: TriggerReason): TriggerItem {
	const { sides } = known;
	const told = sides.businessCentral.news?.told === true || sides.crm.news?.told === true;
	return {
		mapping: mapping.name,
		reason,
		toldBy: reason === 'changed' ? (told ? 'webhook' : 'look') : null,
		direction: 'mapping',
		businessCentral: newsOf(sides, 'businessCentral'),
		crm: newsOf(sides, 'crm'),
		wokenUp: reason === 'changed' && known.asleepSinceMs !== null,
		attempt: known.attempts + 1,
		lastRun: known.lastRun,
	};
}

function newsOf(sides: BySide<{ news: NewsItem | null }>, side: Side): NewsItem {
	const { news } = sides[side];
	return news ? { changed: news.changed, atLeast: news.atLeast, since: news.since } : { changed: 0, atLeast: false, since: null };
}
