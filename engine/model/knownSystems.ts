import type { Side } from './side';

/**
 * Who the two systems say they are, whatever their addresses are spelled like; null where a service does not tell. Business Central online:
 * `<tenant GUID>/<environment>`, lower case; Dataverse: the organization id.
 */
export type KnownSystems = Readonly<Record<Side, string | null>>;

/** Nobody has told anything. */
export const NOBODY_TOLD: KnownSystems = { businessCentral: null, crm: null };

/** Two connections with couplings that turned out to be one, told by what a person reads in the error: which one stands where they disagree. */
export type DoubledState = 'usedLast' | 'usedBefore';
