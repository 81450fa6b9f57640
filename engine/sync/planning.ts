import { SyncError } from '../errors';
import type { WriteValues } from '../mapping/rules';
import type { SystemRecord, WriteOperation } from '../systems/system';
import type { PendingWrite } from './deciding';
import { completeInsertions, insertOperation, prepareInsertion, unsettled, type Insertion } from './insertion';
import { isBeingCreated, mayStillArrive } from './intents';
import type { WorkItem } from './page';
import type { PageRecord } from './pageRecord';
import type { PassContext } from './passContext';
import { writable } from './translate';

/** A record with the operation that is to be sent for it. */
export interface PlannedWrite extends PendingWrite {
	operation: WriteOperation;
	insertion: Insertion | null;
}

/** Whether what became of an earlier insert of the record, or of one that may have made it, is still to be found out. */
export function isWaiting(context: PassContext, source: SystemRecord): boolean {
	const open = context.openIntents.get(source.id);
	return (open && (context.preview || mayStillArrive(context, open))) || isBeingCreated(context, source) || context.blocked.has(source.id);
}

/** Turns decisions into operations; records that cannot be created are failed here. */
export async function plan(context: PassContext, pending: readonly PendingWrite[], page: PageRecord): Promise<PlannedWrite[]> {
	const planned: PlannedWrite[] = [];
	for (const { item, decision } of pending) {
		if (decision.action === 'modify') {
			planned.push({ item, decision, insertion: null, operation: updateOperation(context, item, decision) });
			continue;
		}
		const blocked = context.blocked.get(item.source.id) ?? (isWaiting(context, item.source) ? unsettled(context) : undefined);
		const insertion = blocked ?? prepareInsertion(context, item);
		if (insertion instanceof SyncError) page.fail(item, insertion, []);
		else planned.push({ item, decision, insertion, operation: insertOperation(insertion) });
	}
	const inserts = planned.filter((write) => write.insertion);
	if (inserts.length > 0) {
		await completeInsertions(
			context,
			inserts.map((write) => write.insertion!),
		);
		for (const write of inserts) write.operation = insertOperation(write.insertion!);
	}
	return planned.filter(({ item, insertion }) => {
		if (insertion?.refusal) page.fail(item, insertion.refusal, []);
		return !insertion?.refusal;
	});
}

function updateOperation(
	context: PassContext,
	item: WorkItem,
	decision: Extract<PendingWrite['decision'], { action: 'modify' }>,
): WriteOperation {
	const { target, direction, rules } = context;
	const values: WriteValues = {};
	for (const { field, value } of decision.writes)
		values[(target.side === 'crm' ? field.crmField : field.bcField)!] = writable(direction, field, value);
	const partner = typeof item.partner === 'string' ? null : item.partner;
	if (partner) Object.assign(values, rules.stateChange?.(direction, item.source, partner));
	if (
		partner &&
		target.side === 'crm' &&
		context.mapping.companyStamp &&
		context.companyRowId &&
		partner.values['bcbi_companyid'] === null
	) {
		values['bcbi_companyid'] = { table: 'bcbi_company', id: context.companyRowId };
	}
	const coupling = item.coupling!;
	const [id, number] = target.side === 'crm' ? [coupling.crmId, ''] : [coupling.bcId, partner?.number ?? coupling.bcNumber];
	return { kind: 'update', id, version: decision.version, number, values };
}
