import type { Side } from '../../model/side';
import type { FieldBaseline } from '../../model/coupling';

/** Place of a side's fingerprint in a field's baseline. */
export const indexOf = (side: Side): 0 | 1 => (side === 'businessCentral' ? 0 : 1);

/** The baseline of a field from the fingerprints of a pass's source and target. */
export const pair = (sourceSide: Side, source: string, target: string): FieldBaseline =>
	sourceSide === 'businessCentral' ? [source, target] : [target, source];
