import {
	coupleRecords,
	recordHistory,
	resumeFullSync,
	retryRecords,
	runFullSync,
	synchronizeMapping,
	uncoupleRecords,
} from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import { dieAt, Killed } from '../../kit/killing';
import type { SessionOptions } from '../../kit/world';
import { agreement, createResources, type Resources, UNITS } from './resources';
import type { JobResult } from '../../../engine/jobs/jobResult';

const run = (at: Resources, more: object = {}): Promise<JobResult[]> => at.world.run({ mapping: 'RESOURCES', ...more });

const sums = (results: readonly JobResult[]) =>
	results.map(({ job }) => `${job.direction} ${job.inserted}/${job.modified}/${job.unchanged}/${job.skipped}/${job.failed} ${job.status}`);

let at: Resources;
afterEach(() => at.close());

describe('a mapping of a page', () => {
	beforeEach(async () => {
		at = await createResources(2);
	});

	test('creates and changes records both ways; a further run writes nothing and reads the page once', async () => {
		expect(sums(await run(at))).toEqual(['toCrm 2/0/0/0/0 finished', 'fromCrm 2/0/0/0/0 finished']);
		expect(agreement(at)).toEqual([
			'P0 | Person 0 | Planner',
			'P1 | Person 1 | Planner',
			'R0 | Resource 0 | Installer',
			'R1 | Resource 1 | Installer',
		]);
		expect((await at.couplings()).map(({ bcId }) => bcId).sort()).toEqual(['p0', 'p1', 'r0', 'r1']);
		at.world.minutes(30);
		at.editResource('R0', { Job_Title: 'Foreman' });
		at.editContact('P1', { lastname: 'Renamed' });
		at.editContact('R1', { jobtitle: 'Driver' });
		expect(sums(await run(at))).toEqual(['toCrm 0/1/0/0/0 finished', 'fromCrm 0/2/0/0/0 finished']);
		expect(agreement(at)).toEqual([
			'P0 | Person 0 | Planner',
			'P1 | Renamed | Planner',
			'R0 | Resource 0 | Foreman',
			'R1 | Resource 1 | Driver',
		]);
		at.world.minutes(30);
		await run(at);
		at.world.takeRequests();
		expect(sums(await run(at))).toEqual(['toCrm 0/0/0/0/0 finished', 'fromCrm 0/0/0/0/0 finished']);
		const requests = at.world.takeRequests();
		expect(requests.filter(({ path }) => path.includes('/ResourceCard?'))).toHaveLength(1);
		expect(requests.length).toBeLessThanOrEqual(6);
		expect(requests.reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
	});

	test('edits of different fields on both sides merge, edits of one field are a conflict that names both', async () => {
		await run(at);
		at.world.minutes(30);
		at.editResource('R0', { Name: 'From BC' });
		at.editContact('R0', { jobtitle: 'From CRM' });
		at.editResource('R1', { Name: 'BC' });
		at.editContact('R1', { lastname: 'CRM' });
		const results = await run(at);
		expect(agreement(at)).toContain('R0 | From BC | From CRM');
		const [failed] = results.flatMap((result) => result.failed);
		expect(failed).toMatchObject({ errorCode: 'CONFLICT', businessCentral: { id: 'r1', number: 'R1' } });
		expect(failed!.businessCentral!.url).toContain('page=76');
	});

	test('a record outside the filter stays out, one that was deleted is found, one that was renamed is another record', async () => {
		await run(at);
		at.world.minutes(30);
		at.removeResource('R0');
		at.editResource('R1', { No: 'R9' });
		at.world.sandbox.businessCentral
			.company(at.world.base.companyName)
			.seed('ResourceCard', [{ No: 'M1', Name: 'Lathe', Type: 'Machine' }]);
		const results = await run(at, { findDeleted: 'now', allowMassChanges: true });
		expect(
			at
				.contacts()
				.map((row) => row['employeeid'])
				.sort(),
		).toEqual(['P0', 'P1', 'R0', 'R1', 'R9']);
		const codes = results.flatMap(({ failed }) => failed.map(({ errorCode, crm }) => `${errorCode} ${crm!.name}`));
		expect(codes.sort()).toEqual(['PARTNER_DELETED Resource 0', 'PARTNER_DELETED Resource 1']);
	});

	test('the key is not written: a contact whose number changed fails, and says so', async () => {
		await run(at);
		at.world.minutes(30);
		at.editContact('P0', { employeeid: 'P7' });
		const results = await run(at);
		expect(results.flatMap(({ failed }) => failed)).toMatchObject([{ errorCode: 'BC_PAGE_RENAME', businessCentral: { id: 'p0' } }]);
	});

	test('a full synchronization that was interrupted after some pages is resumed', async () => {
		const request = { afterwards: 'keep' as const, pageSize: 1 };
		const within = async (use: (session: SyncSession) => Promise<JobResult[]>, options?: SessionOptions): Promise<JobResult[]> => {
			const session = await at.world.open(options);
			try {
				return await use(session);
			} finally {
				await session.store.close();
			}
		};
		for (let step = 10; (await at.couplings()).length === 0; step++) {
			const death = dieAt(step, 'after');
			const dying = within((session) => runFullSync(session, { ...request, mappings: ['RESOURCES'] }), death.options);
			await expect(Promise.race([dying, death.happened])).rejects.toBeInstanceOf(Killed);
			at.world.minutes(15);
		}
		const results = await within((session) => resumeFullSync(session, request));
		expect(results.map(({ job }) => `${job.mapping} ${job.status}`)).toEqual(['RESOURCES finished', 'RESOURCES finished']);
		expect(agreement(at)).toHaveLength(4);
		expect(at.contacts()).toHaveLength(4);
	});

	test('couple by hand, synchronize one record, read its history and uncouple it, all by its key', async () => {
		const session = await at.world.open();
		try {
			const crmId = String(at.contact('P0')['contactid']);
			await coupleRecords(session, { mapping: 'RESOURCES', bcId: 'R0', crmId, initial: 'send' });
			expect(await at.couplings()).toMatchObject([{ bcId: 'r0', bcNumber: 'R0', crmId }]);
			at.editResource('R0', { Job_Title: 'Foreman' });
			const selected = { side: 'businessCentral' as const, ids: ['R0'] };
			expect(sums(await synchronizeMapping(session, { mapping: 'RESOURCES', direction: 'toCrm', selected }))).toEqual([
				'toCrm 0/1/0/0/0 finished',
			]);
			const events = await recordHistory(session, { record: 'r0', limit: 100 });
			expect(events.map(({ kind }) => kind)).toContain('coupled');
			expect(events[0]!.businessCentral).toMatchObject({ id: 'r0', number: 'R0' });
			await uncoupleRecords(session, { mapping: 'RESOURCES', side: 'businessCentral', ids: ['R0'] });
			expect(await at.couplings()).toEqual([]);
		} finally {
			await session.store.close();
		}
	});

	test('a page that is not published ends the job with the page to publish', async () => {
		at.world.sandbox.businessCentral.unpublish('ResourceCard');
		const [result] = await run(at);
		expect(result!.job.status).toBe('failed');
		expect(result!.failed).toMatchObject([{ errorCode: 'BC_PAGE_NOT_PUBLISHED', errorClass: 'setup' }]);
	});
});

test('records of two keys are coupled, selected, found in the log, retried and uncoupled by their key', async () => {
	at = await createResources(1, UNITS);
	const { businessCentral, crm } = at.world.sandbox;
	businessCentral.publish('ItemUnitsOfMeasure');
	const company = businessCentral.company(at.world.base.companyName);
	const [, boxId] = company.seed('ItemUnitsOfMeasure', [
		{ Item_No: '1896-S', Code: 'PCS', Qty_per_Unit_of_Measure: 1 },
		{ Item_No: '1896-S', Code: 'BOX', Qty_per_Unit_of_Measure: 6 },
	]);
	const crmId = String(at.contact('P0')['contactid']);
	const session = await at.world.open();
	try {
		await coupleRecords(session, { mapping: 'UNITS', bcId: '1896-S,box', crmId, initial: 'send' });
		expect(await at.couplings()).toMatchObject([{ bcId: '1896-s,box', bcNumber: '', bcName: 'BOX', crmId }]);
		expect(crm.row('contact', crmId)).toMatchObject({ lastname: 'BOX', numberofchildren: 6 });
		const selected = { side: 'businessCentral' as const, ids: ['1896-S,PCS', '1896-s,none'] };
		const [created] = await synchronizeMapping(session, { mapping: 'UNITS', direction: 'toCrm', selected, createUncoupled: true });
		expect(created!.job).toMatchObject({ inserted: 1, failed: 1 });
		expect(created!.failed.map(({ errorCode, message }) => [errorCode, message])).toEqual([
			['RECORD_MISSING', expect.stringContaining('1896-s,none')],
		]);

		// A value the column does not take: the record fails, is found in the log by its key, and is retried by it.
		company.update('ItemUnitsOfMeasure', boxId!, { Qty_per_Unit_of_Measure: 9_999_999_999 });
		const [failing] = await synchronizeMapping(session, { mapping: 'UNITS', direction: 'toCrm' });
		expect(failing!.failed).toMatchObject([{ businessCentral: { id: '1896-s,box', name: 'BOX' }, crm: { id: crmId } }]);
		expect(failing!.failed[0]!.businessCentral!.url).toContain('page=5404');
		const events = await recordHistory(session, { record: '1896-S,BOX', limit: 100 });
		expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['coupled', 'state', 'error']));
		expect(new Set(events.map(({ businessCentral: record }) => record?.id))).toEqual(new Set(['1896-s,box']));
		company.update('ItemUnitsOfMeasure', boxId!, { Qty_per_Unit_of_Measure: 8 });
		const retried = await retryRecords(session, { mapping: 'UNITS', side: 'businessCentral', ids: ['1896-S,BOX'] });
		expect(retried.records).toMatchObject([{ id: '1896-s,box', outcome: 'retried' }]);
		await synchronizeMapping(session, { mapping: 'UNITS', direction: 'toCrm' });
		expect(crm.row('contact', crmId)).toMatchObject({ numberofchildren: 8 });

		await uncoupleRecords(session, { mapping: 'UNITS', side: 'businessCentral', ids: ['1896-s,BOX'] });
		expect((await at.couplings()).map(({ bcId }) => bcId)).toEqual(['1896-s,pcs']);
	} finally {
		await session.store.close();
	}
});
