import { type Coupling, idOn, stampOn } from '../../model/coupling';
import type { SystemRecord } from '../../model/record';
import type { Side } from '../../model/side';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import { seenAgain } from './seenAgain';

/** Records that were seen with the newest stamps, and are looked at again where something is odd. */
export const WITNESSES = 20;
/** So many of the newest records that are all gone were hardly deleted one by one. */
const SEVERAL_GONE = 3;

/** What tells that a system was put back to an earlier state. */
export interface PutBack {
	side: Side;
	/** Of the records that were seen there last: those that stand as they were before. */
	rolledBack: Coupling[];
	/** Those that are not there any more. */
	gone: Coupling[];
	/** The service's stamp from which on nothing stands as it was seen; ISO. */
	since: string;
	/** There may be more of both. */
	more: boolean;
}

/** Whether what was read anyhow shows the newest record that stands, so that nobody has to be asked. */
export function tellsEnough(side: Side, page: readonly SystemRecord[], newest: readonly Coupling[]): boolean {
	const records = new Map(page.map((record) => [record.id, record]));
	const first = newest.find((coupling) => {
		const record = records.get(idOn(coupling, side));
		return record === undefined || seenAgain(coupling, side, record) === 'standing';
	});
	return first !== undefined && records.has(idOn(first, side));
}

/**
 * Whether the newest records that were seen on a side still stand there. One that stands proves that the system was not put back to before it; so
 * only what is newer than the newest that stands can have been taken back. Costs one request, two where records are missing, and none where `page`,
 * which was read anyhow, tells enough.
 */
export async function askWitnesses(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	[page, newest]: readonly [page: readonly SystemRecord[], newest: readonly Coupling[]],
): Promise<PutBack | null> {
	const records = new Map(page.map((record) => [record.id, record]));
	let there = new Set<string>();
	if (!tellsEnough(side, page, newest)) {
		const table = tableOn(mapping, side);
		const ids = newest.map((coupling) => idOn(coupling, side)).filter((id) => !records.has(id));
		for (const [id, record] of ids.length > 0 ? await session[side].readByIds(table, ids, []) : []) records.set(id, record);
		const unread = ids.filter((id) => !records.has(id));
		if (unread.length > 0) there = await session[side].existing(table, unread);
	}
	const failing = await failingAmong(session, mapping.name, newest);
	const rolledBack: Coupling[] = [];
	const gone: Coupling[] = [];
	let standing: Coupling | undefined;
	for (const coupling of newest) {
		const id = idOn(coupling, side);
		const record = records.get(id);
		if (!record) {
			if (!there.has(id)) gone.push(coupling);
			continue;
		}
		const seen = seenAgain(coupling, side, record);
		if (seen === 'standing') {
			standing = coupling;
			break;
		}
		// A record that a person has to look at is out of step for a reason of its own.
		if (seen !== 'edited' && !failing.has(coupling.bcId)) rolledBack.push(coupling);
	}
	const created = gone.filter((coupling) => standing !== undefined && isLaterThan(coupling, side, standing));
	if (rolledBack.length === 0 && !(created.length >= SEVERAL_GONE && created.length === gone.length)) return null;
	const since = [...rolledBack, ...gone].map((coupling) => stampOn(coupling, side)!).sort()[0]!;
	return { side, rolledBack, gone, since, more: standing === undefined && newest.length === WITNESSES };
}

/** Created after another one was last written. */
function isLaterThan(coupling: Coupling, side: Side, standing: Coupling): boolean {
	const born = side === 'crm' ? (coupling.crmCreatedAt ?? coupling.coupledAt) : coupling.coupledAt;
	return Date.parse(born) > Date.parse(stampOn(standing, side)!) + 1000;
}

async function failingAmong({ store }: SyncSession, mapping: string, couplings: readonly Coupling[]): Promise<Set<string>> {
	const toCrm = await store.failuresOf(
		mapping,
		'toCrm',
		couplings.map(({ bcId }) => bcId),
	);
	const fromCrm = await store.failuresOf(
		mapping,
		'fromCrm',
		couplings.map(({ crmId }) => crmId),
	);
	return new Set(couplings.filter(({ bcId, crmId }) => toCrm.has(bcId) || fromCrm.has(crmId)).map(({ bcId }) => bcId));
}
