import { SyncError } from '../errors';
import { findMapping, loadMappings } from '../mapping/catalog';
import { companyRow } from '../mapping/companyIdentity';
import { compileFilter } from '../mapping/filter';
import type { TableMapping } from '../mapping/tableMapping';
import type { SyncSession } from '../session';
import { synchronizeMapping } from './synchronize';
import type { JobResult, Recommendation, ReviewLine } from './types';

export interface FullSyncRequest {
	/** Names; default all enabled mappings. */
	mappings?: readonly string[];
	/** Whether scheduled runs may create records afterwards, or "synch. only coupled records" stays as it was. */
	afterwards: 'keep' | 'allowCreate';
	preview?: boolean;
	returnChanges?: number;
	returnFailures?: number;
	timeBudgetMs?: number;
	pageSize?: number;
	/** Told before each mapping, for people who wait. */
	onProgress?: (text: string) => void;
}

/** What a full synchronisation would meet: one line per mapping, in the order they would run. Reads counts only. */
export async function reviewFullSync(session: SyncSession, options: { mappings?: readonly string[] }): Promise<ReviewLine[]> {
	const all = await loadMappings(session);
	const chosen = choose(all, options.mappings);
	const lines: ReviewLine[] = [];
	for (const mapping of chosen) {
		const company = mapping.companyStamp ? await companyRow(session) : null;
		const bc = await session.businessCentral.count(mapping.bc, compileFilter(mapping.bcFilter, 'businessCentral', company));
		const crm = await session.crm.count(mapping.crm, compileFilter(mapping.crmFilter, 'crm', company));
		const coupled = await session.store.countCouplings(mapping.name);
		const dependsOn = mapping.dependsOn.filter((name) => all.some((each) => each.name === name));
		const missing = await unsatisfied(session, dependsOn, chosen);
		const recommendation = recommend(mapping, bc.count, crm.count, coupled, missing);
		lines.push({
			mapping: mapping.name,
			order: lines.length + 1,
			dependsOn,
			direction: mapping.direction,
			recordsBusinessCentral: bc.count,
			recordsCrm: crm.count,
			atLeast: bc.atLeast || crm.atLeast,
			coupled,
			recommendation,
			message: explain(mapping, recommendation, missing),
		});
	}
	return lines;
}

/**
 * Synchronises whole tables in dependency order; partners that are missing are created and coupled. A mapping that ends with failed records does
 * not stop those that depend on it (sync-semantics 19.6); one that could not run at all does.
 */
export async function runFullSync(session: SyncSession, request: FullSyncRequest): Promise<JobResult[]> {
	const chosen = choose(await loadMappings(session), request.mappings);
	const stopAt = request.timeBudgetMs === undefined ? undefined : session.clock.now() + request.timeBudgetMs;
	const results: JobResult[] = [];
	const broken = new Set<string>();
	for (const mapping of chosen) {
		const because = mapping.dependsOn.find((name) => broken.has(name));
		if (because) {
			broken.add(mapping.name);
			session.log('warn', `${mapping.name} was not synchronized because ${because} did not run.`);
			continue;
		}
		request.onProgress?.(`Full synchronization: ${mapping.caption}`);
		const done = await synchronizeMapping(session, {
			mapping: mapping.name,
			type: 'fullSynchronization',
			fromStart: true,
			createUncoupled: true,
			preview: request.preview ?? false,
			...(request.returnChanges === undefined ? {} : { returnChanges: request.returnChanges }),
			...(request.returnFailures === undefined ? {} : { returnFailures: request.returnFailures }),
			...(request.pageSize === undefined ? {} : { pageSize: request.pageSize }),
			...(stopAt === undefined ? {} : { timeBudgetMs: Math.max(0, stopAt - session.clock.now()) }),
		});
		results.push(...done);
		const ended = done.at(-1)?.job.status;
		if (ended !== 'finished') broken.add(mapping.name);
		else if (request.afterwards === 'allowCreate' && !request.preview) await allowCreate(session, mapping);
		if (ended === 'stopped') break;
	}
	return results;
}

async function allowCreate(session: SyncSession, mapping: TableMapping): Promise<void> {
	const settings = (await session.store.settings()).get(mapping.name);
	await session.store.saveSettings(mapping.name, { ...settings, onlyCoupled: false });
}

/** The mappings asked for, in dependency order. */
function choose(all: readonly TableMapping[], names: readonly string[] | undefined): TableMapping[] {
	if (!names || names.length === 0) return all.filter((mapping) => mapping.enabled);
	const wanted = new Set(names.map((name) => findMapping(all, name).name));
	const chosen = all.filter((mapping) => wanted.has(mapping.name));
	const disabled = chosen.find((mapping) => !mapping.enabled);
	if (!disabled) return chosen;
	throw new SyncError({
		code: 'MAPPING_DISABLED',
		errorClass: 'setup',
		system: 'engine',
		message: `The table mapping ${disabled.name} is disabled.`,
		hint: 'Enable it, or leave it out of the full synchronization.',
	});
}

/** Dependencies that are neither part of this synchronisation nor have couplings from an earlier one. */
async function unsatisfied(session: SyncSession, dependsOn: readonly string[], chosen: readonly TableMapping[]): Promise<string[]> {
	const missing: string[] = [];
	for (const name of dependsOn) {
		if (chosen.some((mapping) => mapping.name === name)) continue;
		if ((await session.store.countCouplings(name)) === 0) missing.push(name);
	}
	return missing;
}

/** Sync-semantics 19.3. Mappings that match before they create need no coupling first. */
function recommend(mapping: TableMapping, bc: number, crm: number, coupled: number, missing: readonly string[]): Recommendation {
	if (missing.length > 0) return 'dependencyNotSatisfied';
	if (bc === 0 && crm === 0) return 'noRecords';
	if (mapping.direction !== 'bidirectional') return (mapping.direction === 'toCrm' ? bc : crm) === 0 ? 'noRecords' : 'fullSync';
	return bc > coupled && crm > coupled ? 'coupleFirst' : 'fullSync';
}

function explain(mapping: TableMapping, recommendation: Recommendation, missing: readonly string[]): string {
	switch (recommendation) {
		case 'fullSync':
			return 'Ready: records without a partner are created in the other system and coupled.';
		case 'coupleFirst':
			return 'Both systems hold records that are not coupled. Couple those that belong together first, or they are created a second time.';
		case 'noRecords':
			return `Nothing to do: no records in the filters of ${mapping.name}.`;
		case 'dependencyNotSatisfied':
			return `Synchronize ${missing.join(' and ')} first: records of ${mapping.name} refer to it.`;
	}
}
