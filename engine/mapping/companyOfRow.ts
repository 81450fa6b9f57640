import { COMPANY_COLUMN } from '../model/companyColumn';
import type { CompanySettings } from '../model/companySettings';
import { SyncError } from '../model/errors';
import type { FieldValue, SystemRecord } from '../model/record';
import type { TableMapping } from '../model/tableMapping';
import { isShared } from './companyIdentity';

/**
 * To whom a CRM row belongs. Each place asks in its own way, because a row without a company is ours in one and nobody's in the other; and the
 * column is not there where the row was not read with it.
 */
export interface CompanyScope {
	mapping: TableMapping;
	settings: Pick<CompanySettings, 'multiCompany'>;
	/** CRM row of the company; null where there is none. */
	companyRowId: string | null;
}

/** CRM's row of the company where rows of the mapping carry it. */
export const companyOf = ({ mapping, companyRowId }: Omit<CompanyScope, 'settings'>): string | null =>
	mapping.companyStamp ? companyRowId : null;

const ownerOf = ({ values }: SystemRecord): FieldValue => values[COMPANY_COLUMN] ?? null;

/** The row carries our company, which it only gets by being coupled with one of its records. */
export const isStamped = (scope: Omit<CompanyScope, 'settings'>, row: SystemRecord): boolean => {
	const company = companyOf(scope);
	return company !== null && ownerOf(row) === company;
};

/** The row carries another company, and is not everybody's. */
export const isForeign = (scope: CompanyScope, row: SystemRecord): boolean => {
	const [company, owner] = [companyOf(scope), ownerOf(row)];
	return company !== null && owner !== null && owner !== company && !isShared(scope.mapping, scope.settings);
};

/** The row carries a company, whichever. */
export const hasCompany = (row: SystemRecord): boolean => ownerOf(row) !== null;

/** The row was read with its company, and has none. */
export const isNobodys = ({ values }: SystemRecord): boolean => values[COMPANY_COLUMN] === null;

/** A row that may be taken into use without a couple; where no row carries a company, all may. */
export const isOursOrNobodys = (companyRowId: string | null, row: SystemRecord): boolean =>
	companyRowId === null || isNobodys(row) || ownerOf(row) === companyRowId;

/** A company that a row loses with its couple: ours, or whatever it is where ours is not known. */
export const losesCompany = (companyRowId: string | null, row: SystemRecord): boolean =>
	hasCompany(row) && (companyRowId === null || ownerOf(row) === companyRowId);

/** The row is not ours to take. */
export const otherCompany = (recordId: string, message: string, hint: string): SyncError =>
	new SyncError({ code: 'OTHER_COMPANY', errorClass: 'data', system: 'crm', recordId, message, hint });
