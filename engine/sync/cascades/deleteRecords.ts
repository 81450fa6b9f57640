import type { JobRecorder } from '../../jobs/recorder';
import type { HeldLease } from '../../jobs/lease';
import { takeTurn } from '../../jobs/turn';
import { otherSide, type Side, SYSTEM_NAMES } from '../../model/side';
import { directionFrom } from '../../model/direction';
import { versionOn } from '../../model/coupling';
import type { Lease } from '../../model/lease';
import type { FieldConflict } from '../../model/fieldConflict';
import type { SystemRecord } from '../../model/record';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { StoreChanges } from '../../ports/storeChanges';
import type { WriteOutcome } from '../../ports/write';
import { editsOf, valuesOf } from '../decide/edits';
import { tombstoneOf } from '../record/tombstones';
import { idsByMapping, ownFields, type TakenAlong } from './takenAlong';

/** Who deletes: the job that tells it, and the right to change its mapping. */
export interface Deleting {
	session: SyncSession;
	mapping: TableMapping;
	recorder: JobRecorder;
	/** Changes of the job's own mapping. */
	lease: Lease | null;
}

/**
 * Deletes records, and knows what the service deletes by itself with them: each of those is in the log before it goes, with what was edited in it,
 * counts as deleted, and its couple ends together with the deletion, so that no run takes it for a person's. What turns out to be still there keeps its
 * partner. A crash in between leaves couples that have ended; a row that is still there finds its partner again.
 * @throws SyncError `MAPPING_BUSY` (transient) when a mapping of such records is being synchronized: nothing is deleted then
 */
export async function deleteRecords(
	deleting: Deleting,
	side: Side,
	records: readonly SystemRecord[],
	along: readonly TakenAlong[],
): Promise<WriteOutcome[]> {
	const { session, mapping } = deleting;
	const table = tableOn(mapping, side);
	const operation = (record: SystemRecord) => ({
		kind: 'delete' as const,
		id: record.id,
		version: record.version,
		along: [...new Set(along.map((each) => each.mapping))].map((other) => ({
			table: tableOn(other, side),
			records: along.filter((each) => each.mapping === other && each.owner.id === record.id).map((each) => each.record),
		})),
	});
	if (along.length === 0) return await session[side].write(table, records.map(operation));
	const leases = await leasesOf(deleting, along);
	try {
		await letGo(deleting, side, along, leases);
		const outcomes = await session[side].write(table, records.map(operation));
		await settle(deleting, side, along, leases);
		return outcomes;
	} finally {
		for (const held of leases.values()) await held?.release();
	}
}

type Leases = ReadonlyMap<string, HeldLease | null>;

/** The right to end couples of the other mappings; null for the job's own, which it has. */
async function leasesOf({ session, mapping }: Deleting, along: readonly TakenAlong[]): Promise<Leases> {
	const leases = new Map<string, HeldLease | null>();
	for (const name of new Set(along.flatMap((each) => (each.coupling ? [each.mapping.name] : [])))) {
		const held = name === mapping.name ? null : takeTurn(session, name);
		leases.set(
			name,
			held &&
				(await held.catch(async (error: unknown) => {
					for (const other of leases.values()) await other?.release();
					throw error;
				})),
		);
	}
	return leases;
}

async function letGo({ session, recorder, lease }: Deleting, side: Side, along: readonly TakenAlong[], leases: Leases): Promise<void> {
	for (const each of along) tell(recorder, side, each);
	await session.store.commit({ log: recorder.takeLog() }, ...(lease ? [lease] : []));
	const now = recorder.now();
	await byMapping(session, lease, leases, along, (couples) => ({
		uncouple: couples,
		tombstones: couples.map((coupling) => tombstoneOf(coupling, versionOn(coupling, otherSide(side)), now)),
	}));
}

/** What the service has left is there: the deletion was refused, or takes less along than was known. */
async function settle({ session, recorder, lease }: Deleting, side: Side, along: readonly TakenAlong[], leases: Leases): Promise<void> {
	const left = new Set<TakenAlong>();
	for (const [mapping, ids] of idsByMapping(along, side)) {
		const there = await session[side].existing(tableOn(mapping, side), ids);
		for (const each of along) if (each.mapping === mapping && there.has(each.record.id)) left.add(each);
	}
	await byMapping(session, lease, leases, [...left], (couples) => ({ couplings: couples }));
	const gone = along.filter((each) => !left.has(each));
	for (const each of gone) {
		recorder.count('deleted');
		recorder.change({ action: 'delete', written: side, fields: [] }, pairOf(side, each));
	}
	const keys = gone.flatMap(({ coupling }) => coupling ?? []);
	await byMapping(session, lease, leases, gone, () => ({}), keys.length > 0);
}

type Couple = NonNullable<TakenAlong['coupling']>;

/** Commits for each mapping under its own lease; with `forget` also that nothing is known of the records any more. */
async function byMapping(
	session: SyncSession,
	lease: Lease | null,
	leases: Leases,
	along: readonly TakenAlong[],
	changes: (couples: Couple[]) => StoreChanges,
	forget = false,
): Promise<void> {
	for (const [name, held] of leases) {
		const couples = along.flatMap(({ mapping, coupling }) => (mapping.name === name && coupling ? [coupling] : []));
		if (couples.length === 0) continue;
		const keys = couples.flatMap(({ mapping, bcId, crmId }) => [
			{ mapping, direction: 'toCrm' as const, sourceId: bcId },
			{ mapping, direction: 'fromCrm' as const, sourceId: crmId },
		]);
		const right = held?.lease ?? lease;
		await session.store.commit(
			{ ...changes(couples), ...(forget ? { failuresDone: keys, requeuedDone: keys } : {}) },
			...(right ? [right] : []),
		);
	}
}

function tell(recorder: JobRecorder, side: Side, each: TakenAlong): void {
	const { mapping, coupling, record, owner } = each;
	const fields = ownFields(mapping, side);
	const lost: FieldConflict[] = coupling ? editsOf(fields, side, record, coupling) : valuesOf(fields, side, record);
	const names = lost.map(({ field }) => field.caption).join(', ');
	const what = coupling ? 'Its changes since the last synchronization go with it' : 'It has no partner here; what it holds goes with it';
	recorder.deletedAlong(directionFrom(side), pairOf(side, each), {
		mapping: mapping.name,
		message: `${SYSTEM_NAMES[side]} deletes ${titleOf(record)} (${mapping.name}) with ${titleOf(owner)}, to which it belongs.${names === '' ? '' : ` ${what}: ${names}.`}${coupling ? ` Its partner in ${SYSTEM_NAMES[otherSide(side)]} stays, uncoupled.` : ''}`,
		lost,
	});
}

const titleOf = ({ number, name, id }: SystemRecord): string => [number, name].filter(Boolean).join(' ') || id;

const pairOf = (side: Side, { record, coupling }: TakenAlong) => ({ businessCentral: null, crm: null, coupling, [side]: record });
