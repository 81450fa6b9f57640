import { sideFilter } from '../mapping/filter';
import type { Dependents } from '../mapping/rules';
import type { Coupling } from '../model/coupling';
import { directionFrom } from '../model/direction';
import type { FieldMapping } from '../model/fieldMapping';
import { otherSide, type Side } from '../model/side';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { serves } from '../sync/run/directions';

/** Rows of one page, of those that are asked for. */
const PAGE = 1000;

/**
 * Coupled records of other mappings that look up to a record which got another partner, by the rows of CRM that name its former row; `side`: the
 * one whose record stays. `known`: what the mapping's rule tells by itself.
 */
export async function referencesTo(
	session: SyncSession,
	{ mapping, mappings, former, side }: { mapping: TableMapping; mappings: readonly TableMapping[]; former: Coupling; side: Side },
	known: readonly Dependents[],
): Promise<Dependents[]> {
	const direction = directionFrom(side);
	const found: Dependents[] = [];
	for (const other of mappings) {
		if (!other.enabled || !serves(other, direction)) continue;
		for (const field of other.fields) {
			const told = known.some((each) => each.mapping === other.name && each.fields.includes(field.key));
			const travels = field.direction === 'bidirectional' || field.direction === direction;
			if (told || !field.enabled || !travels || field.insertOnly || field.parent || field.mapping !== mapping.name) continue;
			if (!field.crmField || !field.bcField || field.bcField.startsWith('@')) continue;
			const rows = await rowsNaming(session, other, field, former.crmId);
			const ids = side === 'crm' ? rows : await partnersOf(session, other, rows);
			if (ids.length > 0) found.push({ mapping: other.name, ids, fields: [field.key] });
		}
	}
	return found;
}

async function rowsNaming(session: SyncSession, mapping: TableMapping, field: FieldMapping, row: string): Promise<string[]> {
	const choice = field.kind === 'choice';
	const value = choice ? Number(row) : row;
	if (choice && Number.isNaN(value)) return [];
	const condition = { field: field.crmField!, operator: 'eq', value, type: choice ? 'number' : 'lookup' } as const;
	const { odata } = sideFilter({ conditions: [condition] }, 'crm', null, mapping.crm);
	const ids: string[] = [];
	for await (const page of session.crm.readChanges({ table: mapping.crm, fields: [], filter: odata, since: null, pageSize: PAGE }))
		ids.push(...page.map(({ id }) => id));
	return ids;
}

async function partnersOf(session: SyncSession, mapping: TableMapping, rows: readonly string[]): Promise<string[]> {
	const ids: string[] = [];
	for (let start = 0; start < rows.length; start += PAGE) {
		const couplings = await session.store.couplingsOf(mapping.name, otherSide('businessCentral'), rows.slice(start, start + PAGE));
		ids.push(...[...couplings.values()].map(({ bcId }) => bcId));
	}
	return ids;
}
