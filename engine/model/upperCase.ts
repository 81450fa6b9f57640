/** Letters that stay as they are, because their capitals would be ASCII. */
const KEPT = new Set(['\u0131', '\u017f']);

/**
 * Upper case as Business Central's server has it for codes: one character for one, so `ß` stays where JavaScript writes `SS` (.NET's invariant casing,
 * learn.microsoft.com "Best practices for comparing strings in .NET"). Two codes that differ here are two records there.
 */
export function upperCase(text: string): string {
	const upper = text.toUpperCase();
	// Where nothing grew and nothing special stood there, both agree.
	if (upper.length === text.length && !text.includes('\u0131') && !text.includes('\u017f')) return upper;
	let letters = '';
	for (const letter of text) letters += KEPT.has(letter) || letter.toUpperCase().length !== letter.length ? letter : letter.toUpperCase();
	return letters;
}

/** A code as it is compared: without blanks around it, in capitals. */
export const spelledCode = (code: unknown): string =>
	upperCase(typeof code === 'string' || typeof code === 'number' || typeof code === 'boolean' ? String(code).trim() : '');
