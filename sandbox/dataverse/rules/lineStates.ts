import type { Changes } from '../values';
import { lineParents } from './documents';
import type { RowWriter, Rules } from './rule';

/** Document → columns of its lines that show its state and its price lock. */
const shown: Record<string, { state: string; locked?: string }> = {
	opportunity: { state: 'opportunitystatecode' },
	quote: { state: 'quotestatecode' },
	salesorder: { state: 'salesorderstatecode', locked: 'salesorderispricelocked' },
	invoice: { state: 'invoicestatecode', locked: 'invoiceispricelocked' },
};

/**
 * Lines show state and price lock of their document. Their own version does not move with it.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/salesorderdetail (read-only columns)
 */
export const lineStates: Rules = {
	tables: [...Object.keys(shown), ...Object.keys(lineParents)],
	fill({ table, before, changes, crm }) {
		const parent = lineParents[table.logicalName];
		if (!parent || (before !== null && !(parent.column in changes))) return;
		Object.assign(changes, ofDocument(crm, parent.table, String(changes[parent.column]), table.logicalName));
	},
	after({ table, id, before, changes, crm }) {
		if (before !== null && table.logicalName in shown && ('statecode' in changes || 'ispricelocked' in changes)) {
			followDocument(crm, table.logicalName, id);
		}
	},
};

/** Brings the lines of a document up to its state. */
export function followDocument(crm: RowWriter, table: string, id: string): void {
	for (const [lineTable, parent] of Object.entries(lineParents)) {
		if (parent.table !== table || !crm.model.tables.has(lineTable)) continue;
		const changes = ofDocument(crm, table, id, lineTable);
		for (const lineId of [...crm.db.store(lineTable).having(parent.column, id)]) crm.amend(lineTable, lineId, changes);
	}
}

function ofDocument(crm: RowWriter, table: string, id: string, lineTable: string): Changes {
	const document = crm.db.row(table, id);
	const { columns } = crm.model.table(lineTable);
	const { state, locked } = shown[table]!;
	const changes: Changes = {};
	if (document && columns.has(state)) changes[state] = document.statecode ?? null;
	if (document && locked && columns.has(locked)) changes[locked] = document.ispricelocked ?? false;
	return changes;
}
