import { freshMapping, stateOf } from '../../../engine/trigger/freshState';
import { TRIGGER_DEFAULTS, type TriggerSettings } from '../../../engine/trigger/triggerSettings';
import { SyncError } from '../../../engine/model/errors';
import { NEVER_COMPARED } from '../../../engine/model/comparison';
import type { IdentityMove } from '../../../engine/model/recordIdentity';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { bcId, CONNECTION, coupling, crmId, entry, failure, intent, job, ManualClock, NOON, requeuedRecord } from './samples';
import { postgres, sqliteFile, sqliteMemory } from './stores';
import type { Tombstone } from '../../../engine/model/tombstone';

const MINUTE = 60_000;
const NOON_MS = Date.parse(NOON);

/** The code a promise is rejected with. */
const codeOf = async (promise: Promise<unknown>): Promise<string> =>
	await promise.then(
		() => 'no error',
		(error: unknown) => (error instanceof SyncError ? `${error.errorClass} ${error.code}` : String(error)),
	);

describe.each([
	['SQLite in memory', sqliteMemory],
	['SQLite in a file', sqliteFile],
	['PostgreSQL', postgres],
])('state store, %s', (_name, make) => {
	let place: Awaited<ReturnType<typeof make>>;
	let store: SyncStore;
	let clock: ManualClock;
	let companies = 0;

	beforeAll(async () => {
		place = await make();
	});
	afterAll(async () => {
		await place.remove();
	});
	// A company of its own for each test, so that they see nothing of each other.
	beforeEach(async () => {
		clock = new ManualClock();
		store = await place.open({ clock, connection: { ...CONNECTION, companyId: `company-${++companies}` } });
	});
	afterEach(async () => {
		await store.close();
	});

	describe('settings of mappings', () => {
		it('are kept per mapping, replaced, and gone after null', async () => {
			await store.saveSettings('CUSTOMER', { direction: 'toCrm', onlyCoupled: true });
			await store.saveSettings('CUSTOMER', { direction: 'fromCrm', bcFilter: { conditions: [], raw: "blocked eq ' '" } });
			await store.saveSettings('VENDOR', { enabled: false });
			await store.saveSettings('VENDOR', null);
			expect(await store.settings()).toEqual(
				new Map([['CUSTOMER', { direction: 'fromCrm', bcFilter: { conditions: [], raw: "blocked eq ' '" } }]]),
			);
		});
	});

	describe('what Business Central offers', () => {
		it('is kept per connection, and replaced', async () => {
			const offer = { environment: "https://bc.example/api/v2.0 d'Or", seenAt: NOON_MS, offer: '{"extension":[]}' };
			expect(await store.surfaceOffer()).toBeNull();
			await store.saveSurfaceOffer(offer);
			const later = { ...offer, seenAt: NOON_MS + MINUTE, offer: '{}' };
			await store.saveSurfaceOffer(later);
			expect(await store.surfaceOffer()).toEqual(later);
			const other = await place.open({ clock, connection: { ...CONNECTION, companyId: `offers-${companies}` } });
			expect(await other.surfaceOffer()).toBeNull();
			await other.close();
		});
	});

	describe('leases', () => {
		it('go to one owner until they are released', async () => {
			const lease = await store.acquireLease('CUSTOMER', 'run 1', MINUTE);
			expect(lease).toMatchObject({ mapping: 'CUSTOMER', owner: 'run 1' });
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE)).toBeNull();
			expect(await store.acquireLease('VENDOR', 'run 2', MINUTE)).not.toBeNull();
			await store.releaseLease(lease!);
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE)).not.toBeNull();
		});

		it('are free again when they expire, by the given clock', async () => {
			await store.acquireLease('CUSTOMER', 'run 1', MINUTE);
			clock.advance(MINUTE - 1);
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE)).toBeNull();
			clock.advance(1);
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE)).not.toBeNull();
		});

		it('live on by renewal, and cannot be renewed once somebody else has them', async () => {
			const lease = (await store.acquireLease('CUSTOMER', 'run 1', MINUTE))!;
			clock.advance(MINUTE - 1);
			expect(await store.renewLease(lease, MINUTE)).toBe(true);
			clock.advance(MINUTE - 1);
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE)).toBeNull();
			clock.advance(1);
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE)).not.toBeNull();
			expect(await store.renewLease(lease, MINUTE)).toBe(false);
		});

		it('have a fence that grows with every holder, also after a release', async () => {
			const fences: number[] = [];
			for (const owner of ['run 1', 'run 2', 'run 2', 'run 3']) {
				const lease = (await store.acquireLease('CUSTOMER', owner, MINUTE))!;
				fences.push(lease.fence);
				await store.releaseLease(lease);
			}
			expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
		});

		it('tell others who holds them, since when and until when', async () => {
			const holder = { what: 'workflow "Nightly", node "Sync", execution 7', host: 'n8n-1', pid: 12, process: null };
			expect(await store.leaseInUse('CUSTOMER')).toBeNull();
			const from = clock.now();
			const lease = (await store.acquireLease('CUSTOMER', 'run 1', MINUTE, { holder }))!;
			const [acquiredAt, expiresAt] = [from, from + MINUTE].map((ms) => new Date(ms).toISOString());
			expect(await store.leaseInUse('CUSTOMER')).toEqual({ ...lease, holder, acquiredAt, expiresAt });
			await store.releaseLease(lease);
			expect(await store.leaseInUse('CUSTOMER')).toBeNull();
			await store.acquireLease('CUSTOMER', 'run 2', MINUTE);
			expect(await store.leaseInUse('CUSTOMER')).toMatchObject({ owner: 'run 2', holder: null, acquiredAt });
			clock.advance(MINUTE);
			expect(await store.leaseInUse('CUSTOMER')).toBeNull();
		});

		it('are taken before their time only in place of the holder that was looked at', async () => {
			const first = (await store.acquireLease('CUSTOMER', 'run 1', MINUTE))!;
			expect(await store.acquireLease('CUSTOMER', 'run 2', MINUTE, { insteadOf: first.fence + 1 })).toBeNull();
			const second = (await store.acquireLease('CUSTOMER', 'run 2', MINUTE, { insteadOf: first.fence }))!;
			expect(second.fence).toBe(first.fence + 1);
			expect(await store.acquireLease('CUSTOMER', 'run 3', MINUTE, { insteadOf: first.fence })).toBeNull();
			expect(await store.renewLease(first, MINUTE)).toBe(false);
		});

		it('that were lost cannot be released for their new holder', async () => {
			const lost = (await store.acquireLease('CUSTOMER', 'run 1', MINUTE))!;
			clock.advance(MINUTE);
			await store.acquireLease('CUSTOMER', 'run 2', MINUTE);
			await store.releaseLease(lost);
			expect(await store.acquireLease('CUSTOMER', 'run 3', MINUTE)).toBeNull();
		});

		it('guard commits: with an old fence nothing is written', async () => {
			const old = (await store.acquireLease('CUSTOMER', 'run 1', MINUTE))!;
			await store.commit({ couplings: [coupling(1)] }, old);
			clock.advance(MINUTE);
			const current = (await store.acquireLease('CUSTOMER', 'run 2', MINUTE))!;
			expect(await codeOf(store.commit({ couplings: [coupling(2)], job: job('late') }, old))).toBe('transient LEASE_LOST');
			await store.commit({ couplings: [coupling(3)] }, current);
			expect(await store.countCouplings('CUSTOMER')).toBe(2);
			expect((await store.jobs({ limit: 10 })).rows).toEqual([]);
		});

		it('that were never given out are no leave to write', async () => {
			expect(await codeOf(store.commit({}, { mapping: 'CUSTOMER', owner: 'run 1', fence: 1 }))).toBe('transient LEASE_LOST');
		});
	});

	describe('couplings', () => {
		it('come back as they were stored, from either side', async () => {
			const fresh = coupling(2, {
				baseline: null,
				initial: 'send',
				bcVersion: null,
				crmVersion: null,
				bcStamp: null,
				crmStamp: null,
				lastSyncedAt: null,
			});
			await store.commit({ couplings: [coupling(1), fresh] });
			expect(await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(1), bcId(2), bcId(3)])).toEqual(
				new Map([
					[bcId(1), coupling(1)],
					[bcId(2), fresh],
				]),
			);
			expect(await store.couplingsOf('CUSTOMER', 'crm', [crmId(2)])).toEqual(new Map([[crmId(2), fresh]]));
			expect(await store.couplingsOf('CUSTOMER', 'crm', [])).toEqual(new Map());
			expect(await store.couplingsOf('VENDOR', 'crm', [crmId(2)])).toEqual(new Map());
		});

		it('keep which runs created and wrote their records, each by itself', async () => {
			const written = [
				coupling(1, { createdOn: 'crm', writtenAt: { toCrm: 1_772_366_400_123 } }),
				coupling(2, { createdOn: 'businessCentral', writtenAt: { fromCrm: 1_772_366_400_124, toCrm: 4_102_444_800_000 } }),
				coupling(3, { writtenAt: { fromCrm: 0 } }),
				coupling(4),
			];
			await store.commit({ couplings: written });
			const ids = written.map((each) => each.bcId);
			const kept = async () => [...(await store.couplingsOf('CUSTOMER', 'businessCentral', ids)).values()];
			expect(await kept()).toEqual(written);
			const later = coupling(1, { createdOn: 'crm', writtenAt: { toCrm: 1_772_366_500_000, fromCrm: 1_772_366_500_001 } });
			await store.commit({ couplings: [later] });
			expect((await kept())[0]).toEqual(later);
		});

		it('keep baselines whose keys and fingerprints hold any text', async () => {
			const baseline = { __proto__x: ['', ''] as const, 'a"b\n|,': ['["x"]', 'ß€'] as const };
			await store.commit({ couplings: [coupling(1, { baseline })] });
			expect((await store.couplingsOf('CUSTOMER', 'crm', [crmId(1)])).get(crmId(1))?.baseline).toEqual(baseline);
		});

		it('are replaced when the same pair is stored again, the last of one commit counting', async () => {
			await store.commit({ couplings: [coupling(1)] });
			await store.commit({ couplings: [coupling(1, { bcName: 'second' }), coupling(1, { bcName: 'third', baseline: null })] });
			expect(await store.couplingsOf('CUSTOMER', 'crm', [crmId(1)])).toEqual(
				new Map([[crmId(1), coupling(1, { bcName: 'third', baseline: null })]]),
			);
		});

		it.each([
			['a BC record that has another partner', coupling(1, { crmId: crmId(9) })],
			['a CRM record that has another partner', coupling(9, { crmId: crmId(1) })],
		])('refuse %s, and write nothing of that commit', async (_case, taken) => {
			await store.commit({ couplings: [coupling(1)] });
			const commit = store.commit({
				couplings: [coupling(2), taken, coupling(3)],
				watermark: { mapping: 'CUSTOMER', side: 'crm', stamp: NOON },
			});
			const error = await commit.catch((reason: unknown) => reason);
			expect(error).toMatchObject({ code: 'COUPLING_TAKEN', errorClass: 'data', system: 'store' });
			expect((error as SyncError).message).toMatch(/Customer 1|Account 1/);
			expect(await store.countCouplings('CUSTOMER')).toBe(1);
			expect(await store.watermark('CUSTOMER', 'crm')).toBeNull();
		});

		it('refuse two partners for one record within one commit', async () => {
			expect(await codeOf(store.commit({ couplings: [coupling(1), coupling(1, { crmId: crmId(2) })] }))).toBe('data COUPLING_TAKEN');
			expect(await codeOf(store.commit({ couplings: [coupling(1), coupling(2, { crmId: crmId(1) })] }))).toBe('data COUPLING_TAKEN');
			expect(await store.countCouplings('CUSTOMER')).toBe(0);
		});

		it('let one CRM record belong to two mappings (an account that is customer and vendor)', async () => {
			await store.commit({ couplings: [coupling(1), coupling(2, { mapping: 'VENDOR', crmId: crmId(1) })] });
			expect(await store.countCouplings('VENDOR')).toBe(1);
		});

		it('can be moved to another partner in one commit', async () => {
			await store.commit({ couplings: [coupling(1), coupling(2)] });
			const [a, b] = [coupling(1, { crmId: crmId(2) }), coupling(2, { crmId: crmId(1) })];
			await store.commit({ uncouple: [coupling(1), coupling(2)], couplings: [a, b] });
			expect(await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(1), bcId(2)])).toEqual(
				new Map([
					[bcId(1), a],
					[bcId(2), b],
				]),
			);
		});

		it('are removed by the exact pair only, any number of times', async () => {
			await store.commit({ couplings: [coupling(1), coupling(2)] });
			await store.commit({ uncouple: [{ mapping: 'CUSTOMER', bcId: bcId(1), crmId: crmId(2) }] });
			expect(await store.countCouplings('CUSTOMER')).toBe(2);
			await store.commit({ uncouple: [coupling(1), coupling(1)] });
			await store.commit({ uncouple: [coupling(1)] });
			expect(await store.countCouplings('CUSTOMER')).toBe(1);
		});

		it('of another connection are not seen', async () => {
			const other = await place.open({ clock, connection: { ...CONNECTION, companyId: `other-${companies}` } });
			await other.commit({ couplings: [coupling(1)], job: job('1'), log: [entry('1')] });
			expect(await store.countCouplings('CUSTOMER')).toBe(0);
			expect((await store.jobs({ limit: 10 })).rows).toEqual([]);
			await store.commit({ couplings: [coupling(1)] });
			await other.close();
		});

		it('are stored and read 20,000 at a time while other work goes on in between', async () => {
			const many = Array.from({ length: 20_000 }, (_, index) => coupling(index));
			let turns = 0;
			let busy = true;
			const count = (): void => void (busy && (turns++, setImmediate(count)));
			setImmediate(count);
			await store.commit({ couplings: many });
			await store.commit({ couplings: many.map((row) => ({ ...row, bcName: 'again' })) });
			busy = false;
			expect(turns).toBeGreaterThan(5);
			expect(await store.countCouplings('CUSTOMER')).toBe(20_000);
			const found = await store.couplingsOf(
				'CUSTOMER',
				'crm',
				many.map((row) => row.crmId),
			);
			expect(found.size).toBe(20_000);
			expect(found.get(crmId(19_999))?.bcName).toBe('again');
		});
	});

	describe('the list of couplings', () => {
		const names = async (query: Parameters<SyncStore['findCouplings']>[0]): Promise<string[]> =>
			(await store.findCouplings(query)).rows.map((row) => row.bcNumber);

		it('has a page at a time, each coupling once, in order', async () => {
			await store.commit({
				couplings: Array.from({ length: 25 }, (_, index) => coupling(index, { mapping: index % 2 ? 'VENDOR' : 'CUSTOMER' })),
			});
			const seen: string[] = [];
			let next: string | undefined;
			do {
				const page = await store.findCouplings({ limit: 10, next });
				expect(page.rows.length).toBeLessThanOrEqual(10);
				seen.push(...page.rows.map((row) => row.bcId));
				next = page.next;
			} while (next !== undefined);
			expect(seen).toHaveLength(25);
			expect(new Set(seen).size).toBe(25);
			expect(await names({ mapping: 'VENDOR', limit: 3 })).toEqual(['N1', 'N3', 'N5']);
			expect((await store.findCouplings({ limit: 25 })).next).toBeUndefined();
		});

		it('refuses a position it never gave out', async () => {
			expect(await codeOf(store.findCouplings({ limit: 1, next: 'xyz' }))).toBe('data STORE_BAD_PAGE');
			expect(await codeOf(store.jobs({ limit: 1, next: 'WzEsMl0' }))).toBe('data STORE_BAD_PAGE');
		});

		it('tells coupled, pending, failed and skipped apart, by failures of either direction', async () => {
			await store.commit({
				couplings: [coupling(1), coupling(2, { baseline: null }), coupling(3), coupling(4), coupling(5), coupling(6)],
				failures: [
					failure(bcId(3)),
					failure(crmId(4), { direction: 'fromCrm' }),
					failure(crmId(5), { direction: 'fromCrm', skipped: true }),
					// Of no coupling, of another mapping, and of the other side's id: none of them marks a coupling.
					failure(bcId(99)),
					failure(bcId(1), { mapping: 'VENDOR' }),
					failure(crmId(1), { direction: 'toCrm' }),
					failure(bcId(6), { direction: 'fromCrm', skipped: true }),
				],
			});
			for (const mapping of ['CUSTOMER', undefined]) {
				expect(await names({ mapping, state: 'coupled', limit: 10 })).toEqual(['N1', 'N6']);
				expect(await names({ mapping, state: 'pending', limit: 10 })).toEqual(['N2']);
				expect(await names({ mapping, state: 'failed', limit: 10 })).toEqual(['N3', 'N4']);
				expect(await names({ mapping, state: 'skipped', limit: 10 })).toEqual(['N5']);
			}
			const first = await store.findCouplings({ state: 'failed', limit: 1 });
			expect(await names({ state: 'failed', limit: 1, next: first.next })).toEqual(['N4']);
		});

		it('shows the newest failure of each coupling', async () => {
			const late = failure(crmId(1), { direction: 'fromCrm', failedAt: '2026-03-01T12:00:00.5Z', skipped: true });
			await store.commit({
				couplings: [coupling(1), coupling(2)],
				failures: [failure(bcId(1), { failedAt: '2026-03-01T12:00:00Z' }), late],
			});
			const { rows } = await store.findCouplings({ limit: 10 });
			expect(rows.map((row) => row.failure)).toEqual([late, null]);
		});

		it('finds text in number and names, in any case, taking wildcards literally', async () => {
			await store.commit({
				couplings: [
					coupling(1, { bcNumber: 'D10_0%' }),
					coupling(2, { bcName: 'ÄRZTEHAUS Straße' }),
					coupling(3, { crmName: 'Contoso\\Ltd' }),
					coupling(4, { bcNumber: 'D1000' }),
				],
			});
			const idsOf = async (text: string) => (await store.findCouplings({ text, limit: 10 })).rows.map((row) => row.bcId);
			expect(await idsOf('d10_0%')).toEqual([bcId(1)]);
			expect(await idsOf('ärztehaus')).toEqual([bcId(2)]);
			expect(await idsOf('STRASSE')).toEqual([]);
			expect(await idsOf('contoso\\l')).toEqual([bcId(3)]);
			expect(await idsOf('d10')).toEqual([bcId(1), bcId(4)]);
		});

		it.each(['CUSTOMER', undefined])('finds rare rows among many, page by page (mapping %s)', async (mapping) => {
			await store.commit({
				couplings: Array.from({ length: 9_001 }, (_, n) => coupling(n, { bcName: n % 3_000 === 0 ? 'needle' : 'hay' })),
			});
			const query = { mapping, text: 'NEEDLE', limit: 3 };
			const first = await store.findCouplings(query);
			expect(first.rows.map((row) => row.bcId)).toEqual([bcId(0), bcId(3_000), bcId(6_000)]);
			const second = await store.findCouplings({ ...query, next: first.next });
			expect(second).toMatchObject({ rows: [{ bcId: bcId(9_000) }] });
			expect(second.next).toBeUndefined();
		});
	});

	describe('intents', () => {
		it('are kept by direction until they are done, and replaced by source', async () => {
			const again = intent('a', { targetId: null, values: { name: 'other' } });
			await store.commit({ intents: [intent('b'), intent('a'), again, intent('c', { direction: 'fromCrm' })] });
			expect(await store.intents('CUSTOMER', 'toCrm', 10)).toEqual([again, intent('b')]);
			expect(await store.intents('CUSTOMER', 'toCrm', 1)).toEqual([again]);
			await store.commit({ intentsDone: [intent('a'), intent('b')], intents: [intent('b', { targetId: crmId(5) })] });
			expect(await store.intents('CUSTOMER', 'toCrm', 10)).toEqual([intent('b', { targetId: crmId(5) })]);
			expect(await store.intents('CUSTOMER', 'fromCrm', 10)).toHaveLength(1);
		});
	});

	describe('requeued records', () => {
		const missing = [{ field: 'parentcustomerid', caption: 'Company', mapping: 'CUSTOMER', value: 'C1' }];
		const deferred = (sourceId: string) =>
			requeuedRecord(sourceId, { reason: 'referenceDeferred', fields: ['parentcustomerid'], unresolved: missing, sourceVersion: 'W/"7"' });

		it('are listed by source id and found by it, by direction, until they are done; a record may fail as well', async () => {
			await store.commit({
				requeued: [requeuedRecord('c'), deferred('a'), requeuedRecord('b', { direction: 'fromCrm' })],
				failures: [failure('a')],
			});
			expect(await store.requeued('CUSTOMER', 'toCrm', { limit: 10 })).toEqual([deferred('a'), requeuedRecord('c')]);
			expect(await store.requeued('CUSTOMER', 'toCrm', { limit: 10, afterSourceId: 'a' })).toEqual([requeuedRecord('c')]);
			expect(await store.requeuedOf('CUSTOMER', 'fromCrm', ['a', 'b'])).toEqual(
				new Map([['b', requeuedRecord('b', { direction: 'fromCrm' })]]),
			);
			expect(await store.countFailures('CUSTOMER')).toEqual({ failed: 1, skipped: 0 });
			await store.commit({ requeuedDone: [requeuedRecord('a')] });
			expect((await store.requeued('CUSTOMER', 'toCrm', { limit: 10 })).map(({ sourceId }) => sourceId)).toEqual(['c']);
			expect(await store.countFailures('CUSTOMER')).toEqual({ failed: 1, skipped: 0 });
		});

		it('are counted by mapping and reason, and listed page by page', async () => {
			await store.commit({
				requeued: [deferred('a'), deferred('b'), requeuedRecord('c'), requeuedRecord('a', { mapping: 'VENDOR', reason: 'runEnded' })],
			});
			const followUp = { mapping: 'CUSTOMER', reason: 'followUpDue', records: 1 };
			const waiting = { mapping: 'CUSTOMER', reason: 'referenceDeferred', records: 2 };
			expect(await store.countRequeued()).toEqual([followUp, waiting, { mapping: 'VENDOR', reason: 'runEnded', records: 1 }]);
			expect(await store.countRequeued('CUSTOMER')).toEqual([followUp, waiting]);
			const first = await store.listRequeued({ limit: 2 });
			expect(first.rows.map(({ sourceId }) => sourceId)).toEqual(['a', 'b']);
			const second = await store.listRequeued({ limit: 2, next: first.next! });
			expect(second.rows.map(({ mapping, sourceId }) => `${mapping} ${sourceId}`)).toEqual(['CUSTOMER c', 'VENDOR a']);
			expect(second.next).toBeUndefined();
			expect((await store.listRequeued({ mapping: 'VENDOR', limit: 10 })).rows).toHaveLength(1);
		});

		it.each([
			['one commit after another', async (): Promise<void> => void (await store.commit({ requeued: [deferred('a')] }))],
			['in one commit', undefined],
		])('that are requeued for another reason go on owing what they owed, %s', async (_, before) => {
			await before?.();
			const later = requeuedRecord('a', { since: '2026-03-02T12:00:00Z' });
			await store.commit({ requeued: before ? [later] : [deferred('a'), later] });
			expect((await store.requeuedOf('CUSTOMER', 'toCrm', ['a'])).get('a')).toMatchObject({
				...{ reason: 'followUpDue', fields: ['parentcustomerid'], unresolved: missing, sourceVersion: 'W/"7"' },
				...(before ? { attempts: 2, since: NOON } : { attempts: 1 }),
			});
			// Named anew, it owes that and nothing else; once done, nothing.
			const [other] = [{ ...missing[0]!, field: 'transactioncurrencyid' }];
			await store.commit({ requeued: [{ ...deferred('a'), fields: [other.field], unresolved: [other] }] });
			expect((await store.requeuedOf('CUSTOMER', 'toCrm', ['a'])).get('a')).toMatchObject({ fields: [other.field], unresolved: [other] });
			await store.commit({ requeuedDone: [requeuedRecord('a')], requeued: [requeuedRecord('a')] });
			expect((await store.requeuedOf('CUSTOMER', 'toCrm', ['a'])).get('a')).toEqual(requeuedRecord('a'));
		});
	});

	describe('failures', () => {
		it('are listed by source id, page after page, with or without the skipped ones', async () => {
			await store.commit({
				failures: [failure('c'), failure('a'), failure('b', { skipped: true }), failure('d', { direction: 'fromCrm' })],
			});
			const ids = async (options: Parameters<SyncStore['failures']>[2]) =>
				(await store.failures('CUSTOMER', 'toCrm', options)).map((row) => row.sourceId);
			expect(await ids({ includeSkipped: true, limit: 2 })).toEqual(['a', 'b']);
			expect(await ids({ includeSkipped: true, limit: 2, afterSourceId: 'b' })).toEqual(['c']);
			expect(await ids({ includeSkipped: false, limit: 10 })).toEqual(['a', 'c']);
			expect(await store.countFailures('CUSTOMER')).toEqual({ failed: 3, skipped: 1 });
			expect(await store.countFailures('VENDOR')).toEqual({ failed: 0, skipped: 0 });
		});

		it('are replaced by source and removed when done', async () => {
			const again = failure('a', { attempts: 2, skipped: true, errorClass: 'transient', errorCode: 'TIMEOUT', sourceVersion: null });
			await store.commit({ failures: [failure('a'), failure('b')] });
			await store.commit({ failures: [again], failuresDone: [failure('b')] });
			expect(await store.failuresOf('CUSTOMER', 'toCrm', ['a', 'b'])).toEqual(new Map([['a', again]]));
		});

		it('keep what they wait for, how the partner stood, and since when they fail', async () => {
			const missing = [{ field: 'transactioncurrencyid', caption: 'Currency Code', mapping: 'CURRENCY', value: 'EUR' }];
			const waiting = failure('a', { skipped: true, unresolved: missing, partnerVersion: 'W/"7"', firstFailedAt: '2026-02-01T12:00:00Z' });
			await store.commit({ failures: [waiting, failure('b', { skipped: true }), failure('c', { unresolved: missing })] });
			expect((await store.failuresOf('CUSTOMER', 'toCrm', ['a'])).get('a')).toEqual(waiting);
			const ids = async (only: 'skipped' | 'waiting') =>
				(await store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, only, limit: 10 })).map((row) => row.sourceId);
			expect(await ids('skipped')).toEqual(['a', 'b']);
			expect(await ids('waiting')).toEqual(['a']);
			await store.commit({ failures: [failure('a', { skipped: true })] });
			expect(await ids('waiting')).toEqual([]);
		});

		it('become due again for a retry, with their count kept; sources that do not fail are passed over', async () => {
			await store.commit({ failures: [failure('a', { skipped: true, attempts: 3 }), failure('b', { skipped: true })] });
			await store.commit({ failuresDue: [failure('a'), failure('nobody'), failure('b', { direction: 'fromCrm' })] });
			expect([...(await store.failuresOf('CUSTOMER', 'toCrm', ['a', 'b', 'nobody'])).values()]).toEqual([
				expect.objectContaining({ sourceId: 'a', skipped: false, attempts: 3 }),
				expect.objectContaining({ sourceId: 'b', skipped: true }),
			]);
		});

		it('are found for any number of sources', async () => {
			const ids = Array.from({ length: 2_600 }, (_, index) => `source ${index}`);
			await store.commit({ failures: ids.map((id) => failure(id)) });
			expect((await store.failuresOf('CUSTOMER', 'toCrm', [...ids, ...ids, 'unknown'])).size).toBe(2_600);
			await store.commit({ failuresDone: ids.map((id) => failure(id)) });
			expect(await store.countFailures('CUSTOMER')).toEqual({ failed: 0, skipped: 0 });
		});
	});

	describe('the comparison of versions', () => {
		const missing = (n: number, side: 'businessCentral' | 'crm' = 'crm') => ({ mapping: 'CUSTOMER', side, bcId: bcId(n), crmId: crmId(n) });

		it('is remembered per mapping and side, each state replacing the one before', async () => {
			expect(await store.comparison('CUSTOMER', 'crm')).toBeNull();
			const begun = { ...NEVER_COMPARED, mapping: 'CUSTOMER', side: 'crm' as const, beganAt: NOON, phase: 'walk' as const, position: '' };
			await store.commit({ comparison: begun });
			expect(await store.comparison('CUSTOMER', 'crm')).toEqual(begun);
			const ended = { ...begun, beganAt: null, phase: null, position: null, checkedAt: NOON, knowsUncoupled: true, untold: 3 };
			await store.commit({ comparison: ended });
			expect(await store.comparison('CUSTOMER', 'crm')).toEqual(ended);
			expect(await store.comparison('CUSTOMER', 'businessCentral')).toBeNull();
			expect(await store.comparison('VENDOR', 'crm')).toBeNull();
		});

		it('tells versions of couplings by the ids of either side', async () => {
			await store.commit({
				couplings: [coupling(1, { bcVersion: 'b1', crmVersion: null }), coupling(2, { bcVersion: 'b2', crmVersion: 'c2' })],
			});
			const versions = async (side: 'businessCentral' | 'crm') =>
				[...(await store.couplingVersions('CUSTOMER', side, [bcId(1), crmId(1), bcId(2), crmId(2), 'nobody']))].sort();
			const pair = (n: number, version: string | null) => ({ bcId: bcId(n), crmId: crmId(n), version });
			expect(await versions('businessCentral')).toEqual([
				[bcId(1), pair(1, 'b1')],
				[bcId(2), pair(2, 'b2')],
			]);
			expect(await versions('crm')).toEqual([
				[crmId(1), pair(1, null)],
				[crmId(2), pair(2, 'c2')],
			]);
		});

		it('tells, a slice at a time, which couplings made before it a comparison has not met', async () => {
			const before = '2026-02-28T12:00:00.000Z';
			await store.commit({ couplings: [1, 2, 3, 4].map((n) => coupling(n, { coupledAt: n === 4 ? '2026-03-02T12:00:00.000Z' : before })) });
			const mark = (n: number, version: string | null = null, beganAt = NOON) =>
				store.commit({ compared: { mapping: 'CUSTOMER', side: 'crm', beganAt, records: [{ id: crmId(n), version }] } });
			await mark(2);
			await mark(3, null, before);
			const unmet = (afterBcId: string, limit: number) => store.unmetCouplings('CUSTOMER', 'crm', { beganAt: NOON, afterBcId, limit });
			const pair = (n: number) => ({ bcId: bcId(n), crmId: crmId(n) });
			expect(await unmet('', 2)).toEqual({ pairs: [pair(1)], last: bcId(2) });
			expect(await unmet(bcId(2), 2)).toEqual({ pairs: [pair(3)], last: bcId(4) });
			expect(await unmet(bcId(4), 2)).toEqual({ pairs: [], last: null });
			expect((await store.unmetCouplings('CUSTOMER', 'businessCentral', { beganAt: NOON, afterBcId: '', limit: 9 })).pairs).toHaveLength(3);
		});

		it('remembers versions that were looked at, and forgets all other marks once it is over', async () => {
			const mark = (id: string, version: string | null, beganAt: string) =>
				store.commit({ compared: { mapping: 'CUSTOMER', side: 'crm', beganAt, records: [{ id, version }] } });
			await mark('gone', 'v1', 'before');
			await mark('stays', 'v1', 'before');
			await mark('coupled', 'v1', 'before');
			const versions = async () =>
				Object.fromEntries(await store.comparedVersions('CUSTOMER', 'crm', ['gone', 'stays', 'coupled', 'never']));
			expect(await versions()).toEqual({ gone: 'v1', stays: 'v1', coupled: 'v1' });
			await mark('stays', 'v2', NOON);
			await mark('coupled', null, NOON);
			await store.forgetCompared('CUSTOMER', 'crm', NOON);
			expect(await versions()).toEqual({ stays: 'v2' });
			const many = Array.from({ length: 12_000 }, (_, index) => ({ id: `met ${index}`, version: null }));
			await store.commit({ compared: { mapping: 'CUSTOMER', side: 'crm', beganAt: NOON, records: many } });
			await store.forgetCompared('CUSTOMER', 'crm', '');
			expect(await versions()).toEqual({});
		});

		it('walks over all coupled ids in order, a part at a time', async () => {
			await store.commit({ couplings: [coupling(3), coupling(1), coupling(2), coupling(4, { mapping: 'VENDOR' })] });
			const first = await store.couplingPairs('CUSTOMER', '', 2);
			expect(first).toEqual([1, 2].map((n) => ({ bcId: bcId(n), crmId: crmId(n) })));
			expect(await store.couplingPairs('CUSTOMER', bcId(2), 2)).toEqual([{ bcId: bcId(3), crmId: crmId(3) }]);
			expect(await store.couplingPairs('CUSTOMER', bcId(3), 2)).toEqual([]);
		});

		it('keeps what it found once, by side, until it is dealt with', async () => {
			await store.commit({ deletedPartners: [missing(2), missing(1), missing(1, 'businessCentral')] });
			await store.commit({ deletedPartners: [missing(1), missing(3)] });
			expect(await store.deletedPartners('CUSTOMER', 'crm', { limit: 2 })).toEqual([missing(1), missing(2)]);
			expect(await store.deletedPartners('CUSTOMER', 'crm', { afterBcId: bcId(2), limit: 2 })).toEqual([missing(3)]);
			await store.commit({ deletedPartnersDone: [missing(1), missing(9), { ...missing(2), crmId: crmId(9) }] });
			expect(await store.deletedPartners('CUSTOMER', 'crm', { limit: 9 })).toEqual([missing(2), missing(3)]);
			expect(await store.deletedPartners('CUSTOMER', 'businessCentral', { limit: 9 })).toEqual([missing(1, 'businessCentral')]);
		});

		it('remembers the last couples of records that lost their partner, for twice as long as Dataverse keeps a deleted row, and for good what people parted', async () => {
			const former = (n: number, endedAt: string, more: Partial<Tombstone> = {}): Tombstone => ({
				...{ mapping: 'CUSTOMER', kind: 'deleted', bcId: bcId(n), crmId: crmId(n), version: 'W/"7"', endedAt },
				...more,
			});
			const [old, first, second] = ['2026-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-03-05T00:00:00.000Z'] as const;
			await store.commit({ tombstones: [former(1, first), former(1, second, { crmId: crmId(11), version: null }), former(2, old)] });
			expect(await store.tombstones('CUSTOMER', 'businessCentral', [bcId(1), bcId(2), bcId(3)])).toEqual(
				new Map([[bcId(1), former(1, second, { crmId: crmId(11), version: null })]]),
			);
			expect(await store.tombstones('CUSTOMER', 'crm', [crmId(1), crmId(2), crmId(11)])).toEqual(
				new Map([
					[crmId(1), former(1, first)],
					[crmId(11), former(1, second, { crmId: crmId(11), version: null })],
				]),
			);
			expect(await store.tombstones('VENDOR', 'crm', [crmId(1)])).toEqual(new Map());
			await store.commit({ tombstones: [former(3, second, { crmId: crmId(1) }), former(4, second, { mapping: 'VENDOR' })] });
			expect(await store.tombstones('CUSTOMER', 'crm', [crmId(1)])).toEqual(new Map([[crmId(1), former(3, second, { crmId: crmId(1) })]]));
			await store.commit({
				tombstones: [former(5, '2026-03-03T00:00:00.000Z', { kind: 'parted' }), former(6, second, { kind: 'parted' })],
			});
			expect([...(await store.tombstones('CUSTOMER', 'crm', [crmId(1), crmId(5), crmId(6)])).keys()]).toEqual([
				crmId(5),
				crmId(1),
				crmId(6),
			]);
			expect([...(await store.tombstones('CUSTOMER', 'crm', [crmId(1), crmId(5), crmId(6)], 'deleted')).keys()]).toEqual([crmId(1)]);
			await store.commit({ forgetTombstones: 'CUSTOMER' });
			expect(await store.tombstones('CUSTOMER', 'crm', [crmId(1), crmId(11)])).toEqual(new Map());
			expect((await store.tombstones('VENDOR', 'crm', [crmId(4)])).size).toBe(1);
		});

		it('forgets a pair that is uncoupled, on both sides', async () => {
			await store.commit({
				couplings: [coupling(1), coupling(2)],
				deletedPartners: [missing(1), missing(1, 'businessCentral'), missing(2)],
			});
			await store.commit({ uncouple: [coupling(1)] });
			expect(await store.deletedPartners('CUSTOMER', 'crm', { limit: 9 })).toEqual([missing(2)]);
			expect(await store.deletedPartners('CUSTOMER', 'businessCentral', { limit: 9 })).toEqual([]);
		});
	});

	describe('triggers', () => {
		const trigger = 'n8n-1/12/node-1';
		const settings: TriggerSettings = {
			...{
				trigger,
				lease: '12/node-1',
				name: 'workflow "O\'Brien", node "Trigger"',
				startWhen: 'looking',
				mappings: null,
				startNow: false,
			},
			...TRIGGER_DEFAULTS,
		};
		const known = (mapping: string) => freshMapping(mapping, 'hash', { owed: 'start', now: clock.now() });
		const signal = (more: object = {}) => ({ mapping: 'CUSTOMER', side: 'crm' as const, count: 1, firstMs: 10, lastMs: 10, ...more });

		it('are kept with their mappings, replaced, and forgotten as a whole', async () => {
			expect([await store.trigger(trigger), await store.triggers()]).toEqual([null, []]);
			const state = stateOf(settings, null, clock.now());
			await store.commit({ trigger: { trigger, state, mappings: [known('VENDOR'), known('CUSTOMER')] } });
			expect(await store.trigger(trigger)).toEqual({ trigger, state, mappings: [known('CUSTOMER'), known('VENDOR')] });
			await store.commit({ trigger: { trigger, mappings: [{ ...known('VENDOR'), starts: 3 }], mappingsGone: ['CUSTOMER'] } });
			expect(await store.triggers()).toEqual([{ trigger, state, mappings: [{ ...known('VENDOR'), starts: 3 }] }]);
			await store.forgetTrigger(trigger);
			expect(await store.triggers()).toEqual([]);
		});

		it('put nothing down once their lease is lost', async () => {
			const lease = (await store.acquireLease('@trigger/12/node-1', 'one', 1_000))!;
			clock.advance(1_000);
			await store.acquireLease('@trigger/12/node-1', 'two', 1_000);
			const state = stateOf(settings, null, clock.now());
			await expect(store.commit({ trigger: { trigger, state } }, lease)).rejects.toMatchObject({ code: 'LEASE_LOST' });
			expect(await store.triggers()).toEqual([]);
		});

		it('add up what webhooks tell, and what comes in after it was read stays', async () => {
			await store.noteSignals(trigger, [signal(), signal({ firstMs: 12, lastMs: 12 }), signal({ mapping: '*' })]);
			const read = await store.signals(trigger);
			expect(read).toEqual([signal({ mapping: '*' }), signal({ count: 2, lastMs: 12 })]);
			await store.noteSignals(trigger, [signal({ firstMs: 12, lastMs: 12 })]);
			await store.commit({ trigger: { trigger, signalsTaken: read } });
			expect(await store.signals(trigger)).toEqual([signal({ count: 3, lastMs: 12 })]);
		});

		it('know where webhooks are registered', async () => {
			const subscription = {
				...{ trigger, side: 'businessCentral' as const, resource: 'customers', mapping: 'CUSTOMER', remoteId: null, etag: null },
				...{
					url: 'https://n8n.example/webhook/1/changes',
					secretHash: 'hash',
					expiresMs: null,
					handshakeUntilMs: 5,
					lastToldMs: null,
					lastError: null,
				},
			};
			await store.saveSubscription(subscription);
			await store.saveSubscription({ ...subscription, remoteId: 'r1', expiresMs: 3_000_000_000_000 });
			expect(await store.subscriptions(trigger)).toEqual([{ ...subscription, remoteId: 'r1', expiresMs: 3_000_000_000_000 }]);
			await store.deleteSubscription(subscription);
			expect(await store.subscriptions(trigger)).toEqual([]);
		});
	});

	describe('mass changes of a day', () => {
		const change = (n: number, more: object = {}) => ({
			...{ mapping: 'CUSTOMER', recordId: bcId(n), action: 'empty' as const, title: `Customer ${n}` },
			...more,
		});
		const HOUR = 60 * 60_000;

		test('each record counts once as a loss and once as created, for 24 hours since it was changed last', async () => {
			await store.commit({ massChanges: [change(1), change(2), change(1, { action: 'create' }), change(3, { mapping: 'VENDOR' })] });
			clock.advance(23 * HOUR);
			await store.commit({ massChanges: [change(2, { action: 'delete' })] });
			const day = await store.massChangesOfDay('CUSTOMER');
			expect(day).toEqual({
				counts: { delete: 1, uncouple: 0, overwrite: 0, empty: 1, create: 1 },
				titles: ['Customer 1', 'Customer 2'],
				untidy: false,
			});
			expect(await store.massChangesAmong('CUSTOMER', [2, 3].map(bcId))).toEqual([{ recordId: bcId(2), action: 'delete' }]);
			clock.advance(HOUR);
			expect(await store.massChangesOfDay('CUSTOMER')).toMatchObject({
				counts: { delete: 1, empty: 0, create: 0 },
				titles: ['Customer 2'],
				untidy: true,
			});
			await store.commit({ massChangesForgotten: { mapping: 'CUSTOMER', which: 'old' } });
			expect(await store.massChangesOfDay('CUSTOMER')).toMatchObject({ counts: { delete: 1 }, untidy: false });
		});

		test('what came to nothing is taken back, and what a person allowed is forgotten, of its mapping alone', async () => {
			await store.commit({ massChanges: [change(1), change(2), change(3, { mapping: 'VENDOR' })] });
			await store.commit({ massChangesUndone: [change(1)] });
			expect((await store.massChangesOfDay('CUSTOMER')).counts).toMatchObject({ empty: 1 });
			await store.commit({ massChangesForgotten: { mapping: 'CUSTOMER', which: 'all' } });
			expect((await store.massChangesOfDay('CUSTOMER')).counts).toMatchObject({ empty: 0 });
			expect((await store.massChangesOfDay('VENDOR')).counts).toMatchObject({ empty: 1 });
		});

		test('a time of the future counts, and is of now once it is tidied up', async () => {
			clock.advance(1000 * HOUR);
			await store.commit({ massChanges: [change(1)] });
			clock.advance(-1000 * HOUR);
			expect(await store.massChangesOfDay('CUSTOMER')).toMatchObject({ counts: { empty: 1 }, untidy: true });
			await store.commit({ massChangesForgotten: { mapping: 'CUSTOMER', which: 'old' } });
			expect(await store.massChangesOfDay('CUSTOMER')).toMatchObject({ counts: { empty: 1 }, untidy: false });
			clock.advance(24 * HOUR);
			expect(await store.massChangesOfDay('CUSTOMER')).toMatchObject({ counts: { empty: 0 } });
		});
	});

	describe('watermarks', () => {
		const advance = (stamp: string | null) => store.commit({ watermark: { mapping: 'CUSTOMER', side: 'businessCentral', stamp } });

		it('only move forward, however many decimals their stamps have', async () => {
			for (const [stamp, expected] of [
				['2026-03-01T12:00:00.79Z', '2026-03-01T12:00:00.79Z'],
				['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.79Z'],
				['2026-03-01T12:00:00.789Z', '2026-03-01T12:00:00.79Z'],
				['2026-03-01T12:00:00.7900001Z', '2026-03-01T12:00:00.7900001Z'],
				['2026-03-01T13:00:00+01:00', '2026-03-01T12:00:00.7900001Z'],
				['2026-03-01T12:00:01Z', '2026-03-01T12:00:01Z'],
			] as const) {
				await advance(stamp);
				expect(await store.watermark('CUSTOMER', 'businessCentral')).toBe(expected);
			}
			expect(await store.watermark('CUSTOMER', 'crm')).toBeNull();
		});

		it('start over with null', async () => {
			await advance(NOON);
			await advance(null);
			expect(await store.watermark('CUSTOMER', 'businessCentral')).toBeNull();
			await advance('2020-01-01T00:00:00Z');
			expect(await store.watermark('CUSTOMER', 'businessCentral')).toBe('2020-01-01T00:00:00Z');
		});
	});

	describe('a commit', () => {
		it('that fails at its last step leaves nothing behind', async () => {
			await store.commit({ couplings: [coupling(1)], intents: [intent('a')], failures: [failure('a')] });
			const broken = store.commit({
				uncouple: [coupling(1)],
				couplings: Array.from({ length: 1_100 }, (_, index) => coupling(index + 10)),
				intentsDone: [intent('a')],
				failuresDone: [failure('a')],
				watermark: { mapping: 'CUSTOMER', side: 'crm', stamp: NOON },
				job: job('broken'),
				log: [entry('broken'), entry('broken', { at: 'not a time' })],
			});
			expect(await codeOf(broken)).toBe('setup STORE_BAD_STAMP');
			expect(await store.countCouplings('CUSTOMER')).toBe(1);
			expect(await store.intents('CUSTOMER', 'toCrm', 10)).toHaveLength(1);
			expect(await store.countFailures('CUSTOMER')).toEqual({ failed: 1, skipped: 0 });
			expect(await store.watermark('CUSTOMER', 'crm')).toBeNull();
			expect((await store.jobs({ limit: 10 })).rows).toEqual([]);
			expect((await store.log({ limit: 10 })).rows).toEqual([]);
		});

		it('does not mix with others that go on at the same time', async () => {
			const good = Array.from({ length: 10 }, (_, run) =>
				store.commit({ couplings: Array.from({ length: 600 }, (_unused, n) => coupling(run * 1_000 + n)) }),
			);
			const bad = Array.from({ length: 5 }, (_, run) =>
				codeOf(
					store.commit({
						couplings: Array.from({ length: 600 }, (_unused, n) => coupling(100_000 + run * 1_000 + n)),
						log: [entry('x', { at: '?' })],
					}),
				),
			);
			await Promise.all(good);
			expect(new Set(await Promise.all(bad))).toEqual(new Set(['setup STORE_BAD_STAMP']));
			expect(await store.countCouplings('CUSTOMER')).toBe(6_000);
		});

		it('of nothing is allowed', async () => {
			await store.commit({});
		});
	});

	describe('jobs and log', () => {
		const at = (minute: number): string => new Date(Date.parse(NOON) + minute * MINUTE).toISOString();

		it('come back as they were stored; a job is replaced as it goes on', async () => {
			const running = job('1', { status: 'running', finishedAt: null, direction: null, preview: true });
			await store.commit({ job: running });
			expect((await store.jobs({ limit: 10 })).rows).toEqual([running]);
			const plain = entry('1', { errorClass: null, kind: 'warning', direction: null, businessCentral: null, fields: [], skipped: true });
			await store.commit({ job: job('1'), log: [entry('1'), plain] });
			expect((await store.jobs({ limit: 10 })).rows).toEqual([job('1')]);
			expect((await store.log({ limit: 10 })).rows).toEqual([plain, entry('1')]);
		});

		it('are listed newest first, a page at a time', async () => {
			for (const minute of [3, 1, 2, 2]) {
				const id = `${minute}-${Math.random()}`;
				await store.commit({ job: job(id, { startedAt: at(minute) }), log: [entry(id, { at: at(minute) })] });
			}
			const starts: string[] = [];
			const entries: string[] = [];
			let next: string | undefined;
			do {
				const page = await store.jobs({ limit: 1, next });
				starts.push(...page.rows.map((row) => row.startedAt));
				next = page.next;
			} while (next !== undefined);
			do {
				const page = await store.log({ limit: 3, next });
				entries.push(...page.rows.map((row) => row.at));
				next = page.next;
			} while (next !== undefined);
			expect(starts).toEqual([at(3), at(2), at(2), at(1)]);
			expect(entries).toEqual(starts);
		});

		it('are chosen by mapping, job, direction, period, status, error class and record', async () => {
			await store.commit({ job: job('a', { startedAt: at(1) }), log: [entry('a', { at: at(1) })] });
			await store.commit({
				job: job('b', { startedAt: at(2), mapping: 'VENDOR', direction: 'fromCrm', status: 'failed' }),
				log: [
					entry('b', {
						at: at(2),
						mapping: 'VENDOR',
						direction: 'fromCrm',
						errorClass: 'setup',
						businessCentral: null,
						crm: { id: crmId(7), number: '', name: 'Account 7', url: null },
					}),
				],
			});
			await store.commit({ job: job('c', { startedAt: at(3), status: 'running', finishedAt: null }) });
			const both = async (query: Omit<Parameters<SyncStore['jobs']>[0], 'limit'>) => [
				(await store.jobs({ ...query, limit: 10 })).rows.map((row) => row.id).join(''),
				(await store.log({ ...query, limit: 10 })).rows.map((row) => row.jobId).join(''),
			];
			expect(await both({})).toEqual(['cba', 'ba']);
			expect(await both({ mapping: 'VENDOR' })).toEqual(['b', 'b']);
			expect(await both({ jobId: 'a' })).toEqual(['a', 'a']);
			expect(await both({ direction: 'toCrm' })).toEqual(['ca', 'a']);
			expect(await both({ from: at(2) })).toEqual(['cb', 'b']);
			expect(await both({ to: at(2) })).toEqual(['ba', 'ba']);
			expect(await both({ from: at(2), to: at(2) })).toEqual(['b', 'b']);
			expect(await both({ status: 'failed' })).toEqual(['b', 'b']);
			expect(await both({ status: 'running' })).toEqual(['c', '']);
			expect(await both({ errorClass: 'data' })).toEqual(['a', 'a']);
			expect(await both({ recordId: bcId(1) })).toEqual(['a', 'a']);
			expect(await both({ recordId: crmId(7), mapping: 'VENDOR' })).toEqual(['b', 'b']);
			expect(await both({ recordId: crmId(7), status: 'finished' })).toEqual(['', '']);
		});

		it('find rare entries among many', async () => {
			const rows = Array.from({ length: 4_500 }, (_, n) => entry('1', { at: at(n), errorClass: n % 2_000 === 0 ? 'setup' : 'data' }));
			await store.commit({ job: job('1'), log: rows });
			const found = await store.log({ errorClass: 'setup', limit: 10 });
			expect(found.rows.map((row) => row.at)).toEqual([at(4_000), at(2_000), at(0)]);
			expect(found.next).toBeUndefined();
		});
	});

	describe('records that are known by keys or by SystemIds', () => {
		const TABLE = 'ResourceCard';
		const key = (n: number): string => `r${n}`;
		const move = async (to: 'key' | 'systemId', change: Partial<IdentityMove> = {}): Promise<string | null> => {
			const lease = (await store.acquireLease('CUSTOMER', 'run', MINUTE))!;
			const running = await store.moveIdentity({ mapping: 'CUSTOMER', table: TABLE, to, ...change }, lease);
			await store.releaseLease(lease);
			return running;
		};
		/** Everything that names a record of Business Central. */
		const named = async () => ({
			couplings: (await store.findCouplings({ mapping: 'CUSTOMER', limit: 10 })).rows.map((row) => `${row.bcId} ${row.crmId}`).sort(),
			failures: (await store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, limit: 10 })).map(({ sourceId }) => sourceId),
			backwards: (await store.failures('CUSTOMER', 'fromCrm', { includeSkipped: true, limit: 10 })).map(({ sourceId }) => sourceId),
			requeued: (await store.requeued('CUSTOMER', 'toCrm', { limit: 10 })).map(({ sourceId, owed }) => [sourceId, owed?.values]),
			intents: (await store.intents('CUSTOMER', 'toCrm', 10)).map(({ sourceId }) => sourceId),
			restores: (await store.intents('CUSTOMER', 'fromCrm', 10)).map(({ sourceId, restores, values }) => [sourceId, restores, values]),
			tombstones: [...(await store.tombstones('CUSTOMER', 'crm', [crmId(9)])).values()].map(({ bcId: id }) => id),
			missing: (await store.deletedPartners('CUSTOMER', 'crm', { limit: 10 })).map(({ bcId: id }) => id),
			counted: (await store.massChangesAmong('CUSTOMER', [key(1), bcId(1)])).map(({ recordId }) => recordId),
			log: (await store.log({ limit: 10 })).rows.map(({ businessCentral }) => businessCentral?.id),
		});
		const known = [1, 2, 3, 4, 5, 9].map((n) => ({ id: bcId(n), key: key(n) }));

		beforeEach(async () => {
			await store.commit({
				couplings: [coupling(1, { bcId: key(1) }), coupling(2, { bcId: key(2) }), coupling(7, { bcId: key(7) })],
				failures: [failure(key(3)), failure(crmId(3), { direction: 'fromCrm' })],
				requeued: [requeuedRecord(key(4), { owed: { values: { Name: 'A' }, version: null } })],
				intents: [intent(key(5)), intent(crmId(5), { direction: 'fromCrm', restores: key(2), values: { Name: 'B' } })],
				tombstones: [{ mapping: 'CUSTOMER', bcId: key(9), crmId: crmId(9), kind: 'parted', version: null, endedAt: NOON }],
				deletedPartners: [{ mapping: 'CUSTOMER', side: 'crm', bcId: key(2), crmId: crmId(2) }],
				massChanges: [{ mapping: 'CUSTOMER', recordId: key(1), action: 'delete', title: 'R1' }],
				compared: { mapping: 'CUSTOMER', side: 'businessCentral', beganAt: NOON, records: [{ id: key(1), version: 'W/"1"' }] },
				comparison: {
					...NEVER_COMPARED,
					mapping: 'CUSTOMER',
					side: 'crm',
					checkedAt: NOON,
					beganAt: NOON,
					phase: 'rest',
					position: key(1),
				},
				watermark: { mapping: 'CUSTOMER', side: 'businessCentral', stamp: NOON },
				job: job('1'),
				log: [entry('1', { businessCentral: { id: key(1), number: 'R1', name: 'Lift', url: null } })],
			});
		});

		it('get the other ids wherever they are named, and what was read of the other surface is forgotten', async () => {
			const before = await named();
			await store.noteKeys(TABLE, known);
			await store.noteKeys('ItemUnitsOfMeasure', [{ id: bcId(99), key: key(7) }]);
			expect(await move('systemId')).toBeNull();
			expect(await store.identities()).toEqual(new Set(['CUSTOMER']));
			expect(await named()).toEqual({
				couplings: [`${bcId(1)} ${crmId(1)}`, `${bcId(2)} ${crmId(2)}`, `${key(7)} ${crmId(7)}`],
				failures: [bcId(3)],
				backwards: [crmId(3)],
				requeued: [[bcId(4), { Name: 'A' }]],
				intents: [bcId(5)],
				restores: [[crmId(5), bcId(2), { Name: 'B' }]],
				tombstones: [bcId(9)],
				missing: [bcId(2)],
				counted: [bcId(1)],
				log: [bcId(1)],
			});
			const [first] = (await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(1)])).values();
			expect(first).toEqual({ ...coupling(1), bcVersion: null, bcStamp: null });
			expect(await store.comparedVersions('CUSTOMER', 'businessCentral', [key(1), bcId(1)])).toEqual(new Map());
			expect(await store.comparison('CUSTOMER', 'crm')).toMatchObject({ checkedAt: NOON, phase: null, position: null });
			expect(await store.watermark('CUSTOMER', 'businessCentral')).toBeNull();

			expect(await move('key', { table: null })).toBeNull();
			expect(await store.identities()).toEqual(new Set());
			expect(await named()).toEqual(before);
		});

		it('stay as they are while another mapping is being run, which is named; of a lease that is lost nothing moves', async () => {
			await store.noteKeys(TABLE, known);
			const before = await named();
			const other = await store.acquireLease('VENDOR', 'other run', MINUTE);
			expect(await move('systemId')).toBe('VENDOR');
			await store.releaseLease(other!);
			const lost = (await store.acquireLease('CUSTOMER', 'slow', MINUTE))!;
			clock.advance(2 * MINUTE);
			await store.releaseLease((await store.acquireLease('CUSTOMER', 'quick', MINUTE))!);
			expect(await codeOf(store.moveIdentity({ mapping: 'CUSTOMER', table: TABLE, to: 'systemId' }, lost))).toBe('transient LEASE_LOST');
			expect([await named(), await store.identities()]).toEqual([before, new Set()]);
		});

		it('are listed by what names them, each once and in order', async () => {
			expect(await store.heldIds('CUSTOMER', '', 100)).toEqual([key(1), key(2), key(3), key(4), key(5), key(7), key(9)]);
			expect(await store.heldIds('CUSTOMER', key(2), 2)).toEqual([key(3), key(4)]);
			expect(await store.heldIds('VENDOR', '', 100)).toEqual([]);
		});

		it('have one key at a time, and a key belongs to one of them', async () => {
			await store.noteKeys(TABLE, [{ id: bcId(1), key: 'a' }, { id: bcId(2), key: 'b' }]); // prettier-ignore
			await store.noteKeys(TABLE, [{ id: bcId(1), key: 'b' }, { id: bcId(3), key: 'a' }]); // prettier-ignore
			expect(await store.keysOf(TABLE, [bcId(1), bcId(2), bcId(3)])).toEqual(new Map([[bcId(1), 'b'], [bcId(3), 'a']])); // prettier-ignore
			expect([await store.idOfKey(TABLE, 'a'), await store.idOfKey('SalesPrices', 'a')]).toEqual([bcId(3), null]);
			await store.noteKeys(TABLE, [], ['a']);
			expect(await store.idOfKey(TABLE, 'a')).toBeNull();
		});

		it('move by the thousand', async () => {
			const many = Array.from({ length: 1_234 }, (_, n) => n + 100);
			await store.commit({ couplings: many.map((n) => coupling(n, { bcId: key(n) })) });
			await store.noteKeys(TABLE, many.map((n) => ({ id: bcId(n), key: key(n) }))); // prettier-ignore
			await move('systemId');
			expect((await store.couplingsOf('CUSTOMER', 'businessCentral', many.map(bcId))).size).toBe(many.length); // prettier-ignore
			expect((await store.couplingsOf('CUSTOMER', 'businessCentral', many.map(key))).size).toBe(0); // prettier-ignore
		});
	});

	describe('cleaning up', () => {
		const old = '2026-01-01T00:00:00.000Z';
		const before = '2026-02-01T00:00:00.000Z';

		it('deletes jobs that finished by then, with their entries, and tells how many', async () => {
			for (let n = 0; n < 60; n++) {
				await store.commit({ job: job(`old ${n}`, { startedAt: old, finishedAt: n === 0 ? before : old }), log: [entry(`old ${n}`)] });
			}
			await store.commit({ job: job('young'), log: [entry('young')] });
			await store.commit({ job: job('running', { startedAt: old, status: 'running', finishedAt: null }), log: [entry('running')] });
			expect(await store.deleteJobs(before)).toBe(60);
			expect((await store.jobs({ limit: 100 })).rows.map((row) => row.id)).toEqual(['young', 'running']);
			expect((await store.log({ limit: 100 })).rows.map((row) => row.jobId).sort()).toEqual(['running', 'young']);
			expect(await store.deleteJobs(before)).toBe(0);
		});

		it('deletes jobs with thousands of entries', async () => {
			await store.commit({ job: job('1', { finishedAt: old }), log: Array.from({ length: 2_345 }, () => entry('1')) });
			expect(await store.deleteJobs(before)).toBe(1);
			expect((await store.log({ limit: 10 })).rows).toEqual([]);
		});

		it('keeps jobs whose errors say why a record is skipped, until it no longer is', async () => {
			const crmRef = { id: crmId(2), number: '', name: 'Account 2', url: null };
			const keep = { startedAt: old, finishedAt: old };
			await store.commit({ job: job('first try', keep), log: [entry('first try')] });
			await store.commit({ job: job('second try', keep), log: [entry('second try')] });
			await store.commit({
				job: job('other way', keep),
				log: [entry('other way', { direction: 'fromCrm', businessCentral: null, crm: crmRef })],
			});
			// Of a record that only failed, of another direction, of another mapping, and no error.
			await store.commit({
				job: job('failed', keep),
				log: [entry('failed', { businessCentral: { id: bcId(3), number: '', name: '', url: null } })],
			});
			await store.commit({ job: job('direction', keep), log: [entry('direction', { direction: 'fromCrm' })] });
			await store.commit({ job: job('mapping', keep), log: [entry('mapping', { mapping: 'VENDOR' })] });
			await store.commit({ job: job('warning', keep), log: [entry('warning', { kind: 'warning' })] });
			await store.commit({
				failures: [failure(bcId(1), { skipped: true }), failure(crmId(2), { direction: 'fromCrm', skipped: true }), failure(bcId(3))],
			});
			expect(await store.deleteJobs(before)).toBe(4);
			expect((await store.jobs({ limit: 10 })).rows.map((row) => row.id).sort()).toEqual(['first try', 'other way', 'second try']);
			expect((await store.log({ limit: 10 })).rows).toHaveLength(3);
			await store.commit({ failuresDone: [failure(bcId(1))] });
			expect(await store.deleteJobs(before)).toBe(2);
		});
	});

	it('refuses work after it was closed, and may be closed again', async () => {
		await store.close();
		await store.close();
		expect(await codeOf(store.countCouplings('CUSTOMER'))).toBe('setup STORE_CLOSED');
	});
});
