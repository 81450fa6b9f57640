import type { Coupling } from '../model/coupling';
import type { PassDirection } from '../model/direction';
import type { Job } from '../model/job';
import { SYSTEM_NAMES } from '../model/side';
import type { SyncSession } from '../ports/session';

/** Something a run did to a couple, as its coupling remembers it. */
export interface WorkOfRun {
	kind: 'synchronized' | 'coupled' | 'created' | 'delivered';
	/** ISO, UTC. */
	at: string;
	message: string;
	/** Null where the coupling does not tell. */
	direction: PassDirection | null;
	/** The job at work then; null where the log does not have it, or not any more. */
	job: Job | null;
}

/** Jobs that began last before a moment; a run of two directions, and one that began when another had just ended, are among them. */
const LOOKED_AT = 5;

/**
 * What runs did to a couple: how it came about, what they wrote last in each direction, and when its records agreed last. A coupling keeps the times
 * alone; at any time one run has the mapping, so that the log tells whose they are. Values of earlier runs took the place of each other and are not kept.
 */
export async function workOnCouple(session: SyncSession, coupling: Coupling): Promise<WorkOfRun[]> {
	const { mapping, coupledAt, createdOn, lastSyncedAt, writtenAt = {} } = coupling;
	const at = (time: string, direction: PassDirection | null) => jobAt(session, mapping, time, direction);
	const work: WorkOfRun[] = [];
	if (createdOn) {
		const direction = createdOn === 'crm' ? 'toCrm' : 'fromCrm';
		const job = await at(coupledAt, direction);
		const message = `A run created the record of ${SYSTEM_NAMES[createdOn]} and coupled the two.`;
		work.push({ kind: 'created', at: coupledAt, direction, job, message: told(message, job) });
	} else {
		const job = await at(coupledAt, null);
		const pending = lastSyncedAt === null ? ' It has not been synchronized since.' : '';
		work.push({ kind: 'coupled', at: coupledAt, direction: null, job, message: `The two records were coupled.${pending}` });
	}
	for (const direction of ['toCrm', 'fromCrm'] as const) {
		const time = writtenAt[direction];
		if (time === undefined || (createdOn && time === Date.parse(coupledAt))) continue;
		const when = new Date(time).toISOString();
		const job = await at(when, direction);
		const [from, to] = direction === 'toCrm' ? ['Business Central', 'CRM'] : ['CRM', 'Business Central'];
		work.push({ kind: 'delivered', at: when, direction, job, message: told(`A run wrote values of ${from} to ${to}.`, job) });
	}
	if (lastSyncedAt) {
		const direction = (['toCrm', 'fromCrm'] as const).find((each) => writtenAt[each] === Date.parse(lastSyncedAt)) ?? null;
		const job = await at(lastSyncedAt, direction);
		const message = 'Last synchronized: the two agreed, because a run wrote what differed, or found them equal.';
		work.push({ kind: 'synchronized', at: lastSyncedAt, direction: direction ?? job?.direction ?? null, job, message });
	}
	return work;
}

const told = (message: string, job: Job | null): string => (job ? message : `${message} The log has no entry of that run any more.`);

async function jobAt({ store }: SyncSession, mapping: string, at: string, direction: PassDirection | null): Promise<Job | null> {
	const { rows } = await store.jobs({ mapping, ...(direction ? { direction } : {}), to: at, limit: LOOKED_AT });
	const then = Date.parse(at);
	return rows.find(({ preview, finishedAt }) => !preview && (finishedAt === null || Date.parse(finishedAt) >= then)) ?? null;
}
