import type { TableMapping } from './tableMapping';

/** Records of Business Central against the values of a CRM choice (sync-semantics 13.1). */
export const isOptionMapping = ({ crm }: Pick<TableMapping, 'crm'>): boolean => crm.choice !== undefined;

/** Sync-semantics 1.2: a mapping whose CRM ids are the values of a choice moves one way only. */
export const isOneWayOnly = isOptionMapping;
