import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { RecordPair } from '../../jobs/recorder';
import type { Coupling } from '../../model/coupling';
import type { SyncError } from '../../model/errors';
import type { Counters } from '../../model/job';
import type { SystemRecord } from '../../model/record';
import type { PassContext } from '../contract/passContext';
import { tagRows } from './tagCompany';

/** A row of CRM that has a partner, as the page leaves it. */
export interface RowOfCouple {
	row: SystemRecord;
	/** As it is to be stored, or is stored already. */
	coupling: Coupling | undefined;
	/** As what the record counts so far; `failed`: it is told already that it was not delivered. */
	counted: keyof Counters | null;
	pair: RecordPair;
}

/** What rows that got their company leave behind. */
export interface CompaniesGiven<Row extends RowOfCouple> {
	couplings: Coupling[];
	/** Versions of rows that carry it now, by id. */
	versions: ReadonlyMap<string, string>;
	/** Rows that did not get it and were delivered otherwise: they count as nothing any more. */
	refused: ReadonlyArray<{ row: Row; error: SyncError }>;
}

/**
 * Gives rows without a company that of their partner. One counter per record: where nothing else was to be done, the row was changed; without its
 * company the record is not delivered, whatever was written before.
 */
export async function giveCompany<Row extends RowOfCouple>(context: PassContext, rows: readonly Row[]): Promise<CompaniesGiven<Row>> {
	const { recorder, companyRowId } = context;
	const couplings = new Map(rows.map(({ row, coupling }) => [row.id, coupling]));
	const tagged = await tagRows(
		context,
		rows.map(({ row }) => row),
		({ id }) => couplings.get(id),
	);
	const refused: Array<{ row: Row; error: SyncError }> = [];
	for (const each of rows) {
		const { counted, pair, row } = each;
		const error = tagged.refused.get(row.id);
		if (error && counted === 'failed') recorder.warn(error.message, { code: error.code, hint: error.hint });
		else if (error) {
			if (counted) recorder.uncount(counted);
			refused.push({ row: each, error });
		} else if (tagged.versions.has(row.id) && (counted === null || counted === 'unchanged')) {
			if (counted) recorder.uncount(counted);
			recorder.count('modified');
			const field = { field: COMPANY_COLUMN, caption: 'Company', before: null, after: companyRowId };
			recorder.change({ action: 'modify', written: 'crm', fields: [field] }, pair);
		}
	}
	return { couplings: tagged.couplings, versions: tagged.versions, refused };
}
