import {
	compileFilter,
	FilterSyntaxError,
	parseFilter,
	type FilterNode,
	type FilterValue,
	type Literal,
	type Operand,
	type PathOperand,
} from '../../odata/filter';
import { behind } from '../collections';
import type { Session } from '../environment';
import { DataverseError, queryOption, unknownProperty } from '../errors';
import { propertyOf, type Column, type Table } from '../model';
import type { Platform } from '../platform';
import { targetTable } from '../rowView';
import { columnValue, edmType, guidPattern, type Row } from '../values';
import { serviceFunction } from './serviceFunctions';

/** A row together with its table: lambdas and paths walk from one to the other. */
interface Place {
	table: Table;
	row: Row;
}

export interface CompiledFilter {
	node: FilterNode;
	test: (row: Row) => boolean;
}

const mostConditions = 500;

/** Parses and checks a filter against a table and compiles it. Throws DataverseError 400 for what the service refuses. */
export function readFilter(
	platform: Platform,
	table: Table,
	text: string,
	aliases: ReadonlyMap<string, string>,
	session: Session,
): CompiledFilter {
	try {
		const node = parseFilter(text, aliases);
		new Check(platform).node(node, table, {});
		const test = compileFilter<Place>(node, (place, path) => valueAt(platform, session, place, path), {
			ignoreCase: true,
			wildcards: true,
			collection: (place, path) => rowsBehind(platform, session, place, path),
			serviceFunction: (call) => {
				const found = serviceFunction(platform, table, call, session.user);
				return (place) => found(place.row);
			},
		});
		return { node, test: (row) => test({ table, row: platform.masked(session, table, row) }) };
	} catch (error) {
		if (error instanceof FilterSyntaxError) throw new DataverseError(400, '0x0', error.message);
		throw error;
	}
}

function valueAt(platform: Platform, session: Session, place: Place, path: readonly string[]): FilterValue {
	let { table, row } = place;
	for (let at = 0; at < path.length - 1; at++) {
		const followed = follow(platform, session, { table, row }, path[at]!);
		if (!followed) return null;
		({ table, row } = followed);
	}
	return columnValue(propertyOf(table, path.at(-1)!)!, row);
}

function follow(platform: Platform, session: Session, { table, row }: Place, navigation: string): Place | null {
	const single = table.navigation.get(navigation)!;
	const id = row[single.column.logicalName];
	const target = targetTable(single.column, row);
	if (typeof id !== 'string' || !single.targets.includes(target)) return null;
	const found = platform.db.row(target, id);
	const other = platform.model.table(target);
	return found ? { table: other, row: platform.masked(session, other, found) } : null;
}

function* rowsBehind(platform: Platform, session: Session, place: Place, path: readonly string[]): Generator<Place> {
	const collection = behind(platform, place.table, path[0]!)!;
	const { table } = collection;
	for (const id of collection.ids(String(place.row[place.table.primaryId]))) {
		yield { table, row: platform.masked(session, table, platform.db.row(table.logicalName, id)!) };
	}
}

/** Finds the column behind a path, or refuses it the way the service does. */
export function columnAt(platform: Platform, table: Table, path: readonly string[]): Column {
	let current = table;
	for (const name of path.slice(0, -1)) {
		const single = current.navigation.get(name);
		if (!single) throw unknownProperty(name, current.logicalName);
		current = platform.model.table(single.targets[0]!);
	}
	const name = path.at(-1)!;
	const column = propertyOf(current, name);
	if (!column) throw unknownProperty(name, current.logicalName);
	return column;
}

const textFunctions = new Set(['contains', 'startswith', 'endswith']);

class Check {
	private conditions = 0;

	constructor(private readonly platform: Platform) {}

	node(node: FilterNode, table: Table, variables: Record<string, Table>): void {
		switch (node.kind) {
			case 'and':
			case 'or':
				for (const operand of node.operands) this.node(operand, table, variables);
				break;
			case 'not':
				this.node(node.operand, table, variables);
				break;
			case 'comparison':
				this.count();
				this.types(node.operator, this.operand(node.left, table, variables), this.operand(node.right, table, variables), node.left, node.right); // prettier-ignore
				break;
			case 'truth':
				this.count();
				this.operand(node.operand, table, variables);
				break;
			case 'in':
				throw queryOption("The 'in' operator is not supported.");
			case 'serviceFunction':
				this.count();
				serviceFunction(this.platform, table, node, '');
				break;
			case 'lambda': {
				const { path, variable } = node.collection;
				const from = variable ? variables[variable]! : table;
				const collection = path.length === 1 ? behind(this.platform, from, path[0]!) : undefined;
				if (!collection) throw unknownProperty(path.join('/'), from.logicalName);
				if (node.predicate) this.node(node.predicate, table, { ...variables, [node.variable!]: collection.table }); // prettier-ignore
			}
		}
	}

	private count(): void {
		if (++this.conditions > mostConditions)
			throw new DataverseError(400, '0x8004430c', 'Number of conditions in query exceeded maximum limit.');
	}

	private operand(operand: Operand, table: Table, variables: Record<string, Table>): Column | Literal | null {
		if (operand.kind === 'literal') return operand.literal;
		if (operand.kind === 'path') return this.column(operand, table, variables);
		if (!textFunctions.has(operand.name)) {
			throw new DataverseError(400, '0x0', `An unknown function with name '${operand.name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`); // prettier-ignore
		}
		for (const arg of operand.args) this.operand(arg, table, variables);
		const [column] = operand.args;
		const found = column && this.operand(column, table, variables);
		if (found && 'logicalName' in found && edmType(found) !== 'Edm.String') {
			throw new DataverseError(
				400,
				'0x0',
				`No function signature for the function with name '${operand.name}' matches the specified arguments.`,
			);
		}
		return null;
	}

	private column(operand: PathOperand, table: Table, variables: Record<string, Table>): Column {
		return columnAt(this.platform, operand.variable ? variables[operand.variable]! : table, operand.path);
	}

	private types(operator: string, left: Column | Literal | null, right: Column | Literal | null, ...sides: Operand[]): void {
		const [a, b] = [typeName(left, right), typeName(right, left)];
		if (a === null || b === null || a === b || sides.some((side) => side.kind === 'call')) return;
		const names: Record<string, string> = {
			eq: 'Equal',
			ne: 'NotEqual',
			gt: 'GreaterThan',
			ge: 'GreaterThanOrEqual',
			lt: 'LessThan',
			le: 'LessThanOrEqual',
		};
		throw new DataverseError(400, '0x0', `A binary operator with incompatible types was detected. Found operand types 'Edm.${a}' and 'Edm.${b}' for operator kind '${names[operator]}'.`); // prettier-ignore
	}
}

/** Family of types that compare with each other; null fits everything. A quoted guid fits guid columns. */
function typeName(side: Column | Literal | null, other: Column | Literal | null): string | null {
	if (side === null) return null;
	if ('logicalName' in side) {
		const type = edmType(side).slice(4);
		if (['Int32', 'Int64', 'Decimal', 'Double'].includes(type)) return 'Decimal';
		return type === 'Date' || type === 'DateTimeOffset' ? 'DateTimeOffset' : type;
	}
	switch (side.type) {
		case 'null':
			return null;
		case 'number':
			return 'Decimal';
		case 'boolean':
			return 'Boolean';
		case 'guid':
			return 'Guid';
		case 'date':
		case 'datetime':
			return 'DateTimeOffset';
		default: {
			const guidColumn = other !== null && 'logicalName' in other && edmType(other) === 'Edm.Guid';
			return guidColumn && guidPattern.test(side.value) ? 'Guid' : 'String';
		}
	}
}
