import { findMapping, loadMappings } from '../defaults/catalog';
import { viewOf } from '../coupling/view';
import type { CouplingView } from '../coupling/types';
import type { SyncSession } from '../ports/session';
import type { Coupling } from '../model/coupling';
import { type PassDirection, sourceSide } from '../model/direction';
import type { UnresolvedReference } from '../model/failure';
import { REQUEUE_REASONS, type RequeuedRecord, type RequeueReason } from '../model/requeued';
import type { TableMapping } from '../model/tableMapping';

/** A record that did not fail and is looked at again in one direction: by the next run, or once what it refers to is coupled. */
export interface WaitingRecordView extends CouplingView {
	direction: PassDirection;
	reason: RequeueReason;
	/** What the reason means. */
	message: string;
	/** What is to be coupled first; empty when the next run looks at the record anyway. */
	waitsFor: ReadonlyArray<Pick<UnresolvedReference, 'caption' | 'mapping' | 'value'>>;
	/** ISO, UTC. */
	since: string;
}

export interface WaitingRecordQuery {
	/** Default: all mappings. */
	mapping?: string | undefined;
	/** Part of a number or name; records without a partner have neither here. */
	text?: string | undefined;
	limit: number;
	/** From the page before. */
	next?: string | undefined;
}

/** Waiting records, page by page, with numbers and names as their couplings remember them; reads no system. */
export async function listWaitingRecords(
	session: SyncSession,
	query: WaitingRecordQuery,
): Promise<{ rows: WaitingRecordView[]; next?: string }> {
	const mappings = await loadMappings(session);
	if (query.mapping !== undefined) findMapping(mappings, query.mapping);
	const wanted = query.text?.trim().toLowerCase() ?? '';
	const rows: WaitingRecordView[] = [];
	let next = query.next;
	do {
		const batch = await session.store.listRequeued({
			...(query.mapping === undefined ? {} : { mapping: query.mapping }),
			// Never more than fit, so that no row of a page is dropped at its end.
			limit: query.limit - rows.length,
			...(next === undefined ? {} : { next }),
		});
		for (const [record, coupling] of await withCouplings(session, batch.rows)) {
			const mapping = mappings.find(({ name }) => name === record.mapping);
			const view = waitingView(session, mapping, record, coupling);
			if (wanted === '' || namesOf(view).some((name) => name.toLowerCase().includes(wanted))) rows.push(view);
		}
		next = batch.next;
	} while (next !== undefined && rows.length < query.limit);
	return { rows, ...(next === undefined ? {} : { next }) };
}

/** The records in their order, each with its coupling: one look-up per mapping and direction. */
async function withCouplings(
	session: SyncSession,
	records: readonly RequeuedRecord[],
): Promise<Array<[RequeuedRecord, Coupling | undefined]>> {
	const known = new Map<string, Map<string, Coupling>>();
	const groupOf = ({ mapping, direction }: RequeuedRecord): string => `${mapping}\n${direction}`;
	for (const record of records) {
		const group = groupOf(record);
		if (known.has(group)) continue;
		const ids = records.filter((each) => groupOf(each) === group).map(({ sourceId }) => sourceId);
		known.set(group, await session.store.couplingsOf(record.mapping, sourceSide(record.direction), ids));
	}
	return records.map((record) => [record, known.get(groupOf(record))!.get(record.sourceId)]);
}

function waitingView(
	session: SyncSession,
	mapping: TableMapping | undefined,
	{ mapping: name, direction, sourceId, reason, unresolved, since, owed }: RequeuedRecord,
	coupling: Coupling | undefined,
): WaitingRecordView {
	const meaning = REQUEUE_REASONS[reason] ?? reason;
	const message = owed ? `${meaning} Owed: ${Object.keys(owed.values).join(', ')}.` : meaning;
	const waitsFor = unresolved.map(({ caption, mapping: of, value }) => ({ caption, mapping: of, value }));
	const common = { state: 'waiting' as const, direction, reason, message, waitsFor, since };
	if (coupling) return { ...viewOf(session, mapping, coupling, null), ...common };
	const ofBusinessCentral = sourceSide(direction) === 'businessCentral';
	const lone = { id: sourceId, name: '', exists: null };
	return {
		mapping: name,
		businessCentral: ofBusinessCentral
			? { ...lone, number: '', url: mapping ? session.businessCentral.link(mapping.bc, sourceId, undefined) : null }
			: null,
		crm: ofBusinessCentral ? null : { ...lone, url: mapping ? session.crm.link(mapping.crm, sourceId) : null },
		lastSyncedAt: null,
		...common,
	};
}

const namesOf = ({ businessCentral, crm }: WaitingRecordView): string[] =>
	[businessCentral?.number, businessCentral?.name, crm?.name].filter((name) => name !== undefined);
