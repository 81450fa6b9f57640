import { SyncError } from '../../model/errors';
import { chunksOf, groupBy } from '../../model/chunks';
import type { Scope } from '../scope';
import type { Coupling } from '../../model/coupling';

/** Thrown inside the transaction to roll it back; the user sees the SyncError that `describeTaken` makes of it. */
export class CouplingTaken extends Error {}

type Named = Pick<Coupling, 'mapping' | 'bcId' | 'crmId' | 'bcNumber' | 'bcName' | 'crmName'>;

/**
 * The couplings of one commit, each pair once (the last one given counts).
 *
 * @throws SyncError `COUPLING_TAKEN` when two of them want the same record.
 */
export function distinctPairs(couplings: readonly Coupling[]): Coupling[] {
	const distinct: Coupling[] = [];
	for (const group of groupBy(couplings, (coupling) => coupling.mapping).values()) {
		const byBc = new Map<string, Coupling>();
		const byCrm = new Map<string, Coupling>();
		for (const coupling of group) {
			const other = [byBc.get(coupling.bcId), byCrm.get(coupling.crmId)].find(
				(known) => known !== undefined && (known.bcId !== coupling.bcId || known.crmId !== coupling.crmId),
			);
			if (other !== undefined) throw takenError(coupling, other);
			byBc.set(coupling.bcId, coupling);
			byCrm.set(coupling.crmId, coupling);
		}
		for (const coupling of byBc.values()) distinct.push(coupling);
	}
	return distinct;
}

/** Finds out, after the transaction was rolled back, which coupling was in the way. */
export async function describeTaken({ db, connectionKey }: Scope, couplings: readonly Coupling[]): Promise<SyncError> {
	for (const [mapping, group] of groupBy(couplings, (coupling) => coupling.mapping)) {
		for (const chunk of chunksOf(group)) {
			const rows = await db
				.selectFrom('coupling')
				.select(['bc_id', 'crm_id', 'bc_number', 'bc_name', 'crm_name'])
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.where((eb) =>
					eb.or([
						eb(
							'bc_id',
							'in',
							chunk.map((c) => c.bcId),
						),
						eb(
							'crm_id',
							'in',
							chunk.map((c) => c.crmId),
						),
					]),
				)
				.execute();
			const byBc = new Map(rows.map((row) => [row.bc_id, row]));
			const byCrm = new Map(rows.map((row) => [row.crm_id, row]));
			for (const wanted of chunk) {
				const row = [byBc.get(wanted.bcId), byCrm.get(wanted.crmId)].find(
					(candidate) => candidate !== undefined && (candidate.bc_id !== wanted.bcId || candidate.crm_id !== wanted.crmId),
				);
				if (row === undefined) continue;
				const existing: Named = {
					mapping,
					bcId: row.bc_id,
					crmId: row.crm_id,
					bcNumber: row.bc_number,
					bcName: row.bc_name,
					crmName: row.crm_name,
				};
				return takenError(wanted, existing);
			}
		}
	}
	return new SyncError({ ...TAKEN, message: 'One of the records is already coupled to another record.' });
}

const TAKEN = {
	code: 'COUPLING_TAKEN',
	errorClass: 'data',
	system: 'store',
	hint: 'Remove the existing coupling first (Couple Records, Uncouple), or couple the records it names.',
} as const;

function takenError(wanted: Named, existing: Named): SyncError {
	const sameBc = wanted.bcId === existing.bcId;
	const message = sameBc
		? `${bcRecord(wanted)} cannot be coupled to ${crmRecord(wanted)}: it is already coupled to ${crmRecord(existing)}.`
		: `${crmRecord(wanted)} cannot be coupled to ${bcRecord(wanted)}: it is already coupled to ${bcRecord(existing)}.`;
	return new SyncError({ ...TAKEN, table: wanted.mapping, recordId: sameBc ? wanted.bcId : wanted.crmId, message });
}

const bcRecord = (record: Named): string =>
	`Business Central record ${[record.bcNumber, record.bcName].filter(Boolean).join(' ') || record.bcId} (${record.bcId})`;
const crmRecord = (record: Named): string => `CRM record ${record.crmName || record.crmId} (${record.crmId})`;
