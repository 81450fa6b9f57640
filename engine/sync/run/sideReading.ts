import { idsInside } from '../../mapping/filters/reading';
import { directionFrom, type PassDirection } from '../../model/direction';
import type { SystemRecord } from '../../model/record';
import type { Side } from '../../model/side';
import { closedRows } from '../closed/closedRows';
import type { SideReading } from '../comparison/comparisonRun';
import type { PassContext } from '../contract/passContext';
import type { PassRange } from '../contract/passRange';
import type { RunRequest } from '../contract/runRequest';
import { dueOf } from '../pass/due';
import { sinceOf } from '../reading/since';
import { serves } from './directions';

/** What a comparison of versions has to know of a run. */
export interface ReadingRun {
	request: RunRequest;
	directions: readonly PassDirection[];
	mapping: PassContext['mapping'];
	look(direction: PassDirection): Promise<PassContext>;
	rangeOf(context: PassContext): Promise<PassRange>;
}

/** How the runs of a mapping read the changes of a side; null where it carries the records of that side nowhere. */
export async function readingOf(run: ReadingRun, side: Side): Promise<SideReading | null> {
	const { request, mapping } = run;
	const direction = directionFrom(side);
	if (!serves(mapping, direction)) return null;
	const context = await run.look(direction);
	const { query, mark, overlapMs } = (await dueOf(context, await run.rangeOf(context))).terms;
	const since = mark === null ? query.since : sinceOf(mark, overlapMs, null, context.session.clock.now()).stamp;
	const creates = !mapping.onlyCoupled;
	const leavesSome = (request.leaveOut?.[side].size ?? 0) > 0;
	const readsAll = since === null && run.directions.includes(direction);
	const createsNow = request.createUncoupled ?? creates;
	return {
		direction,
		since,
		creates,
		uncoupled: readsAll && createsNow && !leavesSome ? 'everything' : leavesSome || !createsNow ? 'leaves' : 'changes',
		takePart: (ids) => takePart(context, ids),
	};
}

/** Rows that nothing is exchanged with, and those that a rule of the mapping leaves out, would be read and passed over by every pass. */
async function takePart(context: PassContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
	const { source, filter, rules } = context;
	const records: SystemRecord[] = [...(await idsInside(source.system, source.table, ids, source.fields, filter)).values()];
	const ignored = await rules.ignore?.(context, records);
	const closed = source.side === 'crm' ? await closedRows(context, records) : new Map<string, unknown>();
	return new Set(records.flatMap(({ id }) => (ignored?.has(id) || closed.has(id) ? [] : [id])));
}
