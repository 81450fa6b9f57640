import type { TableMapping } from '../model/tableMapping';

/** Records of Business Central against the values of a CRM choice. Such a mapping moves one way only. */
export const isOptionMapping = ({ crm }: Pick<TableMapping, 'crm'>): boolean => crm.choice !== undefined;
