import type { MatchReview } from '../coupling/firstSync';
import type { Direction } from '../model/direction';
import type { Surface } from '../model/shape';
import type { FullSyncChoices, FullSyncLine, FullSyncPass } from '../model/fullSync';

/** What is best done with a mapping. */
export type Recommendation = 'fullSync' | 'coupleFirst' | 'noRecords' | 'dependencyNotSatisfied' | 'setupIncomplete';

/** One mapping in the review of a full synchronization. */
export interface ReviewLine {
	mapping: string;
	caption: string;
	/** Position in dependency order, from 1. */
	order: number;
	/** Mappings of one wave do not depend on each other; from 1. */
	wave: number;
	dependsOn: string[];
	direction: Direction;
	/** Rows the filters select; a lower bound when `atLeast`. */
	recordsBusinessCentral: number;
	recordsCrm: number;
	atLeast: boolean;
	coupled: number;
	recommendation: Recommendation;
	/** Why, in words. */
	message: string;
	/** Places of Business Central that the mapping reads, in order of preference, and with which release each ends; empty where nobody could look. */
	surfaces: Surface[];
	/** Where both systems hold uncoupled records: what *match first* would couple, create and leave alone; otherwise null. */
	matches: Omit<MatchReview, 'mapping'> | null;
	/** How far the full synchronization that was started last has come with this mapping; blank when it has not begun with it. */
	status: FullSyncLine['status'];
	toCrm: FullSyncPass | null;
	fromCrm: FullSyncPass | null;
	/** In percent of all records of both directions; null when nothing was counted yet. */
	progress: number | null;
	/** ISO, UTC. */
	startedAt: string | null;
	finishedAt: string | null;
}

/** What all ways to run a full synchronization have in common. */
export interface FullSyncOptions {
	preview?: boolean;
	returnChanges?: number;
	returnFailures?: number;
	timeBudgetMs?: number;
	pageSize?: number;
	/** See `RunRequest`. */
	partRows?: number;
	/** Start mappings although others they depend on did not run; records that refer to what is missing then fail. */
	ignoreDependencies?: boolean;
	/** Delete, uncouple or overwrite any number of records; otherwise the mass-change guard stops a mapping. */
	allowMassChanges?: boolean;
	/** Compare couples whose versions say that nothing changed, too. */
	force?: boolean;
	/** See `RunRequest.nothingCoupled`; default `stop`. Where records are matched first, that is the answer. */
	nothingCoupled?: 'stop' | 'isNew';
	/** See `RunRequest.traces`. */
	traces?: 'stop' | 'takeOver';
	/** Told before each mapping, for people who wait. */
	onProgress?: (text: string) => void;
}

export interface FullSyncRequest extends FullSyncOptions {
	/** Names; default all enabled mappings. */
	mappings?: readonly string[];
	/** Whether scheduled runs may create records afterwards, or "synch. only coupled records" stays as it was. */
	afterwards: FullSyncChoices['afterwards'];
	/** Where both systems hold records that are not coupled; default `matchFirst`. */
	bothSides?: FullSyncChoices['bothSides'];
}

export interface ResumeRequest extends FullSyncOptions {
	/** Names; default all mappings of the full synchronization that was started last. */
	mappings?: readonly string[];
}

export interface RestartRequest extends FullSyncOptions {
	mapping: string;
	/** Default: as chosen when the full synchronization was started. */
	afterwards?: FullSyncChoices['afterwards'];
	bothSides?: FullSyncChoices['bothSides'];
}
