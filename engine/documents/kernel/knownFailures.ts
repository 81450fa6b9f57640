import type { PassDirection } from '../../model/direction';
import type { Failure } from '../../model/failure';
import type { SyncSession } from '../../ports/session';

/** Failures read at a time. */
const PAGE = 1_000;

/**
 * What failed under a name and was not delivered since, by the id of the record that failed; few. `direction`: only what failed in it; default both.
 */
export async function knownFailures(
	{ store }: Pick<SyncSession, 'store'>,
	mapping: string,
	direction?: PassDirection,
): Promise<Map<string, Failure>> {
	const found = new Map<string, Failure>();
	let next: string | undefined;
	do {
		const page = await store.listFailures({ mapping, limit: PAGE, ...(next ? { next } : {}) });
		for (const failure of page.rows) if (direction === undefined || failure.direction === direction) found.set(failure.sourceId, failure);
		next = page.next;
	} while (next);
	return found;
}
