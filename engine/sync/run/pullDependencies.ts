import { spelledCode } from '../../model/upperCase';
import { SyncError } from '../../model/errors';
import { rulesOf } from '../../defaults/catalog';
import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import { isGuid } from '../../model/guid';
import { isReferredToByKey } from '../../model/compositeId';
import { idsOfKeys } from '../../mapping/idsOfKeys';
import type { RunRequest } from '../contract/runRequest';
import { type PassDirection, sourceSide } from '../../model/direction';
import type { JobResult } from '../../jobs/jobResult';
import type { Pull } from '../contract/pull';

export interface PullSettings {
	session: SyncSession;
	mappings: readonly TableMapping[];
	direction: PassDirection;
	request: RunRequest;
	/** Runs the other mapping; the jobs it gives are told with those of this run. */
	run: (request: RunRequest) => Promise<JobResult[]>;
	jobs: JobResult[];
	/** Nobody asked for it: mappings that create no records are not run. */
	unasked?: boolean;
}

/**
 * The records of other mappings that a page refers to, and that have no partner yet, are created and coupled first, one run per mapping for
 * all of them. Left alone, so that the record fails with its reason: mappings that do not run in this direction, are disabled, create no
 * records, are being run by somebody else, or are being run already further up (a circle).
 */
export const pullDependencies =
	({ session, mappings, direction, request, run, jobs, unasked }: PullSettings): Pull =>
	async (missing) => {
		let came = false;
		const chain = [...(request.pulledFor ?? []), request.mapping];
		for (const name of new Set(missing.flatMap(({ mapping }) => mapping ?? []))) {
			const other = mappings.find((each) => each.name === name);
			if (!other?.enabled || chain.includes(name) || (other.direction !== 'bidirectional' && other.direction !== direction)) continue;
			if (unasked && other.onlyCoupled) continue;
			const values = missing.filter(({ mapping }) => mapping === name).map(({ value }) => value);
			const ids = await idsOf(session, other, direction, values);
			// A rule of the mapping may bring in more than records of its table: the local currency is none.
			if (ids.size === 0 && !rulesOf(name).beforePass) continue;
			const results = await run({
				mapping: name,
				direction,
				selected: { side: sourceSide(direction), ids: [...ids.keys()] },
				...(request.pullDependencies === 'create' ? { createUncoupled: true } : {}),
				...(request.pullDependencies ? { pullDependencies: request.pullDependencies } : {}),
				pulledFor: chain,
				consented: request.allowMassChanges ? ['create', 'replace'] : (request.consented ?? []),
				returnChanges: ids.size,
			}).catch((error: unknown) => {
				if (error instanceof SyncError) return []; // the records fail, and say what they lack
				throw error;
			});
			jobs.push(...results);
			if (results.some(({ job }) => job.status === 'finished')) came = true;
		}
		return came;
	};

/** Ids of the records referred to on the source side, with the value that refers to them. */
async function idsOf(
	session: SyncSession,
	mapping: TableMapping,
	direction: PassDirection,
	values: readonly string[],
): Promise<Map<string, string>> {
	if (direction === 'fromCrm') return new Map(values.map((value) => [value, value]));
	if (isReferredToByKey(mapping.bc)) {
		const ids = await idsOfKeys(session.businessCentral, mapping.bc, values.map((value) => value.toLowerCase())); // prettier-ignore
		return new Map(values.flatMap((value) => (ids.has(value.toLowerCase()) ? [[ids.get(value.toLowerCase())!, value] as const] : [])));
	}
	const codes = values.filter((value) => value !== '' && !isGuid(value));
	const records = codes.length > 0 ? await session.businessCentral.readByValues(mapping.bc, mapping.bc.numberField!, codes, []) : [];
	return new Map([
		// Some properties of Business Central name a record by its id.
		...values.filter(isGuid).map((id): [string, string] => [id.toLowerCase(), id]),
		...records.map((record): [string, string] => [record.id, spelledCode(record.number)]),
	]);
}
