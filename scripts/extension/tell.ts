import type { AlProblem } from '../../sandbox/al/problem';

/** Gathers the problems of one file. */
export type Tell = (line: number, message: string, remedy: string) => void;

export const teller =
	(problems: AlProblem[], file: string): Tell =>
	(line, message, remedy) =>
		void problems.push({ file, line, message, remedy });
