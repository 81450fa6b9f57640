import type { Script } from './script';

export interface StoryFigures {
	runs: number;
	edits: number;
	faults: number;
	kills: number;
}

export const NO_FIGURES: StoryFigures = { runs: 0, edits: 0, faults: 0, kills: 0 };

export interface StoryOutcome {
	script: Script;
	figures: StoryFigures;
	/** Broken promises, in words; empty when all were kept. */
	violations: string[];
	/** What happened, in order. */
	plot: string[];
}
