import type { SyncSession } from '../../../engine/ports/session';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import type { PassDirection } from '../../../engine/model/direction';
import type { Failure } from '../../../engine/model/failure';
import type { LogEntry } from '../../../engine/model/logEntry';

type Values = Record<string, string | number | null>;

/** Three customers coupled to three accounts, and short ways to look at and to touch them. */
export interface Stage {
	world: World;
	/** Ids of the n-th pair, from 1. */
	customerId(number: number): string;
	accountId(number: number): string;
	customer(number: number): Record<string, unknown> | undefined;
	account(number: number): Record<string, unknown> | undefined;
	inBc(number: number, values: Values): void;
	inCrm(number: number, values: Values): void;
	/** The same field edited to different values on both sides. */
	quarrel(number: number, values?: readonly [businessCentral: string, crm: string]): void;
	run(request?: Partial<RunRequest>): ReturnType<World['run']>;
	/** Counters of the jobs of a run that are not 0, by job. */
	counted(request?: Partial<RunRequest>): Promise<Array<Record<string, number>>>;
	with<T>(work: (session: SyncSession) => Promise<T>): Promise<T>;
	failures(direction: PassDirection, mapping?: string): Promise<Failure[]>;
	log(kind?: LogEntry['kind']): Promise<LogEntry[]>;
	/** Single changes sent to the services since last asked. */
	writes(): number;
	company(): ReturnType<World['sandbox']['businessCentral']['company']>;
}

const COUNTERS = ['inserted', 'modified', 'deleted', 'unchanged', 'skipped', 'failed', 'coupled', 'uncoupled'] as const;

export async function openStage(count = 3): Promise<Stage> {
	const world = await createWorld();
	seedCustomers(world, count);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	world.minutes(30);
	world.takeRequests();
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	const customers = company()
		.rows('customers')
		.map((row) => String(row['id']));
	const accounts = customers.map((id) => {
		const name = company().get('customers', id)!['displayName'];
		return String(world.sandbox.crm.rows('account').find((row) => row['name'] === name)!['accountid']);
	});
	const stage: Stage = {
		world,
		company,
		customerId: (number) => customers[number - 1]!,
		accountId: (number) => accounts[number - 1]!,
		customer: (number) => company().get('customers', customers[number - 1]!),
		account: (number) => world.sandbox.crm.row('account', accounts[number - 1]!),
		inBc: (number, values) => void company().update('customers', customers[number - 1]!, values),
		inCrm: (number, values) => void world.sandbox.crm.update('account', accounts[number - 1]!, values),
		quarrel(number, [bc, crm] = ['+44 1', '+44 2']) {
			stage.inBc(number, { phoneNumber: bc });
			stage.inCrm(number, { telephone1: crm });
		},
		run: (request = {}) => world.run({ mapping: 'CUSTOMER', ...request }),
		counted: async (request) =>
			(await stage.run(request)).map(({ job }) =>
				Object.fromEntries(COUNTERS.filter((name) => job[name] > 0).map((name) => [name, job[name]])),
			),
		async with(work) {
			const session = await world.open();
			try {
				return await work(session);
			} finally {
				await session.store.close();
			}
		},
		failures: (direction, mapping = 'CUSTOMER') =>
			stage.with((session) => session.store.failures(mapping, direction, { includeSkipped: true, limit: 1000 })),
		log: async (kind) =>
			(await stage.with((session) => session.store.log({ limit: 1000 }))).rows.filter((entry) => kind === undefined || entry.kind === kind),
		writes: () => world.takeRequests().reduce((sum, request) => sum + request.writes, 0),
	};
	return stage;
}
