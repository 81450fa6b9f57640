import { renderReport } from '../../../engine';
import { partnerClaimed, partnerUnclear } from '../../../engine/sync/evidence/partnerErrors';
import { JobRecorder } from '../../../engine/jobs/recorder';
import type { SystemRecord } from '../../../engine/model/record';
import { findMapping, loadMappings } from '../../../engine/defaults/catalog';
import { jobResultJson } from '../../../nodes/shared/items';
import { openStage, type Stage } from '../failures/kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(3);
});
afterEach(() => stage.world.close());

const records = (count: number): SystemRecord[] =>
	Array.from({ length: count }, (_, index) => ({
		id: `id ${index}`,
		number: `${index}`,
		name: '',
		version: '',
		modifiedAt: '',
		values: {},
	}));

test('changed records beyond those asked for are counted, and none where no list was asked for', async () => {
	for (const number of [1, 2, 3]) stage.inBc(number, { phoneNumber: `+44 ${number}` });
	const [toCrm, fromCrm] = await stage.run({ returnChanges: 2, preview: true });
	expect(toCrm!.changes).toHaveLength(2);
	expect(jobResultJson(toCrm!)).toMatchObject({ modified: 3, moreChanges: 1 });
	expect(jobResultJson(fromCrm!)).not.toHaveProperty('moreChanges');
	const [real] = await stage.run();
	expect(jobResultJson(real!)).not.toHaveProperty('moreChanges');
	expect(real!.job.modified).toBe(3);
});

test('candidates and rivals that are not named are counted', () => {
	expect(partnerUnclear('crm', records(8)).message).toContain(' and 3 more.');
	expect(partnerUnclear('crm', records(5)).message).not.toContain('more');
	expect(partnerClaimed('crm', records(1)[0]!, records(7)).message).toContain(' and 2 more.');
});

test('records that are deleted along are told one by one, and then that there are more', async () => {
	await stage.with(async (session) => {
		const mapping = findMapping(await loadMappings(session), 'CUSTOMER');
		const recorder = new JobRecorder(session, mapping, 'job', 'toCrm', { type: 'uncoupling', returnChanges: 0, returnFailures: 0 });
		const pair = { businessCentral: null, crm: null, coupling: null };
		for (let index = 0; index < 103; index++)
			recorder.deletedAlong('toCrm', pair, { mapping: 'CONTACT', message: `Contact ${index}`, lost: [] });
		expect(recorder.warnings).toHaveLength(101);
		expect(recorder.warnings.at(-1)).toContain('see DELETED_ALONG in the log');
		expect(recorder.takeLog()).toHaveLength(103);
	});
});

test('the report says how many warnings it does not list', async () => {
	const { html } = await stage.with(async ({ store, clock }) => {
		const at = new Date(clock.now()).toISOString();
		const nobody = {
			direction: null,
			errorClass: null,
			hint: '',
			businessCentral: null,
			crm: null,
			fields: [],
			attempts: 0,
			skipped: false,
		};
		const log = Array.from({ length: 7 }, (_, index) => ({
			...{ ...nobody, jobId: 'job', mapping: 'CUSTOMER', kind: 'warning' as const },
			...{ code: 'WARNING', message: `Warning ${index}`, at },
		}));
		await store.commit({ log });
		const from = new Date(clock.now() - 60_000).toISOString();
		return await renderReport({ store, from, to: at, now: at, timeZone: 'UTC', title: 'Report', mappings: new Map(), rows: 5 });
	});
	expect(html).toMatch(/2 more are not listed here/);
});
