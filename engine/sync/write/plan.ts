import { breather } from '../../ports/breath';
import { companyStamp } from '../../model/companyColumn';
import { isNobodys } from '../../mapping/companyOfRow';
import { SyncError } from '../../model/errors';
import type { WriteValues } from '../../mapping/rules';
import { completeInsertions, insertOperation, prepareInsertion } from './insertion';
import { isWaiting } from '../recover/inDoubt';
import { sentAlong } from './sentAlong';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import type { InDoubt } from '../contract/insertsInDoubt';
import { writable } from '../../mapping/translate';
import type { WriteOperation } from '../../ports/write';
import type { WorkItem } from '../contract/workItem';
import type { PendingWrite, PlannedWrite } from '../contract/plannedWrite';
import { unsettled } from '../recover/couplingFromIntent';
import { fieldOn } from '../../model/fieldMapping';

/** Turns decisions into operations; records that cannot be created are failed here. */
export async function plan(
	context: PassContext,
	inDoubt: InDoubt,
	pending: readonly PendingWrite[],
	page: PageRecord,
): Promise<PlannedWrite[]> {
	const planned: PlannedWrite[] = [];
	const breathe = breather();
	for (const { item, decision } of pending) {
		await breathe();
		if (decision.action === 'modify') {
			planned.push({ item, decision, insertion: null, operation: updateOperation(context, item, decision) });
			continue;
		}
		const blocked = inDoubt.blocked(item.source.id) ?? (isWaiting(context, inDoubt, item.source) ? unsettled(context) : undefined);
		const insertion = blocked ?? prepareInsertion(context, inDoubt, item);
		if (insertion instanceof SyncError) page.fail(item, insertion, []);
		else planned.push({ item, decision, insertion, operation: insertOperation(insertion) });
	}
	const inserts = planned.filter((write) => write.insertion);
	if (inserts.length > 0) {
		await completeInsertions(
			context,
			inDoubt,
			inserts.map((write) => write.insertion!),
		);
		for (const write of inserts) write.operation = insertOperation(write.insertion!);
	}
	return planned.filter(({ item, insertion }) => {
		if (insertion?.refusal) page.fail(item, insertion.refusal, []);
		return !insertion?.refusal;
	});
}

/** Whether the update brings values of the record's template, which a run before could not write; nothing of the source goes with them. */
export const sendsOwed = ({ item, decision }: PendingWrite): boolean =>
	decision.action === 'modify' && decision.writes.length === 0 && item.owed !== undefined && item.owed.version === decision.version;

function updateOperation(
	context: PassContext,
	item: WorkItem,
	decision: Extract<PendingWrite['decision'], { action: 'modify' }>,
): WriteOperation {
	const { target, direction, rules } = context;
	const values: WriteValues = {};
	const along = sentAlong(context, { item, decision });
	// What fills other fields goes before them: a service takes values in the order they are sent.
	const filling = (key: string): boolean => direction === 'fromCrm' && rules.fills?.[key] !== undefined;
	const [first, then] = [
		decision.writes.filter(({ field }) => filling(field.key)),
		decision.writes.filter(({ field }) => !filling(field.key)),
	];
	for (const { field, value } of first) values[fieldOn(field, target.side)!] = writable(direction, field, value);
	Object.assign(values, along);
	for (const { field, value } of then) values[fieldOn(field, target.side)!] = writable(direction, field, value);
	const partner = typeof item.partner === 'string' ? null : item.partner;
	if (partner) Object.assign(values, rules.stateChange?.(direction, item.source, partner));
	if (partner && target.side === 'crm' && context.mapping.companyStamp && context.companyRowId && isNobodys(partner)) {
		Object.assign(values, companyStamp(context.companyRowId));
	}
	if (sendsOwed({ item, decision })) Object.assign(values, item.owed!.send);
	const coupling = item.coupling!;
	const [id, number] = target.side === 'crm' ? [coupling.crmId, ''] : [coupling.bcId, partner?.number ?? coupling.bcNumber];
	return { kind: 'update', id, version: decision.version, number, values };
}
