import { DatabaseSync } from 'node:sqlite';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CoupleRecords } from '../../nodes/CoupleRecords/CoupleRecords.node';
import { FullSync } from '../../nodes/FullSync/FullSync.node';
import { SyncMapping } from '../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../kit/n8nLocalSystems';
import { runNode, useNewState, type CredentialVault, type NodeClass, type RunSettings } from '../kit/workflow';

/** Every operation that can be previewed, previewed and then carried out on the same two systems. */

let systems: LocalSystems;
let vault: CredentialVault;
let state: string;

beforeEach(async () => {
	state = useNewState();
	systems = await startLocalSystems();
	vault = systems.vault();
	// The state is there before a preview: a new one is made by whoever looks first.
	await execute(CoupleRecords, { operation: 'getMany', ...customers });
});
afterEach(async () => await systems.close());

const bc = () => systems.sandbox.businessCentral.company(systems.base.companyName);
const crm = () => systems.sandbox.crm;
const customerId = (number: number): string => String(bc().find('customers', (row) => row['number'] === `C${number}`)!['id']);
const accountId = (name: string): string =>
	String(
		crm()
			.rows('account')
			.find((row) => row['name'] === name)!['accountid'],
	);
const account = (number: number): string => accountId(`Customer ${number}`);

const execute = async (node: NodeClass, parameters: INodeParameters, settings: Partial<RunSettings> = {}) =>
	await runNode(node, { company: systems.company, ...parameters }, { credentials: vault, ...settings });
const customers = { mapping: by('name', 'CUSTOMER') };
const creating = { options: { createUncoupled: true } };

const seed = (...numbers: number[]): void =>
	void bc().seed(
		'customers',
		numbers.map((number) => ({ number: `C${number}`, displayName: `Customer ${number}`, type: 'Company', blocked: '_x0020_' })),
	);
/** Customers 1 to 6, coupled with their accounts. */
async function coupled(): Promise<void> {
	seed(1, 2, 3, 4, 5, 6);
	await execute(SyncMapping, { ...customers, ...creating });
}
/** Phones edited to different values in both systems, and tried twice. */
async function quarrel(...numbers: number[]): Promise<void> {
	for (const number of numbers) {
		bc().update('customers', customerId(number), { phoneNumber: '+44 1' });
		crm().update('account', account(number), { telephone1: '+44 2' });
	}
	await execute(SyncMapping, customers);
	await execute(SyncMapping, customers);
}
function editBoth(): void {
	bc().update('customers', customerId(1), { phoneNumber: '+44 1', displayName: 'Renamed' });
	bc().update('customers', customerId(2), { city: 'Leeds' });
	crm().update('account', account(2), { telephone1: '+44 5' });
	crm().update('account', account(3), { telephone1: '+44 3' });
	seed(7);
	crm().insert('account', { name: 'From CRM', customertypecode: 3 } as never);
}
const uncoupledRecords = (): void => {
	seed(1, 2, 3);
	crm().seed('account', [
		{ accountid: '0000000a-0000-4000-8000-000000000001', name: 'Customer 1', customertypecode: 3 },
		{ accountid: '0000000a-0000-4000-8000-000000000002', name: 'CUSTOMER 2', customertypecode: 3, telephone1: '+44 2' },
		{ accountid: '0000000a-0000-4000-8000-000000000003', name: 'Somebody', customertypecode: 3 },
	]);
};
const named = { side: 'businessCentral', businessCentralRecord: by('number', '={{ $json.no }}') };
const items = (...numbers: number[]) => ({ items: numbers.map((number) => ({ no: `C${number}` })) });
const byName = { criteriaFrom: 'node', criteria: { pairs: [{ businessCentralField: 'displayName', crmColumn: 'name' }] } };
const details = { returnChanges: 50 };

interface Case {
	name: string;
	node: NodeClass;
	prepare: () => Promise<void> | void;
	parameters: INodeParameters;
	settings?: Partial<RunSettings>;
	/** What the case must come to, so that it tells something. */
	counts: Partial<Record<'inserted' | 'modified' | 'deleted' | 'coupled' | 'uncoupled' | 'skipped' | 'failed', number>> | { items: number };
}

const cases: Case[] = [
	{
		name: 'Synchronize Modified, both directions',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			editBoth();
		},
		parameters: { ...customers, options: { createUncoupled: true, ...details } },
		counts: { inserted: 2, modified: 4 },
	},
	{
		name: 'Synchronize Modified, deleting with the partner',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			crm().remove('account', account(1));
			bc().remove('customers', customerId(2));
		},
		parameters: { ...customers, options: { deletion: 'deleteOther', findDeleted: 'now', ...details } },
		counts: { deleted: 2 },
	},
	{
		name: 'Synchronize Modified, removing couplings of deleted records',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			crm().remove('account', account(1));
			bc().remove('customers', customerId(2));
		},
		parameters: { ...customers, options: { deletion: 'removeCoupling', findDeleted: 'now', ...details } },
		counts: { uncoupled: 2 },
	},
	{
		name: 'Synchronize Modified, restoring deleted records',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			crm().remove('account', account(1));
			bc().remove('customers', customerId(2));
		},
		parameters: { ...customers, options: { deletion: 'restore', findDeleted: 'now', ...details } },
		counts: { inserted: 2 },
	},
	{
		name: 'Synchronize Modified, with conflicts and missing references',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			await quarrel(1);
			bc().update('customers', customerId(2), { currencyCode: 'EUR' });
		},
		parameters: { ...customers, options: details },
		counts: { failed: 1 },
	},
	{
		name: 'Synchronize Modified, bringing in missing records',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			bc().update('customers', customerId(2), { currencyCode: 'EUR' });
		},
		parameters: { ...customers, options: { pullDependencies: 'create', ...details } },
		counts: { inserted: 1, modified: 1 },
	},
	{
		name: 'Synchronize Selected',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			editBoth();
		},
		parameters: { operation: 'synchronizeSelected', ...customers, ...named, options: { createUncoupled: true, ...details } },
		settings: items(1, 2, 4, 7),
		counts: { inserted: 1, modified: 2 },
	},
	{
		name: 'Synchronize All Mappings',
		node: SyncMapping,
		prepare: async () => {
			await coupled();
			editBoth();
		},
		parameters: { operation: 'synchronizeAll', options: { createUncoupled: true, ...details } },
		counts: { modified: 4 },
	},
	{
		name: 'Full Synchronization, matching first',
		node: FullSync,
		prepare: uncoupledRecords,
		parameters: {
			operation: 'run',
			mappingSelection: 'selection',
			mappings: ['CUSTOMER'],
			bothSides: 'matchFirst',
			options: { ignoreDependencies: true, ...details },
		},
		counts: { coupled: 2, inserted: 2 },
	},
	{
		name: 'Full Synchronization of everything',
		node: FullSync,
		prepare: () => seed(1, 2, 3),
		parameters: { operation: 'run', afterwards: 'allowCreate', options: details },
		counts: { inserted: 10 },
	},
	{
		// Business Central makes the company contact of a new customer by itself; the person needs it.
		name: 'Full Synchronization, a person whose account is new as well',
		node: FullSync,
		prepare: () => {
			const accountid = '0000000a-0000-4000-8000-000000000001';
			crm().seed('account', [{ accountid, name: 'From CRM', customertypecode: 3 }]);
			crm().seed('contact', [
				{
					contactid: '0000000b-0000-4000-8000-000000000001',
					firstname: 'Anna',
					lastname: 'Lindqvist',
					fullname: 'Anna Lindqvist',
					parentcustomerid: { table: 'account', id: accountid },
				},
			] as never);
		},
		parameters: {
			operation: 'run',
			mappingSelection: 'selection',
			mappings: ['CUSTOMER', 'CONTACT'],
			options: { ignoreDependencies: true, ...details },
		},
		counts: { inserted: 2 },
	},
	{
		name: 'Couple, sending',
		node: CoupleRecords,
		prepare: uncoupledRecords,
		parameters: {
			operation: 'couple',
			...customers,
			businessCentralRecord: by('number', 'C2'),
			crmRecord: by('name', 'CUSTOMER 2'),
			initial: 'send',
		},
		counts: { items: 1 },
	},
	{
		name: 'Couple, moving from another partner',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			crm().insert('account', { name: 'Other', customertypecode: 3 } as never);
		},
		parameters: {
			operation: 'couple',
			...customers,
			businessCentralRecord: by('number', 'C2'),
			crmRecord: by('name', 'Other'),
			initial: 'send',
		},
		counts: { items: 1 },
	},
	{
		name: 'Couple, a later item that wants what an earlier one took',
		node: CoupleRecords,
		prepare: uncoupledRecords,
		parameters: {
			operation: 'couple',
			...customers,
			businessCentralRecord: by('number', '={{ $json.no }}'),
			crmRecord: by('name', 'Somebody'),
			initial: 'none',
		},
		settings: { ...items(1, 2), onError: 'continueErrorOutput' } as Partial<RunSettings>,
		counts: { items: 1 },
	},
	{
		name: 'Create and Couple',
		node: CoupleRecords,
		prepare: () => seed(1, 2, 3),
		parameters: { operation: 'createAndCouple', ...customers, ...named },
		settings: items(1, 3),
		counts: { inserted: 2 },
	},
	{
		name: 'Create and Couple All',
		node: CoupleRecords,
		prepare: async () => {
			seed(1, 2, 3);
			await execute(CoupleRecords, { operation: 'createAndCouple', ...customers, ...named }, items(2));
		},
		parameters: { operation: 'createAndCoupleAll', ...customers, side: 'businessCentral' },
		counts: { inserted: 2 },
	},
	{
		name: 'Match-Based Coupling, creating the rest and synchronizing',
		node: CoupleRecords,
		prepare: uncoupledRecords,
		parameters: {
			operation: 'matchBased',
			...customers,
			...byName,
			createWhenNoMatch: true,
			synchronizeAfterwards: 'send',
			output: 'jobs',
		},
		counts: { coupled: 2, inserted: 1, modified: 2 },
	},
	{
		name: 'Match-Based Coupling, record by record',
		node: CoupleRecords,
		prepare: uncoupledRecords,
		parameters: { operation: 'matchBased', ...customers, ...byName, createWhenNoMatch: true, synchronizeAfterwards: 'no' },
		counts: { items: 3 },
	},
	{
		name: 'Uncouple records',
		node: CoupleRecords,
		prepare: coupled,
		parameters: { operation: 'uncouple', scope: 'records', ...customers, ...named },
		settings: items(1, 2),
		counts: { uncoupled: 2 },
	},
	{
		name: 'Uncouple a mapping, with a row that kept its company',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			crm().insert('account', { name: 'Stuck', customertypecode: 3, bcbi_companyid: systems.base.companyRowId } as never);
		},
		parameters: { operation: 'uncouple', scope: 'mapping', ...customers },
		counts: { uncoupled: 6, modified: 7 },
	},
	{
		name: 'Find for Deleted',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			crm().remove('account', account(1));
			crm().remove('account', account(2));
			bc().remove('customers', customerId(2));
		},
		parameters: { operation: 'findForDeleted', ...customers },
		counts: { items: 1 },
	},
	{
		name: 'Restore',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			crm().remove('account', account(1));
		},
		parameters: { operation: 'restore', ...customers, ...named },
		settings: items(1, 2),
		counts: { items: 1 },
	},
	{
		name: 'Delete Other Record',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			crm().remove('account', account(1));
		},
		parameters: { operation: 'deleteOther', ...customers, ...named },
		settings: items(1, 2),
		counts: { items: 1 },
	},
	{
		name: 'Synchronize with a side that wins',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			await quarrel(1, 2);
		},
		parameters: { operation: 'synchronizeWithSide', ...customers, ...named, winner: 'crm' },
		settings: items(1, 2),
		counts: { items: 2 },
	},
	{
		name: 'Retry records',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			await quarrel(1, 2);
		},
		parameters: { operation: 'retry', ...customers, ...named },
		settings: items(1, 2),
		counts: { items: 2 },
	},
	{
		name: 'Retry all',
		node: CoupleRecords,
		prepare: async () => {
			await coupled();
			await quarrel(1, 2);
		},
		parameters: { operation: 'retry', retryScope: 'all' },
		counts: { items: 1 },
	},
];

/** Leases come and go, and whoever opens the state leaves the time; what Business Central offers is noted as it is seen. */
const OF_OPENING = ['lease', 'connection', 'sqlite_sequence', 'surface_offer'];

/** All rows of the state. */
function rows(): unknown {
	const file = new DatabaseSync(state, { readOnly: true });
	try {
		const tables = file.prepare("select name from sqlite_master where type = 'table' order by name").all() as Array<{ name: string }>;
		const kept = tables.filter(({ name }) => !OF_OPENING.includes(name));
		return JSON.parse(JSON.stringify(kept.map(({ name }) => [name, file.prepare(`select * from "${name}"`).all()])));
	} finally {
		file.close();
	}
}

/** Given anew for each run, or by the service to what it creates; and the value before, which a run only tells where it had to read the partner. */
const VOLATILE = [
	'jobId',
	'jobIds',
	'preview',
	'requests',
	'startedAt',
	'finishedAt',
	'lastSyncedAt',
	'coupledAt',
	'since',
	'failedAt',
	'url',
	'exists',
	'before',
];
const TENSE: ReadonlyArray<readonly [RegExp, string]> = [
	[/Would be: /g, ''],
	[/would be coupled/g, 'coupled'],
	[/Would uncouple/g, 'Uncoupled'],
	[/would clear/g, 'cleared'],
	[/Would delete/g, 'Deleted'],
	[/would be/g, 'were'],
	// The number that Business Central gives to the company contact it makes with a customer.
	[/^(company contact, new record of CUSTOMER|CT\d+)$/, 'company contact'],
];

/** An item as a preview and its run have it in common: without what only the service can tell of a record that is created. */
function common(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(common);
	if (typeof value === 'string') return TENSE.reduce((text, [from, to]) => text.replace(from, to), value);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value as IDataObject).filter(([name]) => !VOLATILE.includes(name));
	const plain: Record<string, unknown> = Object.fromEntries(entries.map(([name, each]) => [name, common(each)]));
	// A preview reads the partner before it says that it would be changed, so such a change comes after those that need no look.
	if (Array.isArray(plain['changes'])) plain['changes'] = plain['changes'].map((each) => JSON.stringify(each)).sort();
	const change = plain as { action?: string; written?: string };
	// Id and number of what is created in Business Central are its own to give.
	if (change.action === 'insert' || change.action === 'restore') if (change.written) plain[change.written] = 'created';
	return plain;
}

const sum = (jobs: readonly IDataObject[], counter: string): number => jobs.reduce((total, job) => total + Number(job[counter] ?? 0), 0);

it.each(cases)('$name: the preview is what the run then does', async ({ node, prepare, parameters, settings, counts }) => {
	await prepare();
	systems.sandbox.log.clear();
	const before = rows();
	const preview = await execute(node, { ...parameters, preview: true }, settings);
	expect(systems.sandbox.log.requests.filter(({ writes }) => writes > 0)).toEqual([]);
	expect(rows()).toEqual(before);
	const real = await execute(node, { ...parameters, preview: false }, settings);
	expect(common(preview.json)).toEqual(common(real.json));
	expect(preview.error?.message).toBe(real.error?.message);
	if ('items' in counts) expect(real.json[0]).toHaveLength(counts.items);
	else for (const [counter, count] of Object.entries(counts)) expect([counter, sum(real.json[0] ?? [], counter)]).toEqual([counter, count]);
});
