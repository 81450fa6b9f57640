import { SyncError } from '../../model/errors';
import { loadSetup } from '../../defaults/catalog';
import type { TableSource } from '../../model/record';
import { setupChanged } from '../../setup/setupErrors';
import type { SyncSession } from '../../ports/session';
import type { FlowContext } from '../kernel/flowJob';
import { CORRECTION_FIELDS } from './corrections';
import { DETAIL_FIELDS, type Figures, ofDetails, ofPage, PAGE_FIELDS } from './figures';
import { BC_DETAILS, customerPage, LINE_PAGE, linePage, PAGE, STATISTICS_FLOW } from './tables';

/** Where figures of customers are read from, as the environment is. */
export interface FigureSource {
	/** The page that shows outstanding amounts; null where API v2.0 has to do. */
	page: TableSource | null;
	/** The page that shows what the total has to be corrected by; null: no total is written. */
	lines: TableSource | null;
}

/** Customers of a request: the largest page of the service. */
const PAGE_SIZE = 20_000;

/** What is not published is told once a run, and keeps nothing else from being done. */
export async function findSource({ session, job }: FlowContext<unknown>): Promise<FigureSource> {
	const { ownershipModel: _ownershipModel, ...settings } = await loadSetup(session);
	const page = await there(session, customerPage(settings), PAGE_FIELDS);
	const lines = page && (await there(session, linePage(settings), CORRECTION_FIELDS));
	if (page === null)
		job.recorder.warn(
			`The page "${PAGE}" (page 6408) is not published as a web service in Business Central, or does not show them: outstanding orders, shipped not invoiced, outstanding invoices and the total of customers were not written.`,
			{
				code: 'SURFACE_MISSING',
				hint: `Publish page 6408 as "${PAGE}" under Web Services in Business Central, if CRM is to show these amounts; balance, overdue amount, sales and credit limit do not need it.`,
			},
		);
	else if (lines === null)
		job.recorder.warn(
			`The page "${LINE_PAGE}" (page 6403) is not published as a web service in Business Central, or does not show what is needed: the total and the invoiced prepayments of customers were not written.`,
			{
				code: 'SURFACE_MISSING',
				hint: `Publish page 6403 as "${LINE_PAGE}" under Web Services in Business Central, if CRM is to show the total.`,
			},
		);
	return { page, lines };
}

async function there(
	{ businessCentral }: SyncSession,
	table: TableSource,
	fields: readonly string[],
	afresh = false,
): Promise<TableSource | null> {
	try {
		return (await businessCentral.absentColumns(table, fields, afresh)).length === 0 ? table : null;
	} catch (error) {
		if (error instanceof SyncError && NOT_THERE.test(error.code)) return null;
		throw error;
	}
}
const NOT_THERE = /^BC_(PAGE_NOT_PUBLISHED|TABLE_NOT_FOUND|EXTENSION_GONE|SURFACE_GONE)$/;

/** A page that was there within the day, and is not any more: it is looked for anew, so that the next run goes on without it. */
export async function pagesGone(session: SyncSession, error: unknown): Promise<unknown> {
	if (!(error instanceof SyncError) || !NOT_THERE.test(error.code)) return error;
	const { ownershipModel: _ownershipModel, ...settings } = await loadSetup(session);
	const page = await there(session, customerPage(settings), PAGE_FIELDS, true);
	const lines = await there(session, linePage(settings), CORRECTION_FIELDS, true);
	return page && lines ? error : setupChanged(STATISTICS_FLOW, 'businessCentral', [error.message]);
}

/** The figures of all customers, 20,000 in a request. */
export async function* allFigures({ businessCentral }: SyncSession, { page }: FigureSource): AsyncGenerator<Figures[]> {
	if (page) {
		const query = { table: page, fields: PAGE_FIELDS, filter: null, since: null, pageSize: PAGE_SIZE };
		for await (const records of businessCentral.readChanges(query)) yield records.map(ofPage);
		return;
	}
	let from: string | null = null;
	do {
		const versions = await businessCentral.readVersions({ table: BC_DETAILS, fields: DETAIL_FIELDS.slice(0, 2), filter: null, from });
		yield versions.records.map(ofDetails);
		from = versions.next;
	} while (from !== null);
}

/** Those of some customers, in few requests. */
export async function figuresOf({ businessCentral }: SyncSession, { page }: FigureSource, ids: readonly string[]): Promise<Figures[]> {
	const details = [...(await businessCentral.readByIds(BC_DETAILS, ids, DETAIL_FIELDS.slice(0, 2))).values()];
	if (!page) return details.map(ofDetails);
	const numbers = details.map(({ values }) => String(values['number']));
	return (await businessCentral.readByValues(page, 'number', numbers, PAGE_FIELDS)).map(ofPage);
}
