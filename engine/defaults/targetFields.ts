import type { TableMapping } from '../model/tableMapping';
import type { FieldName } from '../model/record';

/** Columns of CRM that a record found as partner must have been read with, so that it can be compared. */
export const targetFields = ({ fields }: TableMapping): FieldName[] => [
	...new Set(fields.flatMap(({ enabled, crmField }) => (enabled && crmField !== null && !crmField.startsWith('@') ? [crmField] : []))),
];
