import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { Finding } from '../../model/finding';
import type { CompanyMapping } from '../../model/mappingStages';
import type { FieldName, TableSource } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import { orNull } from './checked';

/** Columns that column security keeps from the user: one finding for each. `mappings`: those whose columns metadata knows. */
export async function checkHidden({ crm }: SyncSession, mappings: readonly CompanyMapping[]): Promise<Finding[]> {
	const tables = new Map<string, { table: TableSource; columns: Map<FieldName, string[]> }>();
	for (const mapping of mappings.filter((each) => !each.crm.choice)) {
		const known = tables.get(mapping.crm.name) ?? { table: mapping.crm, columns: new Map<FieldName, string[]>() };
		tables.set(mapping.crm.name, known);
		for (const { enabled, bcField, crmField, insertOnly, caption } of mapping.fields) {
			if (!enabled || bcField === null || crmField === null || insertOnly || /[@/]/.test(crmField)) continue;
			known.columns.set(crmField, [...(known.columns.get(crmField) ?? []), `${mapping.name} (${caption})`]);
		}
	}
	const findings: Finding[] = [];
	for (const { table, columns } of tables.values()) {
		const hidden = (await orNull(Promise.resolve(crm.hiddenColumns?.(table, [...columns.keys()])))) ?? [];
		// Whose rows are is a finding of its own.
		for (const column of hidden) if (column !== COMPANY_COLUMN) findings.push(hiddenColumn(table.name, column, columns.get(column) ?? []));
	}
	return findings;
}

const hiddenColumn = (table: string, column: FieldName, neededBy: readonly string[]): Finding => ({
	severity: 'warning',
	area: 'column',
	system: 'crm',
	subject: `${table}.${column}`,
	neededBy: [...new Set(neededBy)],
	message: `Column security may keep ${column} of ${table} from the user of the CRM credential: the column is secured, and not one value is shown. Runs neither compare nor write it.`,
	remedy: `Give the user a column security profile that allows to read, create and update ${column}, or disable the field in Table Mappings. Where the user may read it and no row has a value yet, enter one in any row.`,
	page: 'concepts/setup-check.md#what-is-missing',
});
