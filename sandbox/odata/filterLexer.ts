import { FilterSyntaxError, type Literal } from './filterTypes';

export type Token =
	| { type: 'literal'; literal: Literal; position: number }
	/** Identifier, dotted names included; keywords (and, or, eq, …) are words too. */
	| { type: 'word'; text: string; position: number }
	| { type: 'alias'; text: string; position: number }
	| { type: 'symbol'; text: '(' | ')' | ',' | '/' | ':' | '=' | '[' | ']'; position: number }
	| { type: 'end'; position: number };

const guid = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])/y;
const datetime = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})(?![\w])/iy;
const date = /\d{4}-\d{2}-\d{2}(?![\w-])/y;
const number = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const word = /[A-Za-z_\u00C0-\uFFFF$][\w\u00C0-\uFFFF]*(?:\.[A-Za-z_][\w]*)*/y;
const alias = /@[A-Za-z_]\w*/y;
const space = /\s+/y;

function match(pattern: RegExp, text: string, at: number): string | null {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0] ?? null;
}

function quoted(text: string, at: number, quote: string): { value: string; end: number } {
	let value = '';
	let from = at + 1;
	for (;;) {
		const to = text.indexOf(quote, from);
		if (to < 0) throw new FilterSyntaxError(`There is an unterminated string literal at position ${at} in '${text}'.`, at);
		value += text.slice(from, to);
		if (text[to + 1] !== quote) return { value, end: to + 1 };
		value += quote;
		from = to + 2;
	}
}

function jsonQuoted(text: string, at: number): { value: string; end: number } {
	let end = at + 1;
	while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
	try {
		return { value: JSON.parse(text.slice(at, end + 1)) as string, end: end + 1 };
	} catch {
		throw new FilterSyntaxError(`There is an unterminated string literal at position ${at} in '${text}'.`, at);
	}
}

/** Cuts a decoded filter into tokens; literals come typed. Throws FilterSyntaxError. */
export function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	const literal = (value: Literal, length: number) => {
		tokens.push({ type: 'literal', literal: value, position: at });
		at += length;
	};
	while (at < text.length) {
		const blank = match(space, text, at);
		if (blank) {
			at += blank.length;
			continue;
		}
		const character = text[at]!;
		let found: string | null;
		if (character === "'") {
			const { value, end } = quoted(text, at, "'");
			literal({ type: 'string', value }, end - at);
		} else if (character === '"') {
			const { value, end } = jsonQuoted(text, at);
			literal({ type: 'string', value }, end - at);
		} else if ((found = match(guid, text, at))) literal({ type: 'guid', value: found.toLowerCase() }, found.length);
		else if ((found = match(datetime, text, at))) {
			const epochMs = Date.parse(found.toUpperCase().replace(/(\.\d{3})\d+/, '$1'));
			if (Number.isNaN(epochMs)) throw new FilterSyntaxError(`'${found}' is not a valid date and time.`, at);
			literal({ type: 'datetime', value: found, epochMs }, found.length);
		} else if ((found = match(date, text, at))) literal({ type: 'date', value: found }, found.length);
		else if ((found = match(number, text, at))) literal({ type: 'number', value: Number(found), text: found }, found.length);
		else if ((found = match(alias, text, at))) {
			tokens.push({ type: 'alias', text: found, position: at });
			at += found.length;
		} else if ((found = match(word, text, at))) {
			if (text[at + found.length] === "'") {
				const { value, end } = quoted(text, at + found.length, "'");
				literal({ type: 'enum', value, enumType: found }, end - at);
			} else {
				if (found === 'true' || found === 'false') literal({ type: 'boolean', value: found === 'true' }, found.length);
				else if (found === 'null') literal({ type: 'null', value: null }, found.length);
				else {
					tokens.push({ type: 'word', text: found, position: at });
					at += found.length;
				}
			}
		} else if ('(),/:=[]'.includes(character)) {
			tokens.push({ type: 'symbol', text: character as '(', position: at });
			at++;
		} else throw new FilterSyntaxError(`Syntax error: character '${character}' is not valid at position ${at} in '${text}'.`, at);
	}
	tokens.push({ type: 'end', position: text.length });
	return tokens;
}
