import { groupBy } from '../../model/chunks';
import type { OwnWrite } from '../../model/coupling';
import type { Scope } from '../scope';
import { fieldListsOf, putFieldLists } from './fieldLists';
import { packBaseline, unpackBaseline } from './packedBaseline';

/** How often a baseline that a run of its own mapping keeps changing is read again. */
const TRIES = 5;

/**
 * Puts marks of rules into the baselines of couples of other mappings. Their own runs may be under way and hold their leases: a baseline is only
 * replaced as it was read, so that nothing of theirs is lost.
 */
export async function noteOwnWrites(scope: Scope, writes: readonly OwnWrite[]): Promise<void> {
	const { db, connectionKey } = scope;
	for (const [mapping, group] of groupBy(writes, (write) => write.mapping)) {
		for (const { bcId, crmId, marks } of group) {
			for (let attempt = 1; attempt <= TRIES; attempt++) {
				const row = await db
					.selectFrom('coupling')
					.select('baseline')
					.where('connection_key', '=', connectionKey)
					.where('mapping', '=', mapping)
					.where('bc_id', '=', bcId)
					.where('crm_id', '=', crmId)
					.executeTakeFirst();
				if (!row || row.baseline === null) break;
				const known = unpackBaseline(row.baseline, await fieldListsOf(scope, [row.baseline]));
				const { text, list } = packBaseline({ ...known, ...marks });
				if (list) await putFieldLists(scope, [list]);
				const result = await db
					.updateTable('coupling')
					.set({ baseline: text })
					.where('connection_key', '=', connectionKey)
					.where('mapping', '=', mapping)
					.where('bc_id', '=', bcId)
					.where('baseline', '=', row.baseline)
					.executeTakeFirst();
				if (Number(result.numUpdatedRows) === 1) break;
			}
		}
	}
}
