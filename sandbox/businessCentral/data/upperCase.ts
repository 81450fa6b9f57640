/** Letters .NET leaves alone where JavaScript does not: they would become ASCII, which the invariant casing of .NET forbids. */
const kept = new Set(['\u0131', '\u017f']);

export type Culture = 'invariant' | 'tr-TR';

/**
 * Upper case as .NET has it, which Code fields and text comparisons of the server go by: one character for one, so `ß` stays (JavaScript writes `SS`),
 * and `ı` stays unless the server's language is Turkish, where `i` becomes `İ` and `ı` becomes `I` (learn.microsoft.com String.ToUpper, "Best practices
 * for comparing strings in .NET").
 */
export function upperCase(text: string, culture: Culture = 'invariant'): string {
	// eslint-disable-next-line no-control-regex -- plain ASCII is by far the most frequent case
	if (culture === 'invariant' && /^[\u0000-\u007f]*$/.test(text)) return text.toUpperCase();
	let upper = '';
	for (const character of text) upper += upperLetter(character, culture);
	return upper;
}

function upperLetter(character: string, culture: Culture): string {
	if (culture === 'tr-TR') {
		if (character === 'i') return '\u0130';
		if (character === '\u0131') return 'I';
	}
	if (kept.has(character)) return character;
	const upper = character.toUpperCase();
	return upper.length === character.length ? upper : character;
}
