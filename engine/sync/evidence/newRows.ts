import { rowsOf, rowsOfEach } from './originScan';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';

/** More often than that nobody parts a record from rows that were made for it. */
const MOST = 1_000;

/**
 * Chooses the ids of the CRM rows that records get when they are created: the first that was not theirs before. A row that people parted from its
 * record, or gave to another one, stays parted: the next generation has another id.
 */
export async function newRows(context: PassContext, items: readonly WorkItem[]): Promise<void> {
	const { session, mapping } = context;
	let open = [...items];
	for (let first = 0; open.length > 0 && first < MOST; first += 3) {
		const ids = await rowsOfEach(open, (item) => rowsOf(session, mapping, item.source.id, first));
		const all = [...ids.values()].flat();
		const parted = await session.store.tombstones(mapping.name, 'crm', all, 'parted');
		const coupled = await session.store.couplingsOf(mapping.name, 'crm', all);
		open = open.filter((item) => {
			const bcId = item.source.id;
			const isOver = (id: string): boolean => parted.get(id)?.bcId === bcId || (coupled.has(id) && coupled.get(id)!.bcId !== bcId);
			const index = ids.get(item)!.findIndex((id) => !isOver(id));
			if (index < 0) return true;
			item.generation = first + index;
			item.newId = ids.get(item)![index]!;
			return false;
		});
	}
}
