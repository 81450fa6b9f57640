import type { TableMapping } from './tableMapping';

declare const stage: unique symbol;

/**
 * A mapping as it is for one company: the default under the company's settings with the user's changes laid over, or the user's own. What is stored are
 * the changes only (`MappingSettings`); a plain `TableMapping` is a definition, which no run may be given.
 */
export type CompanyMapping = TableMapping & { readonly [stage]: 'company' | 'checked' };

/** The same without what the systems' metadata say is not there: what a pass works with. */
export type CheckedMapping = TableMapping & { readonly [stage]: 'checked' };

/** Called where the settings were laid over, and nowhere else. */
export const forThisCompany = (mapping: TableMapping): CompanyMapping => mapping as CompanyMapping;

/** Called where the metadata were compared, and nowhere else. */
export const comparedWithMetadata = ({ crm, ...mapping }: TableMapping): CheckedMapping =>
	({ ...mapping, crm: mapping.askDuplicateRules ? { ...crm, askDuplicateRules: true } : crm }) as CheckedMapping;
