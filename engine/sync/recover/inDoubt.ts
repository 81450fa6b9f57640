import { noteKeys } from '../../jobs/noteKeys';
import { spelledCode } from '../../model/upperCase';
import { SyncError } from '../../model/errors';
import { canonical } from '../../mapping/normalize';
import { requeueOfRestored, type RestoredCouple } from '../record/dependents';
import { requeue, requeueOwed } from '../record/requeue';
import type { PassContext } from '../contract/passContext';
import type { DoubtsFound, InDoubt } from '../contract/insertsInDoubt';
import { prepareReferences } from '../references/prepareReferences';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { type Coupling, idOn, newCoupling, pairOf } from '../../model/coupling';
import type { Intent } from '../../model/intent';
import type { Tombstone } from '../../model/tombstone';
import type { RequeuedRecord } from '../../model/requeued';
import { INSERTS_SENT_WITHIN_MS } from '../../ports/write';
import { couplingFromIntent, isOwn } from './couplingFromIntent';
import { owedByIntent } from './owedByIntent';
import { announcedNow, earliestStamp, msSince } from './sinceIntent';

/**
 * A request of Business Central ends after ten minutes at the latest ("Working with API limits in Dynamics 365 Business Central"); until
 * then a lost insert may still be carried out.
 */
const LONGEST_REQUEST_MS = 10 * 60_000;
/** Until a lost insert is settled: a minute more than it can take. */
const SETTLE_MS = INSERTS_SENT_WITHIN_MS + LONGEST_REQUEST_MS + 60_000;
const FORGOTTEN_MS = 24 * 60 * 60_000;
const PAGE = 500;
/** Records looked at in one request when a lost insert is searched for. */
const CANDIDATES = 1000;

/**
 * Settles inserts of one direction that a crash or a lost answer left open: what exists is coupled, with what was sent as its baseline; what
 * does not is left for the pass. Must run for both directions before either pass creates anything, or the record made by a lost insert would be
 * taken for a new one on its own side. Answers what stays in doubt.
 */
export async function recoverInDoubt(context: PassContext): Promise<DoubtsFound> {
	const { session, mapping, direction, lease } = context;
	const open = new Map<string, Intent>();
	const blocked = new Map<string, SyncError>();
	const intents = await session.store.intents(mapping.name, direction, Number.MAX_SAFE_INTEGER);
	for (let start = 0; start < intents.length; start += PAGE) {
		const part = intents.slice(start, start + PAGE);
		const sourceIds = part.map((intent) => intent.sourceId);
		const sources = await context.source.system.readByIds(context.source.table, sourceIds, context.source.fields);
		const targets = context.target.side === 'crm' ? await findById(context, part) : await findInBusinessCentral(context, part, blocked);
		await prepareReferences(context, [...sources.values()]);
		const known = await session.store.couplingsOf(mapping.name, context.source.side, sourceIds);
		const restored: RestoredCouple[] = [];
		const changes = {
			couplings: [] as Coupling[],
			uncouple: [] as Coupling[],
			intents: [] as Intent[],
			intentsDone: [] as Intent[],
			tombstones: [] as Tombstone[],
			failuresDone: [] as Intent[],
			requeued: [] as RequeuedRecord[],
		};
		for (const intent of part) {
			const source = sources.get(intent.sourceId);
			const target = targets.get(intent.sourceId);
			const old = known.get(intent.sourceId);
			if (old && !isRestored(context, intent, old)) {
				// People gave the record another partner meanwhile: that couple stands.
				if (!target && mayStillArrive(context, intent)) {
					if (msSince(context, intent) === null) changes.intents.push(announcedNow(context, intent));
					continue;
				}
				changes.intentsDone.push(intent);
				changes.tombstones.push(...nobodys(context, intent, target));
				continue;
			}
			if (target === 'taken') {
				changes.intentsDone.push(intent);
				continue;
			}
			if (!target) {
				if ((source && !isForgotten(context, intent)) || mayStillArrive(context, intent)) {
					const kept = msSince(context, intent) === null ? announcedNow(context, intent) : intent;
					open.set(intent.sourceId, kept);
					if (kept !== intent) changes.intents.push(kept);
				} else changes.intentsDone.push(intent);
				continue;
			}
			if (old) changes.uncouple.push(old);
			if (source) {
				// What was not written with the record, such as fields of a companion page, is still to be delivered, also when nobody changes it.
				const owed = owedByIntent(context, intent, source);
				changes.requeued.push(
					owed ? requeueOwed(context, intent.sourceId, owed) : requeue(context, intent.direction, intent.sourceId, 'insertRecovered'),
				);
				// That its creation was in doubt, or failed, is no longer so.
				changes.failuresDone.push(intent);
			}
			const coupling = source ? couplingFromIntent(context, intent, source, target) : withoutSource(context, intent, target);
			if (old && source) restored.push({ coupling, byHand: intent.byHand ?? false });
			changes.couplings.push(coupling);
			changes.intentsDone.push(intent);
		}
		changes.requeued.push(...(await requeueOfRestored(context, restored)));
		await noteKeys(session);
		await session.store.commit(changes, lease);
	}
	return { open: [...open.values()], blocked };
}

/** Whether it is the couple of which the insert was to restore a record. Inserts sent by an older version do not say so. */
const isRestored = ({ target }: PassContext, { restores, createdAt }: Intent, old: Coupling): boolean =>
	restores === undefined ? old.coupledAt < createdAt : restores === idOn(old, target.side);

/** What the insert made, or what CRM still makes of it, is not taken for a new record. */
function nobodys({ recorder, mapping }: PassContext, intent: Intent, target: SystemRecord | 'taken' | undefined): Tombstone[] {
	const known = { mapping: mapping.name, kind: 'deleted' as const, endedAt: recorder.now() };
	if (target && target !== 'taken') {
		const name = [target.number, target.name].filter(Boolean).join(' ') || target.id;
		const side = intent.targetId ? 'crm' : 'businessCentral';
		recorder.warn(
			`${name} was created by a run that was interrupted, for a record that was coupled by hand before that could be recorded. It has no partner.`,
			{
				code: 'INSERT_PARTNERLESS',
				hint: 'Delete it, or couple it in Couple Records.',
				[side]: recorder.ref(side, { businessCentral: null, crm: null, coupling: null, [side]: target }),
			},
		);
	}
	if (intent.targetId) return target === 'taken' ? [] : [{ ...known, bcId: intent.sourceId, crmId: intent.targetId, version: null }];
	// No time makes a new customer of it: whoever couples or deletes it says what it is.
	const made = { ...known, kind: 'partnerless' as const };
	return target && target !== 'taken' ? [{ ...made, bcId: target.id, crmId: intent.sourceId, version: target.version }] : [];
}

/** The source was deleted meanwhile: what was created is coupled nevertheless, so that the deletion strategy gets to see it. */
function withoutSource(context: PassContext, intent: Intent, target: SystemRecord): Coupling {
	return newCoupling(context.mapping.name, pairOf(context.direction, intent.sourceId, target.id), 'none', context.recorder.now());
}

/**
 * Whether an uncoupled record may be what a lost insert of the other direction is still creating. Too wide rather than too narrow: the
 * record only waits until the insert is settled.
 */
export function isBeingCreated(context: PassContext, { opposite }: InDoubt, record: SystemRecord): boolean {
	if (context.source.side === 'crm') return opposite.some((intent) => intent.targetId === record.id);
	return opposite.some((intent) => carries(context, record, intent) || sharedValues(context, record, intent).length > 0);
}

/** Whether a lost insert into Business Central may still be carried out by the service. Where nobody knows when it was sent it may. */
export const mayStillArrive = (context: PassContext, intent: Intent): boolean =>
	context.target.side === 'businessCentral' && !context.rules.naturalKey && (msSince(context, intent) ?? 0) < SETTLE_MS;

/** In Dataverse, what was not carried out within a day never will be: its id need not be kept. */
const isForgotten = (context: PassContext, intent: Intent): boolean =>
	context.target.side === 'crm' && (msSince(context, intent) ?? 0) > FORGOTTEN_MS;

/** In Dataverse the id was ours to choose. `taken`: people coupled the new row with another record meanwhile. */
async function findById(context: PassContext, intents: readonly Intent[]): Promise<Map<string, SystemRecord | 'taken'>> {
	const byId = await context.target.system.readByIds(
		context.target.table,
		intents.map((intent) => intent.targetId!),
		context.target.fields,
	);
	const { session, mapping, target } = context;
	const couplings = await session.store.couplingsOf(mapping.name, target.side, [...byId.keys()]);
	const found = new Map<string, SystemRecord | 'taken'>();
	for (const intent of intents) {
		const record = byId.get(intent.targetId!);
		if (!record || !isOwn(context, intent, record)) continue;
		const holder = couplings.get(record.id);
		found.set(intent.sourceId, holder && holder.bcId !== intent.sourceId ? 'taken' : record);
	}
	return found;
}

/**
 * Business Central has no key to ask for: the record is known by being new, having no partner yet, and carrying the values sent. Somebody may have
 * edited it already; then a value that only this insert and only this record have tells it.
 */
async function findInBusinessCentral(
	context: PassContext,
	intents: readonly Intent[],
	blocked: Map<string, SyncError>,
): Promise<Map<string, SystemRecord>> {
	const found = new Map<string, SystemRecord>();
	if (intents.length === 0) return found;
	const byValue = await newUncoupled(context, intents);
	const claimed = new Set<SystemRecord>();
	const holding = (value: string): SystemRecord[] => (byValue.get(value) ?? []).filter((record) => !claimed.has(record));
	const claim = (intent: Intent, matches: ReadonlySet<SystemRecord>): void => {
		const [match] = matches;
		if (!match) return;
		if (matches.size > 1) {
			blocked.set(intent.sourceId, severalFound(intent, [...matches]));
			return;
		}
		found.set(intent.sourceId, match);
		claimed.add(match);
	};
	const sentBy = (intent: Intent): string[] => textValues(context, (name) => intent.values[name]);
	for (const intent of intents) {
		const [first] = sentBy(intent);
		const candidates = first === undefined ? [] : holding(first);
		claim(intent, new Set(candidates.filter((record) => carries(context, record, intent))));
	}
	const open = intents.filter((intent) => !found.has(intent.sourceId) && !blocked.has(intent.sourceId));
	const ofIntents = countValues(open.map(sentBy));
	for (const intent of open) {
		const telling = sentBy(intent).filter((value) => ofIntents.get(value) === 1 && holding(value).length === 1);
		claim(intent, new Set(telling.flatMap(holding)));
	}
	return found;
}

/** Records changed since the oldest intent that are not coupled, and never were, by each text they hold. */
async function newUncoupled(context: PassContext, intents: readonly Intent[]): Promise<Map<string, SystemRecord[]>> {
	const { target, mapping, session, rules } = context;
	const oldest = earliestStamp(context, intents);
	const fields = [...new Set([...target.fields, ...(rules.naturalKey ? [rules.naturalKey] : [])])];
	const query = {
		table: target.table,
		fields,
		filter: null,
		since: oldest === null ? null : new Date(oldest).toISOString(),
		pageSize: CANDIDATES,
	};
	const byValue = new Map<string, SystemRecord[]>();
	for await (const page of target.system.readChanges(query)) {
		const ids = page.map((record) => record.id);
		const coupled = await session.store.couplingsOf(mapping.name, 'businessCentral', ids);
		// What had a partner before is not what the insert made, however much it looks like it.
		const former = await session.store.tombstones(mapping.name, 'businessCentral', ids);
		for (const record of page) {
			if (coupled.has(record.id) || former.has(record.id)) continue;
			for (const value of textValues(context, (name) => valueOf(context, record, name))) {
				const holders = byValue.get(value);
				if (holders) holders.push(record);
				else byValue.set(value, [record]);
			}
		}
	}
	return byValue;
}

function carries(context: PassContext, record: SystemRecord, intent: Intent): boolean {
	return Object.entries(intent.values).every(([name, sent]) => {
		const field = context.mapping.fields.find((each) => each.bcField === name);
		const value = valueOf(context, record, name);
		if (value === undefined) return true;
		return field ? canonical(field, 'businessCentral', value) === canonical(field, 'businessCentral', sent) : equalText(value, sent);
	});
}

/** Texts that the record and the insert have in common, each with its field. */
function sharedValues(context: PassContext, record: SystemRecord, intent: Intent): string[] {
	const sent = new Set(textValues(context, (name) => intent.values[name]));
	return textValues(context, (name) => valueOf(context, record, name)).filter((value) => sent.has(value));
}

function textValues(context: PassContext, valueOf: (name: FieldName) => FieldValue | undefined): string[] {
	return context.mapping.fields.flatMap((field) => {
		if ((field.kind !== 'text' && field.kind !== 'code') || field.bcField === null) return [];
		const text = canonical(field, 'businessCentral', valueOf(field.bcField));
		return text === '' ? [] : [`${field.key} ${text}`];
	});
}

function countValues(lists: ReadonlyArray<readonly string[]>): Map<string, number> {
	const counts = new Map<string, number>();
	for (const list of lists) for (const value of list) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
}

const valueOf = (context: PassContext, record: SystemRecord, name: FieldName): FieldValue | undefined =>
	name === context.mapping.bc.numberField ? record.number : record.values[name];

const equalText = (left: FieldValue, right: FieldValue): boolean => spelledCode(left) === spelledCode(right);

function severalFound(intent: Intent, matches: readonly SystemRecord[]): SyncError {
	const names = matches.map((record) => `${record.number} ${record.name}`).join(', ');
	return new SyncError({
		code: 'INSERT_AMBIGUOUS',
		errorClass: 'data',
		system: 'businessCentral',
		recordId: intent.sourceId,
		message: `A record whose creation was interrupted matches several new records in Business Central: ${names}.`,
		hint: 'Couple the right one in Couple Records and delete the others in Business Central, then run again.',
	});
}

/** Whether what became of an earlier insert of the record, or of one that may have made it, is still to be found out. */
export function isWaiting(context: PassContext, inDoubt: InDoubt, source: SystemRecord): boolean {
	const open = inDoubt.of(source.id);
	const awaited = open !== undefined && mayStillArrive(context, open);
	return awaited || isBeingCreated(context, inDoubt, source) || inDoubt.blocked(source.id) !== undefined;
}
