import { AlSyntaxError } from './problem';

export type TokenKind = 'word' | 'quoted' | 'text' | 'number' | 'sign';

export interface Token {
	kind: TokenKind;
	/** Without quotes: of a quoted identifier its name, of a text what it says. */
	value: string;
	line: number;
}

const PATTERN =
	/(?<space>[ \t\r\n\uFEFF]+)|(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)|(?<quoted>"[^"\n]*")|(?<text>'(?:[^'\n]|'')*')|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_]\w*)|(?<sign>::|:=|\.\.|<>|<=|>=|[-{}()[\];:,.=|+*/<>&])/y;

/**
 * The tokens of AL source. Lines between `#if SYMBOL` and `#endif` count where the symbol is one of `symbols`; `#else` and `not` are read, too.
 * @throws AlSyntaxError for a character that AL does not have, and for an `#if` without end
 */
export function tokensOf(file: string, source: string, symbols: ReadonlySet<string> = new Set()): Token[] {
	const text = preprocessed(file, source, symbols);
	const tokens: Token[] = [];
	let line = 1;
	PATTERN.lastIndex = 0;
	while (PATTERN.lastIndex < text.length) {
		const at = PATTERN.lastIndex;
		const found = PATTERN.exec(text);
		if (!found) {
			const message = `The character ${JSON.stringify(text[at])} cannot stand here.`;
			throw new AlSyntaxError({ file, line, message, remedy: 'Take it away, or close the quotes before it.' });
		}
		const { quoted, text: literal, number, word, sign } = found.groups!;
		if (quoted !== undefined) tokens.push({ kind: 'quoted', value: quoted.slice(1, -1), line });
		else if (literal !== undefined) tokens.push({ kind: 'text', value: literal.slice(1, -1).replaceAll("''", "'"), line });
		else if (number !== undefined) tokens.push({ kind: 'number', value: number, line });
		else if (word !== undefined) tokens.push({ kind: 'word', value: word, line });
		else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, line });
		line += found[0].split('\n').length - 1;
	}
	return tokens;
}

/** Names after `#if` in the source. */
export const symbolsOf = (source: string): string[] => [
	...new Set([...source.matchAll(/^[ \t]*#if[ \t]+(?:not[ \t]+)?(\w+)/gm)].map(([, name]) => name!)),
];

/** Lines that do not count are emptied, so that the others keep their numbers. */
function preprocessed(file: string, source: string, symbols: ReadonlySet<string>): string {
	const open: Array<{ line: number; counts: boolean }> = [];
	const lines = source.split('\n').map((text, index) => {
		const [, directive, not, name] = /^\s*#(if|else|endif)\b\s*(not\s+)?(\w*)/.exec(text) ?? [];
		if (directive === 'if') open.push({ line: index + 1, counts: symbols.has(name!) === (not === undefined) });
		else if (directive !== undefined) {
			const last = open.at(-1);
			if (!last) throw unopened(file, index + 1, directive);
			if (directive === 'else') last.counts = !last.counts;
			else open.pop();
		}
		if (directive !== undefined || /^\s*#(pragma|region|endregion)\b/.test(text)) return '';
		return open.every(({ counts }) => counts) ? text : '';
	});
	const last = open.at(-1);
	if (last)
		throw new AlSyntaxError({
			file,
			line: last.line,
			message: 'This #if has no #endif.',
			remedy: 'Add #endif after the last line it is for.',
		});
	return lines.join('\n');
}

const unopened = (file: string, line: number, directive: string): AlSyntaxError =>
	new AlSyntaxError({
		file,
		line,
		message: `This #${directive} has no #if.`,
		remedy: 'Take it away, or write #if SYMBOL before the lines it is for.',
	});
