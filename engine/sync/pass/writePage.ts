import { throwIfStopping } from '../../ports/stopping';
import type { PendingWrite } from '../contract/plannedWrite';
import type { WorkItem } from '../contract/workItem';
import type { PageRecord } from '../record/pageRecord';
import type { Pass } from './passState';

/** Records whose requests and answers are in memory at a time. */
const SLICE = 3000;

/** Carries out what was decided for a page: uncouples and deletes, then writes. Answers what turned out to be stale. */
export async function writePage({ unit, context }: Pass, pending: readonly PendingWrite[], page: PageRecord): Promise<WorkItem[]> {
	await unit.remove(pending, page);
	const { system, table, fields } = context.target;
	const stale: WorkItem[] = [];
	for (let start = 0; start < pending.length; start += SLICE) {
		throwIfStopping(context.session);
		const planned = await unit.plan(pending.slice(start, start + SLICE), page);
		await unit.announce(planned, page);
		await context.stillHeld();
		const operations = planned.map(({ operation }) => operation);
		stale.push(...(await unit.settle(planned, await system.write(table, operations, fields), page)));
	}
	return stale;
}
