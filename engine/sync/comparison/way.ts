import type { BySide } from '../../model/side';
import { tableOn } from '../../model/tableMapping';
import type { ComparedSide } from './overlooked';
import { filterOf } from './walk';

/** How many couples one request can ask for by their ids, and how many rows one page of a walk holds. */
export const PER_REQUEST: BySide<{ ids: number; rows: number }> = {
	// 100 operations in a batch with 100 ids each; pages of 20,000.
	businessCentral: { ids: 10_000, rows: 20_000 },
	// 50 queries in a batch with 400 ids each; pages of 5,000.
	crm: { ids: 20_000, rows: 5_000 },
};

/**
 * Which way costs fewer requests. Only a walk shows records that have no partner, so where runs create partners it is the only way. Otherwise ids are
 * asked for where that takes no more requests than a walk, however large the table is: a table of a million rows with 200 couples costs one request
 * instead of 200. Rows are counted only where the count can tip the scales.
 */
export async function wayOf({ run, side, reading }: ComparedSide): Promise<'walk' | 'rest'> {
	const { session, mapping } = run;
	const table = tableOn(mapping, side);
	if (table.page !== undefined || table.choice !== undefined) return 'rest';
	if (reading?.creates) return 'walk';
	const { ids, rows } = PER_REQUEST[side];
	const coupled = await session.store.countCouplings(mapping.name);
	const asking = Math.ceil(coupled / ids);
	// A table holds at least as many rows as are coupled.
	if (asking <= Math.ceil(coupled / rows)) return 'rest';
	const { count } = await session[side].count(table, (await filterOf(session, mapping, side)).odata);
	return asking <= 1 + Math.ceil(count / rows) ? 'rest' : 'walk';
}
