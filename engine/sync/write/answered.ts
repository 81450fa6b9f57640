import { isRunEnding, type SyncError } from '../../model/errors';
import type { RecordPair } from '../../jobs/recorder';
import type { PassContext } from '../contract/passContext';
import type { PlannedWrite } from '../contract/plannedWrite';
import type { WorkItem } from '../contract/workItem';
import type { Completed } from '../record/completed';
import { rewrittenBy } from '../record/rewritten';
import { isOnPage, plain } from '../recover/templateMark';
import type { Coupling } from '../../model/coupling';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { fieldOn } from '../../model/fieldMapping';
import type { WriteOperation } from '../../ports/write';
import { sendsOwed } from './plan';
import { withoutSentAlong } from './sentAlong';

/** What the service made of values, where that does not travel back to the source. */
export function tellRewritten({ recorder, direction }: PassContext, pair: RecordPair, coupling: Coupling, settled: Completed): void {
	const left = rewrittenBy(coupling, settled).filter((each) => each.back === 0 && !isZeroed(each));
	if (left.length > 0) recorder.rewritten(direction, pair, left);
}

/** An amount that the service had no digits for is told by `tellZeros`. */
const isZeroed = ({ field, sent, kept }: ReturnType<typeof rewrittenBy>[number]): boolean =>
	(field.kind === 'money' || field.kind === 'number') && typeof sent === 'number' && sent > 0 && sent <= 0.5 && kept === 0;

/** What its page did not take, because it is not there, goes on being owed. */
export function settleOwed(item: WorkItem, record: SystemRecord): void {
	const { send, left } = item.owed!;
	const open = Object.entries(send).filter(([name]) => record.values[name] === undefined);
	item.owed = { ...item.owed!, left: open.length > 0 ? { values: Object.fromEntries(open), version: left?.version ?? null } : undefined };
}

/** An error of values on additional pages, with the names of what was to be written there. */
export function named(error: SyncError, names: readonly FieldName[]): SyncError {
	const ending: boolean = isRunEnding(error);
	if (names.length === 0 || ending) return error;
	return error.with({ field: error.field ?? names[0]!, message: `${error.message} To be written: ${names.join(', ')}.` });
}

/** What was sent, without the tables of look-ups. */
export const plainValues = (operation: WriteOperation): Record<FieldName, FieldValue> =>
	operation.kind === 'insert' || operation.kind === 'update'
		? Object.fromEntries(Object.entries(operation.values).map(([name, value]) => [name, plain(value)]))
		: {};

/** The same without values of a template that travel to the source once they are written, as edits made in the target do. */
export function decidedValues(context: PassContext, write: PlannedWrite): Record<FieldName, FieldValue> {
	const { fields, options, target } = context;
	const values = withoutSentAlong(context, write, plainValues(write.operation));
	if (!sendsOwed(write) || options.writesSource === false) return values;
	const travelling = fields.filter(({ direction }) => direction === 'bidirectional').map((field) => fieldOn(field, target.side)!);
	const { send } = write.item.owed!;
	return Object.fromEntries(Object.entries(values).filter(([name]) => send[name] === undefined || !travelling.includes(name)));
}

/** Fields of additional pages that the answer does not show. */
export const unwritten = (sent: Readonly<Record<FieldName, FieldValue>>, { values }: SystemRecord): FieldName[] =>
	Object.keys(sent).filter((name) => isOnPage(name) && values[name] === undefined);

/** An update with nothing but values of a page that is not published. */
export function tookNothing(write: PlannedWrite, { values }: SystemRecord): boolean {
	const names = Object.keys(plainValues(write.operation));
	return sendsOwed(write) && names.length > 0 && names.every((name) => isOnPage(name) && values[name] === undefined);
}
