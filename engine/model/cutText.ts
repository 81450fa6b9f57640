/**
 * The text as far as it fits: at most `length` UTF-16 code units, which is what both services count, without half a surrogate pair and without
 * blanks at the cut.
 */
export function cutText(text: string, length: number): string {
	if (text.length <= length) return text;
	const last = text.charCodeAt(length - 1);
	return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length).trimEnd();
}
