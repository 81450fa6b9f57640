import type { SyncSession } from '../../../engine/ports/session';
import { createWorld, type SessionOptions, type World } from '../../kit/world';
import type { Coupling } from '../../../engine/model/coupling';
import type { Job } from '../../../engine/model/job';
import type { LogEntry } from '../../../engine/model/logEntry';

export type Row = Record<string, string | number | boolean | null>;

/** A world with a few words for couplings of customers and accounts. */
export interface Setting {
	world: World;
	/** Seeds a customer; answers its id. */
	customer(number: string, values?: Row): string;
	/** Seeds an account that runs may take; answers its id. */
	account(name: string, values?: Row): string;
	bc(id: string): Record<string, unknown> | undefined;
	crm(id: string): Record<string, unknown> | undefined;
	removeCustomer(id: string): void;
	/** Opens a session, works, closes it. */
	use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T>;
	couplings(mapping?: string): Promise<Coupling[]>;
	/** Pairs of BC number and CRM name. */
	pairs(mapping?: string): Promise<string[]>;
	jobs(): Promise<Job[]>;
	log(): Promise<LogEntry[]>;
	/** Rows written since the last call, on either side. */
	writes(): number;
}

const id = (block: string, number: number): string => `0000000${block}-0000-4000-8000-${String(number).padStart(12, '0')}`;

export async function createSetting(): Promise<Setting> {
	const world = await createWorld();
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	let accounts = 0;
	const use = async <T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T> => {
		const session = await world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const couplings = (mapping = 'CUSTOMER') =>
		use(async (session) => {
			const rows: Coupling[] = [];
			let next: string | undefined;
			do {
				const page = await session.store.findCouplings({ mapping, limit: 5000, ...(next ? { next } : {}) });
				rows.push(...page.rows);
				next = page.next;
			} while (next);
			return rows;
		});
	return {
		world,
		use,
		couplings,
		customer(number, values = {}) {
			company().seed('customers', [
				{
					number,
					displayName: `Customer ${number}`,
					type: 'Company',
					blocked: '_x0020_',
					currencyCode: '',
					email: '',
					city: '',
					...values,
				},
			]);
			return String(
				company()
					.rows('customers')
					.find((row) => row['number'] === number)!['id'],
			).toLowerCase();
		},
		account(name, values = {}) {
			const accountid = id('a', ++accounts);
			world.sandbox.crm.seed('account', [{ accountid, name, customertypecode: 3, ...values } as never]);
			return accountid;
		},
		bc: (key) => company().get('customers', key),
		crm: (key) => world.sandbox.crm.row('account', key),
		removeCustomer: (key) => company().remove('customers', key),
		pairs: async (mapping) => (await couplings(mapping)).map(({ bcNumber, crmName }) => `${bcNumber} – ${crmName}`).sort(),
		jobs: () => use(async (session) => (await session.store.jobs({ limit: 100 })).rows),
		log: () => use(async (session) => (await session.store.log({ limit: 1000 })).rows),
		writes: () => world.takeRequests().reduce((sum, request) => sum + request.writes, 0),
	};
}
