/** How a trigger is set, as plain values: they are read once, when it is activated. Times in milliseconds. */
export interface TriggerSettings {
	/** `instance/workflow/node`. */
	trigger: string;
	/** Workflow and node, without the instance: of two copies of one workflow only one is to look. */
	lease: string;
	/** For people: `workflow "Nightly" (id 12), node "Sync Trigger"`. */
	name: string;
	startWhen: 'looking' | 'webhooks' | 'schedule';
	/** Null: all that are enabled, also those that come later. */
	mappings: readonly string[] | null;
	lookEveryMs: number;
	/** A webhook's news is looked at once so long nothing more was told … */
	quietMs: number;
	/** … but so long after the first at the latest. */
	longestWaitMs: number;
	/** In place of the mappings' own; undefined: as the mapping says. */
	intervalMs?: number;
	/** 0: never asleep. */
	sleepMs?: number;
	longestRetryMs: number;
	/** The workflow was published just now, and all mappings are to run once. */
	startNow: boolean;
}

export const TRIGGER_DEFAULTS = {
	lookEveryMs: 60_000,
	quietMs: 3_000,
	longestWaitMs: 20_000,
	longestRetryMs: 30 * 60_000,
} as const;

/** How often is looked beside webhooks that do well: two requests each time, so that comparisons and all stay below 0.4 requests a minute. */
export const WEBHOOK_LOOK_MS = 360_000;
