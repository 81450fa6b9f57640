import { type Side, SIDES, SYSTEM_NAMES } from '../model/side';
import type { SeenRun, StoredTrigger, TriggerMapping } from '../model/trigger';
import type { SyncStore } from '../ports/syncStore';
import { isAlive } from './alive';
import { type SubscriptionView, subscriptionViews } from './subscriptions/view';

/** A side of a mapping as people see it. */
export interface TriggerSideView {
	/** Changes that no run has dealt with yet. */
	changed: number;
	atLeast: boolean;
	/** The oldest stamp among them; ISO. */
	since: string | null;
	/** Why this side is not looked at; null where it is. */
	notLookedAt: string | null;
}

/** What a trigger does about one mapping, as it is now. Times: ISO, UTC. */
export interface TriggerView {
	/** Workflow and node. */
	trigger: string;
	mapping: string;
	state: 'awake' | 'asleep' | 'started' | 'waiting' | 'gone';
	/** What it waits for, in one sentence. */
	message: string;
	startWhen: string;
	lastLook: string | null;
	nextLook: string | null;
	/** When it is started at the latest. */
	due: string | null;
	asleepSince: string | null;
	waitsUntil: string | null;
	businessCentral: TriggerSideView;
	crm: TriggerSideView;
	attempts: number;
	starts: number;
	/** Times that a change ended its sleep. */
	wokenByChanges: number;
	/** From a change to the start of its run, the longest that was seen; seconds. */
	slowestDeliverySeconds: number | null;
	lastRun: SeenRun | null;
	notices: readonly string[];
	/** Webhooks that tell of the mapping. */
	webhooks: readonly SubscriptionView[];
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const words = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** All triggers of the connection, mapping by mapping. */
export async function triggerViews(store: SyncStore, now: number): Promise<TriggerView[]> {
	const views: TriggerView[] = [];
	for (const trigger of await store.triggers()) {
		const webhooks = await subscriptionViews(store, trigger.trigger);
		const about = (mapping: string) => webhooks.filter(({ mappings }) => mappings.includes(mapping));
		views.push(...trigger.mappings.map((known) => ({ ...viewOf(trigger, known, now), webhooks: about(known.mapping) })));
	}
	return views;
}

function viewOf(trigger: StoredTrigger, known: TriggerMapping, now: number): Omit<TriggerView, 'webhooks'> {
	const { state } = trigger;
	const [is, message] = isAlive(trigger, now)
		? stateOf(trigger, known, now)
		: (['gone', `The trigger was last heard of on ${words(state.aliveMs)}. Is its workflow published, and does n8n run?`] as const);
	return {
		trigger: state.name,
		mapping: known.mapping,
		state: is,
		message,
		startWhen: state.startWhen,
		lastLook: iso(state.lastLookMs),
		nextLook: is === 'gone' ? null : iso(state.nextLookMs),
		due: is === 'gone' ? null : iso(known.dueMs),
		asleepSince: iso(known.asleepSinceMs),
		waitsUntil: known.notBeforeMs !== null && known.notBeforeMs > now ? iso(known.notBeforeMs) : null,
		businessCentral: sideOf(known, 'businessCentral'),
		crm: sideOf(known, 'crm'),
		attempts: known.attempts,
		starts: known.starts,
		wokenByChanges: known.wokenByChanges,
		slowestDeliverySeconds: known.slowestMs === null ? null : Math.round(known.slowestMs / 1_000),
		lastRun: known.lastRun,
		notices: state.notices,
	};
}

function stateOf({ state }: StoredTrigger, known: TriggerMapping, now: number): readonly [TriggerView['state'], string] {
	if (known.emission) return ['started', `It was started on ${words(known.emission.atMs)}, and its run has not ended yet.`];
	for (const side of SIDES) {
		const trouble = state.trouble[side];
		if (trouble)
			return [
				'waiting',
				`${SYSTEM_NAMES[side]} cannot be looked at since ${words(trouble.sinceMs)}: ${trouble.message} ${trouble.hint}`.trim(),
			];
	}
	if (known.notBeforeMs !== null && known.notBeforeMs > now)
		return [
			'waiting',
			`Its last run did not come to its end (attempt ${known.attempts}); it is started again on ${words(known.notBeforeMs)}.`,
		];
	if (SIDES.some((side) => known.sides[side].news)) return ['awake', 'Changes are known; it is started with the next round.'];
	const due = known.dueMs === null ? 'with the next round' : `on ${words(known.dueMs)} at the latest`;
	if (known.asleepSinceMs !== null)
		return ['asleep', `Asleep since ${words(known.asleepSinceMs)}, because nothing changed; it is started ${due}.`];
	return ['awake', `It is started ${due}.`];
}

const NOT_LOOKED: Readonly<Record<string, string>> = {
	noStamp: 'Its records have no time stamp that can be asked for; changes are found by the interval.',
};

function sideOf({ sides }: TriggerMapping, side: Side): TriggerSideView {
	const { news, notLooked, problem } = sides[side];
	const why = notLooked === null ? null : (problem ?? NOT_LOOKED[notLooked] ?? null);
	return { changed: news?.changed ?? 0, atLeast: news?.atLeast ?? false, since: news?.since ?? null, notLookedAt: why };
}
