/** A literal as written: the kind decides how it is compared. Guids are lower case; dates stay text; datetimes carry epoch milliseconds too. */
export type Literal =
	| { type: 'string'; value: string }
	| { type: 'number'; value: number; text: string }
	| { type: 'boolean'; value: boolean }
	| { type: 'null'; value: null }
	| { type: 'guid'; value: string }
	/** yyyy-MM-dd */
	| { type: 'date'; value: string }
	| { type: 'datetime'; value: string; epochMs: number }
	/** `Namespace.Type'value'`: the quoted part is the value. */
	| { type: 'enum'; value: string; enumType: string };

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export interface PathOperand {
	kind: 'path';
	/** Property names, navigation first; without the range variable. */
	path: string[];
	/** The range variable the path starts from, inside a lambda. */
	variable: string | null;
	/** Characters from the start of the filter. */
	position: number;
}

export interface CallOperand {
	kind: 'call';
	/** e.g. contains, tolower, year. */
	name: string;
	args: Operand[];
	position: number;
}

export type Operand = { kind: 'literal'; literal: Literal } | PathOperand | CallOperand;

/** `Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=['a'])` and its kin. */
export interface ServiceFunctionNode {
	kind: 'serviceFunction';
	/** Without the namespace. */
	name: string;
	/** Named arguments; an array stays an array. */
	args: Record<string, Literal | Literal[]>;
	position: number;
}

export interface LambdaNode {
	kind: 'lambda';
	operator: 'any' | 'all';
	collection: PathOperand;
	variable: string | null;
	/** null for `any()`. */
	predicate: FilterNode | null;
}

export type FilterNode =
	| { kind: 'and' | 'or'; operands: FilterNode[] }
	| { kind: 'not'; operand: FilterNode }
	| { kind: 'comparison'; operator: ComparisonOperator; left: Operand; right: Operand }
	| { kind: 'in'; left: Operand; values: Literal[] }
	/** An operand that is a condition by itself: `contains(name,'x')`, a boolean column, `true`. */
	| { kind: 'truth'; operand: Operand }
	| ServiceFunctionNode
	| LambdaNode;

/** The text is not a filter; `position` counts characters from 0. */
export class FilterSyntaxError extends Error {
	constructor(
		message: string,
		readonly position: number,
	) {
		super(message);
		this.name = 'FilterSyntaxError';
	}
}
