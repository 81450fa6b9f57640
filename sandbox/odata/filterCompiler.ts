import { compareValues, functionValue, type FilterValue } from './filterValues';
import { FilterSyntaxError, type FilterNode, type Literal, type Operand, type PathOperand, type ServiceFunctionNode } from './filterTypes';

export interface CompileOptions<Row> {
	/** Compare text without regard to case (Dataverse). */
	ignoreCase?: boolean;
	/** `%`, `_` and `[a-z]` in contains, startswith and endswith act as wildcards in Dataverse. */
	wildcards?: boolean;
	/** Rows behind a collection-valued path, for any and all. */
	collection?: (row: Row, path: readonly string[]) => Iterable<Row>;
	/** Meaning of `Microsoft.Dynamics.CRM.X(...)`. */
	serviceFunction?: (node: ServiceFunctionNode) => (row: Row) => boolean;
}

/** Value of a property path in a row; undefined counts as null. */
export type Resolve<Row> = (row: Row, path: readonly string[]) => FilterValue | undefined;

type Scope<Row> = { row: Row; variables: Record<string, Row> };
type Test<Row> = (scope: Scope<Row>) => boolean;
type Read<Row> = (scope: Scope<Row>) => FilterValue;

/** Turns a filter into a predicate. Null compares unequal to every value: `ne` is true for it, `gt` and the like are false. */
export function compileFilter<Row>(node: FilterNode, resolve: Resolve<Row>, options: CompileOptions<Row> = {}): (row: Row) => boolean {
	const test = new Compiler(resolve, options).test(node);
	return (row) => test({ row, variables: {} });
}

class Compiler<Row> {
	constructor(
		private readonly resolve: Resolve<Row>,
		private readonly options: CompileOptions<Row>,
	) {}

	test(node: FilterNode): Test<Row> {
		switch (node.kind) {
			case 'and': {
				const tests = node.operands.map((operand) => this.test(operand));
				return (scope) => tests.every((test) => test(scope));
			}
			case 'or':
				return this.anyOf(node.operands);
			case 'not': {
				const test = this.test(node.operand);
				return (scope) => !test(scope);
			}
			case 'comparison': {
				const left = this.read(node.left);
				const right = this.read(node.right);
				const type = node.right.kind === 'literal' ? node.right.literal.type : node.left.kind === 'literal' ? node.left.literal.type : null;
				const ignoreCase = this.options.ignoreCase ?? false;
				return (scope) => compareValues(node.operator, left(scope), right(scope), type, ignoreCase);
			}
			case 'in': {
				const comparisons = node.values.map((literal): FilterNode => {
					return { kind: 'comparison', operator: 'eq', left: node.left, right: { kind: 'literal', literal } };
				});
				return this.anyOf(comparisons);
			}
			case 'truth': {
				const read = this.read(node.operand);
				return (scope) => read(scope) === true;
			}
			case 'serviceFunction': {
				if (!this.options.serviceFunction)
					throw new FilterSyntaxError(`An unknown function with name '${node.name}' was found.`, node.position);
				const test = this.options.serviceFunction(node);
				return (scope) => test(scope.row);
			}
			case 'lambda':
				return this.lambda(node);
		}
	}

	/** Alternatives for one property (`id eq a or id eq b …`) become one look-up in a set. */
	private anyOf(operands: FilterNode[]): Test<Row> {
		const sets = new Map<string, { path: PathOperand; values: Set<string> }>();
		const tests: Array<Test<Row>> = [];
		for (const operand of operands) {
			const alternative = equalityOf(operand);
			if (!alternative || !['string', 'guid'].includes(alternative.literal.type)) {
				tests.push(this.test(operand));
				continue;
			}
			const key = `${alternative.path.variable ?? ''}:${alternative.path.path.join('/')}`;
			const set = sets.get(key) ?? { path: alternative.path, values: new Set() };
			sets.set(key, set);
			set.values.add(this.folded(String(alternative.literal.value), alternative.literal.type === 'guid'));
		}
		for (const { path, values } of sets.values()) {
			const read = this.read(path);
			tests.push((scope) => {
				const value = read(scope);
				return (
					typeof value === 'string' && (values.has(value) || values.has(this.folded(value, true)) || values.has(this.folded(value, false)))
				);
			});
		}
		return (scope) => tests.some((test) => test(scope));
	}

	private folded(text: string, guid: boolean): string {
		return this.options.ignoreCase || (guid && text.length === 36) ? text.toLowerCase() : text;
	}

	private read(operand: Operand): Read<Row> {
		if (operand.kind === 'literal') {
			const value = literalValue(operand.literal);
			return () => value;
		}
		if (operand.kind === 'path') {
			const { path, variable } = operand;
			return (scope) => this.resolve(variable ? scope.variables[variable]! : scope.row, path) ?? null;
		}
		const args = operand.args.map((arg) => this.read(arg));
		const call = functionValue(operand.name, args.length, operand.position, {
			ignoreCase: this.options.ignoreCase ?? false,
			wildcards: this.options.wildcards ?? false,
		});
		return (scope) => call(args.map((arg) => arg(scope)));
	}

	private lambda(node: Extract<FilterNode, { kind: 'lambda' }>): Test<Row> {
		const { collection } = this.options;
		if (!collection) throw new FilterSyntaxError(`'${node.operator}' is not supported here.`, node.collection.position);
		const { path, variable: base } = node.collection;
		const predicate = node.predicate ? this.test(node.predicate) : () => true;
		const { variable } = node;
		return (scope) => {
			for (const row of collection(base ? scope.variables[base]! : scope.row, path)) {
				const held = predicate(variable ? { row: scope.row, variables: { ...scope.variables, [variable]: row } } : scope);
				if (held === (node.operator === 'any')) return held;
			}
			return node.operator === 'all';
		};
	}
}

/** `path eq literal` (either way round), else null: what indexes can answer. */
export function equalityOf(node: FilterNode): { path: PathOperand; literal: Literal } | null {
	if (node.kind !== 'comparison' || node.operator !== 'eq') return null;
	const { left, right } = node;
	if (left.kind === 'path' && right.kind === 'literal') return { path: left, literal: right.literal };
	if (left.kind === 'literal' && right.kind === 'path') return { path: right, literal: left.literal };
	return null;
}

/** What a literal is compared as: datetimes as their text (the comparison reads both sides as instants). */
export function literalValue(literal: Literal): FilterValue {
	return literal.value;
}
