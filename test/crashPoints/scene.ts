import type { SyncSession } from '../../engine/ports/session';
import { openStage } from '../convergence/stage';
import type { SessionOptions, World } from '../kit/world';
import type { Coupling } from '../../engine/model/coupling';
import type { LogEntry } from '../../engine/model/logEntry';

type Values = Record<string, string | number | boolean | null>;
type Row = Record<string, unknown>;

/** Fields that are compared, under their names on both sides. */
const COMPARED = {
	businessCentral: ['displayName', 'addressLine1', 'city', 'phoneNumber', 'email', 'blocked'],
	crm: ['name', 'address1_line1', 'address1_city', 'telephone1', 'emailaddress1', 'address1_primarycontactname', 'fax', 'statecode'],
};

/** A world with customers and accounts that are told apart by their names. */
export interface Scene {
	world: World;
	/** By name: the id of the record. */
	customer(name: string, values?: Values): string;
	account(name: string, values?: Values): string;
	changeCustomer(id: string, values: Values): void;
	changeContact(id: string, contact: string): void;
	changeAccount(id: string, values: Values): void;
	removeCustomer(id: string): void;
	removeAccount(id: string): void;
	/** Opens a session of a process of its own, works, closes it. */
	use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T>;
	couplings(): Promise<Coupling[]>;
	/** What is left in both systems and in the store, in words: ids and numbers of new records differ from one telling to the next. */
	outcome(): Promise<Outcome>;
	close(): Promise<void>;
}

export interface Outcome {
	customers: string[];
	accounts: string[];
	couplings: string[];
	failures: string[];
	/** What the log tells of values that were replaced and of records that were deleted, each once. */
	told: string[];
	/** Jobs that are still said to be running, and open intents. */
	left: string[];
}

export async function createScene(): Promise<Scene> {
	const { world, close } = await openStage(1, 'sqlite');
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	const { crm } = world.sandbox;
	const use: Scene['use'] = async (work, options) => {
		const session = await world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const customers = (): Row[] => company().rows('customers');
	const accounts = (): Row[] => crm.rows('account');
	const couplings = () => use(async ({ store }) => (await store.findCouplings({ mapping: 'CUSTOMER', limit: 1000 })).rows);
	return {
		world,
		use,
		couplings,
		customer: (name, values = {}) => String(company().insert('customers', { displayName: name, ...values })['id']).toLowerCase(),
		account: (name, values = {}) => crm.insert('account', { name, customertypecode: 3, ...values } as never).toLowerCase(),
		changeCustomer: (id, values) => void company().update('customers', id, values),
		changeContact: (id, contact) => {
			const number = String(company().get('customers', id)!['number']);
			company().update('workflowCustomers', number, { contact });
		},
		changeAccount: (id, values) => crm.update('account', id, values as never),
		removeCustomer: (id) => company().remove('customers', id),
		removeAccount: (id) => crm.remove('account', id),
		outcome: async () => {
			const names = new Map<string, unknown>();
			for (const row of customers()) names.set(String(row['id']).toLowerCase(), row['displayName']);
			for (const row of accounts()) names.set(String(row['accountid']).toLowerCase(), row['name']);
			const said = (row: Row, fields: readonly string[]): string =>
				fields.map((field) => `${field} ${JSON.stringify(row[field] ?? '')}`).join(', ');
			return await use(async ({ store }) => ({
				customers: customers()
					.map(
						(row) =>
							`${said(row, COMPARED.businessCentral)}, contact "${String(company().get('workflowCustomers', String(row['number']))?.['contact'] ?? '')}"`,
					)
					.sort(),
				accounts: accounts()
					.map((row) => `${said(row, COMPARED.crm)}, ${row['bcbi_companyid'] ? 'ours' : 'nobody’s'}`)
					.sort(),
				couplings: (await couplings()).map(({ bcId, crmId }) => `${String(names.get(bcId))} = ${String(names.get(crmId))}`).sort(),
				failures: (await store.listFailures({ limit: 1000 })).rows
					.map(({ direction, errorCode, sourceId }) => `${direction} ${errorCode} ${String(names.get(sourceId))}`)
					.sort(),
				told: [...new Set((await store.log({ limit: 1000 })).rows.filter(isAboutData).map(inWords))].sort(),
				left: [
					...(await store.listRequeued({ limit: 1000 })).rows.map(
						({ direction, reason, sourceId }) => `${direction} ${reason} ${String(names.get(sourceId))}`,
					),
					...(await store.jobs({ limit: 1000, status: 'running' })).rows.map(({ type }) => `job ${type} is running`),
					...(await store.intents('CUSTOMER', 'toCrm', 1000)).map(() => 'intent toCrm'),
					...(await store.intents('CUSTOMER', 'fromCrm', 1000)).map(() => 'intent fromCrm'),
				],
			}));
		},
		close,
	};
}

const isAboutData = ({ kind, code }: LogEntry): boolean => kind === 'overwritten' || code === 'DELETED_WITH_PARTNER' || code === 'CONFLICT';

const inWords = ({ code, fields, crm, businessCentral }: LogEntry): string =>
	`${code} ${crm?.name || businessCentral?.name || ''}: ${fields.map((field) => `${field.name} ${String(field.businessCentral)}/${String(field.crm)}`).join(', ')}`;
