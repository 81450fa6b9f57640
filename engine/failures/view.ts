import type { SyncSession } from '../ports/session';
import { availableActions } from './availability';
import type { RecordState } from './state';
import type { FailedRecordView } from './types';
import type { Failure } from '../model/failure';

/** How a record and its partner stand, for lists and results. */
export function failedRecordView(session: SyncSession, state: RecordState): FailedRecordView {
	const { mapping, coupling, businessCentral, crm } = state;
	const failures = [...state.failures].sort((a, b) => (a.failedAt < b.failedAt ? 1 : -1));
	const [last] = failures;
	const bcId = coupling?.bcId ?? businessCentral?.id ?? sourceOf(failures, 'toCrm');
	const crmId = coupling?.crmId ?? crm?.id ?? sourceOf(failures, 'fromCrm');
	const number = businessCentral?.number ?? coupling?.bcNumber ?? '';
	const exists = {
		businessCentral: businessCentral !== null || state.hidden.includes('businessCentral'),
		crm: crm !== null || state.hidden.includes('crm'),
	};
	const name = businessCentral?.name ?? coupling?.bcName ?? '';
	return {
		mapping: mapping.name,
		tables: { businessCentral: mapping.bc.name, crm: mapping.crm.name },
		businessCentral: bcId
			? {
					id: bcId,
					number,
					name,
					url: exists.businessCentral ? session.businessCentral.link(mapping.bc, bcId, number || undefined, name) : null,
					exists: exists.businessCentral,
				}
			: null,
		crm: crmId
			? {
					id: crmId,
					name: crm?.name ?? coupling?.crmName ?? '',
					url: exists.crm ? session.crm.link(mapping.crm, crmId) : null,
					exists: exists.crm,
				}
			: null,
		state: stateOf(state),
		lastSyncedAt: coupling?.lastSyncedAt ?? null,
		...(last ? { lastError: { code: last.errorCode, message: last.message, hint: last.hint } } : {}),
		failures: failures.map((failure) => ({
			direction: failure.direction,
			errorClass: failure.errorClass,
			code: failure.errorCode,
			message: failure.message,
			hint: failure.hint,
			attempts: failure.attempts,
			skipped: failure.skipped,
			since: failure.firstFailedAt ?? failure.failedAt,
			failedAt: failure.failedAt,
		})),
		attempts: Math.max(0, ...failures.map(({ attempts }) => attempts)),
		since: failures.map((failure) => failure.firstFailedAt ?? failure.failedAt).sort()[0] ?? null,
		actions: availableActions(state),
	};
}

/** Skipped in one direction is skipped: somebody has to look at it. */
function stateOf({ coupling, failures }: RecordState): FailedRecordView['state'] {
	if (failures.some(({ skipped }) => skipped)) return 'skipped';
	if (failures.length > 0) return 'failed';
	if (!coupling) return 'uncoupled';
	return coupling.baseline === null ? 'pending' : 'coupled';
}

const sourceOf = (failures: readonly Failure[], direction: Failure['direction']): string | undefined =>
	failures.find((failure) => failure.direction === direction)?.sourceId;
