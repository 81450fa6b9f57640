import type { SyncSession } from '../../../engine/ports/session';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { createWorld, type SessionOptions, type World } from '../../kit/world';
import type { Coupling } from '../../../engine/model/coupling';
import type { RequeuedRecord } from '../../../engine/model/requeued';
import type { Failure } from '../../../engine/model/failure';
import type { JobResult } from '../../../engine/jobs/jobResult';

export type Row = Record<string, string | number | boolean | null>;
export type CrmRow = Record<string, string | number | boolean | null | { table: string; id: string }>;
export type Read = Record<string, unknown> | undefined;

/** A world with customers, vendors and their contacts as people enter them on both sides. */
export interface Scene {
	world: World;
	/** Entered in Business Central by a person, rules and all; answers the record. */
	enter(
		set: 'customers' | 'vendors' | 'contacts' | 'salespeoplePurchasers',
		values: Row,
	): Record<string, unknown> & { id: string; number: string };
	/** A person of a customer or vendor. */
	person(party: { number: string }, displayName: string, values?: Row): Record<string, unknown> & { id: string; number: string };
	/** Number of the company contact of a customer or vendor. */
	companyOf(party: { number: string }): string;
	change(set: string, id: string, values: Row): void;
	bc(set: string, id: string): Read;
	/** Entered in Dataverse; answers the id. */
	row(table: string, values: CrmRow): string;
	changeRow(table: string, id: string, values: CrmRow): void;
	crm(table: string, id: string): Read;
	run(mapping: string, request?: Partial<RunRequest>, options?: SessionOptions): Promise<JobResult[]>;
	/** Customers, vendors and contacts, which may be created; the counters that are not zero, by mapping and direction. */
	runAll(options?: SessionOptions): Promise<Record<string, string>>;
	use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T>;
	couplings(mapping: string): Promise<Array<Coupling & { failure: Failure | null }>>;
	/** What is to be looked at again, in both directions. */
	requeued(mapping: string): Promise<RequeuedRecord[]>;
	/** The CRM row a record is coupled with. */
	partner(mapping: string, bcId: string): Promise<string | undefined>;
	/** Rows written since the last call, by system. */
	writes(): { businessCentral: number; crm: number };
}

const LETTERS = [
	['inserted', 'I'],
	['modified', 'M'],
	['unchanged', 'U'],
	['skipped', 'S'],
	['failed', 'F'],
	['coupled', 'C'],
	['uncoupled', 'X'],
	['deleted', 'D'],
] as const;

/** `I1 M2`: counters that are not zero. */
export const counted = ({ job }: JobResult): string =>
	LETTERS.filter(([name]) => job[name] > 0)
		.map(([name, letter]) => `${letter}${job[name]}`)
		.join(' ');

export async function openScene(): Promise<Scene> {
	const world = await createWorld();
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	const use = async <T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T> => {
		const session = await world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const run: Scene['run'] = (mapping, request = {}, options) => world.run({ mapping, createUncoupled: true, ...request }, options);
	const scene: Scene = {
		world,
		use,
		run,
		enter: (set, values) => company().insert(set, values) as unknown as ReturnType<Scene['enter']>,
		companyOf: ({ number }) => {
			const relation = company().data.table('Contact Business Relation').withField('No.', number)[0];
			return String(relation!.fields['Contact No.']);
		},
		person: (party, displayName, values = {}) =>
			scene.enter('contacts', { type: 'Person', displayName, companyNumber: scene.companyOf(party), ...values }),
		change: (set, id, values) => void company().update(set, id, values),
		bc: (set, id) => company().get(set, id),
		row: (table, values) => world.sandbox.crm.insert(table, values),
		changeRow: (table, id, values) => void world.sandbox.crm.update(table, id, values),
		crm: (table, id) => world.sandbox.crm.get(table, id),
		runAll: async (options) => {
			const counts: Record<string, string> = {};
			for (const mapping of ['CUSTOMER', 'VENDOR', 'CONTACT']) {
				for (const result of await run(mapping, {}, options)) {
					expect([mapping, result.job.message, result.job.status]).toEqual([mapping, result.job.message, 'finished']);
					const text = counted(result);
					if (text !== '') counts[`${result.job.mapping} ${result.job.direction}`] = text;
				}
			}
			return counts;
		},
		couplings: (mapping) => use(async ({ store }) => (await store.findCouplings({ mapping, limit: 5000 })).rows),
		requeued: (mapping) => use(async ({ store }) => (await store.listRequeued({ mapping, limit: 5000 })).rows),
		partner: (mapping, bcId) =>
			use(async ({ store }) => (await store.couplingsOf(mapping, 'businessCentral', [bcId.toLowerCase()])).get(bcId.toLowerCase())?.crmId),
		writes: () => {
			const count = { businessCentral: 0, crm: 0 };
			for (const { system, writes } of world.takeRequests()) if (system !== 'login') count[system] += writes;
			return count;
		},
	};
	return scene;
}
