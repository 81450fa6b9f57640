import { synchronizeMapping } from '../sync/synchronize';
import type { JobResult } from '../sync/types';
import type { SyncSession } from '../session';

export interface CreateAndCoupleRequest {
	mapping: string;
	/** Where the records are; their partners are created on the other side. */
	side: 'businessCentral' | 'crm';
	ids: readonly string[];
	preview?: boolean;
}

/** Creates partners for the given records and couples them (sync-semantics 15.4). Records that have a partner are only brought up to date. */
export async function createAndCouple(session: SyncSession, request: CreateAndCoupleRequest): Promise<JobResult> {
	const [result] = await synchronizeMapping(session, {
		mapping: request.mapping,
		direction: request.side === 'businessCentral' ? 'toCrm' : 'fromCrm',
		selected: { side: request.side, ids: request.ids },
		createUncoupled: true,
		preview: request.preview ?? false,
		returnChanges: request.ids.length,
	});
	return result!;
}
