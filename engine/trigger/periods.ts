import { createHash } from 'node:crypto';
import type { CompanyMapping } from '../model/mappingStages';
import { DEFAULT_INTERVAL_MINUTES, DEFAULT_SLEEP_MINUTES, type MappingSettings, type TableMapping } from '../model/tableMapping';
import { type Side, SIDES } from '../model/side';
import type { SyncSession } from '../ports/session';
import { loadMappings } from '../defaults/catalog';
import { inRunOrder } from '../sync/run/runOrder';
import type { TriggerSettings } from './triggerSettings';

/** A mapping that the trigger starts, and how often. */
export interface Watched {
	mapping: CompanyMapping;
	/** Sides whose changes it carries away. */
	sources: readonly Side[];
	intervalMs: number;
	/** 0: never asleep. */
	sleepMs: number;
	/** Somebody said how long it sleeps: a side that cannot be looked at does not shorten it. */
	sleepIsChosen: boolean;
	/** Hash of the mapping: another one is to run, whatever it waits for. */
	definition: string;
}

/** A mapping that cannot be looked at on a side that it reads sleeps no longer than so many intervals. */
const INTERVALS_UNSEEN = 4;

type Chosen = Pick<TriggerSettings, 'mappings' | 'intervalMs' | 'sleepMs'>;

/** Enabled mappings that are chosen, in the order in which they run; and names that were chosen and are no mappings. */
export async function watchedMappings(session: SyncSession, settings: Chosen): Promise<{ watched: Watched[]; unknown: string[] }> {
	const all = await loadMappings(session);
	const own = await session.store.settings();
	const chosen = settings.mappings;
	const watched = (inRunOrder(all) as CompanyMapping[])
		.filter(({ name, enabled }) => enabled && (chosen === null || chosen.includes(name)))
		.map((mapping) => watch(mapping, own.get(mapping.name), settings));
	return { watched, unknown: (chosen ?? []).filter((name) => !all.some((mapping) => mapping.name === name)) };
}

function watch(mapping: CompanyMapping, own: MappingSettings | undefined, settings: Chosen): Watched {
	const chosenSleep = own?.inactivitySleepMinutes ?? own?.definition?.inactivitySleepMinutes;
	return {
		mapping,
		sources: SIDES.filter((side) => isSource(mapping, side)),
		intervalMs: settings.intervalMs ?? (mapping.intervalMinutes ?? DEFAULT_INTERVAL_MINUTES) * 60_000,
		sleepMs: settings.sleepMs ?? (mapping.inactivitySleepMinutes ?? DEFAULT_SLEEP_MINUTES) * 60_000,
		sleepIsChosen: settings.sleepMs !== undefined || chosenSleep !== undefined,
		definition: createHash('sha256').update(JSON.stringify(mapping)).digest('base64url').slice(0, 22),
	};
}

const isSource = ({ direction }: TableMapping, side: Side): boolean =>
	direction === 'bidirectional' || (direction === 'toCrm') === (side === 'businessCentral');

/** How long a mapping sleeps. */
export const sleepOf = ({ sleepMs, intervalMs, sleepIsChosen }: Watched, isSeen: boolean): number =>
	isSeen || sleepIsChosen ? sleepMs : Math.min(sleepMs, INTERVALS_UNSEEN * intervalMs);
