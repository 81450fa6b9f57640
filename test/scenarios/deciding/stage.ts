import type { MappingSettings } from '../../../engine/model/tableMapping';
import { type Stage as Coupled, openStage as openCoupled } from '../failures/kit';
import type { Coupling } from '../../../engine/model/coupling';
import type { Job } from '../../../engine/model/job';

/** Three coupled pairs, and what tests about single decisions look at besides. */
export interface Stage extends Coupled {
	settings(settings: MappingSettings, mapping?: string): Promise<void>;
	couplings(mapping?: string): Promise<Coupling[]>;
	/** The coupling of the n-th pair. */
	coupling(number: number): Promise<Coupling>;
	/** Newest first. */
	jobs(): Promise<Job[]>;
	/** Single changes sent since last asked, as method and table. */
	changes(): string[];
}

export async function openStage(count?: number): Promise<Stage> {
	const coupled = await openCoupled(count);
	const couplings = (mapping = 'CUSTOMER') =>
		coupled.with(async (session) => (await session.store.findCouplings({ mapping, limit: 5000 })).rows);
	return {
		...coupled,
		settings: (settings, mapping = 'CUSTOMER') => coupled.with((session) => session.store.saveSettings(mapping, settings)),
		couplings,
		coupling: async (number) => (await couplings()).find(({ bcId }) => bcId === coupled.customerId(number))!,
		jobs: () => coupled.with(async (session) => (await session.store.jobs({ limit: 100 })).rows),
		changes: () =>
			coupled.world
				.takeRequests()
				.flatMap(({ method, path, parts, system }) => (parts.length > 0 ? parts : [{ method, path }]).map((part) => ({ ...part, system })))
				.filter(({ method, system }) => system !== 'login' && method !== 'GET' && method !== 'POST')
				.map(({ method, path }) => `${method} ${/\/?([A-Za-z]+)\(/.exec(path.replace(/companies\([^)]*\)/, ''))?.[1] ?? path}`),
	};
}
