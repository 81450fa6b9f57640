import { SyncError } from '../errors';
import { compileFilter } from '../mapping/filter';
import { canonical } from '../mapping/normalise';
import type { Coupling, Intent } from '../store/store';
import type { FieldValue, SystemRecord } from '../systems/system';
import { couplingFromIntent, newCoupling } from './insertion';
import type { PassContext } from './passContext';

/** A request of Business Central ends after ten minutes at the latest (OData facts §11); until then a lost insert may still be carried out. */
const SETTLE_MS = 11 * 60_000;
/** How far clocks of n8n and of Business Central may be apart. */
const SKEW_MS = 10 * 60_000;
const PAGE = 500;

/**
 * Settles inserts of one direction that a crash or a lost answer left open: what exists is coupled, with what was sent as its baseline; what
 * does not is left for the pass. Must run for both directions before either pass creates anything, or the record made by a lost insert would be
 * taken for a new one on its own side.
 */
export async function recoverIntents(context: PassContext): Promise<void> {
	const { session, mapping, direction, lease } = context;
	const intents = await session.store.intents(mapping.name, direction, Number.MAX_SAFE_INTEGER);
	for (let start = 0; start < intents.length; start += PAGE) {
		const part = intents.slice(start, start + PAGE);
		const sourceIds = part.map((intent) => intent.sourceId);
		const sources = await context.source.system.readByIds(context.source.table, sourceIds, context.source.fields);
		const targets = context.target.side === 'crm' ? await findById(context, part) : await findInBusinessCentral(context, part);
		await context.references.prepare(direction, mapping, context.fields, [...sources.values()]);
		const known = await session.store.couplingsOf(mapping.name, context.source.side, sourceIds);
		const changes = { couplings: [] as Coupling[], uncouple: [] as Coupling[], intentsDone: [] as Intent[] };
		for (const intent of part) {
			const source = sources.get(intent.sourceId);
			const target = targets.get(intent.sourceId);
			if (!target) {
				if (source || mayStillArrive(context, intent)) context.openIntents.set(intent.sourceId, intent);
				else changes.intentsDone.push(intent);
				continue;
			}
			const old = known.get(intent.sourceId);
			if (old) changes.uncouple.push(old); // it was being restored
			changes.couplings.push(source ? couplingFromIntent(context, intent, source, target) : withoutSource(context, intent, target));
			changes.intentsDone.push(intent);
		}
		// A preview leaves the records out: it may settle nothing.
		if (lease) await session.store.commit(changes, lease);
		else for (const intent of changes.intentsDone) context.openIntents.set(intent.sourceId, intent);
	}
}

/** The source was deleted meanwhile: what was created is coupled all the same, so that the deletion strategy gets to see it. */
function withoutSource(context: PassContext, intent: Intent, target: SystemRecord): Coupling {
	const [bcId, crmId] = context.direction === 'toCrm' ? [intent.sourceId, target.id] : [target.id, intent.sourceId];
	return newCoupling(context, bcId, crmId, 'none');
}

/** Whether an uncoupled record may be what a lost insert of the other direction is still bringing about. */
export function isBeingCreated(context: PassContext, opposite: readonly Intent[], record: SystemRecord): boolean {
	if (context.source.side === 'crm') return opposite.some((intent) => intent.targetId === record.id);
	return opposite.some((intent) => carries(context, record, intent));
}

/** Whether a lost insert into Business Central may still be carried out by the service. */
export const mayStillArrive = (context: PassContext, intent: Intent): boolean =>
	context.target.side === 'businessCentral' &&
	!context.rules.naturalKey &&
	context.session.clock.now() - Date.parse(intent.createdAt) < SETTLE_MS;

/** In Dataverse the id was ours to choose. */
async function findById(context: PassContext, intents: readonly Intent[]): Promise<Map<string, SystemRecord>> {
	const byId = await context.target.system.readByIds(
		context.target.table,
		intents.map((intent) => intent.targetId!),
		context.target.fields,
	);
	const found = new Map<string, SystemRecord>();
	for (const intent of intents) {
		const record = byId.get(intent.targetId!);
		if (record) found.set(intent.sourceId, record);
	}
	return found;
}

/** Business Central has no key to ask for: the record is known by carrying exactly the values sent, being new, and having no partner yet. */
async function findInBusinessCentral(context: PassContext, intents: readonly Intent[]): Promise<Map<string, SystemRecord>> {
	const { target, mapping, session, rules } = context;
	if (intents.length === 0) return new Map();
	const keyField = rules.naturalKey ?? target.table.nameField;
	const keyOf = (intent: Intent): string => String(intent.values[keyField] ?? '');
	const oldest = Math.min(...intents.map((intent) => Date.parse(intent.createdAt))) - SKEW_MS;
	const since = new Date(oldest).toISOString();
	const changedSince = { conditions: [{ field: 'lastModifiedDateTime', operator: 'ge', value: since, type: 'date' }] } as const;
	const sentFields = [...new Set(intents.flatMap((intent) => Object.keys(intent.values)))];
	const candidates = await target.system.readByValues(
		target.table,
		keyField,
		[...new Set(intents.map(keyOf))],
		[...new Set([...target.fields, ...sentFields])],
		compileFilter(changedSince, 'businessCentral', null),
	);
	const coupled = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		candidates.map((record) => record.id),
	);
	const free = candidates.filter((record) => !coupled.has(record.id));
	const found = new Map<string, SystemRecord>();
	for (const intent of intents) {
		const matches = free.filter((record) => carries(context, record, intent));
		const [match] = matches;
		if (!match) continue;
		if (matches.length > 1) {
			context.blocked.set(intent.sourceId, severalFound(intent, matches));
			continue;
		}
		found.set(intent.sourceId, match);
		free.splice(free.indexOf(match), 1);
	}
	return found;
}

function carries(context: PassContext, record: SystemRecord, intent: Intent): boolean {
	return Object.entries(intent.values).every(([name, sent]) => {
		const field = context.mapping.fields.find((each) => each.bcField === name);
		const value = name === context.mapping.bc.numberField ? record.number : record.values[name];
		if (value === undefined) return true;
		return field ? canonical(field, 'businessCentral', value) === canonical(field, 'businessCentral', sent) : equalText(value, sent);
	});
}

const equalText = (left: FieldValue, right: FieldValue): boolean =>
	String(left ?? '')
		.trim()
		.toUpperCase() ===
	String(right ?? '')
		.trim()
		.toUpperCase();

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
