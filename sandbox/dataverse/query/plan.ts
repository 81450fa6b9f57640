import { equalityOf, type FilterNode, type Literal } from '../../odata/filter';
import type { Table } from '../model';
import type { Platform } from '../platform';

/** What indexes can say about a filter before any row is looked at. */
export interface Plan {
	/** The only rows that can match; null: unknown. */
	ids: ReadonlySet<string> | null;
	/** Only rows with modifiedon from here on can match. */
	stampFrom: string | null;
}

export function planFor(platform: Platform, table: Table, node: FilterNode | null): Plan {
	if (!node) return { ids: null, stampFrom: null };
	return { ids: idsFor(platform, table, node), stampFrom: stampFrom(node) };
}

function idsFor(platform: Platform, table: Table, node: FilterNode): ReadonlySet<string> | null {
	switch (node.kind) {
		case 'and': {
			let fewest: ReadonlySet<string> | null = null;
			for (const operand of node.operands) {
				const ids = idsFor(platform, table, operand);
				if (ids && (!fewest || ids.size < fewest.size)) fewest = ids;
			}
			return fewest;
		}
		case 'or': {
			const all = new Set<string>();
			for (const operand of node.operands) {
				const ids = idsFor(platform, table, operand);
				if (!ids) return null;
				for (const id of ids) all.add(id);
			}
			return all;
		}
		case 'comparison': {
			const equality = equalityOf(node);
			if (!equality || equality.path.path.length !== 1 || equality.path.variable) return null;
			return idsOf(platform, table, equality.path.path[0]!, [equality.literal]);
		}
		case 'serviceFunction': {
			const name = node.args.PropertyName;
			const values = node.args.PropertyValues;
			if (node.name !== 'In' || !name || Array.isArray(name) || !Array.isArray(values)) return null;
			return idsOf(platform, table, String(name.value), values);
		}
		default:
			return null;
	}
}

function idsOf(platform: Platform, table: Table, property: string, values: Literal[]): ReadonlySet<string> | null {
	const column = table.properties.get(property) ?? table.columns.get(property);
	if (!column || values.some((literal) => literal.value === null)) return null;
	const store = platform.db.store(table.logicalName);
	const ids = new Set<string>();
	if (column.logicalName === table.primaryId) {
		for (const literal of values) {
			const id = String(literal.value).toLowerCase();
			if (store.rows.has(id)) ids.add(id);
		}
		return ids;
	}
	if (!column.isLookup && column.type !== 'String' && column.type !== 'Uniqueidentifier') return null;
	if (values.length === 1) return store.having(column.logicalName, values[0]!.value);
	for (const literal of values) for (const id of store.having(column.logicalName, literal.value)) ids.add(id);
	return ids;
}

/** Lower bound of modifiedon that every match must reach. */
function stampFrom(node: FilterNode): string | null {
	if (node.kind === 'and') {
		const bounds = node.operands.map(stampFrom).filter((bound) => bound !== null);
		return bounds.sort().at(-1) ?? null;
	}
	if (node.kind !== 'comparison' || !['ge', 'gt', 'eq'].includes(node.operator)) return null;
	if (node.left.kind !== 'path' || node.left.variable || node.left.path.length !== 1 || node.left.path[0] !== 'modifiedon') return null;
	if (node.right.kind !== 'literal') return null;
	const { literal } = node.right;
	if (literal.type === 'datetime') return `${new Date(literal.epochMs).toISOString().slice(0, 19)}Z`;
	return literal.type === 'date' ? literal.value : null;
}
