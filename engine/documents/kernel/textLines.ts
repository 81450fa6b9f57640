/** Length of the description of a document line in Business Central (Text[100] of table Sales Line). */
export const LINE_LENGTH = 100;

/**
 * A text as lines that hold it: each of its own lines begins a new one, and what is longer goes on in the next. Put together again they give the text;
 * no character is lost, doubled, or cut in half.
 */
export function textLines(text: string, length = LINE_LENGTH): string[] {
	const whole = text.replace(/\r\n?/g, '\n').replace(/\s+$/, '');
	return whole === '' ? [] : whole.split('\n').flatMap((line) => pieces(line, length));
}

function pieces(line: string, length: number): string[] {
	if (line.length <= length) return [line];
	const cut: string[] = [];
	let rest = line;
	while (rest.length > length) {
		const last = rest.charCodeAt(length - 1);
		const end = last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
		cut.push(rest.slice(0, end));
		rest = rest.slice(end);
	}
	return rest === '' ? cut : [...cut, rest];
}
