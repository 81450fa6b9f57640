import { createHash } from 'node:crypto';
import { type Coupling, stampOn, versionOn } from '../../model/coupling';
import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { ChangeQuery } from '../../ports/recordSystem';
import type { ReadAhead } from './readAhead';
import { restored } from './restoredErrors';
import { askWitnesses, type PutBack, WITNESSES } from './witnesses';

/** A side, with what the run is about to read of it; null where it reads nothing there. */
export interface LookedAt {
	side: Side;
	query: ChangeQuery | null;
}

/** What a run is about to do. */
export interface LookBack {
	sides: readonly LookedAt[];
	looksForDeleted: boolean;
}

/** What is known of a side without asking for it: what was read anyhow, and the couplings that were seen there last. */
interface Picture {
	side: Side;
	page: readonly SystemRecord[];
	newest: readonly Coupling[];
}

/** Pictures in which everything stood, with the time until which that holds (epoch milliseconds). */
const standing = new Map<string, number>();
const DAY_MS = 24 * 60 * 60_000;

const holds = (key: string, now: number): boolean => {
	const until = standing.get(key);
	return until !== undefined && now < until && now >= until - DAY_MS;
};

function remember(key: string, now: number): void {
	for (const [each, until] of standing) if (now >= until || now < until - DAY_MS) standing.delete(each);
	standing.set(key, now + DAY_MS);
}

/**
 * Before a run writes anything: a system that was put back to an earlier state (restored from a backup, copied over) must not have its old values
 * taken for edits, nor the records it lost for deletions. Where a record that was seen last shows among the changes as it was, nothing went back,
 * and nothing is asked; otherwise the newest records that were seen are looked at, one request for each side. As long as nothing changes on either
 * side, one answer holds for a day; not for a run that looks for deleted records, to which a restore that nobody has touched yet is dangerous as well.
 * @throws SyncError `RESTORED` (setup), with what was seen and the ways on
 */
export async function requireNotRestored(
	session: SyncSession,
	mapping: TableMapping,
	{ sides, looksForDeleted }: LookBack,
	ahead: ReadAhead,
): Promise<void> {
	const pictures: Picture[] = [];
	let busy = false;
	for (const { side, query } of sides) {
		const table = tableOn(mapping, side);
		// Pages and choices have neither stamps nor versions that could go back.
		if (table.page !== undefined || table.choice !== undefined) continue;
		const newest = await session.store.newestSeen(mapping.name, side, WITNESSES);
		if (newest.length === 0) continue;
		// What will be written moves the other side: what it shows now would have to be read again.
		const page: readonly SystemRecord[] = query === null || busy ? [] : await ahead.first(session[side], query);
		const picture: Picture = { side, page, newest };
		busy = busy || query === null || (await hasNews(session, mapping, picture));
		pictures.push(picture);
	}
	const key = keyOf(session, mapping, pictures);
	if (!busy && !looksForDeleted && holds(key, session.clock.now())) return;
	const found: PutBack[] = [];
	for (const picture of pictures) {
		if (await movesOn(session, mapping, picture)) continue;
		const putBack = await askWitnesses(session, mapping, picture.side, [picture.page, picture.newest]);
		if (putBack) found.push(putBack);
	}
	if (found.length > 0) throw restored(mapping, found);
	// A side whose changes were not read must not be taken, one day, for one that showed none.
	if (!busy) remember(key, session.clock.now());
}

async function hasNews({ store }: SyncSession, mapping: TableMapping, { side, page }: Picture): Promise<boolean> {
	if (page.length === 0) return false;
	const ids = page.map(({ id }) => id);
	const couplings = await store.couplingsOf(mapping.name, side, ids);
	return page.some(({ id, version }) => {
		const coupling = couplings.get(id);
		return coupling !== undefined && versionOn(coupling, side) !== version;
	});
}

/** The record that moved the watermark shows as it did, and nothing that was coupled was seen later: no time was taken back. */
async function movesOn({ store }: SyncSession, mapping: TableMapping, { side, page, newest }: Picture): Promise<boolean> {
	const watermark = await store.watermark(mapping.name, side);
	if (watermark === null || !page.some(({ modifiedAt }) => modifiedAt === watermark)) return false;
	return Date.parse(watermark) > Date.parse(stampOn(newest[0]!, side)!);
}

function keyOf({ store }: SyncSession, mapping: TableMapping, pictures: readonly Picture[]): string {
	const content = pictures.map(({ side, page, newest }) => [
		side,
		page.map(({ id, version }) => [id, version]),
		newest.map((coupling) => [coupling.bcId, stampOn(coupling, side)]),
	]);
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return [store.identity.id, store.connectionId, mapping.name, hash].join(' ');
}
