import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { CouplingView } from './types';
import type { Coupling } from '../model/coupling';
import { tellsDeletion } from '../model/deletion';
import { targetSide } from '../model/direction';
import type { Failure } from '../model/failure';

/** A couple as lists show it; a record that its partner's failure says is deleted has no link. */
export function viewOf(session: SyncSession, mapping: TableMapping | undefined, coupling: Coupling, failure: Failure | null): CouplingView {
	const gone = failure && tellsDeletion(failure.errorCode) ? targetSide(failure.direction) : null;
	const { bcId, bcNumber, bcName, crmId } = coupling;
	const links = {
		businessCentral:
			mapping && gone !== 'businessCentral' ? session.businessCentral.link(mapping.bc, bcId, bcNumber || undefined, bcName) : null,
		crm: mapping && gone !== 'crm' ? session.crm.link(mapping.crm, crmId) : null,
	};
	return {
		mapping: coupling.mapping,
		businessCentral: {
			id: bcId,
			number: bcNumber,
			name: coupling.bcName,
			url: links.businessCentral,
			exists: null,
		},
		crm: { id: crmId, name: coupling.crmName, url: links.crm, exists: null },
		state: failure ? (failure.skipped ? 'skipped' : 'failed') : coupling.baseline === null ? 'pending' : 'coupled',
		lastSyncedAt: coupling.lastSyncedAt,
		...(failure ? { lastError: { code: failure.errorCode, message: failure.message, hint: failure.hint } } : {}),
	};
}
