import { createHash } from 'node:crypto';
import { type Coupling, stampOn, versionOn } from '../../model/coupling';
import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { ReadingTerms } from '../reading/reading';
import type { ReadAhead } from './readAhead';
import { restored } from './restoredErrors';
import { askWitnesses, type PutBack, tellsEnough, WITNESSES } from './witnesses';

/** A side, with what the run is about to read of it; null where it reads nothing there. */
export interface LookedAt {
	side: Side;
	terms: ReadingTerms | null;
}

/** What a run is about to do. */
export interface LookBack {
	sides: readonly LookedAt[];
	/** It may write, or look for deleted records, although nothing changed. */
	mayWrite: boolean;
}

/** What is known of a side without asking for it: what was read anyhow, and the couplings that were seen there last. */
interface Picture {
	side: Side;
	page: readonly SystemRecord[];
	newest: readonly Coupling[];
	/** The page is in the order of stamps, and begins before the watermark. */
	byStamps: boolean;
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
 * and nothing is asked; otherwise the newest records that were seen are looked at, one request for each side. In a run that has nothing to do one side at
 * most is asked, and as long as nothing changes there its answer holds for a day; not for a run that looks for deleted records, to which a restore that
 * nobody has touched yet is dangerous as well, nor for one that may write for another reason.
 * @throws SyncError `RESTORED` (setup), with what was seen and the ways on
 */
export async function requireNotRestored(
	session: SyncSession,
	mapping: TableMapping,
	{ sides, mayWrite }: LookBack,
	ahead: ReadAhead,
): Promise<void> {
	const pictures: Picture[] = [];
	let busy = false;
	for (const { side, terms } of sides) {
		const table = tableOn(mapping, side);
		// Pages and choices have neither stamps nor versions that could go back.
		if (table.page !== undefined || table.choice !== undefined) continue;
		const newest = await session.store.newestSeen(mapping.name, side, WITNESSES);
		if (newest.length === 0) continue;
		// What will be written moves the other side: what it shows now would have to be read again.
		const page: readonly SystemRecord[] = terms === null || busy ? [] : await ahead.first(session[side], terms);
		const picture: Picture = { side, page, newest, byStamps: terms?.link === null };
		busy = busy || terms === null || (await hasNews(session, mapping, picture));
		pictures.push(picture);
	}
	const found: PutBack[] = [];
	const rests = !busy && !mayWrite;
	let asked = false;
	for (const picture of pictures) {
		const { side, page, newest } = picture;
		const key = keyOf(session, mapping, picture);
		if (rests && holds(key, session.clock.now())) continue;
		// What the service notes itself may bear a stamp that somebody gave it.
		const moved = picture.byStamps && (await movesOn(session, mapping, picture));
		const asks = !moved && !tellsEnough(side, page, newest);
		// An idle run is to stay cheap: the other side's turn is the next run, or this one once something is odd.
		if (asks && rests && asked && found.length === 0) continue;
		asked ||= asks;
		const putBack = moved ? null : await askWitnesses(session, mapping, side, [page, newest]);
		if (putBack) found.push(putBack);
		// A side whose changes were not read must not be taken, one day, for one that showed none.
		else if (asks && !busy) remember(key, session.clock.now());
	}
	if (found.length > 0) throw restored(mapping, found);
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

/**
 * A record shows a change from before the watermark, and nothing that was coupled was seen as late as that: no time was taken back that counts. What is
 * written after a restore is stamped later than what was read before it.
 */
async function movesOn({ store }: SyncSession, mapping: TableMapping, { side, page, newest }: Picture): Promise<boolean> {
	const watermark = Date.parse((await store.watermark(mapping.name, side)) ?? '');
	const seen = Date.parse(stampOn(newest[0]!, side)!);
	return page.some(({ modifiedAt }) => Date.parse(modifiedAt) <= watermark && Date.parse(modifiedAt) > seen);
}

function keyOf({ store }: SyncSession, mapping: TableMapping, { side, page, newest }: Picture): string {
	const content = [page.map(({ id, version }) => [id, version]), newest.map((coupling) => [coupling.bcId, stampOn(coupling, side)])];
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return [store.identity.id, store.connectionId, mapping.name, side, hash].join(' ');
}
