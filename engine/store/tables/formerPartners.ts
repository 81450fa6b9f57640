import type { Side } from '../../systems/system';
import { chunksOf } from '../chunks';
import type { Scope } from '../scope';
import type { FormerPartner } from '../store';

/** Twice as long as Dataverse keeps a deleted row at most (30 days). */
const REMEMBERED_MS = 60 * 24 * 60 * 60_000;

export async function formerPartners(
	{ db, connectionKey }: Scope,
	mapping: string,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, FormerPartner>> {
	const column = side === 'businessCentral' ? 'bc_id' : 'crm_id';
	const found = new Map<string, FormerPartner>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await db
			.selectFrom('former_partner')
			.select(['bc_id', 'crm_id', 'version', 'ended_ms'])
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where(column, 'in', chunk)
			.orderBy('ended_ms')
			.execute();
		for (const row of rows) {
			const endedAt = new Date(Number(row.ended_ms)).toISOString();
			found.set(row[column], { mapping, bcId: row.bc_id, crmId: row.crm_id, version: row.version, endedAt });
		}
	}
	return found;
}

export async function putFormerPartners({ db, connectionKey }: Scope, former: readonly FormerPartner[]): Promise<void> {
	for (const chunk of chunksOf(former)) {
		await db
			.insertInto('former_partner')
			.values(
				chunk.map(({ mapping, bcId, crmId, version, endedAt }) => ({
					connection_key: connectionKey,
					mapping,
					crm_id: crmId,
					bc_id: bcId,
					version,
					ended_ms: Date.parse(endedAt),
				})),
			)
			.onConflict((oc) =>
				oc
					.columns(['connection_key', 'mapping', 'crm_id'])
					.doUpdateSet((eb) => ({ bc_id: eb.ref('excluded.bc_id'), version: eb.ref('excluded.version'), ended_ms: eb.ref('excluded.ended_ms') })),
			)
			.execute();
	}
	const newest = Math.max(...former.map(({ endedAt }) => Date.parse(endedAt)));
	await db
		.deleteFrom('former_partner')
		.where('connection_key', '=', connectionKey)
		.where('mapping', 'in', [...new Set(former.map(({ mapping }) => mapping))])
		.where('ended_ms', '<', newest - REMEMBERED_MS)
		.execute();
}

/** Nothing of the mapping is remembered any more. */
export async function forgetFormerPartners({ db, connectionKey }: Scope, mapping: string): Promise<void> {
	await db.deleteFrom('former_partner').where('connection_key', '=', connectionKey).where('mapping', '=', mapping).execute();
}
