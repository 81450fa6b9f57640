import { expect } from '@jest/globals';
import { settleRestored, type RestoredWay } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import type { LogEntry } from '../../../engine/model/logEntry';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { countCouplings, disagreements, seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';

type Row = Record<string, unknown>;

/** Customers and accounts that agree, and a person on each side. */
export interface Scene {
	world: World;
	run(request?: Partial<RunRequest>): Promise<JobResult[]>;
	/** The one error that stopped the run, before anything was written. */
	stopped(request?: Partial<RunRequest>): Promise<{ message: string; hint: string }>;
	settle(way: RestoredWay, preview?: boolean): Promise<JobResult[]>;
	customers(): Row[];
	accounts(): Row[];
	/** By name. */
	customer(index: number): Row;
	account(index: number): Row;
	inBc(index: number, values: Row): void;
	inCrm(index: number, values: Row): void;
	/** Puts a system back to how it is now when the function it answers is called. */
	keep(side: 'businessCentral' | 'crm'): () => void;
	log(): Promise<LogEntry[]>;
	/** Both sides agree, and a further run changes nothing. */
	settled(): Promise<void>;
	close(): Promise<void>;
}

export const COUNT = 12;
const nameOf = (index: number): string => `Customer ${index} & Söhne`;

export async function openScene(): Promise<Scene> {
	const world = await createWorld();
	const { sandbox, base } = world;
	const company = () => sandbox.businessCentral.company(base.companyName);
	seedCustomers(world, COUNT);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	world.minutes(60);
	const run: Scene['run'] = (request = {}) => world.run({ mapping: 'CUSTOMER', ...request });
	const customers = (): Row[] => company().rows('customers');
	const accounts = (): Row[] => sandbox.crm.rows('account');
	const customer = (index: number): Row => customers().find(({ displayName }) => displayName === nameOf(index))!;
	const account = (index: number): Row => accounts().find(({ name }) => name === nameOf(index))!;
	const snapshot = (): string => JSON.stringify([customers(), accounts()]);
	return {
		world,
		run,
		stopped: async (request) => {
			const before = snapshot();
			const [result] = await run(request);
			expect(result!.job).toMatchObject({ status: 'failed', inserted: 0, modified: 0, deleted: 0, uncoupled: 0 });
			expect(result!.failed).toMatchObject([{ errorCode: 'RESTORED', errorClass: 'setup' }]);
			expect(snapshot()).toBe(before);
			return result!.failed[0]!;
		},
		settle: async (way, preview = false) => {
			const session = await world.open();
			try {
				return await settleRestored(session, { mapping: 'CUSTOMER', way, preview, returnChanges: 100 });
			} finally {
				await session.store.close();
			}
		},
		customers,
		accounts,
		customer,
		account,
		inBc: (index, values) => void company().update('customers', String(customer(index)['id']), values),
		inCrm: (index, values) => void sandbox.crm.update('account', String(account(index)['accountid']), values as never),
		keep: (side) => {
			if (side === 'crm') {
				const kept = sandbox.crm.snapshot();
				return () => sandbox.crm.restore(kept);
			}
			const kept = sandbox.businessCentral.snapshot();
			return () => sandbox.businessCentral.restore(kept);
		},
		log: async () => {
			const session = await world.open();
			const { rows } = await session.store.log({ limit: 500 });
			await session.store.close();
			return rows;
		},
		settled: async () => {
			world.minutes(30);
			for (const { job } of await run())
				expect(job).toMatchObject({ status: 'finished', inserted: 0, modified: 0, failed: 0, uncoupled: 0, deleted: 0 });
			expect(await disagreements(world)).toEqual([]);
			expect(await countCouplings(world)).toBe(accounts().length);
		},
		close: () => world.close(),
	};
}
