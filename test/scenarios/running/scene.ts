import type { LoggedRequest } from '../../../sandbox/core/types';
import type { MappingSettings } from '../../../engine/model/tableMapping';
import { openStage, type Stage } from '../failures/kit';
import type { Coupling } from '../../../engine/model/coupling';
import type { Failure } from '../../../engine/model/failure';
import type { Job } from '../../../engine/model/job';

/** Eleven minutes: what both systems are read back before the watermark. */
export const OVERLAP_MS = 11 * 60_000;

/** The integration user, whose account people may share. */
export const INTEGRATION_USER = '5a1d0c1e-0001-4000-8000-000000000001';

/** Pairs of customers and accounts, and what the engine keeps about them. */
export interface Scene extends Stage {
	coupling(number: number): Promise<Coupling | undefined>;
	couplings(): Promise<Coupling[]>;
	watermarks(mapping?: string): Promise<{ businessCentral: string | null; crm: string | null }>;
	/** Newest last. */
	jobs(mapping?: string): Promise<Job[]>;
	change(settings: MappingSettings, mapping?: string): Promise<void>;
	/** A customer nobody coupled; answers its id. */
	newCustomer(name: string, values?: Record<string, string | number | null>): string;
	/** An account nobody coupled; answers its id. */
	newAccount(name: string, values?: Record<string, string | number | null>): string;
	/** The unskipped failures of both directions, as direction and code. */
	failing(): Promise<string[]>;
}

export async function openScene(count = 3): Promise<Scene> {
	const stage = await openStage(count);
	await stage.run();
	stage.world.minutes(30);
	stage.world.takeRequests();
	const couplings = () =>
		stage.with(async (session) => (await session.store.findCouplings({ mapping: 'CUSTOMER', limit: 5000 })).rows.map(withoutFailure));
	return {
		...stage,
		couplings,
		coupling: async (number) => (await couplings()).find(({ bcId }) => bcId === stage.customerId(number).toLowerCase()),
		watermarks: (mapping = 'CUSTOMER') =>
			stage.with(async ({ store }) => ({
				businessCentral: await store.watermark(mapping, 'businessCentral'),
				crm: await store.watermark(mapping, 'crm'),
			})),
		jobs: (mapping = 'CUSTOMER') =>
			stage.with(async ({ store }) => (await store.jobs({ mapping, limit: 1000 })).rows.filter((job) => job.mapping === mapping).reverse()),
		change: (settings, mapping = 'CUSTOMER') => stage.with(({ store }) => store.saveSettings(mapping, settings)),
		newCustomer: (displayName, values = {}) =>
			String(
				stage.company().insert('customers', { number: displayName.toUpperCase().slice(0, 20), displayName, type: 'Company', ...values })[
					'id'
				],
			),
		newAccount: (name, values = {}) => stage.world.sandbox.crm.insert('account', { name, customertypecode: 3, ...values }),
		failing: async () =>
			(await Promise.all((['toCrm', 'fromCrm'] as const).map((direction) => stage.failures(direction))))
				.flat()
				.map(({ direction, errorCode, skipped }) => `${direction} ${errorCode}${skipped ? ' skipped' : ''}`),
	};
}

const withoutFailure = (row: Coupling & { failure: Failure | null }): Coupling => {
	const coupling: Coupling & { failure?: Failure | null } = { ...row };
	delete coupling.failure;
	return coupling;
};

/** Paths of the requests that read the changes of a table, page by page, decoded. */
export const readsOf = (requests: readonly LoggedRequest[], table: 'customers' | 'accounts'): string[] =>
	requests
		.filter(({ method, path }) => method === 'GET' && new RegExp(`/${table}\\?`).test(path) && /odata|orderby/.test(path))
		.map(({ path }) => path);

export const written = (requests: readonly LoggedRequest[]): number => requests.reduce((sum, { writes }) => sum + writes, 0);
export const before = (stamp: string | null, ms: number): string => new Date(Date.parse(stamp!) - ms).toISOString();
export const sameTime = (stamp: string | null, other: unknown): boolean => Date.parse(stamp!) === Date.parse(String(other));
