import type { TableRules } from './session';

const none: TableRules = {};
const known = new Map<string, TableRules>();

/** Gives tables their rules. The rules write through the writer, so the writer only knows that there are some (`sandbox/businessCentral/rules`). */
export function defineRules(rules: Readonly<Record<string, TableRules>>): void {
	for (const [table, own] of Object.entries(rules)) known.set(table, own);
}

/** What a table does beside storing; nothing for plain code tables. */
export const rulesOf = (table: string): TableRules => known.get(table) ?? none;
