import { type Coupling, stampOn, versionOn } from '../../model/coupling';
import type { SystemRecord } from '../../model/record';
import type { Side } from '../../model/side';
import { compareVersions } from '../../model/versionOrder';

/**
 * How a record that was seen before looks now. `standing`: as it was seen. `rolledBack`: as it was before that. `redone`: put back and written since.
 * `edited`: written since, for all that can be told by itself.
 */
export type SeenAgain = 'standing' | 'rolledBack' | 'redone' | 'edited';

/** SQL Server rounds the stamps of Business Central: one read back may lie a few milliseconds before the one a write told. */
const ROUNDING_MS = 50;
/** Clocks of a service that differ, or were corrected, by less are no restore; as far as runs read again before a watermark. */
const CLOCKS_MS = 11 * 60_000;

/** Versions decide where they have an order, the service's own stamps where they have none. Pure. */
export function seenAgain(coupling: Coupling, side: Side, record: Pick<SystemRecord, 'version' | 'modifiedAt'>): SeenAgain {
	const version = versionOn(coupling, side);
	const then = Date.parse(stampOn(coupling, side) ?? '');
	const now = Date.parse(record.modifiedAt);
	const sameStamp = Number.isNaN(then) || Number.isNaN(now) || Math.abs(now - then) < ROUNDING_MS;
	// A restored database counts on from where it was: another write may have got the very version that was seen.
	if (version !== null && record.version === version) return sameStamp ? 'standing' : now > then ? 'redone' : 'rolledBack';
	const order = compareVersions(record.version, version);
	// A clock that was set back stamps an edit earlier; the version counts on all the same.
	if (order !== null) return order > 0 ? 'edited' : now > then ? 'redone' : 'rolledBack';
	// A sum shown on the page moves the version and leaves the stamp: nobody wrote the record.
	if (sameStamp) return Number.isNaN(then) ? 'edited' : 'standing';
	return now < then - CLOCKS_MS ? 'rolledBack' : 'edited';
}
