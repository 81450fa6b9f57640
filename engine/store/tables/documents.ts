import type { Selectable } from 'kysely';
import { sql, type SqlBool } from 'kysely';
import { chunksOf, groupBy, lastByKey } from '../../model/chunks';
import type { CoupledDocument, CoupledLine, DocumentLife, DocumentQuery, DocumentStage, PaymentState } from '../../model/document';
import type { Reconciliation } from '../../model/documentAmounts';
import type { Side } from '../../model/side';
import type { Page } from '../../ports/storeQueries';
import { decodeNext, encodeNext, rowLimit } from '../paging';
import type { DocumentLineTable, DocumentTable } from '../schema';
import type { Scope } from '../scope';

type HeaderRow = Selectable<DocumentTable>;
type LineRow = Selectable<DocumentLineTable>;

export async function documentsOf(
	scope: Scope,
	mapping: string,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, CoupledDocument>> {
	const column = side === 'crm' ? 'crm_id' : 'bc_id';
	const found = new Map<string, CoupledDocument>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await scope.db
			.selectFrom('document')
			.selectAll()
			.where('connection_key', '=', scope.connectionKey)
			.where('mapping', '=', mapping)
			.where(column, 'in', chunk)
			.execute();
		for (const document of await withLines(scope, mapping, rows)) found.set(side === 'crm' ? document.crmId : document.bcId!, document);
	}
	return found;
}

export async function listDocuments(scope: Scope, query: DocumentQuery): Promise<Page<CoupledDocument>> {
	const { mapping, stage, payments, text } = query;
	const after = decodeNext<[string]>(query.next, ['string']);
	const limit = rowLimit(query.limit);
	let select = scope.db.selectFrom('document').selectAll().where('connection_key', '=', scope.connectionKey).where('mapping', '=', mapping);
	if (after) select = select.where('crm_id', '>', after[0]);
	if (stage) select = select.where('stage', '=', stage);
	if (payments) select = select.where('payment', 'in', payments);
	if (text) {
		const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
		select = select.where(sql<SqlBool>`search like ${pattern} escape '\\'`);
	}
	const rows = await select
		.orderBy('crm_id')
		.limit(limit + 1)
		.execute();
	const page = rows.slice(0, limit);
	const last = page.at(-1);
	return { rows: await withLines(scope, mapping, page), ...(rows.length > limit && last ? { next: encodeNext([last.crm_id]) } : {}) };
}

async function withLines(scope: Scope, mapping: string, headers: readonly HeaderRow[]): Promise<CoupledDocument[]> {
	const lines: LineRow[] = [];
	for (const chunk of chunksOf(headers.map(({ crm_id }) => crm_id))) {
		const rows = await scope.db
			.selectFrom('document_line')
			.selectAll()
			.where('connection_key', '=', scope.connectionKey)
			.where('mapping', '=', mapping)
			.where('crm_id', 'in', chunk)
			.orderBy('crm_id')
			.orderBy('sequence')
			.execute();
		for (const row of rows) lines.push(row);
	}
	const byDocument = groupBy(lines, ({ crm_id }) => crm_id);
	return headers.map((row) => fromRow(row, byDocument.get(row.crm_id) ?? []));
}

const fromRow = (row: HeaderRow, lines: readonly LineRow[]): CoupledDocument => ({
	mapping: row.mapping,
	crmId: row.crm_id,
	bcId: row.bc_id,
	crmNumber: row.crm_number,
	bcNumber: row.bc_number,
	name: row.name,
	stage: row.stage as DocumentStage,
	content: row.content,
	amounts: row.amounts === null ? null : (JSON.parse(row.amounts) as Reconciliation),
	accepted: row.accepted,
	goneSince: row.gone_since,
	coupledAt: row.coupled_at,
	handedOverAt: row.handed_over_at,
	...(row.payment === null ? {} : { payment: row.payment as PaymentState }),
	...(row.life === null ? {} : { life: JSON.parse(row.life) as DocumentLife }),
	lines: lines.map((line): CoupledLine => ({
		sequence: line.sequence,
		kind: line.kind as CoupledLine['kind'],
		bcId: line.bc_line_id,
		crmId: line.crm_line_id,
	})),
});

export async function putDocuments(scope: Scope, documents: readonly CoupledDocument[]): Promise<void> {
	const { db, connectionKey } = scope;
	const latest = lastByKey(documents, ({ mapping, crmId }) => `${mapping}\n${crmId}`);
	for (const chunk of chunksOf(latest)) {
		await db
			.insertInto('document')
			.values(chunk.map((document) => toRow(connectionKey, document)))
			.onConflict((oc) =>
				oc.columns(['connection_key', 'mapping', 'crm_id']).doUpdateSet((eb) => ({
					bc_id: eb.ref('excluded.bc_id'),
					crm_number: eb.ref('excluded.crm_number'),
					bc_number: eb.ref('excluded.bc_number'),
					name: eb.ref('excluded.name'),
					search: eb.ref('excluded.search'),
					stage: eb.ref('excluded.stage'),
					content: eb.ref('excluded.content'),
					amounts: eb.ref('excluded.amounts'),
					accepted: eb.ref('excluded.accepted'),
					gone_since: eb.ref('excluded.gone_since'),
					coupled_at: eb.ref('excluded.coupled_at'),
					handed_over_at: eb.ref('excluded.handed_over_at'),
					payment: eb.ref('excluded.payment'),
					life: eb.ref('excluded.life'),
				})),
			)
			.execute();
	}
	await removeLines(scope, latest);
	for (const chunk of chunksOf(latest.flatMap((document) => lineRows(connectionKey, document))))
		await db.insertInto('document_line').values(chunk).execute();
}

const toRow = (connection_key: number, document: CoupledDocument): HeaderRow => ({
	connection_key,
	mapping: document.mapping,
	crm_id: document.crmId,
	bc_id: document.bcId,
	crm_number: document.crmNumber,
	bc_number: document.bcNumber,
	name: document.name,
	search: [document.crmNumber, document.bcNumber, document.name].join('\n').toLowerCase(),
	stage: document.stage,
	content: document.content,
	amounts: document.amounts === null ? null : JSON.stringify(document.amounts),
	accepted: document.accepted,
	gone_since: document.goneSince,
	coupled_at: document.coupledAt,
	handed_over_at: document.handedOverAt,
	payment: document.payment ?? null,
	life: document.life ? JSON.stringify(document.life) : null,
});

const lineRows = (connection_key: number, { mapping, crmId, lines }: CoupledDocument): LineRow[] =>
	lines.map((line) => ({
		connection_key,
		mapping,
		crm_id: crmId,
		sequence: line.sequence,
		kind: line.kind,
		bc_line_id: line.bcId,
		crm_line_id: line.crmId,
	}));

type Key = Pick<CoupledDocument, 'mapping' | 'crmId'>;

export async function removeDocuments(scope: Scope, keys: readonly Key[]): Promise<void> {
	await removeLines(scope, keys);
	await removeFrom(scope, 'document', keys);
}

const removeLines = (scope: Scope, keys: readonly Key[]): Promise<void> => removeFrom(scope, 'document_line', keys);

async function removeFrom({ db, connectionKey }: Scope, table: 'document' | 'document_line', keys: readonly Key[]): Promise<void> {
	for (const [mapping, group] of groupBy(keys, (key) => key.mapping)) {
		for (const chunk of chunksOf(group)) {
			await db
				.deleteFrom(table)
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.where(
					'crm_id',
					'in',
					chunk.map(({ crmId }) => crmId),
				)
				.execute();
		}
	}
}
