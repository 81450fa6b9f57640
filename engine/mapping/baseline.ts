import type { Side } from '../model/side';
import type { FieldBaseline } from '../model/coupling';

/** Place of a side's fingerprint in a field's baseline. */
export const indexOf = (side: Side): 0 | 1 => (side === 'businessCentral' ? 0 : 1);

/** The baseline of a field from the fingerprints of a pass's source and target. */
export const pair = (sourceSide: Side, source: string, target: string): FieldBaseline =>
	sourceSide === 'businessCentral' ? [source, target] : [target, source];

/** No value has this fingerprint: the side counts as changed. */
export const CHANGED = 'changed';

/** No fingerprint begins with these. */
const OWED = '~';
const UNSURE = '?';

/**
 * Mark of a side that made another value, of this fingerprint, of what it was given: the value is owed to the other side. It is nobody's edit, yet the
 * side's own pass finds it changed. `times`: how often a value of the record went that way in a row; one digit.
 */
export const owedBack = (mark: string, times: number): string => `${OWED}${times}${mark}`;

/** How often what stands there was made of what the other side gave; 0 where it is not owed back, or somebody has edited it since. */
export const owedTimes = (base: string, mark: string): number => (base.startsWith(OWED) && base.slice(2) === mark ? Number(base[1]) : 0);

/** Mark of a side that holds the value of this fingerprint, though nobody can tell whether a person put it there: what replaces it is logged. */
export const unsureOf = (mark: string): string => UNSURE + markIn(mark);

export const isUnsure = (base: string, mark: string): boolean => base.startsWith(UNSURE) && base.slice(1) === mark;

/** Whether nobody is known to have edited a value since the sides last agreed, be it as it was given or as its own service made it. */
export const standsAt = (base: string, mark: string): boolean => markIn(base) === mark;

/** The fingerprint of the value that stood there. */
export const markIn = (base: string): string => (base.startsWith(OWED) ? base.slice(2) : base.startsWith(UNSURE) ? base.slice(1) : base);

/** The fingerprints of the values that stood there, whatever was noted about them. */
export const plainOf = ([bc, crm]: FieldBaseline): FieldBaseline => [markIn(bc), markIn(crm)];
