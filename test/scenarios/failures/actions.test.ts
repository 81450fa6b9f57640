import {
	deleteOther,
	findForDeleted,
	listFailedRecords,
	restoreRecords,
	retryAll,
	retryRecords,
	synchronizeWithSide,
	type ActionResult,
} from '../../../engine';
import { uncoupleRecords } from '../../../engine/coupling/uncouple';
import { countCouplings, disagreements } from '../../kit/customers';
import { openStage, type Stage } from './kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const mapping = 'CUSTOMER';
const bc = (...numbers: number[]) => ({
	mapping,
	side: 'businessCentral' as const,
	ids: numbers.map((number) => stage.customerId(number)),
});
const list = (query: Partial<Parameters<typeof listFailedRecords>[1]> = {}) =>
	stage.with((session) => listFailedRecords(session, { limit: 100, ...query }));
const outcomes = ({ records }: ActionResult) => records.map(({ outcome, error }) => (error ? [outcome, error.code] : [outcome]));
const skipBoth = async (...numbers: number[]): Promise<void> => {
	for (const number of numbers) stage.quarrel(number);
	await stage.run();
	await stage.run();
	stage.world.minutes(30);
	stage.world.takeRequests();
};
const deleteCustomer = (number: number) => stage.company().remove('customers', stage.customerId(number));
const deleteAccount = (number: number) => stage.world.sandbox.crm.remove('account', stage.accountId(number));
const deleteRequests = () =>
	stage.world
		.takeRequests()
		.flatMap(({ parts }) => parts)
		.filter(({ method }) => method === 'DELETE').length;

describe('the list of failed and skipped records', () => {
	test('one row for a couple that fails both ways, with table, both records, last error, attempts and since when', async () => {
		stage.quarrel(1);
		const since = new Date(stage.world.clock.now()).toISOString();
		await stage.run();
		stage.world.minutes(30);
		await stage.run();
		stage.world.takeRequests();
		const { rows, next } = await list();
		expect(next).toBeUndefined();
		expect(rows).toEqual([
			expect.objectContaining({
				mapping,
				tables: { businessCentral: 'customers', crm: 'account' },
				businessCentral: expect.objectContaining({
					id: stage.customerId(1),
					number: 'C000001',
					exists: true,
					url: expect.any(String) as string,
				}) as unknown,
				crm: expect.objectContaining({ id: stage.accountId(1), exists: true }) as unknown,
				state: 'skipped',
				lastError: expect.objectContaining({ code: 'CONFLICT' }) as unknown,
				attempts: 2,
				since,
				actions: ['retry', 'synchronize', 'uncouple'],
			}),
		]);
		expect(rows[0]!.failures.map(({ direction, skipped }) => [direction, skipped])).toEqual(
			expect.arrayContaining([
				['toCrm', true],
				['fromCrm', true],
			]),
		);
		expect(stage.writes()).toBe(0);
	});

	test('pages of any size show every record once', async () => {
		await skipBoth(1, 2, 3);
		const seen: string[] = [];
		let next: string | undefined;
		do {
			const page = await list({ limit: 2, ...(next ? { next } : {}) });
			expect(page.rows.length).toBeLessThanOrEqual(2);
			seen.push(...page.rows.map((row) => row.businessCentral!.number));
			next = page.next;
		} while (next);
		expect(seen.sort()).toEqual(['C000001', 'C000002', 'C000003']);
	});

	test('a record that could not be created is listed with its number, without a partner', async () => {
		stage
			.company()
			.seed('customers', [{ number: 'NEW', displayName: 'New one', type: 'Company', blocked: '_x0020_', currencyCode: 'EUR' }]);
		await stage.run({ createUncoupled: true });
		const { rows } = await list({ state: 'failed' });
		expect(rows).toEqual([
			expect.objectContaining({
				state: 'failed',
				businessCentral: expect.objectContaining({ number: 'NEW', name: 'New one', exists: true }) as unknown,
				crm: null,
				actions: ['retry'],
			}),
		]);
		expect((await list({ state: 'skipped' })).rows).toEqual([]);
	});

	test('filters by state, text and missing side', async () => {
		await skipBoth(1);
		stage.quarrel(2);
		await stage.run();
		deleteAccount(1);
		const numbers = async (query: Parameters<typeof list>[0]) => (await list(query)).rows.map((row) => row.businessCentral!.number);
		expect(await numbers({ state: 'skipped' })).toEqual(['C000001']);
		expect(await numbers({ state: 'failed' })).toEqual(['C000002']);
		expect(await numbers({ text: 'customer 2' })).toEqual(['C000002']);
		expect(await numbers({ missing: 'crm' })).toEqual(['C000001']);
		expect(await numbers({ missing: 'businessCentral' })).toEqual([]);
		expect(await numbers({ missing: 'either' })).toEqual(['C000001']);
	});

	test('a couple of which both records are gone loses its coupling and disappears', async () => {
		await skipBoth(1, 2);
		deleteCustomer(1);
		deleteAccount(1);
		expect((await list()).rows.map((row) => row.businessCentral!.number)).toEqual(['C000002']);
		expect(await countCouplings(stage.world)).toBe(2);
		expect((await stage.failures('toCrm')).length + (await stage.failures('fromCrm')).length).toBe(2);
	});
});

describe('retry', () => {
	test('the next run tries the record again, and leaves it alone again for the same error', async () => {
		await skipBoth(1, 2);
		expect(outcomes(await stage.with((session) => retryRecords(session, bc(1))))).toEqual([['retried']]);
		expect((await stage.failures('toCrm')).map(({ skipped, sourceId }) => [sourceId, skipped]).sort()).toEqual(
			[
				[stage.customerId(1), false],
				[stage.customerId(2), true],
			].sort(),
		);
		expect(await stage.counted()).toEqual([{ skipped: 1 }, { skipped: 1 }]);
		expect((await list({ state: 'skipped' })).rows).toHaveLength(2);
	});

	test('a strategy set afterwards and retry all resolve the conflicts that were skipped', async () => {
		await skipBoth(1, 2);
		expect(await stage.with((session) => retryAll(session, { mapping }))).toEqual([{ mapping, toCrm: 2, fromCrm: 2 }]);
		const results = await stage.run({ conflict: 'send' });
		expect(results.map(({ job }) => [job.modified, job.failed, job.skipped])[0]).toEqual([2, 0, 0]);
		expect(await disagreements(stage.world)).toEqual([]);
		expect((await list()).rows).toEqual([]);
	});

	test('retry all of every mapping needs no request, and a preview changes nothing', async () => {
		await skipBoth(1);
		const preview = await stage.with((session) => retryAll(session, { preview: true }));
		expect(preview.find((each) => each.mapping === mapping)).toEqual({ mapping, toCrm: 1, fromCrm: 1 });
		expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([true]);
		await stage.with((session) => retryAll(session, {}));
		expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([false]);
		expect(stage.world.takeRequests()).toEqual([]);
	});

	test('refused where a record is missing or nothing fails, each with a sentence', async () => {
		await skipBoth(1);
		deleteAccount(1);
		const result = await stage.with((session) => retryRecords(session, bc(1, 2)));
		expect(outcomes(result)).toEqual([
			['refused', 'ACTION_NOT_AVAILABLE'],
			['refused', 'ACTION_NOT_AVAILABLE'],
		]);
		expect(result.records.map(({ error }) => error!.message)).toEqual([
			expect.stringMatching(/C000001 .*deleted in CRM/),
			expect.stringMatching(/C000002 .*does not fail/),
		]);
	});

	test('a record whose creation was skipped is retried, and created once its reason is gone', async () => {
		const [id] = stage
			.company()
			.seed('customers', [{ number: 'NEW', displayName: 'New', type: 'Company', blocked: '_x0020_', currencyCode: 'EUR' }]);
		await stage.run({ createUncoupled: true });
		await stage.run({ createUncoupled: true });
		const request = { mapping, side: 'businessCentral' as const, ids: [id!] };
		expect(outcomes(await stage.with((session) => retryRecords(session, request)))).toEqual([['retried']]);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		expect((await stage.counted({ createUncoupled: true }))[0]).toEqual({ inserted: 1 });
	});
});

describe('synchronize with a side', () => {
	test.each([
		['businessCentral', '+44 1'],
		['crm', '+44 2'],
	] as const)(
		'%s wins: the other side is overwritten, the value that lost is logged, and nothing is skipped any more',
		async (winner, value) => {
			await skipBoth(1);
			const result = await stage.with((session) => synchronizeWithSide(session, { ...bc(1), winner }));
			expect(outcomes(result)).toEqual([['synchronized']]);
			expect(result.jobs.map(({ job }) => [job.direction, job.modified, job.failed])).toEqual([
				[winner === 'crm' ? 'fromCrm' : 'toCrm', 1, 0],
			]);
			expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual([value, value]);
			expect(await stage.log('overwritten')).toEqual([
				expect.objectContaining({ fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }] }),
			]);
			expect((await list()).rows).toEqual([]);
			stage.world.takeRequests();
			await stage.run();
			expect(stage.writes()).toBe(0);
		},
	);

	test('also what only the losing side changed is overwritten and logged', async () => {
		stage.inCrm(1, { telephone1: '+44 9', fax: '+44 8' });
		const result = await stage.with((session) => synchronizeWithSide(session, { ...bc(1), winner: 'businessCentral' }));
		expect(outcomes(result)).toEqual([['synchronized']]);
		expect(stage.account(1)).toMatchObject({ telephone1: stage.customer(1)!['phoneNumber'] });
		expect(stage.account(1)!['fax'] ?? '').toBe('');
		const [entry] = await stage.log('overwritten');
		expect(entry!.fields.map(({ name, crm }) => [name, crm]).sort()).toEqual([
			['Fax No.', '+44 8'],
			['Phone No.', '+44 9'],
		]);
		expect(await disagreements(stage.world)).toEqual([]);
	});

	test('fields that do not travel that way stay as they are', async () => {
		stage.inBc(1, { creditLimit: 777 });
		stage.inCrm(1, { telephone1: '+44 9' });
		await stage.with((session) => synchronizeWithSide(session, { ...bc(1), winner: 'crm' }));
		expect(stage.customer(1)).toMatchObject({ creditLimit: 777, phoneNumber: '+44 9' });
		await stage.run();
		expect(stage.account(1)).toMatchObject({ creditlimit: 777 });
	});

	test('a preview tells the very changes the run then makes, and makes none', async () => {
		await skipBoth(1);
		const before = await stage.failures('toCrm');
		const request = { ...bc(1), winner: 'crm' as const };
		const preview = await stage.with((session) => synchronizeWithSide(session, { ...request, preview: true }));
		expect(stage.writes()).toBe(0);
		expect(await stage.failures('toCrm')).toEqual(before);
		const real = await stage.with((session) => synchronizeWithSide(session, request));
		expect(preview.jobs[0]!.changes).toEqual(real.jobs[0]!.changes);
		expect(preview.jobs[0]!.changes[0]!.fields).toEqual([{ field: 'phoneNumber', caption: 'Phone No.', before: '+44 1', after: '+44 2' }]);
	});

	test('of a selection, couples with a missing side are refused and the others are synchronized in one job', async () => {
		await skipBoth(1, 2, 3);
		deleteAccount(2);
		const result = await stage.with((session) => synchronizeWithSide(session, { ...bc(1, 2, 3), winner: 'businessCentral' }));
		expect(outcomes(result)).toEqual([['synchronized'], ['refused', 'ACTION_NOT_AVAILABLE'], ['synchronized']]);
		expect(result.jobs).toHaveLength(1);
	});

	test('a record that cannot be delivered is reported with its reason, and stays in the list', async () => {
		stage.inBc(1, { currencyCode: 'EUR' });
		await stage.run();
		await stage.run();
		const result = await stage.with((session) => synchronizeWithSide(session, { ...bc(1, 2), winner: 'businessCentral' }));
		expect(outcomes(result)).toEqual([['failed', 'DEPENDENCY'], ['synchronized']]);
		expect((await list()).rows).toHaveLength(1);
	});

	test('a mapping that is being run refuses, and nothing changes', async () => {
		await skipBoth(1);
		await stage.with(async (session) => {
			await session.store.acquireLease(mapping, 'somebody else', 60_000);
			const result = await synchronizeWithSide(session, { ...bc(1), winner: 'crm' });
			expect(outcomes(result)).toEqual([['refused', 'MAPPING_BUSY']]);
		});
		expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 1' });
	});
});

describe('restore', () => {
	test('the missing record is created anew and coupled, in both directions of a mixed selection', async () => {
		deleteAccount(2);
		// Its credit limit is 0: that field does not travel to Business Central.
		deleteCustomer(1);
		const result = await stage.with((session) => restoreRecords(session, bc(1, 2)));
		expect(outcomes(result)).toEqual([['restored'], ['restored']]);
		expect(result.jobs.map(({ job }) => [job.direction, job.inserted])).toEqual([
			['toCrm', 1],
			['fromCrm', 1],
		]);
		expect([stage.world.sandbox.crm.rows('account').length, stage.company().rows('customers').length]).toEqual([3, 3]);
		expect(await countCouplings(stage.world)).toBe(3);
		expect(await disagreements(stage.world)).toEqual([]);
		stage.world.takeRequests();
		await stage.run();
		expect(stage.writes()).toBe(0);
	});

	test('refused where both records exist; gone where none does', async () => {
		deleteAccount(2);
		deleteCustomer(2);
		const result = await stage.with((session) => restoreRecords(session, bc(1, 2)));
		expect(outcomes(result)).toEqual([['refused', 'ACTION_NOT_AVAILABLE'], ['gone']]);
		expect(result.jobs).toEqual([]);
		expect(await countCouplings(stage.world)).toBe(2);
	});

	test('a preview creates nothing, also not the end of a coupling whose records are gone', async () => {
		deleteAccount(1);
		deleteAccount(2);
		deleteCustomer(2);
		stage.world.takeRequests();
		const result = await stage.with((session) => restoreRecords(session, { ...bc(1, 2), preview: true }));
		expect(outcomes(result)).toEqual([['restored'], ['gone']]);
		expect(result.jobs[0]!.changes).toEqual([expect.objectContaining({ action: 'restore', written: 'crm' })]);
		expect(stage.writes()).toBe(0);
		expect(await countCouplings(stage.world)).toBe(3);
	});
});

describe('delete the other record', () => {
	test('the survivor and the coupling go, with one line in the jobs', async () => {
		deleteCustomer(1);
		deleteAccount(2);
		stage.world.takeRequests();
		const result = await stage.with((session) => deleteOther(session, bc(1, 2, 3)));
		expect(outcomes(result)).toEqual([['deleted'], ['deleted'], ['refused', 'ACTION_NOT_AVAILABLE']]);
		expect(result.jobs.map(({ job }) => [job.status, job.deleted, job.failed])).toEqual([['finished', 2, 0]]);
		expect([stage.account(1), stage.customer(2)]).toEqual([undefined, undefined]);
		expect([stage.world.sandbox.crm.rows('account').length, stage.company().rows('customers').length]).toEqual([1, 1]);
		expect(await countCouplings(stage.world)).toBe(1);
		stage.world.takeRequests();
		await stage.run({ createUncoupled: true });
		expect(stage.writes()).toBe(0);
	});

	test('what goes is named in the log before it goes', async () => {
		deleteCustomer(1);
		let logged: unknown[] = [];
		await stage.with((session) => {
			const write = session.crm.write.bind(session.crm);
			session.crm.write = async (...parameters) => {
				logged = (await session.store.log({ limit: 10, kind: 'warning' })).rows.map(({ code, crm }) => [code, crm?.id]);
				return await write(...parameters);
			};
			return deleteOther(session, bc(1));
		});
		expect(logged).toEqual([['DELETED_WITH_PARTNER', stage.accountId(1)]]);
	});

	test('without the permission to delete nothing is lost, and the error names it', async () => {
		deleteCustomer(1);
		const user = stage.world.sandbox.log.requests.find(({ system, user: who }) => system === 'crm' && who !== null)!.user!;
		stage.world.sandbox.crm.revokePrivilege(user, 'prvDeleteAccount');
		const result = await stage.with((session) => deleteOther(session, bc(1)));
		expect(result.records[0]).toMatchObject({
			outcome: 'refused',
			error: { errorClass: 'setup', message: expect.stringContaining('prvDeleteAccount') as string },
		});
		expect(result.jobs[0]!.job).toMatchObject({ status: 'failed', deleted: 0 });
		expect(stage.account(1)).toBeDefined();
		expect(await countCouplings(stage.world)).toBe(3);
	});

	test('a record that is changed meanwhile is left alone', async () => {
		deleteCustomer(1);
		const result = await stage.with((session) => {
			const write = session.crm.write.bind(session.crm);
			session.crm.write = (...parameters) => {
				stage.inCrm(1, { telephone1: '+44 99' });
				return write(...parameters);
			};
			return deleteOther(session, bc(1));
		});
		expect(outcomes(result)).toEqual([['refused', 'CHANGED_MEANWHILE']]);
		expect(result.jobs[0]!.job).toMatchObject({ status: 'finished', deleted: 0, failed: 1 });
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 99' });
		expect(await countCouplings(stage.world)).toBe(3);
	});

	test('a record that is merely hidden from the user is not taken for deleted: nothing is deleted, restored or marked', async () => {
		await stage.with(async (session) => {
			const { readByIds } = session.crm;
			session.crm.readByIds = async (...parameters) => {
				const found = await readByIds.apply(session.crm, parameters);
				found.delete(stage.accountId(1));
				return found;
			};
			session.crm.existing = (_, ids) => Promise.resolve(new Set(ids));
			expect(outcomes(await deleteOther(session, bc(1)))).toEqual([['refused', 'ACTION_NOT_AVAILABLE']]);
			expect(outcomes(await restoreRecords(session, bc(1)))).toEqual([['refused', 'ACTION_NOT_AVAILABLE']]);
			expect((await findForDeleted(session, { mapping })).missing).toEqual([]);
		});
		expect([stage.customer(1), stage.account(1)].every(Boolean)).toBe(true);
		expect(await countCouplings(stage.world)).toBe(3);
	});

	test('a preview deletes nothing', async () => {
		deleteCustomer(1);
		stage.world.takeRequests();
		const result = await stage.with((session) => deleteOther(session, { ...bc(1), preview: true }));
		expect(outcomes(result)).toEqual([['deleted']]);
		expect(result.jobs[0]!.job).toMatchObject({ preview: true, deleted: 1 });
		expect(stage.account(1)).toBeDefined();
		expect([await countCouplings(stage.world), deleteRequests()]).toEqual([3, 0]);
	});

	test('a lost answer is settled by looking: what was deleted counts as deleted', async () => {
		deleteCustomer(1);
		stage.world.sandbox.faults.add({ system: 'crm', method: 'DELETE', times: 10, fault: { kind: 'dropAfter' } });
		stage.world.sandbox.faults.add({ system: 'crm', url: /\$batch/, method: 'POST', times: 1, fault: { kind: 'dropAfter' } });
		const result = await stage.with((session) => deleteOther(session, bc(1)));
		expect(outcomes(result)).toEqual([['deleted']]);
		expect(stage.account(1)).toBeUndefined();
		expect(await countCouplings(stage.world)).toBe(2);
	});

	test('a mapping that is being run refuses, and nothing is deleted', async () => {
		deleteCustomer(1);
		await stage.with(async (session) => {
			await session.store.acquireLease(mapping, 'somebody else', 60_000);
			expect(outcomes(await deleteOther(session, bc(1)))).toEqual([['refused', 'MAPPING_BUSY']]);
		});
		expect(stage.account(1)).toBeDefined();
	});
});

describe('uncouple', () => {
	test('also a couple with a deleted record; its failures go with it', async () => {
		await skipBoth(1);
		deleteAccount(1);
		const result = await stage.with((session) => uncoupleRecords(session, bc(1)));
		expect(result.job).toMatchObject({ uncoupled: 1 });
		expect((await list()).rows).toEqual([]);
		expect(await countCouplings(stage.world)).toBe(2);
	});
});

describe('find for deleted', () => {
	test('couples with a deleted record are listed and wait as skipped; those without any record lose their coupling', async () => {
		deleteAccount(1);
		deleteCustomer(2);
		deleteCustomer(3);
		deleteAccount(3);
		stage.world.takeRequests();
		const found = await stage.with((session) => findForDeleted(session, { mapping }));
		expect(found).toMatchObject({ checked: 3, gone: 1, more: 0, job: { job: { status: 'finished', skipped: 2, uncoupled: 1 } } });
		expect(
			found.missing.map((row) => [row.businessCentral!.number, row.businessCentral!.exists, row.crm!.exists, row.state]).sort(),
		).toEqual([
			['C000001', true, false, 'skipped'],
			['C000002', false, true, 'skipped'],
		]);
		expect(stage.world.takeRequests().length).toBeLessThanOrEqual(6);
		expect(await countCouplings(stage.world)).toBe(2);
		expect((await list({ missing: 'either' })).rows.map(({ actions }) => actions)).toEqual([
			['restore', 'deleteOther', 'uncouple'],
			['restore', 'deleteOther', 'uncouple'],
		]);
		stage.world.minutes(30);
		expect(await stage.counted()).toEqual([{}, {}]);
	});

	test('with a deletion strategy the next run settles what was found', async () => {
		deleteAccount(1);
		await stage.with(async (session) => {
			await session.store.saveSettings(mapping, { deletion: 'restore' });
			await findForDeleted(session, { mapping });
		});
		expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([false]);
		const [toCrm] = await stage.run();
		expect(toCrm!.job).toMatchObject({ inserted: 1, failed: 0 });
		expect(await disagreements(stage.world)).toEqual([]);
		expect(await stage.failures('toCrm')).toEqual([]);
	});

	test('a preview lists and marks nothing', async () => {
		deleteAccount(1);
		deleteCustomer(3);
		deleteAccount(3);
		const found = await stage.with((session) => findForDeleted(session, { mapping, preview: true }));
		expect(found).toMatchObject({ gone: 1, missing: [{ businessCentral: { number: 'C000001' } }] });
		expect(await countCouplings(stage.world)).toBe(3);
		expect(await stage.failures('toCrm')).toEqual([]);
	});

	test('a mark is taken back when the record is there again', async () => {
		await stage.with((session) =>
			session.store.commit({
				failures: [
					{
						mapping,
						direction: 'toCrm',
						sourceId: stage.customerId(1),
						errorClass: 'data',
						errorCode: 'PARTNER_DELETED',
						message: 'The coupled record was deleted in CRM.',
						hint: '',
						attempts: 1,
						skipped: true,
						sourceVersion: null,
						failedAt: new Date(stage.world.clock.now()).toISOString(),
					},
				],
			}),
		);
		await stage.with((session) => findForDeleted(session, { mapping }));
		expect(await stage.failures('toCrm')).toEqual([]);
	});
});
