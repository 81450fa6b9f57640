import { cutText } from '../../model/cutText';
import type { FieldName, FieldValue } from '../../model/record';

/** Columns that Dataverse composes of others in an order each environment chooses, and that nobody can write. */
const COMPOSED: Readonly<Record<string, FieldName>> = { contact: 'fullname' };
export const NAME_PARTS = ['firstname', 'middlename', 'lastname'] as const;
/** Characters that each of the parts takes. */
const LENGTH = 50;

/** The column of the table that is read and written as its parts; undefined where there is none. */
export const composedColumn = (table: string): FieldName | undefined => COMPOSED[table];

/** First, middle and last name in one line, as people say it and Business Central keeps it. */
export function composeName(values: Readonly<Record<FieldName, FieldValue | undefined>>): string | null {
	const text = NAME_PARTS.map((part) => String(values[part] ?? ''))
		.join(' ')
		.trim()
		.replace(/\s+/g, ' ');
	return text === '' ? null : text;
}

/**
 * The parts of a name, so that composing them gives the name again: the first word, the last word with the particles before it ("van der
 * Berg"), and what is between them. A single word is a last name, which Dataverse wants most.
 */
export function splitName(name: FieldValue): Record<(typeof NAME_PARTS)[number], string | null> {
	const words = String(name ?? '')
		.trim()
		.split(/\s+/)
		.filter((word) => word !== '');
	let last = words.length - 1;
	while (last > 1 && isParticle(words[last - 1]!)) last--;
	const parts = [words.slice(0, Math.min(1, last)), words.slice(Math.min(1, last), last), words.slice(Math.max(last, 0))];
	const texts = parts.map((part) => part.join(' '));
	const [firstname, middlename, lastname] = texts.every((text) => text.length <= LENGTH) ? texts : packed(words);
	return { firstname: firstname || null, middlename: middlename || null, lastname: lastname || null };
}

/** "van", "de", "'t": words that begin without a capital. */
const isParticle = (word: string): boolean => word !== word.toUpperCase() && word[0] === word[0]!.toLowerCase();

/** Long names: as many words as fit in each part, in their order; what is left over is cut. */
function packed(words: readonly string[]): string[] {
	const parts = ['', '', ''];
	let at = 0;
	for (const word of words) {
		const longer = parts[at] === '' ? word : `${parts[at]} ${word}`;
		if (longer.length <= LENGTH || at === parts.length - 1) parts[at] = longer;
		else parts[parts[at] === '' ? at : ++at] = word;
	}
	// A name of one long word stays in one piece as far as it fits.
	return parts.map((part) => cutText(part, LENGTH));
}
