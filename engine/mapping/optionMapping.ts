import type { TableMapping } from '../model/tableMapping';

/** Records of Business Central against the values of a CRM choice (sync-semantics 13.1). Such a mapping moves one way only (1.2). */
export const isOptionMapping = ({ crm }: Pick<TableMapping, 'crm'>): boolean => crm.choice !== undefined;
