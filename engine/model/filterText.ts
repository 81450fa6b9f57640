import type { FieldName, FieldValue } from './record';

/** Value of a field; undefined when nobody here knows it. */
export type Known = (field: FieldName) => FieldValue | undefined;

/** Undefined: what is known does not tell. */
type Verdict = boolean | undefined;
type Operand = { value: FieldValue | undefined };

const TOKEN = /\s*('(?:[^']|'')*'|[()]|,|[^\s(),']+)/y;
/** What Business Central writes for blank: the blank member of an enum, no date, no id. */
const BLANKS: ReadonlySet<string> = new Set(['_x0020_', '0001-01-01', '0001-01-01t00:00:00z', '00000000-0000-0000-0000-000000000000']);

/**
 * Whether a record with these values may be selected by a filter as the systems are asked with it (OData). A record that only exists in memory cannot
 * be asked for; where its values do not tell, or the filter is one that people wrote with what is not read here, the record counts as selected: a run
 * creates what its filter selects.
 */
export const maySelect = (filter: string | null, valueOf: Known): boolean => selects(filter, valueOf) !== false;

/** Whether a filter selects a record with these values; undefined where the values do not tell, or the filter holds what is not read here. */
export function selects(filter: string | null, valueOf: Known): boolean | undefined {
	if (filter === null || filter.trim() === '') return true;
	const tokens = tokensOf(filter);
	if (!tokens) return undefined;
	try {
		const reader = new Reader(tokens, valueOf);
		const verdict = reader.any();
		return reader.atEnd ? verdict : undefined;
	} catch (error) {
		if (error instanceof NotRead) return undefined;
		throw error;
	}
}

function tokensOf(text: string): string[] | null {
	const tokens: string[] = [];
	TOKEN.lastIndex = 0;
	const end = text.trimEnd().length;
	while (TOKEN.lastIndex < end) {
		const token = TOKEN.exec(text)?.[1];
		if (token === undefined) return null;
		tokens.push(token);
	}
	return tokens;
}

class NotRead extends Error {}

/** `or` binds less than `and`, `and` less than `not`; unknown is neither true nor false. */
class Reader {
	private position = 0;

	constructor(
		private readonly tokens: readonly string[],
		private readonly valueOf: Known,
	) {}

	get atEnd(): boolean {
		return this.position === this.tokens.length;
	}

	any(): Verdict {
		let verdict = this.all();
		while (this.takes('or')) {
			const next = this.all();
			verdict = verdict === true || next === true ? true : verdict === undefined || next === undefined ? undefined : false;
		}
		return verdict;
	}

	private all(): Verdict {
		let verdict = this.one();
		while (this.takes('and')) {
			const next = this.one();
			verdict = verdict === false || next === false ? false : verdict === undefined || next === undefined ? undefined : true;
		}
		return verdict;
	}

	private one(): Verdict {
		if (this.takes('not')) {
			const verdict = this.one();
			return verdict === undefined ? undefined : !verdict;
		}
		if (this.takes('(')) {
			const verdict = this.any();
			this.must(')');
			return verdict;
		}
		const name = this.next();
		if (this.peek() === '(' && (name === 'contains' || name === 'startswith' || name === 'endswith')) return this.part(name);
		const left = this.operand(name);
		const sign = this.next();
		return compare(left, sign, this.operand(this.next()));
	}

	private part(name: 'contains' | 'startswith' | 'endswith'): Verdict {
		this.must('(');
		const [text] = [this.operand(this.next()), this.must(',')];
		const part = this.operand(this.next());
		this.must(')');
		if (text.value === undefined || part.value === undefined) return undefined;
		const [whole, wanted] = [textOf(text.value), textOf(part.value)];
		if (name === 'contains') return whole.includes(wanted);
		return name === 'startswith' ? whole.startsWith(wanted) : whole.endsWith(wanted);
	}

	private operand(token: string): Operand {
		if (this.peek() === '(') {
			if (token !== 'tolower') throw new NotRead();
			this.must('(');
			const inner = this.operand(this.next());
			this.must(')');
			return inner;
		}
		if (token.startsWith("'")) return { value: token.slice(1, -1).replaceAll("''", "'") };
		if (token === 'null') return { value: null };
		if (token === 'true' || token === 'false') return { value: token === 'true' };
		if (/^-?\d+(\.\d+)?$/.test(token)) return { value: Number(token) };
		if (/^(\d|[0-9a-f]{8}-)/i.test(token)) return { value: token };
		return { value: this.valueOf(/^_(.+)_value$/.exec(token)?.[1] ?? token) };
	}

	private peek(): string | undefined {
		return this.tokens[this.position];
	}

	private next(): string {
		const token = this.tokens[this.position++];
		if (token === undefined) throw new NotRead();
		return token;
	}

	private takes(token: string): boolean {
		if (this.peek() !== token) return false;
		this.position++;
		return true;
	}

	private must(token: string): void {
		if (this.next() !== token) throw new NotRead();
	}
}

function compare(left: Operand, sign: string, right: Operand): Verdict {
	if (left.value === undefined || right.value === undefined) return undefined;
	if (sign === 'eq' || sign === 'ne') return (textOf(left.value) === textOf(right.value)) === (sign === 'eq');
	if (left.value === null || right.value === null) return undefined;
	const [one, other] =
		typeof left.value === 'number' && typeof right.value === 'number'
			? [left.value, right.value]
			: [textOf(left.value), textOf(right.value)];
	switch (sign) {
		case 'gt':
			return one > other;
		case 'ge':
			return one >= other;
		case 'lt':
			return one < other;
		case 'le':
			return one <= other;
		default:
			throw new NotRead();
	}
}

/** As both services compare text of these tables, ignoring case; blank in all its spellings is one. */
export function textOf(value: FieldValue): string {
	const text = value === null ? '' : String(value).trim().toLowerCase();
	return BLANKS.has(text) ? '' : text;
}
