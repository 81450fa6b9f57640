import type { FieldName } from '../../systems/system';
import type { TableMapping } from '../tableMapping';

/** Columns of CRM that a record found as partner must have been read with, so that it can be compared. */
export const targetFields = ({ fields }: TableMapping): FieldName[] => [
	...new Set(fields.flatMap(({ enabled, crmField }) => (enabled && crmField !== null && !crmField.startsWith('@') ? [crmField] : []))),
];
