import { equalityOf, type FilterNode, type Literal } from '../../odata/filter';
import type { CompanyData } from '../data/companyData';
import type { Row } from '../data/row';
import { relationById } from '../model/relations';
import { blankOf, type Property, type View } from '../model/view';

export interface StampRange {
	from: number;
	to: number;
}

const conditions = (node: FilterNode): FilterNode[] => (node.kind === 'and' ? node.operands.flatMap(conditions) : [node]);

/** Rows an index finds for a condition `field eq value` or several of them joined by `or`; null when no index can help. */
export function indexed(node: FilterNode, view: View, company: CompanyData): Row[] | null {
	for (const condition of conditions(node)) {
		const alternatives = condition.kind === 'or' ? condition.operands : [condition];
		const found = new Map<string, Row>();
		let usable = true;
		for (const alternative of alternatives) {
			const equality = equalityOf(alternative);
			const rows = equality && byValue(view.byName.get(equality.path.path[0]!), equality.literal, view, company);
			if (!rows) {
				usable = false;
				break;
			}
			for (const row of rows) found.set(row.id, row);
		}
		if (usable) return [...found.values()];
	}
	return null;
}

function byValue(property: Property | undefined, literal: Literal, view: View, company: CompanyData): Row[] | null {
	if (!property || property.flow || property.computed || literal.type === 'null' || literal.type === 'boolean' || literal.type === 'date')
		return null;
	const table = company.table(view.table);
	if (property.field === 'SystemId') {
		const row = table.get(String(literal.value));
		return row ? [row] : [];
	}
	if (property.field.startsWith('System') || property.field === 'timestamp' || property.kind === 'enum' || property.kind === 'dateTime')
		return null;
	// Blanks need not be stored, so an index does not find them all.
	if (literal.value === blankOf(property)) return null;
	const relation = relationById(view.table, property.field);
	if (!relation) return table.withField(property.field, literal.value);
	const related = company.table(relation.target).get(String(literal.value));
	if (!related) return [];
	return table.withField(relation.field, related.fields[company.table(relation.target).primaryKey[0]!] ?? '');
}

/** Whether rows have other stamps in this view than in API v2.0, by which they are kept in order: a page of an extension shows the document, not its buffer. */
export const hasOwnStamps = (view: View): boolean => view.custom === true && view.table === 'Sales Header';

/** Bounds the filter sets to SystemModifiedAt. */
export function stampRange(node: FilterNode | null, view: View): StampRange {
	const range = { from: -Infinity, to: Infinity };
	if (!node || hasOwnStamps(view)) return range;
	for (const condition of conditions(node)) {
		if (condition.kind !== 'comparison' || condition.left.kind !== 'path' || condition.right.kind !== 'literal') continue;
		const { literal } = condition.right;
		if (literal.type !== 'datetime' || view.byName.get(condition.left.path[0]!)?.field !== 'SystemModifiedAt') continue;
		if (condition.operator === 'ge' || condition.operator === 'gt' || condition.operator === 'eq')
			range.from = Math.max(range.from, literal.epochMs);
		if (condition.operator === 'le' || condition.operator === 'lt' || condition.operator === 'eq')
			range.to = Math.min(range.to, literal.epochMs);
	}
	return range;
}
