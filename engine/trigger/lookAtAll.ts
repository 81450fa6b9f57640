import type { SyncError } from '../model/errors';
import type { Side } from '../model/side';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { TriggerMapping, TriggerSide, TriggerSignal } from '../model/trigger';
import type { Watermark } from '../model/watermark';
import type { SyncSession } from '../ports/session';
import { type Asked, lookAt } from './look';
import type { Watched } from './periods';
import { withLook } from './withLook';

/** What one look at one system found out. */
export interface SideLook {
	known: Map<string, TriggerMapping>;
	/** What is wrong with single tables, by mapping. */
	failed: Map<string, SyncError>;
}

/**
 * Looks at one system for all mappings that carry its changes away. A mapping that somebody runs right now is left to the next look: what the run has
 * written is not in its couplings yet. So is one that was never run: there is nothing that it could have missed.
 * @throws SyncError where the system cannot be asked
 */
export async function lookAtAll(
	session: SyncSession,
	side: Side,
	watched: readonly Watched[],
	before: ReadonlyMap<string, TriggerMapping>,
	{ signals, now }: { signals: readonly TriggerSignal[]; now: number },
): Promise<SideLook> {
	const known = new Map(before);
	const failed = new Map<string, SyncError>();
	const change = (name: string, to: (side: TriggerSide) => TriggerSide): void => {
		const mapping = known.get(name)!;
		known.set(name, { ...mapping, sides: { ...mapping.sides, [side]: to(mapping.sides[side]) } });
	};
	const running = await session.store.runningMappings();
	const asked: Asked[] = [];
	for (const { mapping } of watched.filter(({ sources }) => sources.includes(side))) {
		if (!(await session[side].hasNewest(tableOn(mapping, side)))) {
			change(mapping.name, (each) => ({ ...each, notLooked: 'noStamp', problem: null, news: null }));
			continue;
		}
		const { mark, reported } = known.get(mapping.name)!.sides[side];
		const begin = mark ?? (await beginning(session, mapping, side));
		if (begin?.stamp && !running.has(mapping.name)) asked.push({ mapping, mark: begin, reported });
	}
	if (asked.length === 0) return { known, failed };
	const looked = await lookAt(session, side, asked);
	const meanwhile = await session.store.runningMappings();
	for (const [index, { mapping }] of asked.entries()) {
		if (meanwhile.has(mapping.name)) continue;
		const found = looked[index]!;
		if ('failed' in found) failed.set(mapping.name, found.failed);
		const told = signals.some((signal) => signal.side === side && (signal.mapping === '*' || signal.mapping === mapping.name));
		change(mapping.name, (each) => withLook(each, found, { told, now }));
	}
	return { known, failed };
}

/** Where the first look begins: where runs have come to. What they read as a whole each time has no such place: what changed before is found by the interval. */
async function beginning({ store, clock }: SyncSession, mapping: TableMapping, side: Side): Promise<Watermark | null> {
	const read = await store.watermarkOf(mapping.name, side);
	if (read || !tableOn(mapping, side).page) return read;
	return { mapping: mapping.name, side, stamp: new Date(clock.now()).toISOString(), clockAheadMs: null };
}
