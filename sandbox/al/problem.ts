/** A mistake in AL source: where it is, what is wrong, and what mends it. */
export interface AlProblem {
	/** Path as given to the parser. */
	file: string;
	/** From 1. */
	line: number;
	message: string;
	remedy: string;
}

/** The source cannot be read further. */
export class AlSyntaxError extends Error {
	constructor(readonly problem: AlProblem) {
		super(problemText(problem));
	}
}

export const problemText = ({ file, line, message, remedy }: AlProblem): string => `${file}:${line}: ${message} ${remedy}`;
