import { importMappings, setFieldMappings, updateMapping } from '../../../engine';
import type { FieldInput } from '../../../engine/tableMappings/fieldInput';
import type { FieldManner } from '../../../engine/tableMappings/fields';
import type { MappingUpdate } from '../../../engine/tableMappings/update';
import type { JobResult } from '../../../engine/jobs/jobResult';
import type { SyncSession } from '../../../engine/ports/session';
import type { LogEntry } from '../../../engine/model/logEntry';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';

type Row = Record<string, unknown>;

/** Customers and accounts that are in step, and what people do to them and to their mapping. */
export interface HistoryScene {
	world: World;
	customers(): Row[];
	/** In the order of their customers. */
	accounts(): Row[];
	editCustomer(index: number, values: Row): void;
	editAccount(index: number, values: Record<string, string | number | boolean | null>): void;
	/** Lets half an hour pass and synchronizes. */
	run(more?: object): Promise<JobResult[]>;
	/** What a person does in Table Mappings; answers the warnings. */
	setFields(manner: FieldManner, ...inputs: FieldInput[]): Promise<string[]>;
	update(changes: MappingUpdate): Promise<string[]>;
	/** Switches a field of the mapping on or off by its key. */
	enable(key: string, on: boolean): Promise<void>;
	within<T>(work: (session: SyncSession) => Promise<T>): Promise<T>;
	log(kind?: LogEntry['kind']): Promise<LogEntry[]>;
	/** Records written in both systems since the last call. */
	writes(): number;
}

export async function historyScene(count = 3): Promise<HistoryScene> {
	const world = await createWorld();
	seedCustomers(world, count);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const customers = () => company.rows('customers') as Row[];
	const within = async <T>(work: (session: SyncSession) => Promise<T>): Promise<T> => {
		const session = await world.open();
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const ids = { customers: [] as string[], accounts: [] as string[] };
	const texts = (warnings: ReadonlyArray<{ message: string }>) => warnings.map(({ message }) => message);
	const scene: HistoryScene = {
		world,
		customers: () => ids.customers.map((id) => company.get('customers', id)!),
		accounts: () => ids.accounts.map((id) => world.sandbox.crm.row('account', id)!),
		editCustomer: (index, values) => void company.update('customers', ids.customers[index]!, values),
		editAccount: (index, values) => void world.sandbox.crm.update('account', ids.accounts[index]!, values),
		run: async (more = {}) => {
			world.minutes(30);
			return await world.run({ mapping: 'CUSTOMER', ...more });
		},
		setFields: (manner, ...inputs) => within(async (session) => texts(await setFieldMappings(session, 'CUSTOMER', manner, inputs))),
		update: (changes) => within(async (session) => texts(await updateMapping(session, 'CUSTOMER', changes))),
		enable: (key, on) =>
			within(async (session) => {
				const document = {
					format: 'n8n-nodes-dynamics365-sync/mappings',
					version: 1,
					mappings: [{ name: 'CUSTOMER', settings: on ? {} : { fields: { [key]: { enabled: false } } } }],
				};
				await importMappings(session, document, 'overwrite');
			}),
		within,
		log: (kind) =>
			within(async ({ store }) => (await store.log({ limit: 500 })).rows.filter((entry) => kind === undefined || entry.kind === kind)),
		writes: () => world.takeRequests().reduce((sum, request) => sum + request.writes, 0),
	};
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	ids.customers = customers().map((row) => String(row['id']));
	ids.accounts = customers().map((row) =>
		String(world.sandbox.crm.rows('account').find((account) => account['name'] === row['displayName'])!['accountid']),
	);
	await scene.run();
	scene.writes();
	return scene;
}
