import { inside, withFilterFields } from '../../mapping/filters/reading';
import { SyncError } from '../../model/errors';
import type { PassContext } from '../contract/passContext';

/**
 * What a service noted of a whole table, and rows whose filter is looked at here, are told by id and version alone. Those without a partner are read once
 * more, in one request, to count the ones that the filter selects; of more than fit into it the count says that it is the least.
 */
export async function countUncoupled({ recorder, source, filter }: PassContext): Promise<void> {
	const ids = recorder.notCoupled.takeUnsure();
	if (ids.length === 0) return;
	try {
		const records = await source.system.readByIds(source.table, ids, withFilterFields([], filter), filter.odata);
		for (const { id } of await inside(source.system, source.table, [...records.values()], filter)) recorder.notCoupled.add(id);
	} catch (error) {
		// All that was to be done is done: a count is no reason to fail.
		if (!(error instanceof SyncError)) throw error;
		recorder.notCoupled.leaveUnsure(ids);
	}
}
