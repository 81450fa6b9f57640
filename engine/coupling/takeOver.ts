import { COMPANY_COLUMN } from '../model/companyColumn';
import { spelledCode } from '../model/upperCase';
import { companyRowOf } from '../mapping/companyIdentity';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { Comparison, MatchCriteria } from './matchCriteria';

/** By what records were matched that an earlier state had coupled. */
export const TAKEN_OVER = 'company and number of an earlier synchronization';

/**
 * The evidence that the systems themselves hold of an earlier state comes before all criteria: a CRM row that carries this company and the number of
 * a record in Business Central was coupled with it, whatever became of its name since. Rows without the company, or without a number, are left to
 * the criteria.
 */
export async function withTakeOver(session: SyncSession, mapping: TableMapping, criteria: MatchCriteria): Promise<MatchCriteria> {
	const company = await companyRowOf(session, mapping);
	const [bcField, crmField] = [mapping.bc.numberField, mapping.crm.numberField];
	if (company === null || bcField === null || crmField === null) return criteria;
	const evidence: Comparison = {
		caption: TAKEN_OVER,
		field: {
			key: crmField,
			caption: 'No.',
			bcField,
			crmField,
			direction: 'bidirectional',
			kind: 'code',
			enabled: true,
		},
		keyOf: (side, { number, values }) => {
			if (side === 'crm' && values[COMPANY_COLUMN] !== company) return '';
			return spelledCode(number);
		},
	};
	return {
		...criteria,
		comparisons: [...criteria.comparisons, evidence],
		groups: [[criteria.comparisons.length], ...criteria.groups],
		identifying: [...criteria.identifying, criteria.comparisons.length],
	};
}
