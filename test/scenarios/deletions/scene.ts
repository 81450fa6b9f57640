import type { MappingSettings } from '../../../engine/model/tableMapping';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import type { Coupling } from '../../../engine/model/coupling';
import type { Failure } from '../../../engine/model/failure';
import type { LogEntry } from '../../../engine/model/logEntry';
import type { JobResult } from '../../../engine/jobs/jobResult';

type Row = Record<string, unknown>;

/** Customers and accounts coupled to each other, some of which people then delete. */
export interface Scene {
	world: World;
	customer(index: number): Row | undefined;
	account(index: number): Row | undefined;
	editCustomer(index: number, values: Record<string, unknown>): void;
	editAccount(index: number, values: Record<string, string | number | null>): void;
	deleteCustomers(...indexes: number[]): void;
	deleteAccounts(...indexes: number[]): void;
	customers(): Row[];
	accounts(): Row[];
	couplings(): Promise<Coupling[]>;
	failures(): Promise<Failure[]>;
	log(): Promise<LogEntry[]>;
	settings(settings: MappingSettings, mapping?: string): Promise<void>;
	/** Rows changed on either side since the last call, as the services count them. */
	writes(): number;
}

/** `count` customers, each with its account, in step; half an hour ago. */
export async function createScene(count: number): Promise<Scene> {
	const world = await createWorld();
	seedCustomers(world, count);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	await world.run({ mapping: 'CUSTOMER' });
	world.minutes(30);
	const { crm } = world.sandbox;
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	const session = await world.open();
	const { rows } = await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 10_000 });
	await session.store.close();
	const pairs = rows.sort((a, b) => (a.bcNumber < b.bcNumber ? -1 : 1));
	if (pairs.length !== count) throw new Error(`${pairs.length} of ${count} customers are coupled`);
	world.takeRequests();
	const withStore = async <T>(use: (store: Awaited<ReturnType<World['open']>>['store']) => Promise<T>): Promise<T> => {
		const { store } = await world.open();
		try {
			return await use(store);
		} finally {
			await store.close();
		}
	};
	return {
		world,
		customer: (index) => company().get('customers', pairs[index]!.bcId),
		account: (index) => crm.row('account', pairs[index]!.crmId),
		editCustomer: (index, values) => void company().update('customers', pairs[index]!.bcId, values),
		editAccount: (index, values) => void crm.update('account', pairs[index]!.crmId, values),
		deleteCustomers: (...indexes) => indexes.forEach((index) => company().remove('customers', pairs[index]!.bcId)),
		deleteAccounts: (...indexes) => indexes.forEach((index) => crm.remove('account', pairs[index]!.crmId)),
		customers: () => company().rows('customers'),
		accounts: () => crm.rows('account'),
		couplings: () => withStore(async (store) => (await store.findCouplings({ mapping: 'CUSTOMER', limit: 10_000 })).rows),
		failures: () =>
			withStore(async (store) => [
				...(await store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, limit: 1000 })),
				...(await store.failures('CUSTOMER', 'fromCrm', { includeSkipped: true, limit: 1000 })),
			]),
		log: () => withStore(async (store) => (await store.log({ limit: 1000 })).rows),
		settings: (settings, mapping = 'CUSTOMER') => withStore((store) => store.saveSettings(mapping, settings)),
		writes: () => world.takeRequests().reduce((sum, request) => sum + request.writes, 0),
	};
}

/** Counters that are not zero. */
export function counters(result: JobResult | undefined): Record<string, number> {
	const names = ['inserted', 'modified', 'deleted', 'unchanged', 'skipped', 'failed', 'coupled', 'uncoupled'] as const;
	return Object.fromEntries(names.flatMap((name) => (result && result.job[name] > 0 ? [[name, result.job[name]]] : [])));
}

export const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);
