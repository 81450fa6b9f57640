/** A part of what is put in place of a match: text, or the number of a group, 0 for the match. */
export type Piece = string | number;

/** `$1` to `$99` are groups, `$&` the match, `$$` a dollar sign; what names no group is text. */
export function piecesOf(replacement: string, groups: number): Piece[] {
	const pieces: Piece[] = [];
	let from = 0;
	for (const { 0: whole, 1: what, index } of replacement.matchAll(/\$(\$|&|\d{1,2})/g)) {
		const group = what === '&' ? 0 : Number(what);
		if (what !== '$' && what !== '&' && (group === 0 || group > groups)) continue;
		if (index > from) pieces.push(replacement.slice(from, index));
		pieces.push(what === '$' ? '$' : group);
		from = index + whole.length;
	}
	if (from < replacement.length) pieces.push(replacement.slice(from));
	return pieces;
}

/** The pieces for one match; `of`: where a group begins and ends, -1 where it took no part. */
export const expanded = (pieces: readonly Piece[], text: string, of: (group: number) => readonly [number, number]): string =>
	pieces
		.map((piece) => {
			if (typeof piece === 'string') return piece;
			const [begin, end] = of(piece);
			return begin < 0 || end < 0 ? '' : text.slice(begin, end);
		})
		.join('');
