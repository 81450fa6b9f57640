import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';
import { stampKey } from '../stamps';
import type { Side } from '../../model/side';
import type { Watermark } from '../../model/watermark';
import type { StoreChanges } from '../../ports/storeChanges';

const watermarkOf = compiledOnce(({ db }, { connectionKey, mapping, side }: { connectionKey: number; mapping: string; side: Side }) =>
	db
		.selectFrom('watermark')
		.select(['stamp', 'clock_ahead_ms', 'scope', 'uncoupled_too'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', side),
);

export async function readWatermark(scope: Scope, mapping: string, side: Side): Promise<Watermark | null> {
	const [row] = await watermarkOf(scope, { connectionKey: scope.connectionKey, mapping, side });
	if (!row) return null;
	return {
		mapping,
		side,
		stamp: row.stamp,
		clockAheadMs: row.clock_ahead_ms === null ? null : Number(row.clock_ahead_ms),
		scope: row.scope,
		uncoupledToo: row.uncoupled_too === null ? null : Number(row.uncoupled_too) !== 0,
	};
}

/**
 * Forward only, unless told otherwise; null starts over. One statement, so two writers cannot pull it back between look and write. What is known
 * beside the stamp goes with it, and stays as it is where the stamp does not move.
 */
export async function advanceWatermark({ db, connectionKey }: Scope, mark: NonNullable<StoreChanges['watermark']>): Promise<void> {
	const { mapping, side, stamp, clockAheadMs = null, scope = null, uncoupledToo = null, moves = 'forward' } = mark;
	const insert = db.insertInto('watermark').values({
		connection_key: connectionKey,
		mapping,
		side,
		stamp,
		sort_key: stamp === null ? '' : stampKey(stamp),
		clock_ahead_ms: clockAheadMs,
		scope,
		uncoupled_too: uncoupledToo === null ? null : Number(uncoupledToo),
	});
	await insert
		.onConflict((oc) => {
			const update = oc.columns(['connection_key', 'mapping', 'side']).doUpdateSet((eb) => ({
				stamp: eb.ref('excluded.stamp'),
				sort_key: eb.ref('excluded.sort_key'),
				clock_ahead_ms: eb.ref('excluded.clock_ahead_ms'),
				scope: eb.ref('excluded.scope'),
				uncoupled_too: eb.ref('excluded.uncoupled_too'),
			}));
			return stamp === null || moves === 'anyhow' ? update : update.whereRef('watermark.sort_key', '<', 'excluded.sort_key');
		})
		.execute();
}
