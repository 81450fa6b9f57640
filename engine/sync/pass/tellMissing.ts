import { SyncError } from '../../model/errors';
import { SYSTEM_NAMES } from '../../model/side';
import type { PassContext } from '../contract/passContext';

/** Somebody named records that are not there: each is an error of this run, and of no other. */
export async function tellMissing({ session, mapping, direction, source, recorder }: PassContext, ids: readonly string[]): Promise<void> {
	const couplings = await session.store.couplingsOf(mapping.name, source.side, ids);
	for (const id of ids) {
		const coupling = couplings.get(id) ?? null;
		const named = { id, number: '', name: '', version: '', modifiedAt: '', values: {} };
		const records = { businessCentral: null, crm: null, [source.side]: coupling ? null : named };
		recorder.fail({ direction, sourceId: id, sourceVersion: null }, { ...records, coupling, gone: [source.side] }, notThere(source, id));
	}
}

const notThere = ({ side, table }: PassContext['source'], id: string): SyncError =>
	new SyncError({
		code: 'RECORD_MISSING',
		errorClass: 'data',
		system: side,
		table: table.name,
		recordId: id,
		message: `There is no record ${id} in ${SYSTEM_NAMES[side]} (any more).`,
		hint: 'Choose the record from the list. If it was deleted, the next run of the mapping looks after its partner.',
	});
