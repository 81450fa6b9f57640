import { SyncError } from '../errors';
import { canonical } from '../mapping/normalise';
import type { Intent } from '../store/store';
import type { FieldValue, SystemRecord } from '../systems/system';
import { literal } from '../systems/odata/literals';
import { couplingFromIntent, newCoupling } from './insertion';
import type { PassContext } from './passContext';
import type { WorkItem } from './page';

/** A request of Business Central ends after ten minutes at the latest (OData facts §11); until then a lost insert may still be carried out. */
const SETTLE_MS = 11 * 60_000;
/** How far clocks of n8n and of Business Central may be apart. */
const SKEW_MS = 10 * 60_000;
const PAGE = 500;

/**
 * Settles inserts that a crash or a lost answer left open, before anything is read: what exists is coupled, what does not is created by the
 * run that follows. Answers the records to be looked at again, already coupled with their partner.
 */
export async function recoverIntents(context: PassContext): Promise<WorkItem[]> {
	const { session, mapping, direction } = context;
	const intents = await session.store.intents(mapping.name, direction, Number.MAX_SAFE_INTEGER);
	const found: WorkItem[] = [];
	for (let start = 0; start < intents.length; start += PAGE) {
		const part = intents.slice(start, start + PAGE);
		const sources = await context.source.system.readByIds(
			context.source.table,
			part.map((intent) => intent.sourceId),
			context.source.fields,
		);
		const targets = context.target.side === 'crm' ? await findById(context, part) : await findInBusinessCentral(context, part);
		await context.references.prepare(direction, mapping, context.fields, [...sources.values()]);
		const failures = await session.store.failuresOf(
			mapping.name,
			direction,
			part.map((intent) => intent.sourceId),
		);
		const coupled = await session.store.couplingsOf(
			mapping.name,
			context.source.side,
			part.map((intent) => intent.sourceId),
		);
		for (const intent of part) {
			const source = sources.get(intent.sourceId);
			const target = targets.get(intent.sourceId);
			if (target && source) {
				const coupling = couplingFromIntent(context, intent, source, target);
				const replaces = coupled.get(source.id);
				found.push({
					source,
					coupling,
					partner: target,
					failure: failures.get(source.id),
					settles: intent,
					...(replaces ? { replaces } : {}),
				});
			} else if (source) context.openIntents.set(intent.sourceId, intent);
			else await withoutSource(context, intent, target);
		}
	}
	return found;
}

/** The source was deleted meanwhile: what was created is coupled all the same, so that the deletion strategy gets to see it. */
async function withoutSource(context: PassContext, intent: Intent, target: SystemRecord | undefined): Promise<void> {
	if (!context.lease || (!target && mayStillArrive(context, intent))) return;
	const [bcId, crmId] = context.direction === 'toCrm' ? [intent.sourceId, target?.id] : [target?.id, intent.sourceId];
	const couplings = bcId && crmId ? [newCoupling(context, bcId, crmId, 'none')] : [];
	await context.session.store.commit({ couplings, intentsDone: [intent] }, context.lease);
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
	const keyField = rules.naturalKey ?? target.table.nameField;
	const keyOf = (intent: Intent): string => String(intent.values[keyField] ?? '');
	const oldest = Math.min(...intents.map((intent) => Date.parse(intent.createdAt))) - SKEW_MS;
	const since = literal(new Date(oldest).toISOString(), 'dateTime', 'businessCentral');
	const sentFields = [...new Set(intents.flatMap((intent) => Object.keys(intent.values)))];
	const candidates = await target.system.readByValues(
		target.table,
		keyField,
		[...new Set(intents.map(keyOf))],
		[...new Set([...target.fields, ...sentFields])],
		`lastModifiedDateTime ge ${since}`,
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
		const value = name === context.target.table.numberField ? record.number : record.values[name];
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
