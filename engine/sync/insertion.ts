import { SyncError } from '../errors';
import { canonical, fingerprint } from '../mapping/normalise';
import type { WriteValues } from '../mapping/rules';
import type { FieldMapping } from '../mapping/tableMapping';
import type { Baseline, Coupling, FieldBaseline, Intent } from '../store/store';
import type { FieldName, FieldValue, Side, SystemRecord, WriteOperation } from '../systems/system';
import { pair } from './baselines';
import type { FieldWrite } from './decide';
import { derivedId } from './derivedId';
import { CHANGED } from './nextCoupling';
import type { WorkItem } from './page';
import type { PassContext } from './passContext';
import { applyTemplates, markOfTemplate } from './templating';
import { translate, writable } from './translate';

/** A record about to be created on the target side. */
export interface Insertion {
	source: SystemRecord;
	values: WriteValues;
	writes: FieldWrite[];
	/** Keys of fields left to the target's own default because the source is blank. */
	blank: string[];
	left: string[];
	/** What fields would have been given that the new record takes no value for: kept to tell later whether the source changed since. */
	withheld: Record<FieldName, FieldValue>;
	intent: Intent;
	/** An earlier run sent it without hearing an answer: a row with its key may be its own. */
	repeated: boolean;
	/** Why a rule of the mapping keeps it from being created. */
	refusal?: SyncError;
}

/**
 * Values for a new record, or the error that keeps it from being created. The id of a CRM row is made of the record it is created for. A row that the record had before, and that was deleted, is created
 * under its old id: so it cannot be brought about twice, not even by a request of long ago that CRM still carries out.
 */
export function prepareInsertion(
	context: PassContext,
	item: Pick<WorkItem, 'source' | 'coupling' | 'formerId' | 'newId'>,
): Insertion | SyncError {
	const { source, coupling } = item;
	const { direction, mapping, target } = context;
	const values: WriteValues = {};
	const writes: FieldWrite[] = [];
	const blank: string[] = [];
	const left: string[] = [];
	const withheld: Insertion['withheld'] = {};
	for (const field of mapping.fields) {
		const name = target.side === 'crm' ? field.crmField : field.bcField;
		if (!field.enabled || name === null || (field.direction !== 'bidirectional' && field.direction !== direction)) continue;
		const desired = translate(context.references, direction, field, source);
		if (field.updateOnly === target.side) {
			if (desired.kind === 'value') withheld[name] = desired.value;
			continue;
		}
		if (desired.kind === 'error') return desired.error;
		if (desired.kind === 'leave') left.push(field.key);
		else if (canonical(field, target.side, desired.value) === '' && !field.sendBlank) blank.push(field.key);
		else {
			values[name] = writable(direction, field, desired.value);
			writes.push({ field, value: desired.value, before: undefined });
		}
	}
	const open = context.openIntents.get(source.id);
	const intent: Intent = {
		mapping: mapping.name,
		direction,
		sourceId: source.id,
		// An open intent's id is used again: should the lost request still arrive, it meets the same row.
		targetId:
			target.side === 'crm' ? (open?.targetId ?? item.formerId ?? coupling?.crmId ?? item.newId ?? firstRow(context, source)) : null,
		values: {},
		createdAt: context.recorder.now(),
		...(coupling ? { restores: target.side === 'crm' ? coupling.crmId : coupling.bcId } : {}),
	};
	return { source, values, writes, blank, left, withheld, intent, repeated: open !== undefined };
}

const firstRow = ({ session, mapping }: PassContext, { id }: SystemRecord): string =>
	derivedId({ companyId: session.companyId, mapping: mapping.name, bcId: id, generation: 0 });

/** Completes the insertions by the mapping's rules and writes down what is about to be sent. */
export async function completeInsertions(context: PassContext, insertions: Insertion[]): Promise<void> {
	await chooseNumbers(context, insertions);
	await context.rules.beforeInsert?.(context, insertions);
	applyTemplates(context, insertions);
	for (const { values, withheld, intent, source } of insertions) {
		const known = context.openIntents.get(source.id);
		const key = context.rules.naturalKey;
		// The key of a lost insert is kept, so that sending it again cannot make a second record.
		if (key && known?.values[key] !== undefined) values[key] = known.values[key];
		if (context.companyRowId && context.mapping.companyStamp && context.target.side === 'crm') {
			values['bcbi_companyid'] = { table: 'bcbi_company', id: context.companyRowId };
		}
		// Business Central's records are recognised by what was sent to them.
		const kept = context.target.side === 'crm' ? withheld : {};
		intent.values = { ...kept, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)])) };
		const before = known ? [known.values, ...(known.sentBefore ?? [])].filter((each) => !sameValues(each, intent.values)) : [];
		if (before.length > 0) intent.sentBefore = before.slice(0, REMEMBERED);
	}
}

/** Values of a choice have numbers for ids: free ones are asked for. An open intent keeps its own. */
async function chooseNumbers({ target, preview, openIntents }: PassContext, insertions: readonly Insertion[]): Promise<void> {
	const open = insertions.filter(({ source }) => !openIntents.has(source.id));
	if (!target.table.choice || !target.system.newIds || preview || open.length === 0) return;
	const taken = [...openIntents.values()].flatMap(({ targetId }) => targetId ?? []);
	const ids = await target.system.newIds(target.table, open.length, taken);
	open.forEach(({ intent }, index) => (intent.targetId = ids[index]!));
}

/**
 * Whether a row that has the chosen id was made for the record. An id that is made of the record is nobody else's; the number of a choice may have
 * been given to another label meanwhile.
 */
export function isOwn({ target, mapping }: Pick<PassContext, 'target' | 'mapping'>, intent: Intent, record: SystemRecord): boolean {
	if (!target.table.choice) return true;
	return mapping.fields.every((field) => {
		const sent = field.crmField === null ? undefined : intent.values[field.crmField];
		return sent === undefined || canonical(field, 'crm', record.values[field.crmField!]) === canonical(field, 'crm', sent);
	});
}

/** Unanswered tries of one insert whose values are remembered. */
const REMEMBERED = 5;

const sameValues = (one: Intent['values'], other: Intent['values']): boolean =>
	Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([name, value]) => other[name] === value);

export const insertOperation = ({ intent, values }: Insertion): WriteOperation =>
	intent.targetId ? { kind: 'insert', id: intent.targetId, values } : { kind: 'insert', values };

const plain = (value: WriteValues[FieldName]): FieldValue => (value !== null && typeof value === 'object' ? value.id : value);

/** A coupling before its first record; `initial` says who wins where the sides differ. */
export function newCoupling(
	context: Pick<PassContext, 'mapping' | 'recorder'>,
	bcId: string,
	crmId: string,
	initial: Coupling['initial'],
): Coupling {
	return {
		mapping: context.mapping.name,
		bcId,
		crmId,
		bcNumber: '',
		bcName: '',
		crmName: '',
		bcVersion: null,
		crmVersion: null,
		bcStamp: null,
		crmStamp: null,
		baseline: null,
		initial,
		coupledAt: context.recorder.now(),
		lastSyncedAt: null,
	};
}

/**
 * The coupling of an insert whose answer was lost: what was sent is the baseline. A source that changed since, or a target that somebody edited
 * meanwhile, is then seen as exactly that.
 */
export function couplingFromIntent(context: PassContext, intent: Intent, source: SystemRecord, target: SystemRecord): Coupling {
	const { direction } = context;
	const toCrm = direction === 'toCrm';
	const baseline: Record<string, FieldBaseline> = {};
	for (const field of context.fields) {
		const targetName = (toCrm ? field.crmField : field.bcField)!;
		const sourceName = (toCrm ? field.bcField : field.crmField)!;
		const sourceSide = context.source.side;
		const targetSide = context.target.side;
		if (source.values[sourceName] === undefined) continue;
		if (field.direction !== 'bidirectional' && field.direction !== direction) {
			// It only travels back: what a new record has there by itself says nothing, everything else is delivered.
			const there = canonical(field, targetSide, target.values[targetName]);
			const targetMark = ['', '0', 'false'].includes(there) ? fingerprint(field, targetSide, target.values[targetName]) : CHANGED;
			const sourceMark = fingerprint(field, sourceSide, source.values[sourceName]);
			baseline[field.key] = pair(sourceSide, sourceMark, targetMark);
			continue;
		}
		if (targetName.includes('/')) {
			// Fields of a companion page are written after the record; whether that happened is not known. From blank, what was written agrees,
			// what was not is delivered, and what somebody entered there meanwhile is a conflict.
			const blank = fingerprint(field, targetSide, null);
			baseline[field.key] = pair(sourceSide, CHANGED, blank);
			continue;
		}
		const sent = sentValue(field, intent, targetName, target, targetSide);
		const templated = markOfTemplate(context, field, source, sent);
		if (templated !== undefined) {
			const own = fingerprint(field, sourceSide, source.values[sourceName]);
			baseline[field.key] = pair(sourceSide, own, templated);
			continue;
		}
		const now = translate(context.references, direction, field, source);
		const unchanged = now.kind !== 'value' || canonical(field, targetSide, now.value) === canonical(field, targetSide, sent);
		const sourceMark = unchanged ? fingerprint(field, sourceSide, source.values[sourceName]) : CHANGED;
		const asThere = now.kind === 'leave' || field.updateOnly === targetSide;
		const targetMark = fingerprint(field, targetSide, asThere ? target.values[targetName] : sent);
		baseline[field.key] = pair(sourceSide, sourceMark, targetMark);
	}
	const [bc, crm] = toCrm ? [source, target] : [target, source];
	const names = { bcNumber: bc.number, bcName: bc.name, crmName: crm.name, ...(crm.createdAt ? { crmCreatedAt: crm.createdAt } : {}) };
	return { ...newCoupling(context, bc.id, crm.id, toCrm ? 'send' : 'get'), ...names, baseline: baseline as Baseline };
}

/** What was sent: where several tries went unanswered, the one whose value is there now. */
function sentValue(field: FieldMapping, intent: Intent, name: FieldName, target: SystemRecord, side: Side): FieldValue {
	const tries = [intent.values, ...(intent.sentBefore ?? [])].map((values) => values[name] ?? null);
	const there = canonical(field, side, target.values[name]);
	// A blank that was sent is null, so what is found is told by its place.
	return tries[
		Math.max(
			0,
			tries.findIndex((value) => canonical(field, side, value) === there),
		)
	]!;
}

/** Why an insert whose answer was lost is not repeated yet. */
export function unsettled(context: PassContext): SyncError {
	return new SyncError({
		code: 'INSERT_UNSETTLED',
		errorClass: 'transient',
		system: context.target.side,
		message: 'The answer to creating this record was lost; it may still appear in Business Central.',
		hint: 'Nothing to do: a later run looks for it, and creates it only when it surely does not exist. Should another record fail with INSERT_AMBIGUOUS, settle that one.',
	});
}
