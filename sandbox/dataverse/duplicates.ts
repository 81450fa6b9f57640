import type { Database } from './database';
import { DataverseError } from './errors';
import type { Row, Value } from './values';
import type { Table } from './model';

/** How a condition of a duplicate detection rule compares: values of `operatorcode`. */
const operators: Record<number, (value: Value, parameter: number) => string> = {
	0: (value) => String(value).toLowerCase(),
	1: (value, count) => String(value).toLowerCase().slice(0, count),
	2: (value, count) => String(value).toLowerCase().slice(-count),
	3: (value) => String(value).slice(0, 10),
	4: String,
};

/**
 * Rows a row would be a duplicate of, by the published rules of its table.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/detect-duplicate-data-with-code
 */
export function duplicatesOf(db: Database, table: Table, id: string | null, row: Row): string[] {
	const found = new Set<string>();
	for (const ruleId of db.store('duplicaterule').having('baseentityname', table.logicalName)) {
		const rule = db.row('duplicaterule', ruleId)!;
		if (rule.statecode !== 1 || rule.matchingentityname !== table.logicalName) continue;
		const conditions = [...db.store('duplicaterulecondition').having('regardingobjectid', ruleId)].map((each) => db.row('duplicaterulecondition', each)!); // prettier-ignore
		if (conditions.length === 0) continue;
		for (const other of candidates(db, table, conditions, row)) {
			const match = db.row(table.logicalName, other)!;
			if (other === id || (rule.excludeinactiverecords === true && match.statecode !== 0)) continue;
			if (conditions.every((condition) => equal(condition, row, match))) found.add(other);
		}
	}
	return [...found];
}

function candidates(db: Database, table: Table, conditions: Row[], row: Row): Iterable<string> {
	const exact = conditions.find(({ operatorcode }) => (operatorcode ?? 0) === 0);
	const store = db.store(table.logicalName);
	const value = exact ? row[String(exact.baseattributename)] : undefined;
	return exact && value !== undefined ? store.having(String(exact.matchingattributename), value) : store.rows.keys();
}

function equal(condition: Row, row: Row, match: Row): boolean {
	const [value, other] = [row[String(condition.baseattributename)] ?? null, match[String(condition.matchingattributename)] ?? null];
	if (value === null || other === null) return value === other && condition.ignoreblankvalues !== true;
	const code = operators[Number(condition.operatorcode ?? 0)]!;
	const parameter = Number(condition.operatorparam ?? 0);
	return code(value, parameter) === code(other, parameter);
}

/** Status is 412 in the current table of codes and was 500 in an older one. */
export const duplicateFound = () =>
	new DataverseError(412, '0x80040333', 'A record was not created or updated because a duplicate of the current record already exists.');
