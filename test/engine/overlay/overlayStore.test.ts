import type { StoreChanges } from '../../../engine/ports/storeChanges';
import { NEVER_COMPARED } from '../../../engine/model/comparison';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { OverlayStore } from '../../../engine/overlay/overlayStore';
import type { PassDirection } from '../../../engine/model/direction';
import type { RequeuedRecord } from '../../../engine/model/requeued';
import type { FullSyncLine } from '../../../engine/model/fullSync';
import { bcId, CONNECTION, coupling, crmId, failure, intent, job, ManualClock, NOON } from '../store/samples';
import { sqliteMemory } from '../store/stores';

/**
 * Whatever is committed to an overlay, it answers as a store does to which the same was committed, while the store below stays as it was. Told by chance:
 * the same changes go to a store and to an overlay over its twin.
 */

const MAPPINGS = ['CUSTOMER', 'VENDOR'] as const;
const DIRECTIONS = ['toCrm', 'fromCrm'] as const;
const SIDES = ['businessCentral', 'crm'] as const;
const RECORDS = 12;
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const STEPS = 14;
const all = Array.from({ length: RECORDS }, (_, index) => index + 1);

/** Numbers below `below`, always the same ones for a seed. */
function chance(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return Math.floor((state / 4_294_967_296) * below);
	};
}

/** Who is coupled with whom, so that no commit couples a record twice. */
class Couples {
	readonly crmOf = new Map<string, number>();
	pairs = (mapping: string) =>
		[...this.crmOf].flatMap(([key, crm]) => (key.startsWith(`${mapping} `) ? [{ bc: Number(key.split(' ')[1]), crm }] : []));
}

const at = (minute: number): string => new Date(Date.parse(NOON) + minute * 60_000).toISOString();

function someChanges(pick: (below: number) => number, couples: Couples, minute: number): StoreChanges {
	const mapping = MAPPINGS[pick(2)]!;
	const direction = DIRECTIONS[pick(2)]!;
	const side = SIDES[pick(2)]!;
	const some = (): number => 1 + pick(RECORDS);
	const sourceIdOf = (of: PassDirection): string => (of === 'toCrm' ? bcId(some()) : crmId(some()));
	const key = () => ({ mapping, direction, sourceId: sourceIdOf(direction) });
	switch (pick(20)) {
		case 0: {
			const ended = couples.pairs(mapping).filter(() => pick(3) === 0);
			for (const { bc } of ended) couples.crmOf.delete(`${mapping} ${bc}`);
			const uncouple = ended.map(({ bc, crm }) => ({ mapping, bcId: bcId(bc), crmId: crmId(crm) }));
			const kind = pick(2) === 0 ? 'deleted' : 'parted';
			const tombstones = uncouple.map((pair) => ({ ...pair, kind, version: pick(2) === 0 ? null : 'v', endedAt: at(minute) }) as const);
			return { uncouple, tombstones: pick(2) === 0 ? tombstones : [] };
		}
		case 1:
		case 2: {
			const [bc, crm] = [some(), some()];
			if (couples.crmOf.has(`${mapping} ${bc}`) || couples.pairs(mapping).some((pair) => pair.crm === crm)) return {};
			couples.crmOf.set(`${mapping} ${bc}`, crm);
			const baseline = pick(2) === 0 ? null : { name: ['a', String(minute)] as const };
			return { couplings: [coupling(bc, { mapping, crmId: crmId(crm), baseline, bcName: `Name ${minute}` })] };
		}
		case 3: {
			const known = couples.pairs(mapping).filter(() => pick(2) === 0);
			return { couplings: known.map(({ bc, crm }) => coupling(bc, { mapping, crmId: crmId(crm), crmVersion: `v${minute}` })) };
		}
		case 4: {
			const [one] = couples.pairs(mapping);
			if (!one) return {};
			// Moves to another partner in one commit.
			const free = all.find((crm) => !couples.pairs(mapping).some((pair) => pair.crm === crm));
			if (free === undefined) return {};
			couples.crmOf.set(`${mapping} ${one.bc}`, free);
			return {
				uncouple: [{ mapping, bcId: bcId(one.bc), crmId: crmId(one.crm) }],
				couplings: [coupling(one.bc, { mapping, crmId: crmId(free) })],
			};
		}
		case 5: {
			const of = key();
			const waiting = pick(2) === 0 ? { unresolved: [{ field: 'f', caption: 'F', mapping: 'CURRENCY', value: 'EUR' }] } : {};
			return {
				failures: [failure(of.sourceId, { ...of, skipped: pick(2) === 0, failedAt: at(minute), firstFailedAt: at(minute), ...waiting })],
			};
		}
		case 6:
			return { failuresDone: [key(), key()] };
		case 7:
			return { failuresDue: [key(), key(), key()] };
		case 13: {
			const owed = { fields: ['f'], unresolved: [{ field: 'f', caption: 'F', mapping: 'CURRENCY', value: 'EUR' }] };
			const again = (): RequeuedRecord => ({
				...{ ...key(), reason: pick(2) === 0 ? 'referenceDeferred' : 'followUpDue', attempts: 1, since: at(minute) },
				...{ fields: [], unresolved: [], sourceVersion: pick(2) === 0 ? null : `v${minute}` },
				...(pick(2) === 0 ? owed : {}),
			});
			return { requeued: [again(), again()] };
		}
		case 14:
			return { requeuedDone: [key()] };
		case 17:
		case 18: {
			const action = (['delete', 'uncouple', 'overwrite', 'empty', 'create'] as const)[pick(5)]!;
			const change = () => ({ mapping, recordId: bcId(some()), action, title: `Title ${pick(3)}` });
			return pick(3) === 0 ? { massChangesUndone: [change()] } : { massChanges: [change(), change(), change()] };
		}
		case 19:
			return pick(3) === 0 ? { massChangesForgotten: { mapping, which: pick(2) === 0 ? 'all' : 'old' } } : {};
		case 8: {
			const of = key();
			return { intents: [intent(of.sourceId, { ...of, createdAt: at(minute) })] };
		}
		case 9:
			return { intentsDone: [key(), key()] };
		case 10: {
			const pairs = couples.pairs(mapping).filter(() => pick(2) === 0);
			const found = pairs.map(({ bc, crm }) => ({ mapping, side, bcId: bcId(bc), crmId: crmId(crm) }));
			return pick(2) === 0 ? { deletedPartners: found } : { deletedPartnersDone: found };
		}
		case 11:
			return {
				comparison: { ...NEVER_COMPARED, mapping, side, beganAt: at(minute), phase: 'walk', position: '', checkedAt: at(minute) },
				compared: {
					...{ mapping, side, beganAt: at(minute) },
					records: all
						.filter(() => pick(2) === 0)
						.map((number) => ({ id: (side === 'crm' ? crmId : bcId)(number), version: pick(2) === 0 ? null : `v${minute}` })),
				},
			};
		case 12:
			return pick(4) === 0 ? { forgetTombstones: mapping } : { watermark: { mapping, side, stamp: pick(5) === 0 ? null : at(pick(100)) } };
		default:
			return pick(2) === 0 ? { origins: [{ mapping, kind: 'new', at: at(minute) }] } : { fullSync: [line(mapping, minute)] };
	}
}

const line = (mapping: string, minute: number): FullSyncLine => ({
	...{ mapping, runId: 'run', status: 'inProcess', choices: { afterwards: 'keep', bothSides: 'matchFirst' } },
	...{ toCrm: null, fromCrm: null, message: String(minute), startedAt: NOON, finishedAt: null },
});

/** Everything that can be asked, in an order of its own where the store promises none. */
async function answers(store: SyncStore): Promise<unknown> {
	const bcIds = all.map(bcId);
	const crmIds = all.map(crmId);
	const sorted = (rows: Iterable<unknown>): string[] => [...rows].map((row) => JSON.stringify(row, keysSorted)).sort();
	const told: unknown[] = [sorted(await store.settings()), sorted(await store.fullSyncLines())];
	for (const mapping of MAPPINGS) {
		told.push(await store.countCouplings(mapping), await store.countFailures(mapping));
		told.push((await store.origin(mapping))?.kind ?? null);
		told.push((await store.massChangesOfDay(mapping)).counts, sorted(await store.massChangesAmong(mapping, bcIds)));
		told.push(
			await inParts(
				(after) => store.couplingPairs(mapping, after, 3),
				(row) => row.bcId,
			),
		);
		for (const state of [undefined, 'coupled', 'pending', 'failed', 'skipped'] as const)
			told.push(
				sorted(await inPages((next) => store.findCouplings({ mapping, limit: 3, ...(state && { state }), ...(next && { next }) }))),
			);
		told.push(sorted(await inPages((next) => store.findCouplings({ mapping, text: 'name', limit: 4, ...(next && { next }) }))));
		told.push(sorted(await inPages((next) => store.listFailures({ mapping, limit: 3, skipped: true, ...(next && { next }) }))));
		for (const side of SIDES) {
			const ids = side === 'crm' ? crmIds : bcIds;
			told.push(sorted(await store.couplingsOf(mapping, side, ids)), await store.watermark(mapping, side));
			told.push(sorted(await store.tombstones(mapping, side, ids)), sorted(await store.tombstones(mapping, side, ids, 'parted')));
			told.push(await store.comparison(mapping, side), sorted(await store.couplingVersions(mapping, side, ids)));
			told.push(sorted(await store.comparedVersions(mapping, side, ids)));
			told.push(
				await inParts(
					(afterBcId) => store.deletedPartners(mapping, side, { limit: 2, afterBcId }),
					(row) => row.bcId,
				),
			);
		}
		for (const direction of DIRECTIONS) {
			const ids = direction === 'toCrm' ? bcIds : crmIds;
			told.push(sorted(await store.failuresOf(mapping, direction, ids)), sorted(await store.intents(mapping, direction, 1000)));
			told.push(sorted(await store.requeuedOf(mapping, direction, ids)), await store.countRequeued(mapping));
			told.push(sorted(await inPages((next) => store.listRequeued({ mapping, limit: 2, ...(next && { next }) }))));
			told.push(await inParts((after) => store.requeued(mapping, direction, { limit: 2, ...(after && { afterSourceId: after }) }), (row) => row.sourceId)); // prettier-ignore
			for (const options of [{ includeSkipped: true }, { includeSkipped: false }, { includeSkipped: true, only: 'waiting' as const }])
				told.push(await inParts((after) => store.failures(mapping, direction, { ...options, limit: 2, ...(after && { afterSourceId: after }) }), (row) => row.sourceId)); // prettier-ignore
		}
	}
	return JSON.parse(JSON.stringify(told, keysSorted));
}

const keysSorted = (_key: string, value: unknown): unknown =>
	value !== null && typeof value === 'object' && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value as object).sort(([one], [other]) => (one < other ? -1 : 1)))
		: value;

async function inParts<T>(read: (after: string) => Promise<T[]>, keyOf: (row: T) => string): Promise<T[]> {
	const rows: T[] = [];
	for (;;) {
		const part = await read(rows.length === 0 ? '' : keyOf(rows.at(-1)!));
		if (part.length === 0) return rows;
		rows.push(...part);
	}
}

async function inPages<T>(read: (next: string | undefined) => Promise<{ rows: T[]; next?: string }>): Promise<T[]> {
	const rows: T[] = [];
	let next: string | undefined;
	do {
		const page = await read(next);
		rows.push(...page.rows);
		next = page.next;
	} while (next !== undefined);
	return rows;
}

describe('the overlay of a store', () => {
	const place = sqliteMemory();
	const clock = new ManualClock();
	let companies = 0;
	const open = async (): Promise<SyncStore> =>
		await (await place).open({ clock, connection: { ...CONNECTION, companyId: `company-${++companies}` } });
	afterAll(async () => await (await place).remove());

	test.each(SEEDS)('answers as a store with the same changes would, and leaves the one below as it is (%i)', async (seed) => {
		const [real, below] = [await open(), await open()];
		const pick = chance(seed);
		const couples = new Couples();
		for (let step = 0; step < STEPS; step++) {
			const changes = someChanges(pick, couples, step);
			await real.commit(changes);
			await below.commit(changes);
		}
		const before = await answers(below);
		const overlay = new OverlayStore(below, clock);
		for (let step = STEPS; step < 2 * STEPS; step++) {
			const changes = someChanges(pick, couples, step);
			await real.commit(changes);
			await overlay.commit(changes);
		}
		expect([seed, await answers(overlay)]).toEqual([seed, await answers(real)]);
		expect([seed, await answers(below)]).toEqual([seed, before]);
		// An overlay over an overlay is one as well.
		const second = new OverlayStore(overlay, clock);
		const changes = someChanges(pick, couples, 99);
		const known = await answers(overlay);
		await real.commit(changes);
		await second.commit(changes);
		expect([seed, await answers(second)]).toEqual([seed, await answers(real)]);
		expect(await answers(overlay)).toEqual(known);
		for (const mapping of MAPPINGS) if (await real.knowsCouples(mapping)) expect(await second.knowsCouples(mapping)).toBe(true);
		await real.close();
		await below.close();
	});

	test('settings and lines of a full synchronization are changed and forgotten in it alone; a lease is nobody else’s', async () => {
		const below = await open();
		await below.saveSettings('CUSTOMER', { enabled: false });
		await below.commit({ fullSync: [line('CUSTOMER', 1)] });
		const lease = await below.acquireLease('CUSTOMER', 'somebody', 60_000);
		const overlay = new OverlayStore(below, clock);
		await overlay.saveSettings('CUSTOMER', null);
		await overlay.saveSettings('VENDOR', { enabled: false });
		await overlay.deleteFullSyncLines();
		expect(await overlay.acquireLease('CUSTOMER', 'preview')).toMatchObject({ mapping: 'CUSTOMER' });
		await overlay.commit({ job: job('preview') });
		expect([...(await overlay.settings()).keys(), (await overlay.fullSyncLines()).size]).toEqual(['VENDOR', 0]);
		expect([...(await below.settings()).keys(), (await below.fullSyncLines()).size]).toEqual(['CUSTOMER', 1]);
		expect((await below.jobs({ limit: 5 })).rows).toEqual([]);
		expect(await below.renewLease(lease!, 60_000)).toBe(true);
		await below.close();
	});
});
