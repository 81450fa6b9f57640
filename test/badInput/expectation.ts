import type { ErrorClass } from '../../engine/model/errors';

/** What has to come of a bad input or a hostile answer. The same tables make the page "What happens when" of the documentation. */
export type Expectation =
	/** One clear error. `message`: a part of its text. */
	| { errorClass: ErrorClass; code: string; message: string }
	/** No error at all; in words, what is true afterwards. */
	| { works: string };

export interface Case {
	/** The situation, as a user would describe it. */
	what: string;
	expect: Expectation;
}

/** Cases of one topic, in the order of the documentation. */
export interface Topic<C extends Case = Case> {
	title: string;
	cases: readonly C[];
}

/** An error in the terms of the tables. */
export interface Outcome {
	errorClass: string;
	code: string;
	message: string;
	/** What to do about it. */
	hint: string;
}
