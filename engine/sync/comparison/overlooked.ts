import type { ComparedRecord, CoupledVersion } from '../../model/comparison';
import type { SystemRecord } from '../../model/record';
import type { RequeuedRecord } from '../../model/requeued';
import type { Side } from '../../model/side';
import type { ComparisonRun, SideReading } from './comparisonRun';

/** More creations than this are never under way at a time. */
const MOST_INTENTS = 100_000;

/** What the records of a page tell: which of them were overlooked and are looked at by this run, and how each is marked. */
export interface Judged {
	requeued: RequeuedRecord[];
	marks: ComparedRecord[];
}

/** A side under comparison. */
export interface ComparedSide {
	run: ComparisonRun;
	side: Side;
	reading: SideReading | null;
	knowsUncoupled: boolean;
}

/**
 * Records that are not as their couplings say although their stamps are older than what runs read, and records without a partner that no run has
 * seen: rows of a transaction that took an hour, imports with back-dated stamps, edits under a clock that was set back. What has a newer stamp is
 * read as a change anyhow. A record is overlooked once in each version.
 */
export async function judge(of: ComparedSide, records: readonly SystemRecord[]): Promise<Judged> {
	const { store } = of.run.session;
	const { name } = of.run.mapping;
	const couplings = await store.couplingVersions(
		name,
		of.side,
		records.map(({ id }) => id),
	);
	const coupled = records.filter(({ id }) => couplings.has(id));
	const uncoupled = of.reading?.creates ? records.filter(({ id }) => !couplings.has(id)) : [];
	const other = coupled.filter((record) => isOther(record, couplings.get(record.id)!));
	const unseen = [...other, ...uncoupled].filter((record) => isUnseen(record, of.reading));
	const fresh = await withoutKnown(of, unseen);
	const changed = fresh.filter(({ id }) => couplings.has(id));
	const created = of.knowsUncoupled
		? await newOnes(
				of,
				fresh.filter(({ id }) => !couplings.has(id)),
			)
		: [];
	const versionsKept = new Set([...other, ...uncoupled].map(({ id }) => id));
	return {
		requeued: [...changed, ...created].map(({ id }) => requeuedOf(of, id)),
		marks: [...coupled, ...uncoupled].map(({ id, version }) => ({ id, version: versionsKept.has(id) ? version : null })),
	};
}

/** Without a version, nobody knows what the row held when it was dealt with last: an edit may have come since, which no stamp tells. */
const isOther = (record: SystemRecord, { version }: CoupledVersion): boolean => version !== record.version;

const isUnseen = ({ modifiedAt }: SystemRecord, reading: SideReading | null): boolean =>
	modifiedAt !== '' && reading !== null && reading.since !== null && Date.parse(modifiedAt) < Date.parse(reading.since);

/** Without those that were looked at in this version already, that failed in it, or that a run looks at anyhow. */
async function withoutKnown({ run, side, reading }: ComparedSide, records: readonly SystemRecord[]): Promise<SystemRecord[]> {
	if (records.length === 0 || !reading) return [];
	const { session, mapping } = run;
	const ids = records.map(({ id }) => id);
	const compared = await session.store.comparedVersions(mapping.name, side, ids);
	const failures = await session.store.failuresOf(mapping.name, reading.direction, ids);
	const requeued = await session.store.requeuedOf(mapping.name, reading.direction, ids);
	return records.filter(({ id, version }) => {
		const failure = failures.get(id);
		return compared.get(id) !== version && !requeued.has(id) && (!failure || (failure.skipped && failure.sourceVersion !== version));
	});
}

/** Without those that people parted, that were let go in this version, that are being created, or that take no part in the mapping. */
async function newOnes({ run, side, reading }: ComparedSide, records: readonly SystemRecord[]): Promise<SystemRecord[]> {
	if (records.length === 0 || !reading) return [];
	const { session, mapping } = run;
	const ids = records.map(({ id }) => id);
	const former = await session.store.tombstones(mapping.name, side, ids);
	const intents = await session.store.intents(mapping.name, reading.direction, MOST_INTENTS);
	const underWay = new Set(intents.map(({ sourceId }) => sourceId));
	const open = records.filter(({ id, version }) => {
		const known = former.get(id);
		return !underWay.has(id) && (!known || (known.version !== null && known.version !== version));
	});
	const part = open.length > 0 ? await reading.takePart(open.map(({ id }) => id)) : new Set<string>();
	return open.filter(({ id }) => part.has(id));
}

const requeuedOf = ({ run, reading }: ComparedSide, sourceId: string): RequeuedRecord => ({
	...{ mapping: run.mapping.name, direction: reading!.direction, sourceId, reason: 'changedUnseen' },
	...{ fields: [], unresolved: [], sourceVersion: null, attempts: 1, since: new Date(run.session.clock.now()).toISOString() },
});
