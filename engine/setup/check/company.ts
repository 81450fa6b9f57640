import { companyRow, companyRowOf } from '../../mapping/companyIdentity';
import { SyncError } from '../../model/errors';
import type { Finding } from '../../model/finding';
import type { CompanyMapping } from '../../model/mappingStages';
import type { SyncSession } from '../../ports/session';

const PAGE = 'connections/dataverse.md#5-several-companies-on-one-crm';

/** The company of Business Central itself: null where it is there, or may not be looked at. */
export async function checkCompany({ businessCentral }: SyncSession): Promise<Finding | null> {
	try {
		await businessCentral.readAll('companyInformation', ['displayName']);
		return null;
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
		return error.code === 'BC_COMPANY_NOT_FOUND' ? finding('businessCentral', 'company', error, []) : null;
	}
}

/** Whose rows of CRM are: the solution with the table of companies, the company's row in it, and the column that names it on rows. */
export async function checkCompanyRow(session: SyncSession, mappings: readonly CompanyMapping[]): Promise<Finding[]> {
	const stamped = mappings.filter(({ companyStamp }) => companyStamp);
	if (stamped.length === 0) return [];
	const names = stamped.map(({ name }) => name);
	try {
		if ((await companyRow(session)) === null) return [noSolution(names)];
	} catch (error) {
		return told(error, names);
	}
	const hidden = new Map<string, Finding>();
	for (const mapping of stamped) {
		try {
			await companyRowOf(session, mapping);
		} catch (error) {
			for (const each of told(error, [mapping.name])) {
				const known = hidden.get(each.subject);
				hidden.set(each.subject, { ...each, neededBy: [...(known?.neededBy ?? []), mapping.name] });
			}
		}
	}
	return [...hidden.values()];
}

const CODES = new Set(['COMPANY_ROW_MISSING', 'COMPANY_HIDDEN']);

/** A refusal is told among the privileges, and a company that is not there as such. */
function told(error: unknown, neededBy: string[]): Finding[] {
	if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
	if (!CODES.has(error.code)) return [];
	const subject = error.code === 'COMPANY_HIDDEN' ? `${error.table ?? ''}.${error.field ?? ''}` : 'bcbi_company';
	return [finding('crm', subject, error, neededBy)];
}

const finding = (system: 'businessCentral' | 'crm', subject: string, { message, hint }: SyncError, neededBy: string[]): Finding => ({
	severity: 'error',
	area: 'company',
	system,
	subject,
	neededBy,
	message,
	remedy: hint,
	page: PAGE,
});

const noSolution = (neededBy: string[]): Finding => ({
	severity: 'warning',
	area: 'solution',
	system: 'crm',
	subject: 'bcbi_company',
	neededBy,
	message:
		"Microsoft's Business Central integration solution is not installed in CRM, so rows carry no company: nobody can tell which of several companies they belong to.",
	remedy:
		'Install the solution if several companies share this CRM. With one company, switch Carry the Company off in Table Mappings, and nothing is missing.',
	page: PAGE,
});
