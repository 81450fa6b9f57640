import { forgetFiles } from '../../../engine/store/sqlite/remembered';
import { rmSync } from 'node:fs';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { FullSync } from '../../../nodes/FullSync/FullSync.node';
import { ReadSyncLog } from '../../../nodes/ReadSyncLog/ReadSyncLog.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import { by, startLocalSystems, type LocalSystems } from '../../kit/n8nLocalSystems';
import { sandboxCredentials } from '../../kit/n8nSandboxCredentials';
import type { RunningPostgres } from '../../kit/postgres';
import { CredentialVault, runNode, useNewState, type NodeClass, type NodeOutcome } from '../../kit/workflow';

export const CUSTOMERS = 12;

/** A connection that was synchronized, and edited on both sides since. */
export interface Office {
	systems: LocalSystems;
	/** Credentials without a store, and with PostgreSQL. */
	embedded: CredentialVault;
	withPostgres(postgres: RunningPostgres): CredentialVault;
	/** *Sync Mapping* for customers that creates records, as a schedule runs it. */
	schedule(more?: INodeParameters): Promise<NodeOutcome>;
	/** Any node, with the credentials in use. */
	run(type: NodeClass, parameters: INodeParameters, items?: INodeExecutionData[]): Promise<NodeOutcome>;
	fullSync(more?: INodeParameters): Promise<NodeOutcome>;
	exportState(): Promise<INodeExecutionData>;
	importState(file: INodeExecutionData, more?: INodeParameters): Promise<NodeOutcome>;
	/** From now on the nodes have these credentials. */
	use(vault: CredentialVault): void;
	/** What n8n remembers for the workflow; a new object is a new workflow. */
	workflow: { staticData: IDataObject };
	names(): { customers: string[]; accounts: string[] };
	phones(): { customers: string[]; accounts: string[] };
	/** Somebody edits one record of each side. */
	edit(): void;
	/** Rows written to either system since the last call. */
	writes(): number;
	snapshot(): string;
	/** The folder of the state goes, as with a container without a volume. */
	/** The state file is deleted while n8n is stopped. */
	deleteFile(): void;
	newFile(): string;
	/** The note beside the state file, which tells which store was used. */
	forgetNote(): void;
	close(): Promise<void>;
}

export async function openOffice(): Promise<Office> {
	const systems = await startLocalSystems();
	const { sandbox, base } = systems;
	const company = sandbox.businessCentral.company(base.companyName);
	for (let index = 0; index < CUSTOMERS; index++)
		company.insert('customers', { displayName: `Customer ${index}`, phoneNumber: `1${index}` });
	let file = useNewState();
	let seen = 0;
	const embedded = systems.vault();
	let vault = embedded;
	const workflow = { staticData: {} as IDataObject };
	const customers = () => company.rows('customers');
	const accounts = () => sandbox.crm.rows('account');
	const sorted = (rows: ReadonlyArray<Record<string, unknown>>, field: string): string[] => rows.map((row) => String(row[field])).sort();
	const run: Office['run'] = (type, parameters, items) =>
		runNode(
			type,
			{ company: systems.company, ...parameters },
			{ credentials: vault, staticData: workflow.staticData, ...(items ? { items } : {}) },
		);
	const office: Office = {
		systems,
		embedded,
		withPostgres: ({ settings: { host, port, database, user, password, schema } }) =>
			new CredentialVault({
				...sandboxCredentials(systems.addresses),
				syncStorePostgresApi: { host, port, database, user, password, schema, ssl: 'disable' },
			}),
		use: (next) => void (vault = next),
		run,
		schedule: ({ options, ...more } = {}) =>
			run(SyncMapping, { mapping: by('name', 'CUSTOMER'), ...more, options: { createUncoupled: true, ...(options as INodeParameters) } }),
		fullSync: ({ options, ...more } = {}) =>
			run(FullSync, {
				operation: 'run',
				mappingSelection: 'selection',
				mappings: ['CUSTOMER'],
				...more,
				// A person who goes this way takes over; `traces.test.ts` is about one who has not said so.
				options: { ignoreDependencies: true, traces: 'takeOver', ...(options as INodeParameters) },
			}),
		exportState: async () => {
			const outcome = await run(ReadSyncLog, { operation: 'exportState' });
			if (outcome.error) throw outcome.error;
			return outcome.outputs[0]![0]!;
		},
		importState: ({ json, binary }, more = {}) => run(ReadSyncLog, { operation: 'importState', ...more }, [{ json, binary: binary! }]),
		workflow,
		names: () => ({ customers: sorted(customers(), 'displayName'), accounts: sorted(accounts(), 'name') }),
		phones: () => ({ customers: sorted(customers(), 'phoneNumber'), accounts: sorted(accounts(), 'telephone1') }),
		edit: () => {
			const [first, second] = [customers()[0]!, accounts().find(({ name }) => name === 'Customer 1')!];
			company.update('customers', String(first['id']), { phoneNumber: `BC ${Date.now()}` });
			sandbox.crm.update('account', String(second['accountid']), { telephone1: `CRM ${Date.now()}` });
		},
		writes: () => {
			const requests = sandbox.log.requests.slice(seen);
			seen = sandbox.log.requests.length;
			return requests.reduce((sum, { system, writes }) => sum + (system === 'login' ? 0 : writes), 0);
		},
		snapshot: () => JSON.stringify([customers(), accounts()]),
		deleteFile: () => {
			for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
			forgetFiles();
		},
		newFile: () => (file = useNewState()),
		forgetNote: () => rmSync(`${file}.stores.json`, { force: true }),
		close: () => systems.close(),
	};
	return office;
}

/** Nothing was written to either system, and the node says why, with every way on. */
export async function expectNothingCoupled(office: Office, work: () => Promise<NodeOutcome>): Promise<string> {
	const before = office.snapshot();
	office.writes();
	const { error, json } = await work();
	const failed = json[1]?.[0] as { errorCode?: string; errorClass?: string; message?: string; hint?: string } | undefined;
	const text = error ? `${error.message} ${error.description ?? ''}` : `${failed?.message} ${failed?.hint} (${failed?.errorCode})`;
	expect(text).toContain('(NOTHING_COUPLED)');
	for (const way of ['Match First', 'Take Over', 'Import State', 'It Is New']) expect(text).toContain(way);
	expect(office.writes()).toBe(0);
	expect(office.snapshot()).toBe(before);
	return text;
}

export const jobsOf = ({ json, error }: NodeOutcome): string[] => {
	if (error) throw new Error(`${error.message} ${error.description ?? ''}`);
	return json[0]!.map(
		(job) =>
			`${String(job['direction'])} I${Number(job['inserted'])} M${Number(job['modified'])} F${Number(job['failed'])} ${String(job['status'])}`,
	);
};
