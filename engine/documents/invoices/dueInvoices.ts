import type { SystemRecord } from '../../model/record';
import { chunksOf } from '../../model/chunks';
import { keyOf } from './createInvoices';
import type { InvoiceContext } from './invoiceContext';
import type { ReadingMark } from '../kernel/readingMark';
import { BC_INVOICE_FIELDS, BC_INVOICES, INVOICE_MAPPING, POSTED } from './tables';

/** Invoices whose versions are kept in mind during a run. */
const REMEMBERED = 20_000;

/** Invoices to be dealt with together; `stamp`: how far the reading by stamps has come with them. */
export interface DuePage {
	rows: SystemRecord[];
	stamp: string | null;
}

/**
 * The invoices that are due: first those that earlier runs have not brought to their end or could not deliver, by id; then what was changed in Business
 * Central since, by stamp; and where it was said anew which are to be created, all those.
 */
export async function* dueInvoices(context: InvoiceContext, mark: ReadingMark, pageSize: number): AsyncGenerator<DuePage> {
	const { session, createFrom } = context;
	const ids = await unfinished(context);
	const versions = new Map<string, string>();
	// What comes by twice while it is as it was is dealt with once, as far as can be remembered.
	const fresh = (rows: readonly SystemRecord[]): SystemRecord[] => {
		const news = rows.filter(({ id, version }) => versions.get(id) !== version);
		for (const { id, version } of news) if (versions.size < REMEMBERED) versions.set(id, version);
		return news;
	};
	for (const chunk of inPages([...ids], pageSize)) {
		const rows = await byId(context, chunk);
		yield { rows: fresh(rows), stamp: null };
	}
	const changes = (since: string | null, filter: string): AsyncIterable<SystemRecord[]> =>
		session.businessCentral.readChanges({ table: BC_INVOICES, fields: BC_INVOICE_FIELDS, filter, since, pageSize });
	// What has not been read under this name, and creates nothing, knows no invoice that could have changed.
	if (mark.isKnown)
		for await (const rows of changes(mark.since, POSTED))
			yield { rows: fresh(rows), stamp: mark.isSameScope || createFrom === null ? last(rows) : null };
	if (createFrom === null || mark.isSameScope) return;
	const from = createFrom === '' ? POSTED : `${POSTED} and postingDate ge ${createFrom}`;
	for await (const rows of changes(null, from)) yield { rows: fresh(rows), stamp: last(rows) };
}

const last = (rows: readonly SystemRecord[]): string | null => rows.at(-1)?.modifiedAt || null;

function* inPages(ids: readonly string[], size: number): Generator<string[]> {
	for (let start = 0; start < ids.length; start += size) yield ids.slice(start, start + size);
}

/** Few: creations that were announced, couples that have not come to their end, and what failed. */
async function unfinished({ session, intents }: InvoiceContext): Promise<Set<string>> {
	const { store } = session;
	const ids = new Set(intents.keys());
	for (const stage of ['open', 'held'] as const) {
		let next: string | undefined;
		do {
			const page = await store.listDocuments({ mapping: INVOICE_MAPPING, stage, limit: 1_000, ...(next ? { next } : {}) });
			for (const { bcId } of page.rows) if (bcId !== null) ids.add(bcId);
			next = page.next;
		} while (next);
	}
	let next: string | undefined;
	do {
		const page = await store.listFailures({ mapping: INVOICE_MAPPING, limit: 1_000, ...(next ? { next } : {}) });
		for (const { sourceId } of page.rows) ids.add(sourceId);
		next = page.next;
	} while (next);
	return ids;
}

/** Those that Business Central does not have any more leave nothing to be done: their rows stay in CRM, and that is told. */
async function byId(context: InvoiceContext, ids: readonly string[]): Promise<SystemRecord[]> {
	const rows = await context.session.businessCentral.readByIds(BC_INVOICES, ids, BC_INVOICE_FIELDS);
	await forgetGone(
		context,
		ids.filter((id) => !rows.has(id)),
	);
	return [...rows.values()];
}

/** Invoices that were deleted in Business Central: their couples end, and their rows in CRM stay as they are. */
export async function forgetGone(
	{ session, job, preview }: Pick<InvoiceContext, 'session' | 'job' | 'preview'>,
	ids: readonly string[],
): Promise<void> {
	if (ids.length === 0) return;
	for (const chunk of chunksOf(ids)) {
		const documents = await session.store.documentsOf(INVOICE_MAPPING, 'businessCentral', chunk);
		for (const { bcNumber, crmId } of documents.values()) {
			job.recorder.count('uncoupled');
			const crm = {
				id: crmId,
				number: bcNumber,
				name: '',
				url: session.crm.link({ name: 'invoice', numberField: null, nameField: 'name' }, crmId),
			};
			job.recorder.note(
				`Invoice ${bcNumber} was deleted in Business Central. Its row in CRM stays as it is, and follows nothing any more.`,
				{
					code: 'INVOICE_GONE',
					hint: 'Nothing to do; delete the row in CRM if it is not wanted.',
					crm,
				},
			);
		}
		if (preview) continue;
		const done = chunk.map(keyOf);
		const documentsDone = [...documents.values()].map(({ mapping, crmId }) => ({ mapping, crmId }));
		await job.commit({ documentsDone, intentsDone: done, failuresDone: done });
	}
}
