import { SyncError } from '../../model/errors';
import type { WriteOperation, WriteOutcome } from '../../ports/write';

/**
 * Outcomes of a call in which rows that a write found missing were asked for by their ids. A row that is there was not what the service missed:
 * then the change failed, with the service's own text. One that nobody can ask for now may be there, too.
 */
export async function confirmedGone(
	operations: readonly WriteOperation[],
	outcomes: readonly WriteOutcome[],
	existing: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<WriteOutcome[]> {
	const idOf = (index: number): string => {
		const operation = operations[index]!;
		return operation.kind === 'group' ? '' : (operation.id ?? '');
	};
	// Which row of a group the service misses it need not say: then all are read again.
	const isGroup = (index: number): boolean => operations[index]!.kind === 'group';
	const missing = outcomes.flatMap(({ status }, index) => (status === 'missing' && !isGroup(index) ? [index] : []));
	if (missing.length === 0) return outcomes.map((outcome): WriteOutcome => (outcome.status === 'missing' ? { status: 'stale' } : outcome));
	const there = await existing(missing.map(idOf)).catch((error: unknown) => {
		if (error instanceof SyncError) return error;
		throw error;
	});
	return outcomes.map((outcome, index): WriteOutcome => {
		if (outcome.status !== 'missing') return outcome;
		if (isGroup(index)) return { status: 'stale' };
		if (there instanceof SyncError) return { status: 'failed', error: there };
		return there.has(idOf(index)) ? { status: 'failed', error: outcome.error ?? notFound(idOf(index)) } : { status: 'missing' };
	});
}

const notFound = (recordId: string): SyncError =>
	new SyncError({
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		system: 'engine',
		recordId,
		message: 'The record was not found when it was to be written, and is there again.',
		hint: 'Nothing to do: the next run tries again.',
	});
