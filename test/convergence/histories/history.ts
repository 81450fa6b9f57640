import type { Random } from '../random';
import type { Chronicle } from './chronicle';

export type HistoryName =
	'backAgain' | 'clocks' | 'emptied' | 'hiddenColumns' | 'longRuns' | 'mappingEdited' | 'owed' | 'pagesComeAndGo' | 'rewriting';

/** A danger: what happens in its stories besides edits, runs and time. */
export interface History {
	begin?(chronicle: Chronicle): Promise<void> | void;
	/** Something happens that the stories are about. */
	event(chronicle: Chronicle, random: Random): Promise<void> | void;
	/** How people edit here; default: any field, with a new value. */
	edit?(chronicle: Chronicle, random: Random): void;
	/** How runs go here; default: to their end. */
	run?(chronicle: Chronicle, random: Random): Promise<unknown>;
	/** What came is over: from now on both sides are to agree. */
	calm?(chronicle: Chronicle): Promise<void> | void;
	/** Looked at after the last run. */
	end?(chronicle: Chronicle): Promise<void> | void;
}
