import type { INodeParameters } from 'n8n-workflow';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { inUtc } from '../../nodes/ReadSyncLog/operations/logFilters';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type NodeOutcome } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
let synchronized: NodeOutcome;

/** One run of CUSTOMER: C1 is delivered, C2 fails, because its salesperson is not coupled. */
beforeAll(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const company = systems.sandbox.businessCentral.company(systems.base.companyName);
	company.seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	company.seed('customers', [
		{ number: 'C1', displayName: 'Customer 1', type: 'Company', blocked: '_x0020_' },
		{ number: 'C2', displayName: 'Customer 2', type: 'Company', blocked: '_x0020_', salespersonCode: 'JO' },
	]);
	const parameters = { company: systems.company, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true } };
	synchronized = await runNode(SyncMapping, parameters, { credentials: vault });
});
afterAll(async () => await systems.close());

const read = async (operation: string, parameters: INodeParameters = {}) =>
	await runNode(ReadSyncLog, { company: systems.company, operation, ...parameters }, { credentials: vault });

describe('jobs', () => {
	it('are told in the shape the run had, newest first', async () => {
		const { json, error } = await read('getJobs');
		expect(error).toBeUndefined();
		// Warnings are lines of the log, not of the job.
		const inOrder = (synchronized.json[0] ?? []).map(({ warnings: _, ...job }) => job).reverse();
		expect(json[0]).toEqual(inOrder);
	});

	it('are filtered by mapping, direction, status and period', async () => {
		const directions = async (parameters: INodeParameters): Promise<unknown[]> =>
			(await read('getJobs', parameters)).json[0]?.map((job) => job['direction'] ?? job['found']) ?? [];
		expect(await directions({ mapping: by('name', 'CUSTOMER') })).toEqual(['fromCrm', 'toCrm']);
		expect(await directions({ mapping: by('name', 'CURRENCY') })).toEqual([0]);
		expect(await directions({ filters: { direction: 'toCrm' } })).toEqual(['toCrm']);
		expect(await directions({ filters: { status: 'failed' } })).toEqual([0]);
		expect(await directions({ filters: { to: '2020-01-01T00:00:00' } })).toEqual([0]);
		expect(await directions({ filters: { from: '2020-01-01T00:00:00' } })).toHaveLength(2);
	});

	it('are limited in number, and more are told of', async () => {
		const told = async (operation: string, parameters: INodeParameters): Promise<[number, boolean]> => {
			const { json, hints } = await read(operation, parameters);
			return [json[0]!.length, hints.some(({ message }) => /Only the first \d+ are listed; there are more/.test(String(message)))];
		};
		expect(await told('getJobs', { limit: 1 })).toEqual([1, true]);
		expect(await told('getJobs', { limit: 2 })).toEqual([2, false]);
		expect(await told('getJobs', { returnAll: true })).toEqual([2, false]);
		expect(await told('getHistory', { record: 'C1', limit: 1 })).toEqual([1, true]);
		expect(await told('getHistory', { record: 'C1', returnAll: true })).toEqual([3, false]);
		expect(await told('getErrors', { kind: 'all', limit: 1 })).toEqual([1, true]);
	});
});

describe('errors', () => {
	it('have the shape of the output Failed, with the time and kind of the entry', async () => {
		const { json } = await read('getErrors');
		const [failed] = synchronized.json[1] ?? [];
		expect(json[0]).toEqual([{ ...failed, kind: 'error', at: expect.stringMatching(/Z$/) as string }]);
	});

	it('are those of one job, or of a class', async () => {
		const jobId = String(synchronized.json[0]?.[0]?.['jobId']);
		expect((await read('getErrors', { filters: { jobId } })).json[0]).toEqual([expect.objectContaining({ jobId })]);
		expect((await read('getErrors', { filters: { errorClass: 'setup' } })).json[0]).toEqual([expect.objectContaining({ found: 0 })]);
		expect((await read('getErrors', { filters: { errorClass: 'data' } })).json[0]).toHaveLength(1);
	});

	it('are told apart from overwritten values', async () => {
		expect((await read('getErrors', { kind: 'overwritten' })).json[0]).toEqual([
			{ found: 0, message: 'No entry of the log fits the filters.' },
		]);
	});
});

describe('the history of a record', () => {
	it('is found by number, name or id, with links to both systems', async () => {
		const { json, error } = await read('getHistory', { record: 'C1' });
		expect(error).toBeUndefined();
		expect(json[0]?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['created', 'synchronized', 'job']));
		const crm = json[0]?.[0]?.['crm'] as { id: string };
		expect((await read('getHistory', { record: crm.id })).json[0]).toEqual(json[0]);
		expect((await read('getHistory', { record: 'customer 1', mapping: by('name', 'CUSTOMER') })).json[0]).toEqual(json[0]);
	});

	it('tells of a record that could not be created, with its error and its job', async () => {
		const { json } = await read('getHistory', { record: 'C2' });
		expect(json[0]?.map(({ kind }) => kind).sort()).toEqual(['error', 'job']);
		expect(json[0]?.find(({ kind }) => kind === 'job')).toMatchObject({ job: { status: 'finished', failed: 1 } });
	});

	it('says so when nothing is known', async () => {
		expect((await read('getHistory', { record: 'nobody' })).json[0]).toEqual([
			{ found: 0, message: expect.stringContaining('Nothing is known of "nobody"') as string },
		]);
		expect((await read('getHistory', { record: ' ' })).error?.message).toContain('Parameter "Record" must be filled in.');
	});
});

describe('the report', () => {
	it('comes as a page, as a file and in a few words, with the figures to decide by', async () => {
		const { json, outputs, error } = await read('renderReport', { period: 'day', options: { title: 'Tonight' } });
		expect(error).toBeUndefined();
		expect(json[0]).toEqual([
			{
				html: expect.stringContaining('<title>Tonight</title>') as string,
				summary: expect.stringContaining('1 record needs someone') as string,
				from: expect.stringMatching(/Z$/) as string,
				to: expect.stringMatching(/Z$/) as string,
				jobs: 2,
				failed: 1,
				needsAttention: 1,
				mappingsFailing: [],
				skipped: 0,
				waiting: 0,
				overdue: [],
			},
		]);
		const file = outputs[0]?.[0]?.binary?.['data'];
		expect(file).toMatchObject({ mimeType: 'text/html', fileExtension: 'html' });
		expect(Buffer.from(file?.data ?? '', 'base64').toString()).toBe(json[0]?.[0]?.['html']);
	});

	it('is about a period of its own, in the time zone of the workflow', async () => {
		const { json } = await read('renderReport', { period: 'custom', from: '2020-01-01T00:00:00', to: '2020-01-02T00:00:00' });
		expect(json[0]?.[0]).toMatchObject({ jobs: 0, failed: 0, from: '2019-12-31T23:00:00.000Z', to: '2020-01-01T23:00:00.000Z' });
		expect((await read('renderReport', { period: 'custom', from: '={{ "" }}', to: '2020-01-02' })).error?.message).toContain(
			'Parameter "From" must be filled in.',
		);
	});
});

it('old entries are deleted, younger ones stay', async () => {
	expect((await read('deleteOldEntries')).json[0]).toEqual([
		expect.objectContaining({ deleted: 0, message: 'There was no entry that old.' }),
	]);
	expect((await read('getJobs')).json[0]).toHaveLength(2);
	expect((await read('deleteOldEntries', { olderThanDays: 0 })).json[0]).toEqual([
		expect.objectContaining({ deleted: expect.any(Number) as number, message: expect.stringMatching(/deleted/) as string }),
	]);
});

describe('times without a zone', () => {
	it.each([
		['2026-01-31T08:00:00', 'Europe/Amsterdam', '2026-01-31T07:00:00.000Z'],
		['2026-07-31T08:00:00', 'Europe/Amsterdam', '2026-07-31T06:00:00.000Z'],
		['2026-03-29T03:30:00', 'Europe/Amsterdam', '2026-03-29T01:30:00.000Z'],
		['2026-01-31', 'America/New_York', '2026-01-31T05:00:00.000Z'],
		['2026-01-31 08:00:00', 'UTC', '2026-01-31T08:00:00.000Z'],
		['2026-01-31T08:00:00+05:30', 'Europe/Amsterdam', '2026-01-31T02:30:00.000Z'],
	])('%s in %s is %s', (text, zone, utc) => {
		expect(inUtc(text, zone)).toBe(utc);
	});
});
