/** A character, or a class of them. */
export interface CharacterSet {
	test: (character: number) => boolean;
	/** Work of asking it once: about the number of its parts. */
	weight: number;
	/** What it said of characters before. */
	known: Map<number, boolean>;
}

/** A regular expression as a tree. */
export type Pattern =
	| { kind: 'char'; set: CharacterSet }
	| { kind: 'assert'; what: 'start' | 'end' | 'wordBorder' | 'noWordBorder' }
	| { kind: 'group'; index: number | null; inner: Pattern }
	| { kind: 'sequence'; parts: Pattern[] }
	| { kind: 'either'; options: Pattern[] }
	| { kind: 'repeat'; inner: Pattern; least: number; most: number; lazy: boolean };

/** A pattern that cannot be read, or that is not supported; `message` says which part of it. */
export class PatternError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'PatternError';
	}
}

type Test = (character: number) => boolean;

const MOST_REPEATS = 200;
const isDigit: Test = (c) => c >= 48 && c <= 57;
export const isWord: Test = (c) => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const isSpace: Test = (c) => /\s/.test(String.fromCharCode(c));
const isLineEnd: Test = (c) => c === 10 || c === 13 || c === 0x2028 || c === 0x2029;
const not =
	(test: Test): Test =>
	(c) =>
		!test(c);

const CLASSES: Readonly<Record<string, Test>> = { d: isDigit, D: not(isDigit), w: isWord, W: not(isWord), s: isSpace, S: not(isSpace) };
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

const charOf = (test: Test, weight = 1): Pattern => ({ kind: 'char', set: { test, weight, known: new Map() } });

/**
 * Reads a pattern of the usual kind (as JavaScript writes it). What cannot be matched in linear time — back references, looking ahead and
 * behind — is refused.
 */
export function parsePattern(source: string, ignoreCase: boolean): { pattern: Pattern; groups: number } {
	return new Parser(source, ignoreCase).parse();
}

class Parser {
	private at = 0;
	private groups = 0;

	constructor(
		private readonly source: string,
		private readonly ignoreCase: boolean,
	) {}

	parse(): { pattern: Pattern; groups: number } {
		const pattern = this.either();
		if (this.at < this.source.length) throw new PatternError('it has a ")" without its "("');
		return { pattern, groups: this.groups };
	}

	private either(): Pattern {
		const options = [this.sequence()];
		while (this.take('|')) options.push(this.sequence());
		return options.length === 1 ? options[0]! : { kind: 'either', options };
	}

	private sequence(): Pattern {
		const parts: Pattern[] = [];
		while (this.at < this.source.length && !this.sees('|') && !this.sees(')')) parts.push(this.repeated(this.atom()));
		return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
	}

	private repeated(inner: Pattern): Pattern {
		const counts = this.quantifier();
		if (!counts) return inner;
		if (inner.kind === 'assert') throw new PatternError('it repeats "^", "$" or "\\b"');
		const lazy = this.take('?');
		if (this.quantifier()) throw new PatternError('it repeats a repetition');
		return { kind: 'repeat', inner, ...counts, lazy };
	}

	private quantifier(): { least: number; most: number } | null {
		if (this.take('*')) return { least: 0, most: Infinity };
		if (this.take('+')) return { least: 1, most: Infinity };
		if (this.take('?')) return { least: 0, most: 1 };
		const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at));
		if (!counted) return null;
		this.at += counted[0].length;
		const least = Number(counted[1]);
		const most = counted[2] === undefined ? least : counted[3] === '' ? Infinity : Number(counted[3]);
		if (most < least) throw new PatternError(`the counts in "${counted[0]}" are the wrong way round`);
		if (least > MOST_REPEATS || (most !== Infinity && most > MOST_REPEATS)) {
			throw new PatternError(`it repeats more than ${MOST_REPEATS} times in "${counted[0]}"`);
		}
		return { least, most };
	}

	private atom(): Pattern {
		const character = this.source[this.at++]!;
		switch (character) {
			case '(':
				return this.group();
			case '[':
				return charOf(...this.set());
			case '.':
				return charOf(not(isLineEnd));
			case '^':
				return { kind: 'assert', what: 'start' };
			case '$':
				return { kind: 'assert', what: 'end' };
			case '*':
			case '+':
			case '?':
				throw new PatternError(`"${character}" has nothing to repeat`);
			case '\\':
				return this.escape();
			default:
				return this.literal(character.charCodeAt(0));
		}
	}

	private group(): Pattern {
		let index: number | null = null;
		if (this.take('?')) {
			if (this.sees('=') || this.sees('!') || /^<[=!]/.test(this.source.slice(this.at))) {
				throw new PatternError('it looks ahead or behind ("(?=", "(?!", "(?<=", "(?<!")');
			}
			if (!this.take(':')) throw new PatternError('it has a group of a kind that is not supported; use "(…)" or "(?:…)"');
		} else index = ++this.groups;
		const inner = this.either();
		if (!this.take(')')) throw new PatternError('it has a "(" without its ")"');
		return { kind: 'group', index, inner };
	}

	private escape(): Pattern {
		const character = this.source[this.at++];
		if (character === undefined) throw new PatternError('it ends with "\\"');
		if (character === 'b') return { kind: 'assert', what: 'wordBorder' };
		if (character === 'B') return { kind: 'assert', what: 'noWordBorder' };
		if (/[1-9k]/.test(character)) throw new PatternError(`it refers back to a group ("\\${character}")`);
		const test = CLASSES[character];
		return test ? charOf(test) : this.literal(this.escaped(character));
	}

	private escaped(character: string): number {
		if (character === 'u' || character === 'x') {
			const digits = (character === 'u' ? /^[0-9a-fA-F]{4}/ : /^[0-9a-fA-F]{2}/).exec(this.source.slice(this.at));
			if (!digits) throw new PatternError(`"\\${character}" must be followed by its digits`);
			this.at += digits[0].length;
			return parseInt(digits[0], 16);
		}
		if (/[pP]/.test(character)) throw new PatternError(`"\\${character}" is not supported`);
		return CONTROLS[character] ?? character.charCodeAt(0);
	}

	private set(): [test: Test, weight: number] {
		const negated = this.take('^');
		const tests: Test[] = [];
		while (!this.sees(']')) {
			if (this.at >= this.source.length) throw new PatternError('it has a "[" without its "]"');
			const first = this.member();
			if (typeof first === 'function') tests.push(first);
			else if (this.sees('-') && this.source[this.at + 1] !== ']' && this.at + 1 < this.source.length) {
				this.at++;
				const last = this.member();
				if (typeof last === 'function' || last < first) throw new PatternError('a range inside "[…]" is the wrong way round');
				tests.push(this.range(first, last));
			} else tests.push(this.range(first, first));
		}
		this.at++;
		const any: Test = (c) => tests.some((test) => test(c));
		return [negated ? not(any) : any, 1 + tests.length * (this.ignoreCase ? 3 : 1)];
	}

	private member(): number | Test {
		const character = this.source[this.at++]!;
		if (character !== '\\') return character.charCodeAt(0);
		const escaped = this.source[this.at++];
		if (escaped === undefined) throw new PatternError('it ends with "\\"');
		return escaped === 'b' ? 8 : (CLASSES[escaped] ?? this.escaped(escaped));
	}

	private range(first: number, last: number): Test {
		const plain: Test = (c) => c >= first && c <= last;
		return this.ignoreCase ? (c) => plain(c) || plain(lower(c)) || plain(upper(c)) : plain;
	}

	private literal(code: number): Pattern {
		return charOf(this.range(code, code));
	}

	private sees = (character: string): boolean => this.source[this.at] === character;

	private take(character: string): boolean {
		if (!this.sees(character)) return false;
		this.at++;
		return true;
	}
}

const lower = (c: number): number => single(String.fromCharCode(c).toLowerCase(), c);
const upper = (c: number): number => single(String.fromCharCode(c).toUpperCase(), c);
const single = (text: string, otherwise: number): number => (text.length === 1 ? text.charCodeAt(0) : otherwise);
