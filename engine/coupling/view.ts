import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { CouplingView } from './types';
import type { Coupling } from '../model/coupling';
import type { Failure } from '../model/failure';

export function viewOf(session: SyncSession, mapping: TableMapping | undefined, coupling: Coupling, failure: Failure | null): CouplingView {
	return {
		mapping: coupling.mapping,
		businessCentral: {
			id: coupling.bcId,
			number: coupling.bcNumber,
			name: coupling.bcName,
			url: mapping ? session.businessCentral.link(mapping.bc, coupling.bcId, coupling.bcNumber || undefined) : null,
			exists: null,
		},
		crm: { id: coupling.crmId, name: coupling.crmName, url: mapping ? session.crm.link(mapping.crm, coupling.crmId) : null, exists: null },
		state: failure ? (failure.skipped ? 'skipped' : 'failed') : coupling.baseline === null ? 'pending' : 'coupled',
		lastSyncedAt: coupling.lastSyncedAt,
		...(failure ? { lastError: { code: failure.errorCode, message: failure.message, hint: failure.hint } } : {}),
	};
}
