import type { Scope } from '../scope';
import { stampKey } from '../stamps';
import type { Side } from '../../model/side';
import type { StoreChanges } from '../../ports/storeChanges';

export async function readWatermark({ db, connectionKey }: Scope, mapping: string, side: Side): Promise<string | null> {
	const row = await db
		.selectFrom('watermark')
		.select('stamp')
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', side)
		.executeTakeFirst();
	return row?.stamp ?? null;
}

/** Forward only; null starts over. One statement, so two writers cannot pull it back between look and write. */
export async function advanceWatermark({ db, connectionKey }: Scope, mark: NonNullable<StoreChanges['watermark']>): Promise<void> {
	const { mapping, side, stamp } = mark;
	const insert = db
		.insertInto('watermark')
		.values({ connection_key: connectionKey, mapping, side, stamp, sort_key: stamp === null ? '' : stampKey(stamp) });
	await insert
		.onConflict((oc) => {
			const update = oc
				.columns(['connection_key', 'mapping', 'side'])
				.doUpdateSet((eb) => ({ stamp: eb.ref('excluded.stamp'), sort_key: eb.ref('excluded.sort_key') }));
			return stamp === null ? update : update.whereRef('watermark.sort_key', '<', 'excluded.sort_key');
		})
		.execute();
}
