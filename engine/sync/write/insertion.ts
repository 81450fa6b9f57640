import { companyStamp } from '../../model/companyColumn';
import type { SyncError } from '../../model/errors';
import { canonical } from '../../mapping/normalize';
import type { WriteValues } from '../../mapping/rules';
import { derivedId } from '../../model/derivedId';
import type { PassContext } from '../contract/passContext';
import type { InDoubt } from '../contract/insertsInDoubt';
import { broughtBack } from './broughtBack';
import { applyTemplates } from './templates';
import { translate, writable } from '../../mapping/translate';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { Intent } from '../../model/intent';
import type { WriteOperation } from '../../ports/write';
import type { FieldWrite } from '../decide/decision';
import type { WorkItem } from '../contract/workItem';
import type { Insertion } from '../contract/insertion';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import { filledBy } from './sentAlong';
import { idOn } from '../../model/coupling';

/**
 * Values for a new record, or the error that keeps it from being created. The id of a CRM row is made of the record it is created for. A row that the record had before, and that was deleted, is created
 * under its old id: so it cannot be brought about twice, not even by a request of long ago that CRM still carries out.
 */
export function prepareInsertion(
	context: PassContext,
	inDoubt: InDoubt,
	item: Pick<WorkItem, 'source' | 'coupling' | 'formerId' | 'newId' | 'restoresWithout'>,
): Insertion | SyncError {
	const { source, coupling } = item;
	const { direction, mapping, target } = context;
	const values: WriteValues = {};
	const writes: FieldWrite[] = [];
	const blank: string[] = [];
	const untouched: string[] = [];
	const withheld: Insertion['withheld'] = {};
	// A blank that the service would fill by itself is sent, too.
	const filled = new Set(
		filledBy(
			context,
			context.fields.map((field) => ({ field })),
		)
			.filter(isInTable)
			.map(({ key }) => key),
	);
	for (const field of mapping.fields) {
		const name = fieldOn(field, target.side);
		if (!field.enabled || name === null || (field.direction !== 'bidirectional' && field.direction !== direction)) continue;
		const desired = translate(context.references, direction, field, source, true);
		if (field.updateOnly === target.side) {
			if (desired.kind === 'value') withheld[name] = desired.value;
			continue;
		}
		if (desired.kind === 'error') return desired.error;
		if (desired.kind === 'leave') untouched.push(field.key);
		else if (canonical(field, target.side, desired.value) === '' && !field.sendBlank && !filled.has(field.key)) blank.push(field.key);
		else {
			values[name] = writable(direction, field, desired.value);
			writes.push({ field, value: desired.value, before: undefined });
		}
	}
	const back = broughtBack(context, item);
	if (back?.number) values[back.number.field] ??= back.number.value;
	for (const [name, value] of Object.entries(back?.values ?? {})) values[name] ??= value;
	const open = inDoubt.of(source.id);
	const intent: Intent = {
		mapping: mapping.name,
		direction,
		sourceId: source.id,
		// An open intent's id is used again: should the lost request still arrive, it meets the same row.
		targetId:
			target.side === 'crm' ? (open?.targetId ?? item.formerId ?? coupling?.crmId ?? item.newId ?? firstRow(context, source)) : null,
		values: {},
		createdAt: context.recorder.now(),
		...announcedAt(target.system.serviceNow()),
		...(coupling ? { restores: idOn(coupling, target.side) } : {}),
		...(coupling && (context.byHand || open?.byHand) ? { byHand: true as const } : {}),
	};
	return { source, values, writes, blank, untouched, withheld, intent, repeated: open !== undefined, ...(back && { back }) };
}

/** The pages beside the table are written after it. */
const isInTable = ({ bcField }: FieldMapping): boolean => !bcField!.includes('/');

const announcedAt = (now: number | null): Pick<Intent, 'announcedAt'> => (now === null ? {} : { announcedAt: new Date(now).toISOString() });

const firstRow = ({ session, mapping }: PassContext, { id }: SystemRecord): string =>
	derivedId({ companyId: session.companyId, mapping: mapping.name, bcId: id, generation: 0 });

/** Completes the insertions by the mapping's rules and writes down what is about to be sent. */
export async function completeInsertions(context: PassContext, inDoubt: InDoubt, insertions: Insertion[]): Promise<void> {
	await chooseNumbers(context, inDoubt, insertions);
	await context.rules.beforeInsert?.(context, insertions);
	for (const insertion of insertions) takeOverRules(context, insertion);
	applyTemplates(context, insertions);
	for (const { values, withheld, intent, source } of insertions) {
		const known = inDoubt.of(source.id);
		const key = context.rules.naturalKey;
		// The key of a lost insert is kept, so that sending it again cannot make a second record.
		if (key && known?.values[key] !== undefined) values[key] = known.values[key];
		if (context.companyRowId && context.mapping.companyStamp && context.target.side === 'crm') {
			Object.assign(values, companyStamp(context.companyRowId));
		}
		// Business Central's records are recognized by what was sent to them.
		const kept = context.target.side === 'crm' ? withheld : {};
		intent.values = { ...kept, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)])) };
		const before = known ? [known.values, ...(known.sentBefore ?? [])].filter((each) => !sameValues(each, intent.values)) : [];
		if (before.length > 0) intent.sentBefore = before.slice(0, REMEMBERED);
	}
}

/** A field that a rule of the mapping gave a value is no default of the service, which would count as its own edit. */
function takeOverRules({ mapping, target }: PassContext, insertion: Insertion): void {
	const ruled = insertion.blank.filter((key) => {
		const field = mapping.fields.find((each) => each.key === key);
		return field !== undefined && insertion.values[fieldOn(field, target.side)!] !== undefined;
	});
	insertion.blank = insertion.blank.filter((key) => !ruled.includes(key));
	insertion.untouched.push(...ruled);
}

/** Values of a choice have numbers for ids: free ones are asked for. An open intent keeps its own. */
async function chooseNumbers({ target }: PassContext, inDoubt: InDoubt, insertions: readonly Insertion[]): Promise<void> {
	const open = insertions.filter(({ source }) => !inDoubt.of(source.id));
	if (!target.table.choice || !target.system.newIds || open.length === 0) return;
	const restored = open.flatMap(({ intent: { restores } }) => restores ?? []);
	const there = restored.length > 0 ? await target.system.existing(target.table, restored) : new Set<string>();
	// A value that was deleted is created under its old number, which records still hold.
	for (const { intent } of open) if (intent.restores !== undefined && !there.has(intent.restores)) intent.targetId = intent.restores;
	const fresh = open.filter(({ intent: { restores } }) => restores === undefined || there.has(restores));
	if (fresh.length === 0) return;
	const taken = [...inDoubt.all().flatMap(({ targetId }) => targetId ?? []), ...restored];
	const ids = await target.system.newIds(target.table, fresh.length, taken);
	fresh.forEach(({ intent }, index) => (intent.targetId = ids[index]!));
}

/** Unanswered tries of one insert whose values are remembered. */
const REMEMBERED = 5;

const sameValues = (one: Intent['values'], other: Intent['values']): boolean =>
	Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([name, value]) => other[name] === value);

export const insertOperation = ({ intent, values }: Insertion): WriteOperation =>
	intent.targetId ? { kind: 'insert', id: intent.targetId, values } : { kind: 'insert', values };

const plain = (value: WriteValues[FieldName]): FieldValue => (value !== null && typeof value === 'object' ? value.id : value);
