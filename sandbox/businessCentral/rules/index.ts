import type { TableRules } from '../write/session';
import { contactRules } from './contacts';
import { customerRules, vendorRules } from './parties';

const rules: Readonly<Record<string, TableRules>> = {
	Customer: customerRules,
	Vendor: vendorRules,
	Contact: contactRules,
};

const none: TableRules = {};

/** What a table does beside storing; nothing for plain code tables. */
export const rulesOf = (table: string): TableRules => rules[table] ?? none;
