import { firstWinner } from '../../model/direction';
import { spelledCode } from '../../model/upperCase';
import { newCoupling, pairOf } from '../../model/coupling';
import { isRunEnding, SyncError } from '../../model/errors';
import { breather } from '../../ports/breath';
import { throwIfStopping } from '../../ports/stopping';
import { canonical } from '../../mapping/normalize';
import { keysOf } from '../decide/decide';
import { initialByStrategy } from '../decide/initialSide';
import { advanceBaseline } from '../record/advanceBaseline';
import type { WrittenPair } from '../../mapping/rules';
import type { Completed } from '../record/completed';
import { isOnPage } from '../recover/templateMark';
import { decidedValues, named, plainValues, settleOwed, tellRewritten, tookNothing, unwritten } from './answered';
import { sendsOwed } from './plan';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import { fieldSetSeen } from '../record/fieldSetSeen';
import { inFlight } from '../record/inFlight';
import { furtherValues, owedByInsertion } from './templates';
import type { SystemRecord } from '../../model/record';
import type { WriteOutcome } from '../../ports/write';
import type { FieldWrite } from '../decide/decision';
import { isSame, withReference, sharedTrouble } from './whoseFault';
import { numbersAnew, restored, restoreWithLess } from './restored';
import { tellCuts } from './tellCuts';
import { tellZeros } from './tellZeros';
import type { WorkItem } from '../contract/workItem';
import type { PlannedWrite } from '../contract/plannedWrite';
import type { Insertion } from '../contract/insertion';
import { owedByIntent } from '../recover/owedByIntent';
import { requeueOwed } from '../record/requeue';
import { couplingFromIntent, isOwn, unsettled } from '../recover/couplingFromIntent';
import { fieldOn } from '../../model/fieldMapping';

/** Makes durable what has to outlast a crash between sending and hearing. */
export async function announce(context: PassContext, planned: readonly PlannedWrite[], page: PageRecord): Promise<void> {
	// A value that is about to be replaced is in the log before it is gone: a crash after the write must not hide it.
	for (const { item, decision } of planned) {
		if (decision.action !== 'modify') continue;
		if (decision.overwritten.length > 0) context.recorder.overwritten(context.direction, page.pair(item), decision.overwritten);
		if (decision.replaced?.length) context.recorder.overwritten(context.direction, page.pair(item), decision.replaced, 'first');
	}
	await page.persistIntents(
		planned.flatMap((write) => (write.insertion ? [write.insertion.intent] : [])),
		inFlight(context, planned),
	);
}

/**
 * Takes in the outcomes of the operations, by position. Answers the records that turned out to be stale, because somebody changed or deleted their
 * partner meanwhile: they are to be read and decided again.
 */
export async function settle(
	context: PassContext,
	planned: readonly PlannedWrite[],
	outcomes: readonly WriteOutcome[],
	page: PageRecord,
): Promise<WorkItem[]> {
	const again: WorkItem[] = [];
	const existing: PlannedWrite[] = [];
	let setup: SyncError | undefined = sharedTrouble(outcomes);
	const breathe = breather();
	for (const [index, write] of planned.entries()) {
		await breathe();
		const outcome = outcomes[index]!;
		if (restoreWithLess(write, outcome)) {
			page.insertRefused(write.item.source.id);
			again.push(write.item);
			continue;
		}
		if (outcome.status === 'exists' && write.insertion) existing.push(write);
		else if (outcome.status === 'failed' && (outcome.error.errorClass === 'setup' || isSame(outcome.error, setup))) setup ??= outcome.error;
		else if (take(context, write, outcome, page) === 'again') again.push(write.item);
	}
	throwIfStopping(context.session);
	again.push(...(await adopt(context, existing, page)));
	if (setup) throw setup;
	return again;
}

function take(context: PassContext, write: PlannedWrite, outcome: WriteOutcome, page: PageRecord): 'done' | 'again' {
	const { item, insertion } = write;
	switch (outcome.status) {
		case 'written':
			written(context, write, outcome, page);
			return 'done';
		case 'stale':
			page.refused(item);
			item.partner = 'unread';
			delete item.unanswered;
			return 'again';
		case 'missing':
			item.partner = 'missing';
			return 'again';
		case 'failed':
			if (!insertion) page.refused(item);
			else if (!mayBeCarriedOut(context, insertion, outcome.error)) page.intentDone(item.source.id);
			// Not sent, because the process is to end: the run stops after this page, and the next one deals with the record.
			if (!isRunEnding(outcome.error))
				page.fail(
					item,
					sendsOwed(write) ? named(outcome.error, Object.keys(item.owed!.send)) : withReference(context, item, outcome.error),
					[],
				);
			return 'done';
		case 'unknown':
			if (!insertion) {
				item.partner = 'unread';
				item.unanswered = outcome.error;
				// Whether it arrived is as open as after a crash.
				item.coupling = inFlight(context, [write])[0] ?? item.coupling;
				return 'again';
			}
			if (!isRunEnding(outcome.error)) page.fail(item, unsettled(context), []);
			return 'done';
		case 'exists':
			return 'done';
	}
}

/**
 * Whether the refused insert, sent once before without an answer, may still come to exist: in an earlier run, or in this one, where what is
 * refused in passing was sent several times.
 */
const mayBeCarriedOut = ({ target }: PassContext, { repeated }: Insertion, { errorClass }: SyncError): boolean =>
	target.side === 'crm' && (repeated || errorClass === 'transient');

/** A row with the chosen id or key is already there: an earlier insert of ours that went unanswered, or somebody else's record. */
async function adopt(context: PassContext, existing: readonly PlannedWrite[], page: PageRecord): Promise<WorkItem[]> {
	if (existing.length === 0) return [];
	const { target, rules, mapping, session } = context;
	const keyOf = (write: PlannedWrite): string =>
		write.insertion!.intent.targetId ?? spelledCode(write.insertion!.values[rules.naturalKey!]);
	const records =
		rules.naturalKey && target.side === 'businessCentral'
			? await target.system.readByValues(target.table, rules.naturalKey, existing.map(keyOf), target.fields)
			: [...(await target.system.readByIds(target.table, existing.map(keyOf), target.fields)).values()];
	const byKey = new Map(records.map((record) => [target.side === 'crm' ? record.id : spelledCode(record.number), record]));
	const taken = await session.store.couplingsOf(
		mapping.name,
		target.side,
		records.map((record) => record.id),
	);
	const again: WorkItem[] = [];
	for (const write of existing) {
		const record = byKey.get(keyOf(write));
		const { intent, repeated } = write.insertion!;
		const own = taken.get(record?.id ?? '');
		if (record && own && own.bcId === write.item.coupling?.bcId && own.crmId === write.item.coupling.crmId) {
			// What was to be restored is there again.
			page.intentDone(write.item.source.id);
			write.item.partner = record;
			again.push(write.item);
			continue;
		}
		// A key of ours that is found at the first try belongs to somebody else; an id that is made of the record does not.
		if (record && !taken.has(record.id) && (intent.targetId !== null || repeated) && isOwn(context, intent, record)) {
			const { item } = write;
			if (item.coupling) item.replaces = item.coupling;
			if (repeated || isOurs(context, write.insertion!, record)) {
				item.coupling = couplingFromIntent(context, intent, item.source, record);
				const owed = owedByIntent(context, intent, item.source);
				if (owed) item.requeued = requeueOwed(context, item.source.id, owed);
			} else {
				const pair = pairOf(context.direction, item.source.id, record.id);
				item.coupling = newCoupling(mapping.name, pair, initialByStrategy(mapping), context.recorder.now());
				item.matched = item.met = true;
			}
			item.partner = record;
			item.settles = intent;
			again.push(item);
		} else {
			// The key belongs to another record: the next run chooses a new one.
			page.intentDone(write.item.source.id);
			const notOurs = record === undefined && intent.targetId !== null;
			page.fail(write.item, notOurs ? valueTaken(context, write.item) : keyTaken(context, keyOf(write)), []);
		}
	}
	return again;
}

/**
 * Whether a row that was not there a moment ago is what this run sent, though the answer says that it is there: the request was repeated on the way.
 * It holds what was sent, or somebody has edited it since. Another row, which nobody edited, was made by a run with another store from older values:
 * it is coupled as in a first synchronization.
 */
function isOurs({ mapping }: PassContext, { intent }: Insertion, record: SystemRecord): boolean {
	if (record.createdAt === undefined || record.createdAt !== record.modifiedAt) return true;
	return mapping.fields.every((field) => {
		const sent = field.crmField === null ? undefined : intent.values[field.crmField];
		const there = field.crmField === null ? undefined : record.values[field.crmField];
		return sent === undefined || there === undefined || canonical(field, 'crm', there) === canonical(field, 'crm', sent);
	});
}

type Written = Extract<WriteOutcome, { status: 'written' }>;

/** Where it is incomplete, fields that live on a companion page could not be written; they are tried again by the next run. */
function written(context: PassContext, write: PlannedWrite, { record, incomplete, before }: Written, page: PageRecord): void {
	const { item, insertion, decision, operation } = write;
	const { recorder, direction } = context;
	const settledAs = {
		direction,
		fields: context.fields,
		source: item.source,
		partner: merged(item, record),
		fieldSet: fieldSetSeen(context),
		sent: plainValues(operation),
		before: typeof item.partner === 'string' ? null : item.partner,
		twoWay: context.options.writesSource !== false,
		now: recorder.now(),
	};
	let counted: ReturnType<typeof countedAs> | null = countedAs(write);
	if (insertion) {
		const left = owedByInsertion(context, insertion, record);
		item.owed = left && { left, send: {}, version: record.version };
		const isOwed = ({ field }: FieldWrite): boolean => left?.values[fieldOn(field, context.target.side)!] !== undefined;
		const pair = pairOf(direction, item.source.id, record.id);
		const fresh = newCoupling(context.mapping.name, pair, firstWinner(direction), settledAs.now);
		const created: Completed = {
			...settledAs,
			inserted: true,
			writes: insertion.writes.filter((each) => !isOwed(each)),
			undelivered: incomplete
				? insertion.writes.filter((each) => isOnPage(each.field.bcField!) && !isOwed(each)).map(({ field }) => field.key)
				: [],
			agreed: [],
			untouched: insertion.untouched,
			blank: [...insertion.blank, ...insertion.writes.filter(isOwed).map(({ field }) => field.key)],
			changedBack: numbersAnew(context, insertion, record),
		};
		const coupling = advanceBaseline(fresh, created);
		tellRewritten(context, page.pair({ ...item, partner: record }), fresh, created);
		// One counter per record: without its companion fields it was created, but not delivered.
		if (!incomplete) recorder.count('inserted');
		restored(context, write, record, page);
		page.complete({ ...item, settles: insertion.intent, ...(item.coupling ? { replaces: item.coupling } : {}) }, coupling);
	} else if (decision.action === 'modify') {
		// A page that is not there took nothing.
		if (sendsOwed(write)) settleOwed(item, record);
		counted = tookNothing(write, record) ? null : countedAs(write);
		if (counted) recorder.count(counted);
		const updated: Completed = {
			...settledAs,
			sent: decidedValues(context, write),
			writes: decision.writes,
			agreed: decision.agreed,
			untouched: decision.untouched,
			forgotten: keysOf(decision.unsettled?.conflicts ?? []),
			nothingTaken: tookNothing(write, record),
		};
		page.completePair(item, advanceBaseline(item.coupling!, updated));
		tellRewritten(context, page.pair({ ...item, partner: record }), item.coupling!, updated);
	}
	if (decision.action === 'modify' && decision.unsettled)
		page.fail({ ...item, partner: record }, decision.unsettled.error, decision.unsettled.conflicts);
	if (incomplete) page.fail({ ...item, partner: record }, named(incomplete, unwritten(settledAs.sent, record)), []);
	else page.wrote(item, settledAs.partner, insertion !== null, counted, changedBy(write));
	if (counted === null) return;
	// What was read is told as it was decided on.
	report(context, { ...write, item: { ...item, partner: record } }, page, typeof item.partner === 'string' ? before : undefined);
}

/** Fields whose values an update brought. */
const changedBy = ({ decision }: PlannedWrite): Pick<WrittenPair, 'changed'> =>
	decision.action === 'modify' ? { changed: decision.writes.map(({ field }) => field.key) } : {};

/** One counter per record: a partner that was met is coupled, whatever had to be written for it. */
const countedAs = ({ insertion, item }: PlannedWrite): 'inserted' | 'coupled' | 'modified' =>
	insertion ? 'inserted' : item.met ? 'coupled' : 'modified';

/** Values that the service did not return are those read before. */
const merged = (item: WorkItem, record: SystemRecord): SystemRecord =>
	typeof item.partner === 'string'
		? record
		: { ...record, name: record.name || item.partner.name, values: { ...item.partner.values, ...record.values } };

function report(context: PassContext, write: PlannedWrite, page: PageRecord, there: Written['before']): void {
	const writes: readonly FieldWrite[] = write.insertion?.writes ?? (write.decision.action === 'modify' ? write.decision.writes : []);
	tellCuts(context, write.item, writes, page.pair(write.item));
	tellZeros(context, write.item, writes, page.pair(write.item));
	const restoring = write.decision.action === 'insert' && write.decision.restoring;
	const owed = sendsOwed(write) ? Object.entries(write.item.owed!.send) : [];
	const templated = write.insertion ? furtherValues(context, write.insertion) : owed;
	context.recorder.change(
		{
			action: restoring ? 'restore' : write.insertion ? 'insert' : write.item.met ? 'couple' : 'modify',
			written: context.target.side,
			fields: [
				...writes.map(({ field, value, before }) => {
					const name = fieldOn(field, context.target.side)!;
					return { field: name, caption: field.caption, before: before ?? there?.[name], after: value };
				}),
				...(write.insertion?.back?.writes ?? []).map(({ field, value }) => ({
					...{ field: fieldOn(field, context.target.side)!, caption: field.caption },
					...{ before: undefined, after: value },
				})),
				...templated.map(([name, value]) => ({ field: name, caption: name, before: undefined, after: value })),
			],
		},
		page.pair(write.item),
	);
}

/** In Dataverse, a product's number, a unit's name in its group and the like exist once. */
const valueTaken = ({ target }: PassContext, { source }: WorkItem): SyncError =>
	new SyncError({
		code: 'VALUE_TAKEN',
		errorClass: 'data',
		system: 'crm',
		table: target.table.name,
		message: `CRM holds another record with a value that may exist only once, for instance the number or name of ${[source.number, source.name].filter(Boolean).join(' ')}.`,
		hint: 'If that record is this one, couple the two in Couple Records; otherwise change the value in one of the systems.',
	});

const keyTaken = (context: PassContext, key: string): SyncError =>
	new SyncError({
		code: 'KEY_TAKEN',
		errorClass: 'transient',
		system: context.target.side,
		message: `The code ${key} was given to another record at the same time.`,
		hint: 'Nothing to do: the next run chooses a new code.',
	});
