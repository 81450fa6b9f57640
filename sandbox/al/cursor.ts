import { AlSyntaxError } from './problem';
import type { Token } from './tokens';

/** A place in the tokens of a file. */
export class Cursor {
	private at = 0;

	constructor(
		readonly file: string,
		private readonly tokens: readonly Token[],
	) {}

	get ended(): boolean {
		return this.at >= this.tokens.length;
	}

	/** Line of the next token; of the last one at the end. */
	get line(): number {
		return (this.tokens[this.at] ?? this.tokens.at(-1))?.line ?? 1;
	}

	peek(ahead = 0): Token | undefined {
		return this.tokens[this.at + ahead];
	}

	/** Whether the next token is this word or sign; words without regard to case. */
	sees(value: string, ahead = 0): boolean {
		const token = this.peek(ahead);
		return token !== undefined && (token.kind === 'word' || token.kind === 'sign') && token.value.toLowerCase() === value.toLowerCase();
	}

	next(): Token {
		const token = this.tokens[this.at++];
		if (!token) throw this.error('The file ends in the middle of an object.', 'Close its braces.');
		return token;
	}

	/** Takes the word or sign if it is the next one. */
	takes(value: string): boolean {
		if (!this.sees(value)) return false;
		this.at++;
		return true;
	}

	expect(value: string): Token {
		if (!this.sees(value)) throw this.error(`Expected ${value}${this.found()}.`, `Write ${value} here, or mend the line before.`);
		return this.next();
	}

	/** A name, in quotes or without. */
	name(what: string): Token {
		const token = this.peek();
		if (token?.kind !== 'word' && token?.kind !== 'quoted') throw this.error(`Expected ${what}${this.found()}.`, `Write ${what} here.`);
		return this.next();
	}

	number(what: string): Token {
		if (this.peek()?.kind !== 'number') throw this.error(`Expected ${what}${this.found()}.`, `Write ${what} here.`);
		return this.next();
	}

	/** Everything up to a sign, which is taken and not part of it. */
	until(sign: string): Token[] {
		const taken: Token[] = [];
		while (!this.sees(sign)) {
			if (this.ended || this.sees('{') || this.sees('}') || (taken.length > 0 && this.beginsAnother(taken.at(-1)!))) {
				const { line } = taken.at(-1) ?? { line: this.line };
				throw new AlSyntaxError({ file: this.file, line, message: `The ${sign} is missing.`, remedy: `End the line with ${sign}` });
			}
			taken.push(this.next());
		}
		this.next();
		return taken;
	}

	/** Whether the next line begins with `Name =`. */
	private beginsAnother({ line }: Token): boolean {
		const token = this.peek();
		return token?.kind === 'word' && token.line > line && this.sees('=', 1);
	}

	error(message: string, remedy: string): AlSyntaxError {
		return new AlSyntaxError({ file: this.file, line: this.line, message, remedy });
	}

	private found(): string {
		const token = this.peek();
		return token ? `, found ${token.kind === 'text' ? `'${token.value}'` : token.value}` : ', and the file ends';
	}
}
