import { chunksOf } from '../../model/chunks';
import type { Scope } from '../scope';
import type { Side } from '../../model/side';
import type { Tombstone } from '../../model/tombstone';

const DAY_MS = 24 * 60 * 60_000;
/** Twice as long as Dataverse keeps a deleted row at most (30 days). What people parted stays parted, so that is remembered for good. */
const DELETED_REMEMBERED_MS = 60 * DAY_MS;

export async function formerPartners(
	{ db, connectionKey }: Scope,
	mapping: string,
	side: Side,
	ids: readonly string[],
	kind?: Tombstone['kind'],
): Promise<Map<string, Tombstone>> {
	const column = side === 'businessCentral' ? 'bc_id' : 'crm_id';
	const found = new Map<string, Tombstone>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await db
			.selectFrom('former_partner')
			.select(['bc_id', 'crm_id', 'kind', 'version', 'ended_ms'])
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where(column, 'in', chunk)
			.$if(kind !== undefined, (qb) => qb.where('kind', '=', kind as string))
			.orderBy('ended_ms')
			.execute();
		for (const row of rows) {
			const endedAt = new Date(Number(row.ended_ms)).toISOString();
			const ended = row.kind as Tombstone['kind'];
			found.set(row[column], { mapping, kind: ended, bcId: row.bc_id, crmId: row.crm_id, version: row.version, endedAt });
		}
	}
	return found;
}

/** `now`: epoch milliseconds. */
export async function putFormerPartners({ db, connectionKey }: Scope, former: readonly Tombstone[], now: number): Promise<void> {
	for (const chunk of chunksOf(former)) {
		await db
			.insertInto('former_partner')
			.values(
				chunk.map(({ mapping, kind, bcId, crmId, version, endedAt }) => ({
					connection_key: connectionKey,
					mapping,
					crm_id: crmId,
					bc_id: bcId,
					kind,
					version,
					ended_ms: Date.parse(endedAt),
				})),
			)
			.onConflict((oc) =>
				oc.columns(['connection_key', 'mapping', 'crm_id']).doUpdateSet((eb) => ({
					bc_id: eb.ref('excluded.bc_id'),
					kind: eb.ref('excluded.kind'),
					version: eb.ref('excluded.version'),
					ended_ms: eb.ref('excluded.ended_ms'),
				})),
			)
			.execute();
	}
	await forgetOld({ db, connectionKey }, former, now);
}

/** By the newest that is noted. One that is as far in the future as couples are remembered was noted by a clock that was ahead, and says nothing of age. */
async function forgetOld(
	{ db, connectionKey }: Pick<Scope, 'db' | 'connectionKey'>,
	former: readonly Tombstone[],
	now: number,
): Promise<void> {
	const noted = Math.max(...former.map(({ endedAt }) => Date.parse(endedAt)));
	const newest = noted > now + DELETED_REMEMBERED_MS ? now : noted;
	await db
		.deleteFrom('former_partner')
		.where('connection_key', '=', connectionKey)
		.where('mapping', 'in', [...new Set(former.map(({ mapping }) => mapping))])
		.where('kind', '=', 'deleted')
		.where('ended_ms', '<', newest - DELETED_REMEMBERED_MS)
		.execute();
}

/** Nothing of the mapping is remembered any more. */
export async function forgetFormerPartners({ db, connectionKey }: Scope, mapping: string): Promise<void> {
	await db.deleteFrom('former_partner').where('connection_key', '=', connectionKey).where('mapping', '=', mapping).execute();
}
