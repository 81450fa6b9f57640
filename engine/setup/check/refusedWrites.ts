import type { Checked } from './checked';

/** A permission to write that Business Central refused when a run needed it. */
export interface RefusedWrite {
	table: string;
	right: string;
	mapping: string;
	/** ISO, UTC. */
	at: string;
}

/**
 * Table and right in the texts of Business Central: `(TableData 18 Customer Insert: Base Application)`, of older servers `permissions on TableData Customer:
 * Insert.` or `(TableData Customer Insert: …)`.
 */
export function permissionIn(text: string): { table: string; right: string } | null {
	const found = /TableData (?:\d+ )?(.+?)(?: |: )(Read|Insert|Modify|Delete)\b/.exec(text);
	return found ? { table: found[1]!, right: found[2]! } : null;
}

/** Jobs of a mapping that are looked at, the latest of each direction among them. */
const JOBS = 6;
const FAILURES = 1000;

/** From the last run of each direction, and from records that still fail. */
export async function refusedWrites({ session, mappings }: Checked): Promise<RefusedWrite[]> {
	const found: RefusedWrite[] = [];
	const take = (mapping: string, at: string, text: string): void => {
		const permission = permissionIn(text);
		if (permission && permission.right !== 'Read') found.push({ ...permission, mapping, at });
	};
	for (const { name: mapping } of mappings) {
		const latest = new Set<string>();
		for (const job of (await session.store.jobs({ mapping, limit: JOBS })).rows) {
			if (job.status === 'running' || job.status === 'alreadyRunning' || job.preview || latest.has(String(job.direction))) continue;
			latest.add(String(job.direction));
			if (job.status === 'failed') take(mapping, job.finishedAt ?? job.startedAt, job.message);
		}
		for (const failure of (await session.store.listFailures({ mapping, limit: FAILURES })).rows)
			if (failure.errorCode === 'BC_PERMISSION_MISSING') take(mapping, failure.failedAt, failure.message);
	}
	return found;
}
