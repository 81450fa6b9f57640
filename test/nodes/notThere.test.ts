import { DatabaseSync } from 'node:sqlite';
import { existsSync } from 'node:fs';
import type { INodeParameters } from 'n8n-workflow';
import { stateFile } from '../../engine';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { TableMappings } from '../../nodes/TableMappings/TableMappings.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { CredentialVault, loadList, type NodeClass, type NodeOutcome, runNode, useNewState } from '../kit/workflow';

let systems: LocalSystems;
let vault: CredentialVault;
beforeAll(async () => {
	useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	const bc = systems.sandbox.businessCentral.company(systems.base.companyName);
	bc.seed('customers', [{ number: 'C1', displayName: 'Customer 1', type: 'Company', blocked: '_x0020_' }]);
	const run = { company: systems.company, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true } };
	expect((await runNode(SyncMapping, run, { credentials: vault })).error).toBeUndefined();
});
afterAll(async () => await systems.close());

const NOWHERE = '99999999-2222-4333-8444-555555555555';
/** What no test names but the one that asks for its history. */
const NOTHING = '99999999-2222-4333-8444-666666666666';

/** Rows of the store, by table; the log of runs that took place is no matter here. */
function rows(): Record<string, number> {
	if (!existsSync(stateFile())) return {};
	const database = new DatabaseSync(stateFile(), { readOnly: true });
	try {
		const tables = [
			'connection',
			'connection_address',
			'mapping_setting',
			'coupling',
			'failure',
			'requeued_record',
			'intent',
			'full_sync',
			'origin',
		];
		return Object.fromEntries(tables.map((table) => [table, Number(database.prepare(`select count(*) as n from ${table}`).get()!['n'])]));
	} finally {
		database.close();
	}
}

const customer = { mapping: by('name', 'CUSTOMER') };
const unknownMapping = { mapping: by('name', 'CUSTOMRE') };
const record = { side: 'businessCentral', businessCentralRecord: by('id', NOWHERE) };
type Case = [node: NodeClass, operation: string, parameters: INodeParameters];

const operations: readonly Case[] = [
	[SyncMapping, 'synchronizeModified', customer],
	[SyncMapping, 'synchronizeSelected', { ...customer, ...record }],
	[SyncMapping, 'synchronizeAll', {}],
	[FullSync, 'run', {}],
	[FullSync, 'resume', {}],
	[FullSync, 'review', {}],
	[FullSync, 'restartMapping', customer],
	[CoupleRecords, 'getMany', {}],
	[CoupleRecords, 'findForDeleted', customer],
	[CoupleRecords, 'uncouple', { ...customer, scope: 'mapping' }],
	[CoupleRecords, 'retry', { retryScope: 'all' }],
	[CoupleRecords, 'matchBased', customer],
	[ReadSyncLog, 'getJobs', {}],
	[ReadSyncLog, 'getErrors', {}],
	[ReadSyncLog, 'getHistory', { record: 'C1' }],
	[ReadSyncLog, 'renderReport', {}],
	[ReadSyncLog, 'deleteOldEntries', {}],
	[ReadSyncLog, 'exportState', {}],
	[TableMappings, 'getMany', {}],
	[TableMappings, 'get', customer],
	[TableMappings, 'reset', { which: 'all' }],
	[TableMappings, 'enable', { ...customer, enabled: true }],
	[TableMappings, 'companySettings', {}],
];
const title = ([node, operation]: Case): string => `${node.name} ${operation}`;
const run = async ([node, operation, parameters]: Case, more: INodeParameters = {}): Promise<NodeOutcome> =>
	await runNode(node, { company: systems.company, operation, ...parameters, ...more }, { credentials: vault });
const textOf = ({ error }: NodeOutcome): string => `${error?.message ?? 'no error'} ${error?.description ?? ''}`;

test.each(operations.map((each) => [title(each), each] as const))(
	'%s: a company that is not there is an error that names it and those there are, and nothing is kept of it',
	async (_, each) => {
		const before = rows();
		const outcome = await run(each, { company: by('id', NOWHERE) });
		expect(textOf(outcome)).toContain(`Business Central has no company with the id ${NOWHERE}`);
		expect(textOf(outcome)).toContain(systems.base.companyName);
		expect(textOf(outcome)).toContain('COMPANY_NOT_FOUND');
		expect(rows()).toEqual(before);
	},
);

const withMapping: readonly Case[] = [
	...operations.filter(([, , parameters]) => 'mapping' in parameters),
	[SyncMapping, 'synchronizeSelected', record],
	[CoupleRecords, 'getMany', {}],
	[CoupleRecords, 'getMany', { filters: { state: 'skipped' } }],
	[CoupleRecords, 'getMany', { filters: { state: 'waiting' } }],
	[CoupleRecords, 'retry', { retryScope: 'mapping' }],
	[CoupleRecords, 'retry', { retryScope: 'records', ...record }],
	[CoupleRecords, 'uncouple', { scope: 'records', ...record }],
	[CoupleRecords, 'createAndCouple', record],
	[CoupleRecords, 'couple', { businessCentralRecord: by('id', NOWHERE), crmRecord: by('id', NOWHERE) }],
	[CoupleRecords, 'restore', record],
	[CoupleRecords, 'deleteOther', record],
	[CoupleRecords, 'synchronizeWithSide', record],
	[ReadSyncLog, 'getJobs', {}],
	[ReadSyncLog, 'getErrors', {}],
	[ReadSyncLog, 'getHistory', { record: 'C1' }],
	[TableMappings, 'delete', {}],
];

test.each(withMapping.map((each) => [title(each), each] as const))(
	'%s: a mapping that is not there is an error that names those there are',
	async (_, each) => {
		const before = rows();
		const outcome = await run(each, unknownMapping);
		expect(textOf(outcome)).toMatch(/There is no table mapping named "CUSTOMRE"/);
		expect(textOf(outcome)).toMatch(/CUSTOMER.*MAPPING_UNKNOWN/s);
		expect(rows()).toEqual(before);
	},
);

test.each(
	(
		[
			[FullSync, 'run'],
			[FullSync, 'resume'],
			[FullSync, 'review'],
		] as const
	).map(([node, operation]) => [operation, node] as const),
)('Full Sync %s: one of several mappings that is not there', async (operation, node) => {
	const outcome = await run([node, operation, { mappingSelection: 'selection', mappings: ['CUSTOMER', 'CUSTOMRE'] }]);
	expect(textOf(outcome)).toContain('MAPPING_UNKNOWN');
});

const withRecord: readonly Case[] = [
	[SyncMapping, 'synchronizeSelected', { ...customer, ...record }],
	[CoupleRecords, 'createAndCouple', { ...customer, ...record }],
	[CoupleRecords, 'couple', { ...customer, businessCentralRecord: by('id', NOWHERE), crmRecord: by('id', NOWHERE) }],
	[CoupleRecords, 'retry', { ...customer, retryScope: 'records', ...record }],
	[CoupleRecords, 'restore', { ...customer, ...record }],
	[CoupleRecords, 'deleteOther', { ...customer, ...record }],
	[CoupleRecords, 'synchronizeWithSide', { ...customer, ...record }],
	[ReadSyncLog, 'getHistory', { record: NOTHING }],
];

test.each(withRecord.map((each) => [title(each), each] as const))(
	'%s: a record that is not there is told by its id, and nothing is kept of it',
	async (_, each) => {
		const before = rows();
		const { error, json } = await run(each);
		const told = JSON.stringify([error?.message, json]);
		expect(told).toMatch(new RegExp(`${NOWHERE}|${NOTHING}`));
		expect(told).not.toContain('"found":0');
		if (!error) expect(json[1]!.length + Number((json[0]![0] as { skipped?: number } | undefined)?.skipped ?? 0)).toBeGreaterThan(0);
		expect(rows()).toEqual(before);
	},
);

test('a job that is not in the log is an error, one that is there is not', async () => {
	const errors = async (jobId: string) => await run([ReadSyncLog, 'getErrors', { filters: { jobId } }]);
	expect(textOf(await errors(NOWHERE))).toMatch(new RegExp(`The log has no job "${NOWHERE}".*JOB_UNKNOWN`, 's'));
	const { json } = await run([ReadSyncLog, 'getJobs', {}]);
	const known = await errors(String(json[0]![0]!['jobId']));
	expect(known.error).toBeUndefined();
	expect(known.json[0]!.every((entry) => entry['found'] === 0 || entry['jobId'] === json[0]![0]!['jobId'])).toBe(true);
});

test('an environment of CRM that is not there: reading the log keeps nothing of it', async () => {
	const before = rows();
	const credentials = systems.vault();
	const values = Object.fromEntries(Object.keys(credentials.references()).map((type) => [type, { ...credentials.raw(type) }]));
	Object.assign(values['dataverseOAuth2Api']!, { environmentUrl: 'http://127.0.0.1:1' });
	const outcome = await runNode(
		ReadSyncLog,
		{ company: systems.company, operation: 'getJobs' },
		{ credentials: new CredentialVault(values) },
	);
	expect(textOf(outcome)).toMatch(/CRM/);
	expect(outcome.error).toBeDefined();
	expect(rows()).toEqual(before);
});

test('the list of mappings in the editor keeps nothing of a company that was never synchronized', async () => {
	const before = rows();
	const list = await loadList(SyncMapping, 'searchMappings', { company: by('id', NOWHERE) }, vault);
	expect(JSON.stringify(list)).toContain('CUSTOMER');
	expect(rows()).toEqual(before);
});

describe('a company that was deleted since', () => {
	beforeAll(() => systems.sandbox.businessCentral.removeCompany(systems.base.companyName));

	test('its log can be read, and the editor says whose it is', async () => {
		const read = async (operation: string, parameters: INodeParameters = {}, mode?: 'manual') =>
			await runNode(ReadSyncLog, { company: systems.company, operation, ...parameters }, { credentials: vault, ...(mode ? { mode } : {}) });
		const { json, error } = await read('getJobs');
		expect(error).toBeUndefined();
		expect(json[0]!.length).toBeGreaterThan(0);
		const { hints } = await read('getJobs', {}, 'manual');
		expect(hints.map(({ message }) => String(message)).join()).toContain(`no company with the id ${systems.base.companyId} any more`);
		const known = await read('getHistory', { record: 'C1' }, 'manual');
		expect(known.json[0]!.map(({ kind }) => kind)).toContain('created');
		expect(known.hints.map(({ message }) => String(message)).join()).toContain('any more');
	});

	test('a run says that it is gone, and which there are', async () => {
		const outcome = await run([SyncMapping, 'synchronizeModified', customer]);
		expect(textOf(outcome)).toContain(`Business Central has no company with the id ${systems.base.companyId}`);
		expect(textOf(outcome)).toContain('Choose the company from the list');
	});
});
