import { directionFrom } from '../model/direction';
import type { SystemRecord } from '../model/record';
import type { Side } from '../model/side';
import type { TableMapping } from '../model/tableMapping';
import type { SeenVersion } from '../model/trigger';
import type { SyncStore } from '../ports/syncStore';

/**
 * Those of the rows that are news: no coupling has them in this version, no failure, nothing that waits, and no earlier start was made for them. A row
 * without a partner is none where runs create no partners. So what a run wrote itself raises no other run.
 */
export async function unknownRows(
	store: SyncStore,
	mapping: TableMapping,
	side: Side,
	{ records, reported }: { records: readonly SystemRecord[]; reported: readonly SeenVersion[] },
): Promise<SystemRecord[]> {
	const seen = new Map(reported);
	const open = records.filter(({ id, version }) => seen.get(id) !== version);
	if (open.length === 0) return [];
	const ids = open.map(({ id }) => id);
	const couplings = await store.couplingVersions(mapping.name, side, ids);
	const left = open.filter(({ id, version }) => {
		const coupling = couplings.get(id);
		return coupling ? coupling.version !== version : !mapping.onlyCoupled;
	});
	if (left.length === 0) return [];
	const rest = left.map(({ id }) => id);
	const direction = directionFrom(side);
	const failures = await store.failuresOf(mapping.name, direction, rest);
	const requeued = await store.requeuedOf(mapping.name, direction, rest);
	const former = await store.tombstones(
		mapping.name,
		side,
		rest.filter((id) => !couplings.has(id)),
	);
	return left.filter(({ id, version }) =>
		[failures.get(id)?.sourceVersion, requeued.get(id)?.sourceVersion, former.get(id)?.version].every((known) => known !== version),
	);
}
