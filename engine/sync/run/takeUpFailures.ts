import type { DeletedPartners } from '../comparison/deletedPartners';
import type { PassDirection } from '../../model/direction';
import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';

const PART = 1000;

interface DeletionsOfRun {
	session: SyncSession;
	mapping: TableMapping;
	list: DeletedPartners;
}

/** Deletions that earlier runs could only report are taken up again, now that a strategy says what to do with them; skipped ones, too. */
export async function takeUpFailures({ session, mapping, list }: DeletionsOfRun, directions: readonly PassDirection[]): Promise<void> {
	const both: readonly PassDirection[] = mapping.direction === 'bidirectional' ? directions : ['toCrm', 'fromCrm'];
	for (const direction of both) {
		const [gone, survivor] = direction === 'toCrm' ? (['crm', 'businessCentral'] as const) : (['businessCentral', 'crm'] as const);
		let afterSourceId: string | undefined;
		for (;;) {
			const options = { includeSkipped: true, limit: PART, ...(afterSourceId ? { afterSourceId } : {}) };
			const failures = await session.store.failures(mapping.name, direction, options);
			if (failures.length === 0) break;
			afterSourceId = failures.at(-1)!.sourceId;
			const deleted = failures.filter((failure) => failure.errorCode === 'PARTNER_DELETED').map((failure) => failure.sourceId);
			if (deleted.length === 0) continue;
			await list.found(gone, [...(await session.store.couplingsOf(mapping.name, survivor, deleted)).values()]);
		}
	}
}
