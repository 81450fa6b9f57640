import { COMPANY } from '../../../engine/mapping/filter';
import type { TableMapping } from '../../../engine/model/tableMapping';
import type { ReferenceCondition, ReferenceMapping } from './reference';
import type { Condition } from '../../../engine/model/filter';

/** Compares conditions by what they ask for, whatever the property that shows the field is called. */
export function compareFilters(
	reference: ReferenceMapping,
	mapping: TableMapping,
	told: (item: string, theirs: unknown, own: unknown) => void,
): void {
	told('filter on Business Central', reference.bcFilter.map(asked).sort(), mapping.bcFilter.conditions.map(ours).sort());
	told('filter on CRM', reference.crmFilter.map(asked).sort(), mapping.crmFilter.conditions.map(ours).sort());
}

const asked = ({ field, op, value }: ReferenceCondition): string => `${plain(field)} ${op} ${values(value)}`;
const ours = ({ field, operator, value }: Condition): string => `${plain(field)} ${operator} ${values(value)}`;

/** `Company No.`, `companyNumber` and `Company_No` are one name. */
const plain = (field: string): string =>
	field
		.toLowerCase()
		.replace(/[^a-z]/g, '')
		.replace(/number$/, 'no');

const values = (value: unknown): string => (Array.isArray(value) ? value.map(one).join('|') : one(value));

/** A blank enum member, the blank text and the placeholders of the company's row have one spelling each. */
function one(value: unknown): string {
	if (value === null || value === ' ' || value === '' || value === '_x0020_') return 'blank';
	return value === COMPANY || value === '{currentCompanyId}' ? 'this company' : String(value).replace(/_x0020_/g, ' ');
}
