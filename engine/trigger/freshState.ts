import type { Side } from '../model/side';
import type { SystemTrouble, TriggerMapping, TriggerSide, TriggerState } from '../model/trigger';
import type { TriggerSettings } from './triggerSettings';

/** Of a side that was never looked at. */
export const freshSide = (): TriggerSide => ({ mark: null, news: null, reported: [], notLooked: null, problem: null });

/**
 * What is known of a mapping that a trigger meets for the first time.
 * @param now epoch milliseconds
 */
export const freshMapping = (
	mapping: string,
	definition: string,
	{ owed, now }: { owed: TriggerMapping['owed']; now: number },
): TriggerMapping => ({
	mapping,
	sides: { businessCentral: freshSide(), crm: freshSide() },
	waitsFromMs: now,
	dueMs: null,
	asleepSinceMs: null,
	owed,
	attempts: 0,
	notBeforeMs: null,
	emission: null,
	unanswered: 0,
	newestJob: null,
	lastRun: null,
	idleRuns: 0,
	brakeMs: 0,
	definition,
	starts: 0,
	wokenByChanges: 0,
	slowestMs: null,
});

/** What is known of a trigger that was never there, or as it is set now. */
export const stateOf = (settings: TriggerSettings, before: TriggerState | null, now: number): TriggerState => ({
	name: settings.name,
	startWhen: settings.startWhen,
	lookEveryMs: settings.lookEveryMs,
	chosen: settings.mappings,
	aliveMs: now,
	lastLookMs: before?.lastLookMs ?? null,
	nextLookMs: now,
	trouble: { businessCentral: asked(before, 'businessCentral', now), crm: asked(before, 'crm', now) },
	looks: before?.looks ?? 0,
	requests: before?.requests ?? { businessCentral: 0, crm: 0 },
	notices: [],
});

/** A system that did not answer before n8n ended is asked at once: the waits were those of another time. */
function asked(before: TriggerState | null, side: Side, now: number): SystemTrouble | null {
	const trouble = before?.trouble[side] ?? null;
	return trouble && { ...trouble, nextMs: now };
}
