import { tokenize, type Token } from './filterLexer';
import {
	FilterSyntaxError,
	type CallOperand,
	type ComparisonOperator,
	type FilterNode,
	type Literal,
	type Operand,
	type PathOperand,
	type ServiceFunctionNode,
} from './filterTypes';

const comparisons = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const servicePrefix = 'Microsoft.Dynamics.CRM.';
const deepest = 200;

/**
 * Parses a decoded `$filter`. `aliases` holds parameter aliases of the query (`@p1` → text of its value).
 * Chains of `and`/`or` come flat, so that a chain of hundreds of alternatives neither nests nor slows down.
 */
export function parseFilter(text: string, aliases: ReadonlyMap<string, string> = new Map()): FilterNode {
	const parser = new Parser(text, tokenize(text), aliases);
	return parser.whole();
}

class Parser {
	private next = 0;
	private depth = 0;
	private readonly variables: string[] = [];

	constructor(
		private readonly text: string,
		private readonly tokens: Token[],
		private readonly aliases: ReadonlyMap<string, string>,
	) {}

	whole(): FilterNode {
		const node = this.or();
		if (this.token.type !== 'end') throw this.unexpected();
		return node;
	}

	private get token(): Token {
		return this.tokens[this.next]!;
	}

	private unexpected(): FilterSyntaxError {
		const { position } = this.token;
		const what = this.token.type === 'end' ? 'Expression expected' : 'Syntax error';
		return new FilterSyntaxError(`${what} at position ${position} in '${this.text}'.`, position);
	}

	private isWord(text: string): boolean {
		return this.token.type === 'word' && this.token.text === text;
	}

	private isSymbol(text: string, ahead = 0): boolean {
		const token = this.tokens[this.next + ahead];
		return token?.type === 'symbol' && token.text === text;
	}

	private expect(text: string): void {
		if (!this.isSymbol(text)) throw this.unexpected();
		this.next++;
	}

	private or(): FilterNode {
		return this.chain('or', () => this.chain('and', () => this.unary()));
	}

	private chain(kind: 'and' | 'or', operand: () => FilterNode): FilterNode {
		const operands = [operand()];
		while (this.isWord(kind)) {
			this.next++;
			operands.push(operand());
		}
		return operands.length === 1 ? operands[0]! : { kind, operands };
	}

	private nested<T>(inside: () => T): T {
		if (++this.depth > deepest) throw new FilterSyntaxError('The recursion limit has been exceeded.', this.token.position);
		try {
			return inside();
		} finally {
			this.depth--;
		}
	}

	private unary(): FilterNode {
		if (this.isWord('not')) {
			this.next++;
			return this.nested(() => ({ kind: 'not', operand: this.unary() }));
		}
		if (this.isSymbol('(')) {
			this.next++;
			const node = this.nested(() => this.or());
			this.expect(')');
			return node;
		}
		return this.condition();
	}

	private condition(): FilterNode {
		const { token } = this;
		if (token.type === 'word' && token.text.startsWith(servicePrefix) && this.isSymbol('(', 1)) return this.serviceFunction(token);
		const left = this.operand();
		if ('kind' in left && left.kind === 'lambda') return left;
		const operator = this.token;
		if (operator.type === 'word' && comparisons.has(operator.text)) {
			this.next++;
			const right = this.operand();
			if (right.kind === 'lambda') throw this.unexpected();
			return { kind: 'comparison', operator: operator.text as ComparisonOperator, left, right };
		}
		if (this.isWord('in')) {
			this.next++;
			return { kind: 'in', left, values: this.list('(', ')') };
		}
		if (left.kind === 'literal' && left.literal.type !== 'boolean') throw this.unexpected();
		return { kind: 'truth', operand: left };
	}

	private operand(): Operand | Extract<FilterNode, { kind: 'lambda' }> {
		const { token } = this;
		if (token.type === 'literal' || token.type === 'alias') return { kind: 'literal', literal: this.literal() };
		if (token.type !== 'word') throw this.unexpected();
		this.next++;
		if (this.isSymbol('(')) return this.call(token.text, token.position);
		return this.path(token.text, token.position);
	}

	private call(name: string, position: number): CallOperand {
		this.next++;
		const args: Operand[] = [];
		if (!this.isSymbol(')')) {
			do {
				const arg = this.nested(() => this.operand());
				if (arg.kind === 'lambda') throw this.unexpected();
				args.push(arg);
			} while (this.isSymbol(',') && ++this.next);
		}
		this.expect(')');
		return { kind: 'call', name, args, position };
	}

	private path(first: string, position: number): PathOperand | Extract<FilterNode, { kind: 'lambda' }> {
		const variable = this.variables.includes(first) ? first : null;
		const path = variable ? [] : [first];
		while (this.isSymbol('/')) {
			const segment = this.tokens[this.next + 1];
			if (segment?.type !== 'word') throw ((this.next += 1), this.unexpected());
			this.next += 2;
			if ((segment.text === 'any' || segment.text === 'all') && this.isSymbol('(')) {
				return this.lambda(segment.text, { kind: 'path', path, variable, position });
			}
			path.push(segment.text);
		}
		return { kind: 'path', path, variable, position };
	}

	private lambda(operator: 'any' | 'all', collection: PathOperand): Extract<FilterNode, { kind: 'lambda' }> {
		this.expect('(');
		if (operator === 'any' && this.isSymbol(')')) {
			this.next++;
			return { kind: 'lambda', operator, collection, variable: null, predicate: null };
		}
		const { token } = this;
		if (token.type !== 'word') throw this.unexpected();
		this.next++;
		this.expect(':');
		this.variables.push(token.text);
		const predicate = this.nested(() => this.or());
		this.variables.pop();
		this.expect(')');
		return { kind: 'lambda', operator, collection, variable: token.text, predicate };
	}

	private serviceFunction(token: { text: string; position: number }): ServiceFunctionNode {
		this.next += 2;
		const args: ServiceFunctionNode['args'] = {};
		if (!this.isSymbol(')')) {
			do {
				const name = this.token;
				if (name.type !== 'word') throw this.unexpected();
				this.next++;
				this.expect('=');
				args[name.text] = this.isSymbol('[') || this.aliasedList() ? this.list('[', ']') : this.literal();
			} while (this.isSymbol(',') && ++this.next);
		}
		this.expect(')');
		return { kind: 'serviceFunction', name: token.text.slice(servicePrefix.length), args, position: token.position };
	}

	private aliasedList(): boolean {
		return this.token.type === 'alias' && (this.aliases.get(this.token.text)?.trimStart().startsWith('[') ?? false);
	}

	private list(open: '(' | '[', close: ')' | ']'): Literal[] {
		if (this.token.type === 'alias') {
			const text = this.aliasText();
			const inner = new Parser(text, tokenize(text), this.aliases);
			return inner.list(open, close);
		}
		this.expect(open);
		const values: Literal[] = [];
		if (!this.isSymbol(close)) {
			do values.push(this.literal());
			while (this.isSymbol(',') && ++this.next);
		}
		this.expect(close);
		return values;
	}

	private aliasText(): string {
		const { token } = this;
		if (token.type !== 'alias') throw this.unexpected();
		const text = this.aliases.get(token.text);
		if (text === undefined) throw new FilterSyntaxError(`The parameter alias '${token.text}' has no value in the query.`, token.position);
		this.next++;
		return text;
	}

	private literal(): Literal {
		const { token } = this;
		if (token.type === 'literal') {
			this.next++;
			return token.literal;
		}
		const text = this.aliasText();
		const [value, end] = tokenize(text);
		if (value?.type === 'literal' && end?.type === 'end') return value.literal;
		throw new FilterSyntaxError(`The value '${text}' of a parameter alias is not a literal.`, token.position);
	}
}
